"""What an adversary gets to see of the same people, under several encodings: one file for each."""
