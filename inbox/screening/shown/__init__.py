"""Findings as pages show them: badges, marks, masks and their words."""
