"""How webhooks reach a receiver: queued, sent and sent again, and the proof that is asked for first."""
