"""
Take up again a file that ParseRecipients could not judge, until it can or the file is too old.

A file's own fault ends it at once, as a refusal. What comes here failed for another reason: a
service of AWS was away, a permission was missing, or our own code has a bug. None of these is
the file's, so it waits for them to pass.
"""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.parsing.parse_recipients import ParseRecipients

FIRST_DELAY_SECONDS = 15

LONGEST_DELAY_SECONDS = 2 * 3600
"""Our choice: an outage costs a file no more than this, and a bug a dozen runs a day."""


def delay_seconds(receive_count: int) -> int:
    """Return how long a file rests after it was received so often; each time twice as long."""
    doublings = min(receive_count - 1, LONGEST_DELAY_SECONDS.bit_length())
    return min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS << doublings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryParsing:
    """The use case, with those that it chooses between."""

    parse_recipients: ParseRecipients
    give_up_parsing: GiveUpParsing
    clock: Callable[[], float]
    max_age_seconds: float

    def retry(self, version: FileVersion, *, failed_at: float) -> Campaign | None:
        """Go on with a file that was put into the queue of retries at that time, or end it."""
        if self.clock() - failed_at > self.max_age_seconds:
            return self.give_up_parsing.give_up(version)
        return self.parse_recipients.parse(version)
