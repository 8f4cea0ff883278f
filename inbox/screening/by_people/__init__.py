"""What people say of what a machine saw, and of what it missed."""
