"""Break-glass: D3 for four hours in imminent danger."""
