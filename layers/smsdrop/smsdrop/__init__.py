"""smsdrop: a file of recipients in, one SMS to each of them out, and every row accounted for."""
