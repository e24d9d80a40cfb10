"""Our own codes for why batches were not sent, and how long entries are kept."""

KEPT_SECONDS = 180 * 24 * 3600
"""Our choice: far longer than messages (14 days) and the provider's own lists (30 days) live."""

CANCELLED_BY_HAND = "smsdrop.Cancelled"
PAUSED_BY_HAND = "smsdrop.PausedByHand"
PAST_UNTIL = "smsdrop.PastUntil"
WITHDRAWN = "smsdrop.Withdrawn"
WRONG_FILE = "smsdrop.WrongFile"
PREVIEW = "smsdrop.Preview"
TEST = "smsdrop.Test"
TOO_OLD = "smsdrop.TooOld"
GAVE_UP = "smsdrop.GaveUp"
NO_CAUSE = "smsdrop.NoCause"
SUPPRESSED = "smsdrop.Suppressed"
"""Our own codes, beside the provider's."""

STOPPED_BY_PEOPLE = frozenset({CANCELLED_BY_HAND, PAST_UNTIL, WITHDRAWN})
"""Codes of campaigns that people stopped on purpose."""
