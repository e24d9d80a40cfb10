"""Lambda's functions: what hands messages to them, and who wakes one."""
