"""Around the outbox: its process, what closes the way, what nobody is sure of, and all of it in words."""
