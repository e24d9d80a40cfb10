"""Large campaigns in the simulation that meet one fault: how many calls it takes, and for what."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.closing.reports import UNSENT_ROWS
from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Campaign
from tests.simulation.actors import Lambda
from tests.simulation.campaign_check import Report
from tests.simulation.drops import Drop
from tests.simulation.lists import KEYS
from tests.simulation.people import People
from tests.simulation.product import SENDERS
from tests.simulation.provider import ACCOUNT_ID, ANOTHER_ACCOUNT_ID
from tests.simulation.run import live
from tests.simulation.world import FEW_BATCHES, World

MAX_RECIPIENTS = 100


def drop_of(count: int, *, key: str = "incoming/SMS_1/云通信/large.csv") -> Drop:
    numbers = tuple(f"138{each:08d}" for each in range(count))
    lines = ["phone_number,name", *(f"{each},张三" for each in numbers), ""]
    return Drop(key=key, content="\n".join(lines).encode(), recipients=numbers, rows=count)


def large_world(*, lists: bool = False) -> World:
    world = World(0, share=0, lists=lists)
    world.settings = replace(world.settings, max_recipients=MAX_RECIPIENTS)
    return world


def sent_through(world: World, drop: Drop) -> Campaign:
    """Drop the file, let everything happen, and return what its campaign came to."""
    functions = Lambda(world)
    people = People(world, functions)
    people.drop(drop)
    live(world, functions, people)
    [campaign] = (each for each in world.ledger.all_campaigns() if each.key == drop.key)
    return campaign


def texts_in(world: World) -> Counter[str]:
    return Counter(text.phone_number for text in world.provider.texts)


@pytest.mark.parametrize("bad", range(MAX_RECIPIENTS))
def test_one_bad_number_of_a_hundred_costs_fifteen_calls_at_most(bad: int) -> None:
    world = large_world()
    drop = drop_of(MAX_RECIPIENTS)
    world.provider.bad_numbers.add(drop.recipients[bad])

    campaign = sent_through(world, drop)

    report = Report.read(world, campaign)
    refused = [row for row in report.rows if row["smsdrop_status"] == "refused"]
    assert (campaign.counts.sent, campaign.counts.refused) == (99, 1)
    assert [row["phone_number"] for row in refused] == [drop.recipients[bad]]
    assert "isv.MOBILE_NUMBER_ILLEGAL" in refused[0]["smsdrop_reason"]
    assert len(world.provider.calls) <= 15
    assert texts_in(world) == Counter({*drop.recipients} - {drop.recipients[bad]})
    assert not world.violations


@pytest.mark.parametrize(
    ("batches", "seconds"),
    [
        pytest.param(1, 10, id="one batch"),
        pytest.param(FEW_BATCHES, 10, id="as many as are looked at"),
        pytest.param(FEW_BATCHES + 1, 61, id="one more: by the tick"),
    ],
)
def test_a_small_campaign_is_closed_within_seconds_of_its_last_text_and_a_larger_by_the_tick(
    batches: int, seconds: float
) -> None:
    world = large_world()

    campaign = sent_through(world, drop_of(batches * MAX_RECIPIENTS))

    last_call = max(call.at for call in world.provider.calls)
    took = world.ledger.closed_at[campaign.campaign_id] - last_call
    assert campaign.counts.sent == batches * MAX_RECIPIENTS
    assert seconds - 60 < took < seconds
    assert not world.violations


def test_a_scheduled_campaign_calls_nobody_who_was_listed_ten_minutes_before_its_start() -> None:
    world = large_world(lists=True)
    assert world.lists is not None
    drop = drop_of(1_000, key="incoming/start=2026-01-02T1130/SMS_1/云通信/large.csv")
    listed = drop.recipients[5::150]
    world.scheduler.at(world.start + 20 * 60, partial(world.lists.put, KEYS[0], listed))

    campaign = sent_through(world, drop)

    rows = Report.read(world, campaign).rows
    refused = [row["phone_number"] for row in rows if row["smsdrop_status"] == "refused"]
    assert refused == [*listed]
    assert campaign.counts.sent == 1_000 - len(listed)
    assert texts_in(world) == Counter({*drop.recipients} - {*listed})
    assert len(world.provider.calls) <= 10 + 7 * len(listed)
    assert min(call.at for call in world.provider.calls) >= world.start + 30 * 60 - 1
    assert not world.violations


def test_an_empty_balance_stops_further_calls_and_after_resuming_the_rest_are_sent() -> None:
    world = large_world()
    world.provider.balance = 5_000
    drop = drop_of(20_000)

    campaign = sent_through(world, drop)

    refused_calls = len(world.provider.calls) - len(drop.recipients) // MAX_RECIPIENTS
    assert 1 <= refused_calls <= SENDERS
    assert campaign.counts.sent == 20_000
    assert texts_in(world) == Counter(drop.recipients)
    assert not world.violations


def test_a_refused_template_stops_further_calls_and_the_report_says_why() -> None:
    world = large_world()
    world.provider.refused_codes["SMS_1"] = "isv.SMS_TEMPLATE_ILLEGAL"

    campaign = sent_through(world, drop_of(20_000))

    assert 1 <= len(world.provider.calls) <= SENDERS
    assert (campaign.outcome, campaign.counts.sent) == ("halted", 0)
    assert campaign.counts.refused + campaign.counts.cancelled == 20_000
    assert "isv.SMS_TEMPLATE_ILLEGAL" in Report.read(world, campaign).summary["reason"]
    assert not world.violations


def test_what_is_unsent_goes_out_when_it_is_dropped_again_under_another_template() -> None:
    world = large_world()
    world.provider.refused_codes["SMS_1"] = "isv.SMS_TEMPLATE_ILLEGAL"
    drop = drop_of(1_000)
    halted = sent_through(world, drop)
    folder = report_folder(drop.key, halted.campaign_id)
    key = "incoming/SMS_2/云通信/unsent.csv"
    unsent = replace(drop, key=key, content=world.files.objects[folder + UNSENT_ROWS])

    resent = sent_through(world, unsent)

    assert resent.counts.sent == 1_000
    assert texts_in(world) == Counter(drop.recipients)
    assert not world.violations


@pytest.mark.parametrize(
    ("account_id", "status", "texts"),
    [
        pytest.param(ACCOUNT_ID, "sent", 1, id="the same account"),
        pytest.param(ANOTHER_ACCOUNT_ID, "unconfirmed", 0, id="another account"),
    ],
)
def test_what_is_lost_before_the_keys_are_rotated_is_sent_by_the_same_account_alone(
    account_id: str, status: str, texts: int
) -> None:
    world = large_world()
    world.provider.first_answers.append(Answer(code=NO_ANSWER))
    world.scheduler.at(world.start + 90, partial(world.rotate_keys, account_id))
    drop = drop_of(3)

    campaign = sent_through(world, drop)

    rows = Report.read(world, campaign).rows
    assert {row["smsdrop_status"] for row in rows} == {status}
    assert texts_in(world) == Counter(drop.recipients * texts)
    assert not world.violations
