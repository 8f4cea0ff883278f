"""A plainly fictional pharmacy group, for development. Its conversations come from the simulator, by webhook, as any other."""
