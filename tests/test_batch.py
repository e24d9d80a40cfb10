"""Recipients into batches of a hundred, batches into queue messages, and batches into halves."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batch import (
    MAX_OPEN_BATCHES,
    MAX_PARAM_CHARS,
    MAX_RECIPIENTS,
    Batch,
    Batcher,
    campaign_of,
    nth_batch_id,
    position_of,
)
from smsdrop.recipients import Recipient, Recipients
from tests.samples import CAMPAIGN_ID, batch_of, phone_numbers, recipients

MESSAGE_BYTES = 256 * 1024
CALLS_TO_ISOLATE_ONE = 15

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def batcher(*param_names: str) -> Batcher:
    return Batcher(
        campaign_id=CAMPAIGN_ID, template_code="SMS_154950909", param_names=param_names or ("name",)
    )


def into_batches(people: list[Recipient], *param_names: str) -> list[Batch]:
    gathering = batcher(*param_names)
    batches = []
    for each in people:
        gathering.add(Recipients.of(each))
        batches += gathering.ready()
    return batches + gathering.rest()


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        pytest.param(0, [], id="nobody"),
        pytest.param(1, [1], id="one recipient"),
        pytest.param(MAX_RECIPIENTS - 1, [99], id="one less than full"),
        pytest.param(MAX_RECIPIENTS, [100], id="exactly full"),
        pytest.param(MAX_RECIPIENTS + 1, [100, 1], id="one over"),
        pytest.param(10 * MAX_RECIPIENTS, [100] * 10, id="a thousand"),
    ],
)
def test_batches_fill_up_in_file_order(count: int, sizes: list[int]) -> None:
    batches = into_batches(recipients(count))

    assert [len(each) for each in batches] == sizes
    assert tuple(number for each in batches for number in each.phone_numbers) == phone_numbers(
        count
    )


def test_batches_are_named_by_their_position_alone() -> None:
    batches = into_batches(recipients(201))

    assert [each.batch_id for each in batches] == [
        f"{CAMPAIGN_ID}-000001",
        f"{CAMPAIGN_ID}-000002",
        f"{CAMPAIGN_ID}-000003",
    ]


def test_those_with_an_extend_code_and_those_without_are_never_mixed() -> None:
    without = recipients(150)
    mixed = [
        replace(each, extend_code=f"{row:07d}") if row % 3 == 0 else each
        for row, each in enumerate(without)
    ]

    batches = into_batches(mixed)

    assert {len(each.extend_codes) in (0, len(each)) for each in batches} == {True}
    codes = {
        number: code
        for each in batches
        if each.extend_codes
        for number, code in zip(each.phone_numbers, each.extend_codes, strict=True)
    }
    assert codes == {each.phone_number: each.extend_code for each in mixed if each.extend_code}


def test_the_position_a_recipient_is_given_is_that_of_its_batch() -> None:
    gathering = batcher()
    people = [
        replace(each, extend_code="7" if row % 5 == 0 else "")
        for row, each in enumerate(recipients(777))
    ]

    promised = {each.phone_number: gathering.add(Recipients.of(each))[0][0] for each in people}
    batches = gathering.rest()

    assert promised == {
        number: position_of(each.batch_id) for each in batches for number in each.phone_numbers
    }


@given(st.lists(st.tuples(st.booleans(), st.integers(min_value=0, max_value=30_000)), max_size=400))
def test_everyone_is_in_exactly_one_batch(kinds: list[tuple[bool, int]]) -> None:
    people = [
        replace(each, extend_code="7" if has_code else "", params=("张" * length,))
        for each, (has_code, length) in zip(recipients(len(kinds)), kinds, strict=True)
    ]

    batches = into_batches(people)

    texted = [
        (number, extended, param)
        for each in batches
        for number, extended, param in zip(
            each.phone_numbers,
            each.extend_codes or [""] * len(each),
            *each.params,
            strict=True,
        )
    ]
    assert sorted(texted) == [
        (each.phone_number, each.extend_code, *each.params) for each in people
    ]
    assert [position_of(each.batch_id) for each in batches] == [*range(1, len(batches) + 1)]


@pytest.mark.parametrize(
    ("chars", "sizes"),
    [
        pytest.param(MAX_PARAM_CHARS // 10, [10, 10, 5], id="exactly ten fit"),
        pytest.param(MAX_PARAM_CHARS // 10 + 1, [9, 9, 7], id="the tenth is a bit too much"),
        pytest.param(MAX_PARAM_CHARS, [1] * 25, id="each fills a batch"),
    ],
)
def test_long_params_close_a_batch_before_it_is_full(chars: int, sizes: list[int]) -> None:
    batches = into_batches(recipients(25, params=("云" * chars,)))

    assert [len(each) for each in batches] == sizes


@pytest.mark.parametrize(
    "character", [pytest.param("😀", id="emoji"), pytest.param('"', id="quote")]
)
def test_the_fullest_batch_fits_into_a_queue_message(character: str) -> None:
    people = recipients(100, params=(character * (MAX_PARAM_CHARS // 100),))

    [batch] = into_batches(people)

    assert len(batch.to_json().encode()) < MESSAGE_BYTES


def test_one_recipient_of_another_kind_does_not_keep_the_rest_waiting_for_ever() -> None:
    gathering = batcher()
    lonely, *others = recipients(1 + 200 * MAX_RECIPIENTS)
    ready: list[Batch] = []
    kept = 0

    gathering.add(Recipients.of(replace(lonely, extend_code="7")))
    for closed, each in enumerate(others):
        gathering.add(Recipients.of(each))
        ready += gathering.ready()
        kept = max(kept, closed // MAX_RECIPIENTS - len(ready))
    ready += gathering.rest()

    assert kept <= MAX_OPEN_BATCHES
    assert [position_of(each.batch_id) for each in ready] == [*range(1, 202)]
    assert len(ready[0]) == 1


@given(
    size=st.integers(min_value=1, max_value=5),
    names=st.lists(texts, max_size=3, unique=True),
    data=st.data(),
)
def test_a_batch_survives_the_queue(size: int, names: list[str], data: st.DataObject) -> None:
    column = st.tuples(*[texts] * size)
    batch = Batch(
        batch_id=data.draw(texts),
        template_code=data.draw(texts),
        phone_numbers=data.draw(column),
        sign_names=data.draw(column | texts.map(lambda each: (each,) * size)),
        param_names=tuple(names),
        params=tuple(data.draw(column) for _ in names),
        extend_codes=data.draw(st.just(()) | column),
    )

    assert Batch.from_json(batch.to_json()) == batch
    assert Batch.from_json(batch.to_json().encode()) == batch


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("", id="nothing"),
        pytest.param("{}", id="an empty object"),
        pytest.param("[]", id="a list"),
        pytest.param('{"batch_id": "b", "sign_name": "s", "phone_numbers": []}', id="half of one"),
        pytest.param(batch_of(1).to_json()[:-1] + ',"colour":"red"}', id="a field of tomorrow"),
    ],
)
def test_a_message_that_is_no_batch_is_not_taken_for_one(message: str) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        Batch.from_json(message)


def test_what_all_recipients_share_is_written_once() -> None:
    message = batch_of(100).to_json()

    assert message.count("云通信") == 1
    assert message.count("name") == len(["sign_name", "name"])
    assert "extend_codes" not in message
    assert "张三" in message
    assert ", " not in message
    assert len(message.encode()) < 5000


def test_sign_names_that_differ_are_all_written() -> None:
    batch = batch_of(2, sign_names=("云通信", "云短信"))

    assert json.loads(batch.to_json())["sign_name"] == ["云通信", "云短信"]


@pytest.mark.parametrize("size", range(2, MAX_RECIPIENTS + 1))
def test_two_halves_hold_everyone_in_order_and_about_as_many_each(size: int) -> None:
    batch = batch_of(size, extend_codes=tuple(f"{each:03d}" for each in range(size)))

    first, second = batch.halves()

    assert first.phone_numbers + second.phone_numbers == batch.phone_numbers
    assert first.sign_names + second.sign_names == batch.sign_names
    assert first.extend_codes + second.extend_codes == batch.extend_codes
    assert first.params[0] + second.params[0] == batch.params[0]
    assert abs(len(first) - len(second)) <= 1
    assert first.batch_id == f"{batch.batch_id}.0"
    assert second.batch_id == f"{batch.batch_id}.1"
    assert first.template_code == second.template_code == batch.template_code
    assert first.param_names == second.param_names == batch.param_names


def calls_around(batch: Batch, bad: str) -> list[Batch]:
    """The calls that are made when every batch with the bad number is refused and split."""
    if bad not in batch.phone_numbers or len(batch) == 1:
        return [batch]
    return [batch, *(call for half in batch.halves() for call in calls_around(half, bad))]


@pytest.mark.parametrize("bad", [pytest.param(each, id=each) for each in phone_numbers(100)])
def test_one_bad_number_among_a_hundred_is_found_in_few_calls(bad: str) -> None:
    calls = calls_around(batch_of(100), bad)

    assert len(calls) <= CALLS_TO_ISOLATE_ONE
    sent = [
        number for call in calls if bad not in call.phone_numbers for number in call.phone_numbers
    ]
    assert sorted(sent) == [each for each in phone_numbers(100) if each != bad]
    assert len({call.batch_id for call in calls}) == len(calls)


def test_a_part_knows_that_it_is_one_and_where_it_comes_from() -> None:
    whole = batch_of(4, position=123)
    part = whole.halves()[1].halves()[0]

    assert (whole.is_part, part.is_part) == (False, True)
    assert part.batch_id == f"{CAMPAIGN_ID}-000123.1.0"
    assert position_of(part.batch_id) == position_of(whole.batch_id) == 123
    assert part.campaign_id == campaign_of(whole.batch_id) == CAMPAIGN_ID


@given(st.integers(min_value=1, max_value=10_000_000))
def test_a_position_can_be_read_from_the_id_it_gave(position: int) -> None:
    assert position_of(nth_batch_id(CAMPAIGN_ID, position)) == position
