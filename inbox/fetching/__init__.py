"""What webhooks leave out, asked of the platforms: names, what was named and not told, what people attached."""
