"""Facebook, Instagram and Messenger: Graph, and what the platforms tell their subscribers."""
