"""Receipts: the carrier's word for each recipient, when it is asked for, and how it is kept."""
