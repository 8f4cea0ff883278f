"""How a page does: asked of its platform, heard by its silence, judged, and shown."""
