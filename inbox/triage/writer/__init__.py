"""Who writes: in which language, and by which first name to greet them."""
