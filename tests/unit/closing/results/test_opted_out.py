"""People not to be texted again are in a list that a person may drop as it is."""

import csv
from io import BytesIO, StringIO

import pytest

from smsdrop.closing.results.opted_out import OPTED_OUT, OptedOut
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.parsing.suppression.number_list import listed_numbers
from smsdrop.sending.suppression.standing import PROMO_PREFIX
from tests.support.fakes import FakeFiles
from tests.support.folder import Folder

COLUMNS = ["name", " 手机号 "]


def written(*cells: str, rows_each: int = 9) -> dict[str, bytes]:
    folder = Folder()
    with OptedOut(folder.open_file, COLUMNS, rows_each=rows_each) as opted_out:
        for row, cell in enumerate(cells, start=2):
            opted_out.add(["张三", cell, "surplus"], str(row), "=why")
    return folder.files


def test_where_there_is_nobody_there_is_no_file() -> None:
    assert written() == {}


def test_it_holds_numbers_and_where_they_were_and_why_and_nothing_else_of_a_person() -> None:
    text = written("13800138000", "139-0013-9000")[OPTED_OUT].decode("utf-8-sig")

    assert list(csv.reader(StringIO(text))) == [
        [" 手机号 ", "smsdrop_row", "smsdrop_reason"],
        ["13800138000", "2", "'=why"],
        ["13900139000", "3", "'=why"],
    ]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        pytest.param("13800138000", b"13800138000", id="plain"),
        pytest.param("+86 138-0013-8000", b"13800138000", id="spelled"),
        pytest.param("1.3800138E10", b"13800138000", id="as a spreadsheet has it"),
        pytest.param("１３８００１３８０００", b"13800138000", id="full-width"),
        pytest.param("+1 415 555 2671", b"14155552671", id="abroad"),
    ],
)
def test_dropped_as_a_list_it_has_the_number_however_the_file_spelled_it(
    cell: str, number: bytes
) -> None:
    [listed] = listed_numbers(BytesIO(written(cell)[OPTED_OUT]))

    found = listed.domestic.split() or [each.encode() for each in listed.abroad]
    assert (found, listed.without) == ([number], 0)


@pytest.mark.parametrize("is_promotion", [True, False])
def test_dropped_among_the_lists_for_promotions_it_suppresses_those_in_the_next_one_alone(
    *, is_promotion: bool
) -> None:
    files = FakeFiles()
    content = written("+86 138-0013-8000", "13900139000")[OPTED_OUT]
    files.drop(f"{PROMO_PREFIX}{OPTED_OUT}", content)

    lists = SuppressionLists(bucket=files).load(expected_rows=3, is_promotion=is_promotion)

    numbers = [b"13700137000", b"13800138000", b"13900139000"]
    found = lists.seen.add_all(numbers, 2)
    assert [lists.seen.list_of(each) for each in found.values()] == (
        [f"promo/{OPTED_OUT}"] * 2 if is_promotion else []
    )


def test_of_very_many_there_are_parts() -> None:
    assert set(written(*["13800138000"] * 3, rows_each=2)) == {OPTED_OUT, "opted-out-2.csv"}
