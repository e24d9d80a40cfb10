"""Recipients row by row."""

from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from tests.support.samples import layout, phone_numbers

NUMBERS = phone_numbers(3)
ROW = layout("name")
RECIPIENTS = Recipients(
    layout=ROW,
    rows=ROW.rows(NUMBERS, [["a", '"', "张"]]),
    sign_names=SignNames(each=["x", "y", "z"]),
    extend_codes=["1", "2", "3"],
    is_international=True,
)


def test_the_columns_are_those_that_the_rows_were_made_of() -> None:
    phone_numbers, params = RECIPIENTS.columns()

    assert list(phone_numbers) == list(NUMBERS)
    assert params == [["a", '"', "张"]]


def test_a_part_keeps_everything_of_its_rows() -> None:
    part = RECIPIENTS.part(slice(1, 3))

    assert len(part) == 2
    assert part.columns() == (list(NUMBERS[1:]), [['"', "张"]])
    assert (part.sign_names.each, part.extend_codes) == (["y", "z"], ["2", "3"])
    assert part.is_international
