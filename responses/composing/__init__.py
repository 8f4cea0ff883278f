"""What a reply would say, and what stands in its way, while somebody writes it."""
