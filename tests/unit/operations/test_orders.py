"""An order is read from a key under orders/, as S3 writes it, or from a payload."""

from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.operations.orders import APPROVE, BY_HAND, CANCEL, PAUSE, RESUME, order_of, orders_of
from tests.support.samples import CAMPAIGN_ID

GIVEN_AT = 1_767_322_800.25


def s3_event(key: str, *, sequencer: str = "0055", principal: str = "AWS:AIDAA") -> dict[str, Any]:
    """The event of an object of this key that was put a quarter past eleven, and a bit."""
    record = {
        "eventTime": "2026-01-02T03:00:00.250Z",
        "userIdentity": {"principalId": principal},
        "s3": {"object": {"key": quote_plus(key, safe="/"), "sequencer": sequencer}},
    }
    return {"Records": [record]}


@pytest.mark.parametrize(
    ("key", "name", "what"),
    [
        pytest.param(f"orders/pause/{CAMPAIGN_ID}", PAUSE, CAMPAIGN_ID, id="a campaign"),
        pytest.param(f"orders/pause/{CAMPAIGN_ID}/", PAUSE, CAMPAIGN_ID, id="a folder"),
        pytest.param("orders/resume/stack", RESUME, "stack", id="the stack"),
        pytest.param(
            "orders/cancel/SMS_9/云通信/7月 a+b 100%.csv",
            CANCEL,
            "SMS_9/云通信/7月 a+b 100%.csv",
            id="a path",
        ),
        pytest.param("orders/approve/a%2Bb.csv/", APPROVE, "a%2Bb.csv", id="a path like a code"),
        pytest.param("orders/stop/x.csv", "stop", "x.csv", id="no order"),
        pytest.param("orders/pause", PAUSE, "", id="nothing named"),
        pytest.param("orders/stop/", "stop", "", id="a folder that is no order"),
    ],
)
def test_an_order_is_read_from_the_key_of_an_object_or_folder(
    key: str, name: str, what: str
) -> None:
    [order] = orders_of(s3_event(key))

    assert (order.name, order.what) == (name, what)
    assert (order.principal, order.by, order.at) == ("AWS:AIDAA", "AWS:AIDAA", GIVEN_AT)


@pytest.mark.parametrize("key", ["orders/", "orders/pause/", "orders/approve/"])
def test_folders_on_the_way_to_an_order_are_none(key: str) -> None:
    assert list(orders_of(s3_event(key))) == []


def test_an_event_that_only_tries_out_the_notification_has_no_orders() -> None:
    assert list(orders_of({"Service": "Amazon S3", "Event": "s3:TestEvent"})) == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda s: s.strip("/")))
def test_any_path_survives_being_written_into_an_event(path: str) -> None:
    [order] = orders_of(s3_event(f"orders/pause/{path}"))

    assert order.what == path.strip("/")


def test_an_event_that_comes_again_has_the_same_mark_and_any_other_has_another() -> None:
    events = [
        s3_event("orders/pause/a.csv"),
        s3_event("orders/pause/a.csv"),
        s3_event("orders/pause/a.csv", sequencer="0056"),
        s3_event("orders/pause/b.csv"),
    ]

    first, again, later, other = (next(orders_of(each)).mark for each in events)

    assert again == first
    assert len({first, later, other}) == 3


@pytest.mark.parametrize(
    ("payload", "name", "what"),
    [
        pytest.param({"order": "cancel", "campaign_id": CAMPAIGN_ID}, CANCEL, CAMPAIGN_ID, id="id"),
        pytest.param({"order": "pause", "file": " SMS_9/云/a b.csv "}, PAUSE, "SMS_9/云/a b.csv"),
        pytest.param({"order": "pause", "what": "/a.csv"}, PAUSE, "a.csv", id="a slash in front"),
        pytest.param({"order": "resume"}, RESUME, "stack", id="nothing: the stack"),
        pytest.param({"order": "pause", "what": ""}, PAUSE, "stack", id="empty: the stack"),
        pytest.param({"order": "cancel"}, CANCEL, "", id="no stack is cancelled"),
        pytest.param({"order": ["pause"], "what": 7}, "", "", id="other types"),
        pytest.param({}, "", "", id="empty"),
        pytest.param(["pause"], "", "", id="a list"),
        pytest.param(None, "", "", id="null"),
    ],
)
def test_an_order_is_read_from_a_payload(payload: object, name: str, what: str) -> None:
    order = order_of(payload, mark="request")

    assert (order.name, order.what) == (name, what)
    assert (order.principal, order.by, order.at) == ("", BY_HAND, 0)


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        ("SMS_9/a.csv", ("incoming/SMS_9/a.csv",)),
        ("incoming/SMS_9/a.csv", ("incoming/incoming/SMS_9/a.csv", "incoming/SMS_9/a.csv")),
    ],
)
def test_a_file_is_named_from_below_incoming_or_by_its_whole_key(
    what: str, keys: tuple[str, ...]
) -> None:
    assert order_of({"order": "pause", "file": what}, mark="").keys == keys


@pytest.mark.parametrize(
    ("what", "is_one"), [(CAMPAIGN_ID, True), (f"{CAMPAIGN_ID}.csv", False), ("july.csv", False)]
)
def test_a_campaigns_id_is_told_from_a_path(what: str, is_one: bool) -> None:
    assert order_of({"order": "pause", "what": what}, mark="").names_campaign is is_one


@pytest.mark.parametrize(
    ("name", "what", "is_so"),
    [("pause", "stack", True), ("resume", "stack", True), ("cancel", "stack", False)],
)
def test_only_a_pause_and_a_resume_are_for_the_stack(name: str, what: str, is_so: bool) -> None:
    assert order_of({"order": name, "what": what}, mark="").is_for_stack is is_so


@pytest.mark.parametrize(
    ("ordered_at", "is_late"),
    [(0, False), (GIVEN_AT - 0.001, False), (GIVEN_AT, True), (GIVEN_AT + 1, True)],
)
def test_an_order_is_late_once_it_or_a_later_one_was_followed(
    ordered_at: float, is_late: bool
) -> None:
    [order] = orders_of(s3_event("orders/pause/a.csv"))

    assert order.is_late(ordered_at) is is_late
    assert not order_of({"order": "pause"}, mark="").is_late(ordered_at)
