"""Batches of a hundred, and the plan that holds a file's."""
