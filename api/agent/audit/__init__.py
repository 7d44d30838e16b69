"""The agent as a witness of the hub's audit log, and what it asks of it."""
