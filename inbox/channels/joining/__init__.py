"""How a page joins: connected by hand or by its platform's own dialog, with its secrets, until its first event."""
