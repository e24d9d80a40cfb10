"""Delivery at the stand-in gateway: dealt over time, the same for the same recipients."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from local.gateway.account import Account
from local.gateway.client import Gateway
from local.gateway.delivery import Delivery, Draws, Quantiles, Status, seconds_at
from local.gateway.lookup import query_send_details
from local.gateway.receipts import Receipt, receipts_of
from local.gateway.sending import send_batch_sms
from tests.support.gateway_caller import Caller, Clock, batch, lookup, numbers

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"
TODAY = "20260102"
HOUR_SECONDS, DAY_SECONDS = 3600, 24 * 3600
MANY = 4000

OF_EACH = Delivery(
    seed=7,
    failed={"MOBILE_NOT_ON_SERVICE": 0.1, "USER_REJECT": 0.1},
    contradicted=0.1,
    contradiction_seconds=60,
    never_received=0.1,
    never_listed=0.1,
    listed_within=((0.5, 5), (1, 600)),
    received_within=((0.5, 30), (0.9, HOUR_SECONDS), (1, 3 * DAY_SECONDS)),
)


def dealt(account: Account, **settings: Any) -> Account:
    account.delivery = Delivery(**settings)
    return account


def send(account: Account, *phone_numbers: str, **changes: str) -> None:
    for start in range(0, len(phone_numbers), 100):
        params = batch(*phone_numbers[start : start + 100], **changes)
        send_batch_sms(account, params, request_number=1)


def ask(account: Account, phone_number: str, **changes: str) -> dict[str, Any]:
    params = lookup(phone_number, TODAY, **changes)
    return dict(json.loads(query_send_details(account, params).body))


def rows(account: Account, phone_number: str, **changes: str) -> list[Any]:
    return list(ask(account, phone_number, **changes)["SmsSendDetailDTOs"]["SmsSendDetailDTO"])


def told(account: Account, phone_number: str = ALICE) -> list[tuple[int, str | None]]:
    return [(row["SendStatus"], row.get("ErrCode")) for row in rows(account, phone_number)]


def truth(account: Account) -> list[Receipt]:
    pages = receipts_of(account, account.journal.entry_pages())
    return [each for page in pages for each in page]


def without_ids(receipts: Iterable[Receipt]) -> set[tuple[Any, ...]]:
    return {(each.phone_number, each.fate, each.code, each.received_at) for each in receipts}


# What can become of a message


def test_a_failed_message_waits_first_and_then_fails_with_its_code(
    account: Account, clock: Clock
) -> None:
    send(dealt(account, failed={"USER_REJECT": 1}, received_within=((0.0, 60), (1, 60))), ALICE)
    waiting = rows(account, ALICE)
    clock.now += 59
    still_waiting = rows(account, ALICE)
    clock.now += 1
    [failed] = rows(account, ALICE)

    assert [row["SendStatus"] for row in (*waiting, *still_waiting)] == [1, 1]
    assert waiting[0].keys().isdisjoint({"ErrCode", "ReceiveDate"})
    assert (failed["SendStatus"], failed["ErrCode"]) == (2, "USER_REJECT")
    assert failed["ReceiveDate"] == "2026-01-02 12:01:00"


def test_a_message_that_is_listed_late_is_not_there_before(account: Account, clock: Clock) -> None:
    send(dealt(account, listed_within=((0.0, 600), (1, 600))), ALICE)
    clock.now += 599
    too_early = ask(account, ALICE)
    clock.now += 1

    assert too_early["TotalCount"] == "0"
    assert told(account) == [(3, "DELIVERED")]


def test_a_message_may_never_get_a_receipt(account: Account, clock: Clock) -> None:
    send(dealt(account, never_received=1), ALICE)
    clock.now += 29 * DAY_SECONDS

    assert told(account) == [(1, None)]


def test_a_message_may_never_be_listed(account: Account, clock: Clock) -> None:
    send(dealt(account, never_listed=1), ALICE)
    clock.now += 29 * DAY_SECONDS

    assert ask(account, ALICE)["TotalCount"] == "0"


def test_the_total_may_count_what_is_not_listed(account: Account) -> None:
    send(dealt(account, never_listed=1, total_counts_unlisted=True), ALICE)
    send(dealt(account, total_counts_unlisted=True), ALICE)

    answer = ask(account, ALICE)

    assert answer["TotalCount"] == "2"
    assert len(answer["SmsSendDetailDTOs"]["SmsSendDetailDTO"]) == 1


def test_two_rows_of_one_message_may_contradict_each_other(account: Account) -> None:
    send(dealt(account, contradicted=1), *numbers(100))

    orders = Counter(
        tuple(row["SendStatus"] for row in rows(account, number)) for number in numbers(100)
    )

    assert orders.keys() == {(2, 3), (3, 2)}
    assert min(orders.values()) > 25
    assert len({row["OutId"] for row in rows(account, numbers(1)[0])}) == 1
    assert {each.fate for each in truth(account)} == {"delivered"}


def test_the_row_that_contradicts_may_come_later(account: Account, clock: Clock) -> None:
    send(dealt(account, contradicted=1, contradiction_seconds=60), *numbers(100))
    alone = {each.told for each in truth(account)}
    counts = {len(rows(account, number)) for number in numbers(100)}
    clock.now += 60

    assert (alone, counts) == ({"failed", "delivered"}, {1})
    assert {each.told for each in truth(account)} == {"delivered"}
    assert {len(rows(account, number)) for number in numbers(100)} == {2}


def test_the_row_that_says_delivered_may_stand_on_a_later_page(account: Account) -> None:
    send(dealt(account, contradicted=1, contradicting_rows=99), *numbers(100))

    pages = Counter(
        page
        for number in numbers(100)
        for page in ("1", "2")
        for row in rows(account, number, PageSize="50", CurrentPage=page)
        if row["SendStatus"] == 3
    )

    assert pages.total() == 100
    assert min(pages["1"], pages["2"]) > 25
    assert ask(account, numbers(1)[0])["TotalCount"] == "100"


def test_a_bad_number_fails_whatever_is_dealt(account: Account) -> None:
    send(dealt(account, never_listed=1), "1380013800")

    assert told(account, "1380013800") == [(2, "INVALID_NUMBER")]


def test_the_delays_of_the_settings_come_on_top(account: Account, clock: Clock) -> None:
    account.settings = account.settings.changed({"listing_seconds": 10, "receipt_seconds": 20})
    send(dealt(account, received_within=((0.0, 60), (1, 60))), ALICE)
    seen = []
    for seconds in (9, 1, 69, 1):
        clock.now += seconds
        seen.append(told(account))

    assert seen == [[], [(1, None)], [(1, None)], [(3, "DELIVERED")]]


# How it is dealt


def test_each_fate_gets_its_share(account: Account) -> None:
    account.delivery = OF_EACH
    send(account, *numbers(MANY))

    shares = Counter((each.fate, each.code, each.rows) for each in truth(account))

    assert shares.keys() == {
        ("unlisted", None, 0),
        ("waiting", None, 1),
        ("delivered", "DELIVERED", 2),
        ("failed", "MOBILE_NOT_ON_SERVICE", 1),
        ("failed", "USER_REJECT", 1),
        ("delivered", "DELIVERED", 1),
    }
    most = shares.pop(("delivered", "DELIVERED", 1))
    assert most / MANY == pytest.approx(0.5, abs=0.05)
    for count in shares.values():
        assert count / MANY == pytest.approx(0.1, abs=0.03)


def test_receipts_come_by_the_distribution(account: Account) -> None:
    account.delivery = OF_EACH
    send(account, *numbers(MANY))

    delays = [each.received_at - each.at for each in truth(account) if each.received_at]

    def share(seconds: float) -> float:
        return sum(each <= seconds for each in delays) / len(delays)

    # a receipt is never there before its row, and a late contradiction moves some by a minute
    assert share(HOUR_SECONDS) == pytest.approx(0.9, abs=0.03)
    assert share(2 * DAY_SECONDS) == pytest.approx(0.966, abs=0.02)
    assert max(delays) <= 3 * DAY_SECONDS + 60
    assert all(
        each.listed_at <= each.received_at
        for each in truth(account)
        if each.listed_at and each.received_at
    )


def test_the_same_recipients_have_the_same_fates_in_any_order_and_any_batches(
    account: Account,
) -> None:
    account.delivery = OF_EACH
    other = Account(clock=account.clock, keys={}, delivery=OF_EACH)
    send(account, *numbers(300))
    for number in reversed(numbers(300)):
        send(other, number, OutId=f"other-{number}")

    assert without_ids(truth(account)) == without_ids(truth(other))
    assert truth(account) != truth(other)


def test_another_seed_deals_other_fates(account: Account) -> None:
    send(dealt(account, seed=1, failed={"EXPIRED": 0.5}), *numbers(100))
    other = Account(clock=account.clock, keys={})
    send(dealt(other, seed=2, failed={"EXPIRED": 0.5}), *numbers(100))

    assert without_ids(truth(account)) != without_ids(truth(other))


def test_the_order_in_which_codes_are_given_plays_no_part(account: Account) -> None:
    send(dealt(account, failed={"EXPIRED": 0.3, "NO_ROUTE": 0.3}), *numbers(100))
    other = Account(clock=account.clock, keys={})
    send(dealt(other, failed={"NO_ROUTE": 0.3, "EXPIRED": 0.3}), *numbers(100))

    assert without_ids(truth(account)) == without_ids(truth(other))


def test_a_second_message_to_a_number_has_a_fate_of_its_own(account: Account) -> None:
    dealt(account, failed={"EXPIRED": 0.5})
    send(account, *numbers(100))
    send(account, *numbers(100))
    together = dealt(Account(clock=account.clock, keys={}), failed={"EXPIRED": 0.5})
    for number in numbers(100):
        send(together, number, number)

    fates = [each.fate for each in truth(account)]

    assert fates[:100] != fates[100:]
    assert [each.fate for each in truth(together)[::2]] == fates[:100]
    assert [each.fate for each in truth(together)[1::2]] == fates[100:]


def test_the_truth_of_a_number_is_that_of_the_whole(account: Account) -> None:
    account.delivery = OF_EACH
    for _ in range(3):
        send(account, ALICE, BOB, ALICE)

    [of_alice] = receipts_of(account, [account.journal.entries_of(ALICE)])

    assert of_alice == [each for each in truth(account) if each.phone_number == ALICE]
    assert len(of_alice) == 6


def test_what_was_accepted_before_keeps_its_fate(account: Account) -> None:
    send(dealt(account, failed={"EXPIRED": 1}), ALICE)
    send(dealt(account), BOB)

    assert (told(account, ALICE), told(account, BOB)) == ([(2, "EXPIRED")], [(3, "DELIVERED")])


@given(draws=st.lists(st.integers(), min_size=1, max_size=4), seconds=st.floats(0, 1e6))
def test_what_is_told_only_ever_gets_better_and_ends_as_the_fate(
    draws: list[int], seconds: float
) -> None:
    for number in draws:
        attempts = OF_EACH.attempts(str(number), earlier=0, is_bad=False)

        early, late, last = (
            max(each.told(when) for each in attempts)
            for when in (seconds, seconds * 2, 4 * DAY_SECONDS)
        )

        assert early <= late <= last == max(each.status for each in attempts)


@given(st.integers(), st.text())
def test_draws_lie_below_one(seed: int, number: str) -> None:
    draws = Draws.of(seed, number)

    assert all(0 <= each < 1 for each in (draws.outcome, draws.listing, draws.receipt, draws.order))


@pytest.mark.parametrize(
    ("quantiles", "draw", "seconds"),
    [
        pytest.param((), 0.5, 0, id="at once"),
        pytest.param(((1, 10),), 0.0, 0, id="from nothing"),
        pytest.param(((1, 10),), 0.5, 5, id="half of all"),
        pytest.param(((0.5, 10), (1, 110)), 0.5, 10, id="on a pair"),
        pytest.param(((0.5, 10), (1, 110)), 0.75, 60, id="between two pairs"),
        pytest.param(((0, 10), (1, 10)), 0.0, 10, id="always the same, at the least"),
        pytest.param(((0, 10), (1, 10)), 0.999, 10, id="always the same, at the most"),
    ],
)
def test_a_share_has_its_seconds(quantiles: Quantiles, draw: float, seconds: float) -> None:
    assert seconds_at(quantiles, draw) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"failed": {"EXPIRED": 0.6}, "never_listed": 0.5}, id="more than all"),
        pytest.param({"contradicted": -0.1}, id="less than none"),
        pytest.param({"failed": {"DELIVERED": 0.1}}, id="a failure that is none"),
        pytest.param({"contradicting_rows": 0}, id="no row that contradicts"),
        pytest.param({"contradiction_seconds": -1}, id="a contradiction before its row"),
        pytest.param({"received_within": [[0.5, 10]]}, id="a distribution without its end"),
        pytest.param({"received_within": [[0.5, 10], [1, 5]]}, id="seconds that fall"),
        pytest.param({"listed_within": [[1, 10], [0.5, 5]]}, id="shares that fall"),
        pytest.param({"listed_within": [[-1, 0], [1, 5]]}, id="a share below nothing"),
        pytest.param({"listed_within": [1, 5]}, id="no pairs"),
        pytest.param({"delay": 5}, id="a field that there is not"),
    ],
)
def test_a_delivery_that_cannot_be_dealt_is_refused(
    gateway: Gateway, fields: dict[str, Any]
) -> None:
    answer = requests.put(f"{gateway.endpoint}/_standin/delivery", json=fields, timeout=10)

    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert gateway.delivery() == Delivery()


# Over the control API


def test_delivery_is_set_and_told_over_the_control_api(gateway: Gateway) -> None:
    gateway.set_delivery(OF_EACH)
    kept = gateway.delivery()
    gateway.reset()

    assert kept == OF_EACH
    assert gateway.delivery() == Delivery()


def test_the_clock_of_delivery_can_be_advanced(caller: Caller, gateway: Gateway) -> None:
    gateway.set_delivery(Delivery(received_within=((0, DAY_SECONDS), (1, DAY_SECONDS))))
    caller.send(ALICE)
    gateway.advance_clock(DAY_SECONDS - HOUR_SECONDS)
    [before] = gateway.receipts()

    in_all = gateway.advance_clock(HOUR_SECONDS)
    caller.send(BOB)

    [alice, bob] = gateway.receipts()
    assert (before.told, before.fate, in_all) == ("waiting", "delivered", DAY_SECONDS)
    assert (alice.told, alice.received_at) == ("delivered", alice.at + DAY_SECONDS)
    assert bob.told == "waiting"


def test_the_advanced_clock_leaves_signatures_and_dates_alone(
    caller: Caller, gateway: Gateway
) -> None:
    gateway.advance_clock(60 * DAY_SECONDS)

    code = caller.send(ALICE).json()["Code"]

    [row] = caller.look_up(ALICE)["SmsSendDetailDTOs"]["SmsSendDetailDTO"]
    [message] = gateway.journal()
    beijing = datetime.fromtimestamp(message.at, UTC) + timedelta(hours=8)
    assert code == "OK"
    assert row["SendDate"] == row["ReceiveDate"] == beijing.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize("seconds", [-1, float("inf"), "soon", None])
def test_the_clock_goes_forward_only(gateway: Gateway, seconds: Any) -> None:
    body = json.dumps({"advance_seconds": seconds})

    answer = requests.post(f"{gateway.endpoint}/_standin/clock", data=body, timeout=10)

    assert answer.status_code == 400
    assert gateway.advance_clock(0) == 0


def test_the_truth_comes_in_pages_and_by_number(caller: Caller, gateway: Gateway) -> None:
    gateway.set_delivery(OF_EACH)
    caller.send(*numbers(100))
    caller.send(*numbers(100))

    whole = list(gateway.receipts())

    assert [(each.phone_number, each.at) for each in whole] == [
        (each.phone_number, each.at) for each in gateway.journal()
    ]
    assert list(gateway.receipts(offset=99, limit=2)) == whole[99:101]
    number = numbers(1)[0]
    assert list(gateway.receipts(phone_number=number)) == [whole[0], whole[100]]


def test_every_lookup_agrees_with_the_truth_at_every_hour(account: Account, clock: Clock) -> None:
    account.delivery = OF_EACH
    send(account, *numbers(300))
    for hours in (0, 1, 24, 72):
        clock.now += hours * HOUR_SECONDS

        best = {
            number: Status(max((row["SendStatus"] for row in rows(account, number)), default=0))
            for number in numbers(300)
        }

        assert best == {each.phone_number: Status[each.told.upper()] for each in truth(account)}
    assert all(each.told == each.fate for each in truth(account))
