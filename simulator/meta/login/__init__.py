"""How an app comes by its tokens: dialogs in which a person agrees, codes, exchanges; and how they are taken away again."""
