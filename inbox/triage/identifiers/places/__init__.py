"""Where people are reached: addresses, postal codes and e-mails."""
