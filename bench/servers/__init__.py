"""Servers that answer after a known time, or with nothing in front of them."""
