"""The commands, as they are typed, and what they print."""
