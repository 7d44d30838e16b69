"""What a partner's own file would show to whoever holds the hub's database, told before anything is sent."""
