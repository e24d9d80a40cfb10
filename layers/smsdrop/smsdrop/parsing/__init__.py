"""Dropped file -> plan."""
