"""Tables, transactions and migrations of the hub."""
