"""CSV files in parts that a spreadsheet opens whole."""

import pytest

from smsdrop.closing.results.csv_parts import CsvParts, part_name
from tests.support.folder import Folder

HEADING = ["手机号", "name"]


def text_of(*rows: str) -> bytes:
    return "".join(f"{row}\r\n" for row in ("\ufeff手机号,name", *rows)).encode()


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        pytest.param(0, [[]], id="none"),
        pytest.param(2, [["0,a", "1,a"]], id="as many as a part holds"),
        pytest.param(3, [["0,a", "1,a"], ["2,a"]], id="one over"),
        pytest.param(5, [["0,a", "1,a"], ["2,a", "3,a"], ["4,a"]], id="three parts"),
    ],
)
def test_rows_are_written_to_as_many_files_as_they_need_each_with_the_heading(
    rows: int, parts: list[list[str]]
) -> None:
    folder = Folder()

    with CsvParts(folder.open_file, "results.csv", HEADING, rows_each=2) as csv_file:
        for row in range(rows):
            csv_file.add([str(row), "a"])

    names = ["results.csv", "results-2.csv", "results-3.csv"]
    assert folder.files == {name: text_of(*each) for name, each in zip(names, parts, strict=False)}
    assert folder.most_open == 1


def test_parts_of_an_earlier_report_are_left_without_rows() -> None:
    folder = Folder()

    with CsvParts(folder.open_file, "unsent.csv", HEADING, rows_each=2) as csv_file:
        csv_file.add(["0", "a"])
        csv_file.empty_later_parts(last=3)

    assert folder.files == {
        "unsent.csv": text_of("0,a"),
        "unsent-2.csv": text_of(),
        "unsent-3.csv": text_of(),
    }


def break_off(folder: Folder) -> None:
    with CsvParts(folder.open_file, "results.csv", HEADING, rows_each=1) as csv_file:
        csv_file.add(["0", "a"])
        csv_file.add(["1", "a"])
        raise KeyError


def test_a_part_that_is_broken_off_is_no_file() -> None:
    folder = Folder()

    with pytest.raises(KeyError):
        break_off(folder)

    assert set(folder.files) == {"results.csv"}


def test_the_first_part_has_the_name_that_a_file_of_one_has() -> None:
    assert [part_name("results.csv", each) for each in (1, 2, 10)] == [
        "results.csv",
        "results-2.csv",
        "results-10.csv",
    ]
