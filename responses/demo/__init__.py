"""Plainly fictional organizations, for development. Their conversations come from the simulator, by webhook, as any other."""
