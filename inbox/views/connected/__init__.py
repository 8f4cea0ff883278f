"""The pages about connected pages: connecting them, how they do, what they delivered."""
