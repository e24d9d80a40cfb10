"""The command line: drop files, see what became of them, and steer them."""
