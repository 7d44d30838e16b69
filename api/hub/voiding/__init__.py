"""What hangs on a match ends with it."""
