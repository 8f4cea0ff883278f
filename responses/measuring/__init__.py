"""How long people waited, and what was missed."""
