"""Who works here: how they come, what changes about them, who is on duty."""
