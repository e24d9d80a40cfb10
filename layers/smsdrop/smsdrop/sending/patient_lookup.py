"""Lookups that slow down when the provider throttles them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from smsdrop.alibaba.ports import Lookup
from smsdrop.alibaba.send_details import Listing, LookupFailed, LookupThrottled
from smsdrop.alibaba.signing import AccessKey

FIRST_PAUSE_SECONDS = 0.5

LONGEST_PAUSE_SECONDS = 8
"""Our choice: by then, a provider that allows a hundred a second has let in all that wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientLookup:
    """Asks again about recipients whose lookups were throttled, after growing pauses."""

    lookup: Lookup
    deadline: float
    clock: Callable[[], float]
    sleep: Callable[[float], object]
    jitter: Callable[[], float]

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> Sequence[Listing | LookupFailed]:
        found = list(self.lookup.listings(phone_numbers, dates=dates, key=key))
        pause = FIRST_PAUSE_SECONDS
        while left := [place for place, each in enumerate(found) if is_throttled(each)]:
            seconds = pause * (0.5 + self.jitter())
            if self.clock() + seconds >= self.deadline:
                break
            self.sleep(seconds)
            numbers = [phone_numbers[place] for place in left]
            again = self.lookup.listings(numbers, dates=dates, key=key)
            for place, listing in zip(left, again, strict=True):
                found[place] = listing
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return found


def is_throttled(listing: Listing | LookupFailed) -> bool:
    return isinstance(listing, LookupThrottled)
