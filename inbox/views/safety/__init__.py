"""The pages about safety: findings and their removal, crises, cases."""
