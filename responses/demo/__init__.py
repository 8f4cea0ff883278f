"""A plainly fictional pharmacy group, for development. Its conversations are played through the simulator, so that they arrive as any other."""
