"""A campaign, looked at again and again until it ends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from smsdrop.ledger.campaign import Campaign
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.progress import Progress, progress_of

SECONDS_BETWEEN_LOOKS = 1.0

SHARE_OF_LOOKING = 5
"""Our choice: a look that takes long is followed by a break this many times as long."""

BEGINS_WITHIN_SECONDS = 120
"""Our choice: S3 and Lambda take seconds to begin a campaign once its file is dropped."""


@dataclass(frozen=True, kw_only=True)
class Watching:
    """Looks at campaigns of a stack."""

    stack: Stack
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    def begun(self, campaign_id: str) -> Campaign:
        """Wait until the campaign of a file that was just dropped has begun."""
        give_up_at = self.clock() + BEGINS_WITHIN_SECONDS
        while self.clock() < give_up_at:
            if campaign := self.stack.ledger.campaign(campaign_id):
                return campaign
            self.sleep(SECONDS_BETWEEN_LOOKS)
        raise CannotBeDone(
            f"The file is dropped, but campaign {campaign_id} has not begun in"
            f" {BEGINS_WITHIN_SECONDS} s: see the log of ParseRecipients."
        )

    def until_ended(self, campaign_id: str) -> Iterator[Progress]:
        """Yield the campaign's progress again and again; the last one is from its end."""
        while True:
            campaign = self.stack.ledger.campaign(campaign_id)
            if campaign is None:
                raise CannotBeDone(f"There is no campaign {campaign_id}.")
            began = monotonic()
            progress = progress_of(self.stack, campaign, now=self.clock())
            yield progress
            if progress.has_ended:
                return
            taken = monotonic() - began
            self.sleep(max(SECONDS_BETWEEN_LOOKS, SHARE_OF_LOOKING * taken))
