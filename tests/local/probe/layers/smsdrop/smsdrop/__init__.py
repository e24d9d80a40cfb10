"""A layer to try the local AWS with."""
