"""The platforms' side of the wire, for development, demo and tests. Imports none of the apps it stands in front of."""
