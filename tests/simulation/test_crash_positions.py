"""A small campaign, hit once at every single call it makes to the outside, then let go on."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from smsdrop.alibaba.answers import NOT_CONNECTED, Answer
from smsdrop.alibaba.send_details import DELIVERED, FAILED
from smsdrop.closing.reports import RESULTS, SUMMARY, UNSENT_ROWS
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.campaign import Status
from smsdrop.receipts.looks import LOOKS
from smsdrop.receipts.part import RECEIPT_PREFIX
from tests.simulation.carrier import Word
from tests.simulation.no_io import noticing
from tests.simulation.ports import Wired
from tests.simulation.positions import (
    AHEAD_FILE,
    SCHEDULED_FILE,
    SMALL_FILE,
    WAYS_OF_ALL_CALLS,
    WAYS_OF_WRITES,
    Ending,
    end_of_small_file,
    is_write,
)
from tests.simulation.world import World

FIRST_ANSWERS = [
    pytest.param(None, id="accepted"),
    pytest.param(Answer(code=NOT_CONNECTED), id="never connected"),
    pytest.param(Answer(code="Throttling.User", status=400), id="throttled"),
    pytest.param(Answer(code="isv.MOBILE_NUMBER_ILLEGAL"), id="a bad number"),
    pytest.param(Answer(code="isv.SMS_SIGNATURE_ILLEGAL"), id="a bad sign name among others"),
    pytest.param(Answer(code="isv.AMOUNT_NOT_ENOUGH"), id="no balance until a person resumes"),
    pytest.param(Answer(code="ServiceUnavailable", status=503), id="unavailable"),
]
"""How the provider answers the first call, without texting; it accepts every later one."""

TEMPLATE_REFUSED = Answer(code="isv.SMS_TEMPLATE_ILLEGAL")

HOUR = 3600

WORDS = {
    "13800000001": (Word(status=DELIVERED, code="DELIVERED", at=10, received_at=1),),
    "13800000002": (
        Word(status=DELIVERED, code="DELIVERED", at=0.5 * HOUR, received_at=1),
        Word(status=FAILED, code="SP_UNKNOWN_ERROR", at=0.5 * HOUR, received_at=2),
    ),
    "13800000003": (Word(status=FAILED, code="NO_ROUTE", at=30 * HOUR, received_at=1),),
    "13800000004": (),
}
"""What carriers say: before the first look, contradictory before the second, late, and never."""

ALL_GOOD = dict.fromkeys(
    SMALL_FILE.recipients, (Word(status=DELIVERED, code="DELIVERED", at=0, received_at=1),)
)

AS_OF = re.compile(rb'"as_of": "[^"]*"')

AT_ONCE_SECONDS = 10
"""Where each call takes a quarter of a second; a tick comes in a minute."""

PURE = {
    "ask_seconds",
    "batches_per_checkpoint",
    "calls_per_second",
    "claim_seconds",
    "clock",
    "defaults",
    "few_batches",
    "fresh_token",
    "gate",
    "has_receipts",
    "held",
    "jitter",
    "language",
    "lookups_per_step",
    "limits",
    "made_from",
    "max_age_seconds",
    "max_attempts",
    "max_rejected_percent",
    "sleep",
    "max_recipients",
    "most",
    "most_fingerprints",
    "most_listed",
    "of",
    "page_failed",
    "price_per_segment",
    "rate",
    "read",
    "refused_seconds",
    "repeat_seconds",
    "side_by_side",
    "turns",
    "wait",
    "woken",
}
"""What the use cases are given that does not reach outside."""


def ports_of(use_case: Any) -> Iterator[tuple[str, object]]:
    """Yield what was given to the use case, and to the use cases that it is made of."""
    for each in fields(use_case):
        if each.name.startswith("_"):  # what it remembers itself
            continue
        value = getattr(use_case, each.name)
        if is_dataclass(value) and each.name not in PURE:
            yield from ports_of(value)
        else:
            yield each.name, value


def everyone_got_one_text(ending: Ending) -> bool:
    texts = Counter(text.phone_number for text in ending.world.provider.texts)
    return texts == Counter(to_be_texted(ending))


def to_be_texted(ending: Ending) -> list[str]:
    """Return all but those who were listed before anybody could be called."""
    spans = ending.world.lists.spans if ending.world.lists else ()
    listed = frozenset().union(*(each.numbers for each in spans))
    return [each for each in SMALL_FILE.recipients if each not in listed]


def faults_of(ending: Ending, *, halted: bool = False) -> list[str]:
    """Return what is wrong with how it ended."""
    faults = list(ending.world.violations)
    [campaign] = ending.world.ledger.all_campaigns()
    if campaign.status is not Status.CLOSED or campaign.is_open:
        faults.append(f"it ended {campaign.status}")
    if not halted and not everyone_got_one_text(ending):
        faults.append("not everyone got one text")
    if not halted and campaign.counts.sent != len(to_be_texted(ending)):
        faults.append(f"only {campaign.counts.sent} are down as sent")
    return faults


def seconds_to_close(ending: Ending) -> float:
    """Return how long after the last text the campaign was closed."""
    [closed_at] = ending.world.ledger.closed_at.values()
    return closed_at - max(call.at for call in ending.world.provider.calls)


def all_positions(**scene: Any) -> list[dict[str, Any]]:
    """Run once untouched, and return every position and way there is to spoil that run."""
    calls = end_of_small_file(**scene).calls
    return [
        {"position": position, "way": way}
        for position, name in enumerate(calls, start=1)
        for way in (*WAYS_OF_ALL_CALLS, *(WAYS_OF_WRITES if is_write(name) else ()))
    ]


def faults_at(
    positions: list[dict[str, Any]], *, halted: bool = False, **scene: Any
) -> dict[tuple[int, str], list[str]]:
    """Return what is wrong, by position and way."""
    ends = {
        (each["position"], each["way"].__name__): end_of_small_file(**scene, **each)
        for each in positions
    }
    found = {place: faults_of(ending, halted=halted) for place, ending in ends.items()}
    return {place: faults for place, faults in found.items() if faults}


@pytest.mark.parametrize("first_answer", FIRST_ANSWERS)
def test_everyone_is_texted_once_wherever_a_run_is_cut_short(
    first_answer: Answer | None,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    positions = all_positions(first_answer=first_answer)

    faults = faults_at(positions, first_answer=first_answer)

    name = request.node.callspec.id
    record_property("shown", f"{len(positions)} crash positions ran, first answer: {name}")
    assert len(positions) > 100
    assert not faults


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param({"file": SCHEDULED_FILE}, id="held until its start"),
        pytest.param({"is_paused": True}, id="paused and resumed"),
        pytest.param({"file": AHEAD_FILE, "words": ALL_GOOD}, id="some go ahead"),
    ],
)
def test_everyone_is_texted_once_wherever_a_run_that_is_held_is_cut_short(
    scene: dict[str, Any],
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    positions = all_positions(**scene)

    faults = faults_at(positions, **scene)

    name = request.node.callspec.id
    record_property("shown", f"{len(positions)} crash positions ran, {name}")
    assert len(positions) > 100
    assert not faults


def test_nobody_is_called_who_was_listed_wherever_a_run_is_cut_short(
    record_property: Callable[[str, object], None],
) -> None:
    scene: dict[str, Any] = {"file": SCHEDULED_FILE, "listed": SMALL_FILE.recipients[1:2]}
    positions = all_positions(**scene)

    faults = faults_at(positions, **scene)

    record_property("shown", f"{len(positions)} crash positions ran, one listed before the start")
    assert len(positions) > 100
    assert not faults


def test_books_balance_wherever_a_run_with_a_bad_template_is_cut_short(
    record_property: Callable[[str, object], None],
) -> None:
    positions = all_positions(first_answer=TEMPLATE_REFUSED)

    faults = faults_at(positions, halted=True, first_answer=TEMPLATE_REFUSED)

    record_property("shown", f"{len(positions)} crash positions ran, first answer: bad template")
    assert len(positions) > 100
    assert not faults


def books_of(ending: Ending) -> tuple[Any, ...]:
    """Return the receipts, and what the books say of the campaign, without times."""
    world = ending.world
    [campaign] = world.ledger.all_campaigns()
    entries = world.ledger.all_of(BatchEntry)
    objects = {
        key: AS_OF.sub(b"", content)
        for key, content in world.files.objects.items()
        if key.startswith(RECEIPT_PREFIX) or key.endswith((RESULTS, SUMMARY, UNSENT_ROWS))
    }
    return (
        objects,
        (campaign.status, campaign.counts, replace(campaign.looks, receipts_as_of=0)),
        {each.batch_id: (each.state, each.accepted) for each in entries},
    )


@pytest.mark.parametrize(
    "lost_for",
    [
        pytest.param(0, id="each text listed at once"),
        pytest.param(2 * HOUR, id="the first call listed after all looks at what was absent"),
    ],
)
def test_receipts_and_books_are_the_same_wherever_a_look_is_cut_short(
    lost_for: float,
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> None:
    scene: dict[str, Any] = {"words": WORDS, "lost_for": lost_for}
    untouched = end_of_small_file(**scene)
    places = [
        {"position": position, "way": way}
        for position in untouched.by_lookers
        for way in (
            *WAYS_OF_ALL_CALLS,
            *(WAYS_OF_WRITES if is_write(untouched.calls[position - 1]) else ()),
        )
    ]

    ends = {
        (each["position"], each["way"].__name__): end_of_small_file(**scene, **each)
        for each in places
    }

    name = request.node.callspec.id
    record_property("shown", f"{len(places)} crash positions of looks at receipts ran, {name}")
    assert len(places) > 100
    assert [place for place, ending in ends.items() if ending.world.violations] == []
    due = books_of(untouched)
    assert [place for place, ending in ends.items() if books_of(ending) != due] == []


def test_what_is_spoiled_of_receipts_is_all_there_is_to_four_looks() -> None:
    ending = end_of_small_file(words=WORDS, lost_for=2 * HOUR)

    calls = Counter(ending.calls[each - 1] for each in ending.by_lookers)
    [campaign] = ending.world.ledger.all_campaigns()
    entries = ending.world.ledger.all_of(BatchEntry)
    assert campaign.looks.counts(sent=4).final
    assert (campaign.looks.delivered, campaign.looks.undelivered) == (2, 1)
    assert calls["ledger.looked_at_campaign_ids"] == len(LOOKS)
    assert calls["gateway.receipts"] == 4 + 3 + 2 + 2
    assert calls["files.put_over"] == len(LOOKS)
    assert calls["files.lines"] == calls["ledger.entries_within"] == len(LOOKS)
    assert any(each.sent_twice for each in entries)


def test_a_run_that_is_not_cut_short_has_its_report_at_once() -> None:
    ending = end_of_small_file()

    assert seconds_to_close(ending) < AT_ONCE_SECONDS


def test_every_use_case_is_among_the_calls_that_are_spoiled() -> None:
    calls = Counter(end_of_small_file().calls)

    assert calls["files.open"] == 1
    assert calls["gateway.send"] == 2
    assert calls["files.new_object"] == 12
    assert calls["ledger.ended_campaigns"] == 2
    assert calls["switch.lets_through"] > 1
    assert calls["gateway.account"] == 1
    assert calls["closer.wake"] == 2  # both senders end their batch before either has looked


def test_the_pages_of_a_campaign_that_is_open_are_among_them() -> None:
    calls = Counter(end_of_small_file(file=SCHEDULED_FILE).calls)

    assert calls["files.mark_of"] == 2
    assert calls["files.put_over"] > 2


def test_the_look_at_those_who_went_ahead_is_among_them() -> None:
    calls = Counter(end_of_small_file(file=AHEAD_FILE, words=ALL_GOOD).calls)

    assert calls["gateway.receipts"] == len(AHEAD_FILE.recipients)  # those ahead are done
    assert calls["ledger.entries_within"] == 2 + len(LOOKS)
    assert calls["files.content"] > 1


@pytest.mark.parametrize(
    "name",
    [
        "parse_recipients",
        "retry_parsing",
        "send_batch",
        "tick",
        "know_account",
        "look_up_receipts",
        "pausing",
    ],
)
def test_a_use_case_reaches_the_outside_through_wired_ports_alone(name: str) -> None:
    world = World(0, share=0, lists=True)
    makers = {
        "parse_recipients": world.parse_recipients,
        "retry_parsing": world.retry_parsing,
        "send_batch": lambda: world.send_batch(
            world.new_keys(), world.new_rate_limiter(), world.new_listed_since()
        ),
        "tick": lambda: world.tick(world.new_keys()),
        "know_account": lambda: world.know_account(world.new_keys()),
        "look_up_receipts": world.look_up_receipts,
        "pausing": world.pausing,
    }

    ports = list(ports_of(makers[name]()))

    assert any(isinstance(value, Wired) for _, value in ports)
    assert {name for name, value in ports if not isinstance(value, Wired)} <= PURE


def test_no_use_case_opens_a_file_or_a_socket_of_its_own() -> None:
    end_of_small_file()  # what is imported on first use is imported

    with noticing() as noticed:
        end_of_small_file()

    assert noticed == []


def test_a_file_that_is_opened_would_be_noticed() -> None:
    with noticing() as noticed, Path(__file__).open():
        pass

    assert "open" in noticed
