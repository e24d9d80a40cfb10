"""Queued batch -> one call, recorded or settled."""
