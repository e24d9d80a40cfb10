"""Rows, columns, phone numbers."""
