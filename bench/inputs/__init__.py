"""What every contender gets: the recipient file, and queue messages made from it."""
