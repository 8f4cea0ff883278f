"""What webhooks did not tell: found by comparing with what the platform lists, and explained by evidence."""
