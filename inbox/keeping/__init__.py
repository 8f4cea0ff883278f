"""What is kept of people, and what goes: on time, with their consent, at their wish; and what may be taken out."""
