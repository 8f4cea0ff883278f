"""What Facebook, Instagram and WhatsApp share: webhooks, Graph, messaging, grants, signed requests."""
