"""Recipients into batches of a hundred, batches into queue messages, and batches into halves."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.batches.batch import (
    MAX_RECIPIENTS,
    Batch,
    NotABatch,
    campaign_of,
    is_batch,
    nth_batch_id,
    position_of,
)
from smsdrop.batches.forms import FORM, LaterForm
from smsdrop.batches.split import Split
from smsdrop.recipients.layout import SEPARATOR, Layout
from tests.support.samples import CAMPAIGN_ID, batch_of, params_of, phone_numbers, rows_of

CALLS_TO_ISOLATE_ONE = 15

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=SEPARATOR), max_size=20)


@given(
    size=st.integers(min_value=1, max_value=5),
    names=st.lists(texts, max_size=3, unique=True),
    data=st.data(),
)
def test_a_batch_survives_the_queue(size: int, names: list[str], data: st.DataObject) -> None:
    column = st.tuples(*[texts] * size)
    phone_column = data.draw(st.integers(0, len(names)))
    columns = [data.draw(column) for _ in [*names, "phone"]]
    batch = Batch(
        batch_id=data.draw(texts),
        template_code=data.draw(texts),
        layout=Layout(phone_column=phone_column, param_names=tuple(names)),
        rows=rows_of(*columns),
        sign_names=data.draw(column | texts.map(lambda each: (each,) * size)),
        extend_codes=data.draw(st.just(()) | column),
    )

    assert batch.phone_numbers == columns.pop(phone_column)
    assert params_of(batch) == tuple(columns)
    assert Batch.from_json(batch.to_json()) == batch
    assert Batch.from_json(batch.to_json().encode()) == batch


def altered(**members: object) -> str:
    """Return the message of two recipients with these members instead."""
    return json.dumps(json.loads(batch_of(2).to_json()) | members)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("", id="nothing"),
        pytest.param("{}", id="an empty object"),
        pytest.param("[]", id="a list"),
        pytest.param('{"batch_id": "b", "sign_name": "s", "phone_numbers": []}', id="half of one"),
        pytest.param(altered(batch_id=7), id="an id that is a number"),
        pytest.param(altered(batch_id="july.csv"), id="an id of something else"),
        pytest.param(altered(rows=[]), id="no recipients"),
        pytest.param(altered(rows=[1, 2]), id="rows that are numbers"),
        pytest.param(
            altered(rows=["13800000000", "13800000001\x7f张三"]), id="a row without params"
        ),
        pytest.param(altered(sign_name=["云通信"]), id="too few sign names"),
        pytest.param(altered(extend_codes=["7"]), id="too few extend codes"),
        pytest.param(altered(phone_column=9), id="a column that is not there"),
        pytest.param("7", id="a number"),
        pytest.param("null", id="null"),
        pytest.param("[" * 100_000, id="brackets without end"),
    ],
)
def test_a_message_that_is_no_batch_is_not_taken_for_one(message: str) -> None:
    with pytest.raises(NotABatch):
        Batch.from_message(message)
    assert not is_batch(message)


@pytest.mark.parametrize("size", [1, 2, MAX_RECIPIENTS])
def test_a_message_that_is_a_batch_is_taken_for_one(size: int) -> None:
    batch = batch_of(size, extend_codes=("7",) * size)

    assert Batch.from_message(batch.to_json()) == batch
    assert is_batch(batch.to_json())


def test_what_is_said_about_a_message_that_is_no_batch_holds_nothing_of_it() -> None:
    with pytest.raises(NotABatch) as caught:
        Batch.from_message('{"13800000000')

    assert (str(caught.value), caught.value.__cause__) == ("JSONDecodeError", None)
    assert caught.value.__suppress_context__


def test_members_that_a_later_release_has_added_are_passed_over() -> None:
    batch = batch_of(2)

    assert Batch.from_message(batch.to_json()[:-1] + ',"colour":"red"}') == batch


def test_a_message_of_a_later_form_is_not_taken_for_garbage() -> None:
    later = json.loads(batch_of(1).to_json()) | {"form": FORM + 1}
    del later["rows"]

    with pytest.raises(LaterForm):
        Batch.from_message(json.dumps(later))
    assert is_batch(json.dumps(later))


def test_what_all_recipients_share_is_written_once() -> None:
    message = batch_of(100).to_json()

    assert message.count("云通信") == 1
    assert message.count("name") == len(["sign_name", "param_names", "name"])
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

    first, second = batch.parts()

    assert first.phone_numbers + second.phone_numbers == batch.phone_numbers
    assert first.sign_names + second.sign_names == batch.sign_names
    assert first.extend_codes + second.extend_codes == batch.extend_codes
    assert first.rows + second.rows == batch.rows
    assert abs(len(first) - len(second)) <= 1
    assert first.batch_id == f"{batch.batch_id}.0"
    assert second.batch_id == f"{batch.batch_id}.1"
    assert first.template_code == second.template_code == batch.template_code
    assert first.layout == second.layout == batch.layout


@pytest.mark.parametrize("size", [2, 3, 7, 25, MAX_RECIPIENTS])
@pytest.mark.parametrize("how", [Split(into_singles=True), Split(in_doubt=(1,))])
def test_parts_hold_everyone_and_are_numbered(size: int, how: Split) -> None:
    batch = batch_of(size)

    parts = batch.parts(how)

    places = how.parts(size)
    assert [part.rows for part in parts] == [
        tuple(batch.rows[place] for place in each) for each in places
    ]
    assert [part.batch_id for part in parts] == [
        f"{batch.batch_id}.{number}" for number in range(len(places))
    ]


def calls_around(batch: Batch, bad: str) -> list[Batch]:
    """The calls that are made when every batch with the bad number is refused and split."""
    if bad not in batch.phone_numbers or len(batch) == 1:
        return [batch]
    return [batch, *(call for half in batch.parts() for call in calls_around(half, bad))]


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
    part = whole.parts()[1].parts()[0]

    assert (whole.is_part, part.is_part) == (False, True)
    assert part.batch_id == f"{CAMPAIGN_ID}-000123.1.0"
    assert position_of(part.batch_id) == position_of(whole.batch_id) == 123
    assert part.campaign_id == campaign_of(whole.batch_id) == CAMPAIGN_ID


@given(st.integers(min_value=1, max_value=10_000_000))
def test_a_position_can_be_read_from_the_id_it_gave(position: int) -> None:
    assert position_of(nth_batch_id(CAMPAIGN_ID, position)) == position


@pytest.mark.parametrize("is_international", [True, False])
def test_a_batch_and_its_halves_remember_that_they_are_international(
    is_international: bool,
) -> None:
    batch = batch_of(4, is_international=is_international)

    for each in (batch, *batch.parts()):
        assert Batch.from_json(each.to_json()).is_international == is_international
    assert ("is_international" in batch.to_json()) == is_international
