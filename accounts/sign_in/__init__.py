"""How people come in: allauth, as Comptoir uses it."""
