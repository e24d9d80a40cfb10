"""
Retry a file that ParseRecipients could not judge, until it can or the file is too old.

A file's own fault ends it at once, as a refusal. What comes here failed for another reason: a
service of AWS was away, a permission was missing, or our own code has a bug. None of these is the
file's fault, so it waits for them to pass. Nor is a suppression list that cannot be used: people
fix that, usually soon.
"""

from collections.abc import Callable
from dataclasses import dataclass

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.sending.suppression.standing import ListsUnusable

FIRST_DELAY_SECONDS = 15

LONGEST_DELAY_SECONDS = 2 * 3600
"""Our choice: an outage costs a file no more than this, and a bug a dozen runs a day."""


LISTS_DELAY_SECONDS = 600
"""Our choice: a suppression list that is fixed holds a file up for no longer than this."""


def delay_seconds(receive_count: int, error: Exception | None = None) -> int:
    """Return how long a file waits after so many receives; each time twice as long."""
    longest = LISTS_DELAY_SECONDS if isinstance(error, ListsUnusable) else LONGEST_DELAY_SECONDS
    doublings = min(receive_count - 1, longest.bit_length())
    return min(longest, FIRST_DELAY_SECONDS << doublings)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryParsing:
    """The use case, with the ones that it chooses between."""

    parse_recipients: ParseRecipients
    give_up_parsing: GiveUpParsing
    clock: Callable[[], float]
    max_age_seconds: float

    def retry(self, version: FileVersion, *, failed_at: float) -> Campaign | None:
        """Go on with a file that was put into the queue of retries at that time, or end it."""
        if self.clock() - failed_at > self.max_age_seconds:
            return self.give_up_parsing.give_up(version)
        return self.parse_recipients.parse(version)
