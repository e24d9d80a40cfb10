"""Recipients into batches of a hundred, as queue messages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batches.batch import MAX_RECIPIENTS, Batch, position_of
from smsdrop.batches.batcher import MAX_OPEN_BATCHES, MAX_ROWS_BYTES, Batcher
from smsdrop.recipients.layout import BETWEEN_ROWS, SEPARATOR
from tests.support.recipients import Recipient
from tests.support.samples import CAMPAIGN_ID, layout, params_of, phone_numbers, recipients

MESSAGE_BYTES = 256 * 1024
AROUND_PARAM = len("13800138000" + SEPARATOR) + len(BETWEEN_ROWS)
LAYOUT = layout("name")


def batcher() -> Batcher:
    return Batcher(campaign_id=CAMPAIGN_ID, template_code="SMS_154950909", layout=LAYOUT)


def into_batches(people: list[Recipient]) -> list[Batch]:
    gathering = batcher()
    messages = []
    for each in people:
        gathering.add(each.alone(LAYOUT))
        messages += gathering.ready()
    return list(map(Batch.from_json, messages + gathering.rest()))


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        pytest.param(0, [], id="no one"),
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


def test_recipients_with_and_without_an_extend_code_are_never_mixed() -> None:
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

    promised = {each.phone_number: gathering.add(each.alone(LAYOUT))[0][0] for each in people}
    batches = list(map(Batch.from_json, gathering.rest()))

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
            *params_of(each),
            strict=True,
        )
    ]
    assert sorted(texted) == [
        (each.phone_number, each.extend_code, *each.params) for each in people
    ]
    assert [position_of(each.batch_id) for each in batches] == [*range(1, len(batches) + 1)]


@pytest.mark.parametrize(
    ("row_bytes", "sizes"),
    [
        pytest.param(MAX_ROWS_BYTES // 10, [10, 10, 5], id="exactly ten fit"),
        pytest.param(MAX_ROWS_BYTES // 10 + 1, [9, 9, 7], id="the tenth is a bit too much"),
        pytest.param(MAX_ROWS_BYTES, [1] * 25, id="each fills a batch"),
        pytest.param(MAX_ROWS_BYTES + 1, [1] * 25, id="each is too much"),
    ],
)
def test_long_params_close_a_batch_before_it_is_full(row_bytes: int, sizes: list[int]) -> None:
    batches = into_batches(recipients(25, params=("x" * (row_bytes - AROUND_PARAM),)))

    assert [len(each) for each in batches] == sizes


@pytest.mark.parametrize(
    ("character", "as_json"),
    [pytest.param("😀", "😀", id="emoji"), pytest.param('"', '\\"', id="quote")],
)
def test_the_fullest_batch_fits_into_a_queue_message(character: str, as_json: str) -> None:
    most = (MAX_ROWS_BYTES // MAX_RECIPIENTS - AROUND_PARAM) // len(as_json.encode())
    people = [
        replace(each, sign_name=f"{row:02d}" + "云" * 98)
        for row, each in enumerate(recipients(100, params=(character * most,)))
    ]

    [batch] = into_batches(people)

    assert MAX_ROWS_BYTES < len(batch.to_json().encode()) < MESSAGE_BYTES


def test_one_recipient_of_another_kind_does_not_keep_the_rest_waiting_for_ever() -> None:
    gathering = batcher()
    lonely, *others = recipients(1 + 200 * MAX_RECIPIENTS)
    ready: list[bytes] = []
    kept = 0

    gathering.add(replace(lonely, extend_code="7").alone(LAYOUT))
    for closed, each in enumerate(others):
        gathering.add(each.alone(LAYOUT))
        ready += gathering.ready()
        kept = max(kept, closed // MAX_RECIPIENTS - len(ready))
    ready += gathering.rest()

    assert kept <= MAX_OPEN_BATCHES
    batches = list(map(Batch.from_json, ready))
    assert [position_of(each.batch_id) for each in batches] == [*range(1, 202)]
    assert len(batches[0]) == 1


def test_no_batch_mixes_international_numbers_with_others() -> None:
    """Some of them have the digits of a mainland number."""
    gathering = batcher()
    digits = ["14155552671", "14155552671", "85291234567"]
    people = [
        replace(each, phone_number=number, is_international=row != 1)
        for row, (each, number) in enumerate(zip(recipients(3), digits, strict=True))
    ]

    for each in people:
        gathering.add(each.alone(LAYOUT))

    batches = list(map(Batch.from_json, gathering.rest()))
    assert [(each.is_international, each.phone_numbers) for each in batches] == [
        (True, ("14155552671", "85291234567")),
        (False, ("14155552671",)),
    ]
