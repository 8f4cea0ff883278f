"""Messages read by triage, at intake and again, and what of it is kept."""
