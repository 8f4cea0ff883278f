"""/_sim/: what tests and commands ask of the platforms' side."""
