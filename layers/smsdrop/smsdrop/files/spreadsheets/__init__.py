"""Excel and OpenDocument."""
