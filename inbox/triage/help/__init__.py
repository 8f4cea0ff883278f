"""Whom somebody in danger can call, and whether it is for the poison centre."""
