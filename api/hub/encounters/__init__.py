"""What both sides of a match report of their contacts with the person; hub."""
