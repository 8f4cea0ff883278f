"""Pages of what an organization adds to what triage knows: topics, and names of products."""
