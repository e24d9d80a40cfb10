"""Lambda's functions: how they start, what hands messages to them, and who wakes one."""
