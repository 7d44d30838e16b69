"""Filing entries and erasing them."""
