"""CSV, JSON Lines and plain numbers, in any encoding."""
