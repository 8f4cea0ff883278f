"""Private messages of Facebook pages and Instagram accounts."""
