"""Which rows can be sent to, and why the others cannot."""
