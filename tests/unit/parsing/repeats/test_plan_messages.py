"""Messages are read from a plan's lines as they were planned, however many lines have in common."""

import pytest

from smsdrop.batches.batch import Batch
from smsdrop.batches.forms import FORM, LaterForm
from smsdrop.batches.plan import PlanDamaged
from smsdrop.parsing.repeats.plan_messages import BATCHES_AT_ONCE, messages_of
from smsdrop.recipients.layout import Layout, texts_of_rows
from tests.support.samples import batch_of


def lines_of(*batches: Batch) -> list[tuple[str, bytes]]:
    return [(each.batch_id, each.to_json().encode() + b"\n") for each in batches]


def test_what_messages_have_in_common_is_told_once_for_several() -> None:
    batches = [batch_of(2, position=place + 1) for place in range(BATCHES_AT_ONCE + 1)]

    many, last = messages_of(lines_of(*batches))

    assert texts_of_rows(many.rows + last.rows) == [row for each in batches for row in each.rows]
    assert len(last.rows) == 2
    assert many.layout == last.layout == Layout(phone_column=0, param_names=("name",))
    assert (many.sign_names, many.is_international) == ("云通信", False)


def test_messages_that_differ_in_anything_but_their_rows_are_kept_apart() -> None:
    names = ("云通信", "阿里云")
    batches = [
        batch_of(2),
        batch_of(2, position=2, sign_names=names),
        batch_of(2, position=3, sign_names=names),
        batch_of(2, position=4, is_international=True),
    ]

    first, two, abroad = messages_of(lines_of(*batches))

    assert first.sign_names == "云通信"
    assert two.sign_names == [*names, *names]
    assert len(two.rows) == 4
    assert abroad.is_international


def test_a_message_that_another_release_wrote_in_another_order_is_read_too() -> None:
    batch = batch_of(3)
    line = batch.to_json().replace("]}", '],"sign":1}').encode()

    [messages] = messages_of([(batch.batch_id, line)])

    assert texts_of_rows(messages.rows) == list(batch.rows)


@pytest.mark.parametrize("line", [b"", b"no JSON", b'{"form":1,"rows":["1"]}'])
def test_what_is_no_message_is_damage(line: bytes) -> None:
    with pytest.raises(PlanDamaged):
        list(messages_of([("x", line)]))


def test_a_later_form_is_not_misread() -> None:
    line = batch_of(1).to_json().replace(f'"form":{FORM}', f'"form":{FORM + 1}').encode()

    with pytest.raises(LaterForm):
        list(messages_of([("x", line)]))
