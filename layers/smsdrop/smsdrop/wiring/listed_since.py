"""What a sandbox knows of suppression lists, as those use it who call, or let others call."""

from functools import partial

from smsdrop.drops import StandingFile
from smsdrop.sending.suppression.listed_since import ListedSince, Numbers
from smsdrop.wiring.adapters import Adapters


def listed_since(adapters: Adapters) -> ListedSince:
    return ListedSince(
        bucket=adapters.bucket, read=partial(_read_list, adapters), clock=adapters.clock
    )


def _read_list(adapters: Adapters, file: StandingFile, most_listed: int) -> Numbers:
    """What reads files is a part of a cold start that only whoever meets a new list is to pay."""
    from smsdrop.parsing.suppression.lists import SuppressionLists

    lists = SuppressionLists(
        bucket=adapters.bucket, max_rejected_percent=adapters.settings.max_rejected_percent
    )
    return lists.read_one(file, most_listed)
