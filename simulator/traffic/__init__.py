"""What happens by itself: the pages and people of the demonstration, a trickle, a load, a script."""
