"""Dropped file -> plan and queued batches."""
