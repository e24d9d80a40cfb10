"""What a sandbox knows of suppression lists, for functions that call, or let others call."""

from functools import partial

from smsdrop.drops import StandingFile
from smsdrop.sending.suppression.listed_since import ListedSince, Numbers
from smsdrop.wiring.adapters import Adapters


def listed_since(adapters: Adapters) -> ListedSince:
    return ListedSince(
        bucket=adapters.bucket, read=partial(_read_list, adapters), clock=adapters.clock
    )


def _read_list(adapters: Adapters, file: StandingFile, most_listed: int) -> Numbers:
    """Reading files adds to a cold start, which only a sandbox that meets a new list should pay."""
    from smsdrop.parsing.suppression.lists import SuppressionLists

    lists = SuppressionLists(
        bucket=adapters.bucket, max_rejected_percent=adapters.settings.max_rejected_percent
    )
    return lists.read_one(file, most_listed)
