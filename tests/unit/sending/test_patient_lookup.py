"""Throttled lookups slow down, and the others are not asked again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest

from smsdrop.alibaba.send_details import Listing, LookupFailed, LookupThrottled
from smsdrop.alibaba.signing import AccessKey
from smsdrop.sending.patient_lookup import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    PatientLookup,
)
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW

LISTED, FAILED, THROTTLED = Listing(), LookupFailed("no answer"), LookupThrottled("Throttling")


@dataclass(slots=True)
class Provider:
    """Answers each number in turn; the last answer stands for all later questions."""

    answers: dict[str, list[Listing | LookupFailed]]
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def listings(
        self, phone_numbers: Sequence[str], *, dates: Collection[date], key: AccessKey
    ) -> list[Listing | LookupFailed]:
        self.asked.append(tuple(phone_numbers))
        return [self._next(each) for each in phone_numbers]

    def _next(self, number: str) -> Listing | LookupFailed:
        left = self.answers[number]
        return left.pop(0) if len(left) > 1 else left[0]


def look_up(
    provider: Provider, *, clock: Clock, seconds: float
) -> Sequence[Listing | LookupFailed]:
    lookup = PatientLookup(
        lookup=provider,
        deadline=clock() + seconds,
        clock=clock,
        sleep=clock.sleep,
        jitter=lambda: 0.5,
    )
    return lookup.listings(list(provider.answers), dates=[date(2026, 1, 2)], key=KEY)


def test_only_those_who_were_throttled_are_asked_about_again_each_in_its_place() -> None:
    provider = Provider({"1": [THROTTLED, THROTTLED, LISTED], "2": [FAILED], "3": [LISTED]})

    assert look_up(provider, clock=Clock(NOW), seconds=60) == [LISTED, FAILED, LISTED]
    assert provider.asked == [("1", "2", "3"), ("1",), ("1",)]


def test_who_is_throttled_until_the_time_is_over_stays_unknown() -> None:
    provider, clock = Provider({"1": [THROTTLED]}), Clock(NOW)

    assert look_up(provider, clock=clock, seconds=60) == [THROTTLED]
    assert clock() < NOW + 60
    assert 5 < len(provider.asked) < 20


@pytest.mark.parametrize(("tries", "seconds"), [(2, FIRST_PAUSE_SECONDS), (3, 1.5), (4, 3.5)])
def test_pauses_grow(tries: int, seconds: float) -> None:
    provider, clock = Provider({"1": [*[THROTTLED] * (tries - 1), LISTED]}), Clock(NOW)

    assert look_up(provider, clock=clock, seconds=60) == [LISTED]
    assert clock() == NOW + seconds


def test_no_pause_is_longer_than_a_few_seconds() -> None:
    provider, clock = Provider({"1": [THROTTLED]}), Clock(NOW)

    look_up(provider, clock=clock, seconds=600)

    assert len(provider.asked) > 600 / LONGEST_PAUSE_SECONDS
