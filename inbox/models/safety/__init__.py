"""What triage saw, and what it opened: crises, and cases of adverse events, defects and incidents."""
