"""What a request presents: an API key or a session, and whose it is."""
