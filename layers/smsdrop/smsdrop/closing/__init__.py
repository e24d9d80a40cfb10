"""Settled batches -> closed books and the report."""
