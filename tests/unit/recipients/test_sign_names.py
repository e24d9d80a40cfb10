"""Sign names of rows: one that all share, or one each."""

import json

import pytest

from smsdrop.recipients.sign_names import SignNames

SHARED = SignNames(shared="云通信")
EACH = SignNames(each=("云通信", "云短信", "云通信"))
ALIKE = SignNames(each=("云通信", "云通信"))


@pytest.mark.parametrize(
    ("sign_names", "rows", "expected"),
    [
        pytest.param(SHARED, 2, ["云通信", "云通信"], id="shared"),
        pytest.param(EACH, 3, ["云通信", "云短信", "云通信"], id="one each"),
    ],
)
def test_each_row_has_a_sign_name(sign_names: SignNames, rows: int, expected: list[str]) -> None:
    assert list(sign_names.of_rows(rows)) == expected


@pytest.mark.parametrize(
    ("sign_names", "same"),
    [
        pytest.param(SHARED, "云通信", id="shared"),
        pytest.param(ALIKE, "云通信", id="one each, all the same"),
        pytest.param(EACH, None, id="one each, different"),
    ],
)
def test_rows_may_have_the_same_sign_name(sign_names: SignNames, same: str | None) -> None:
    assert sign_names.same == same


@pytest.mark.parametrize(
    ("sign_names", "written"),
    [
        pytest.param(SHARED, "云通信", id="shared"),
        pytest.param(ALIKE, "云通信", id="one each, all the same"),
        pytest.param(EACH, ["云通信", "云短信", "云通信"], id="one each, different"),
    ],
)
def test_the_same_sign_name_is_written_once(
    sign_names: SignNames, written: str | list[str]
) -> None:
    value = json.loads(sign_names.to_json())

    assert value == written
    assert list(SignNames.from_json(value).of_rows(3))[:2] == list(sign_names.of_rows(3))[:2]


def test_a_part_has_the_names_of_its_rows() -> None:
    assert EACH.part(slice(1, 3)).each == ("云短信", "云通信")
    assert SHARED.part(slice(1, 3)) == SHARED


def test_parts_are_joined_in_order() -> None:
    assert SignNames.joined([EACH, ALIKE]).each == [*EACH.each, *ALIKE.each]
    assert SignNames.joined([SHARED, SHARED]) == SHARED
