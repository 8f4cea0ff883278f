"""What people are told without looking: notices in the app, mails for what cannot wait."""
