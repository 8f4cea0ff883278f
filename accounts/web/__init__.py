"""What the pages of every app share: who asks, how forms are drawn and taken, tables to download."""
