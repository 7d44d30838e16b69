"""The agent: the partner's own software, on its own premises."""
