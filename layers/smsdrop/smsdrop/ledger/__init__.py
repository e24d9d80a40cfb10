"""The states of campaigns and batches, and their moves."""
