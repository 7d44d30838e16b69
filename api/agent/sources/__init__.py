"""Reading what partners already have: files of rows, and the columns in them."""
