"""A served hub under a steady load for as long as one likes."""
