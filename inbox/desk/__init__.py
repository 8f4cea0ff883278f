"""What people have before them: the list, its counts, a row and its timer, the frame of every page."""
