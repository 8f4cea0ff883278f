"""Comptoir's own processes: whether they run, their lanes for calls, what went wrong in them."""
