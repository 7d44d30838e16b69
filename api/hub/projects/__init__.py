"""Projects and their key epochs."""
