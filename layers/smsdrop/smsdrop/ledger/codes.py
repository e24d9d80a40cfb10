"""Codes of ours for why batches were not sent, and how long entries are kept."""

KEPT_SECONDS = 180 * 24 * 3600
"""Ours: entries outlive their messages (14 days) and the provider's own lists (30 days) by far."""

CANCELLED_BY_HAND = "smsdrop.Cancelled"
PARSING_FAILED = "smsdrop.ParsingFailed"
WRONG_FILE = "smsdrop.WrongFile"
TOO_OLD = "smsdrop.TooOld"
GAVE_UP = "smsdrop.GaveUp"
"""Codes of ours, beside the provider's, for why batches were not sent."""
