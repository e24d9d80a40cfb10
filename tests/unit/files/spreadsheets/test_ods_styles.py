"""What styles hide, and the names of sheets, found without parsing what is in them."""

from io import BytesIO

import pytest

from smsdrop.files.spreadsheets.ods_styles import (
    MAX_TAG_BYTES,
    HiddenStyles,
    Recorded,
    sheet_names,
)
from smsdrop.files.streams import read_fully

CONTENT = (
    '<style:style style:name="ta1" style:family="table"><style:table-properties'
    ' table:display="false"/></style:style><style:style style:name="ta2"/>'
    '<table:table table:name="secret" table:style-name="ta1"><text:p>&lt;table:table</text:p>'
    "</table:table><table:table table:style-name='ta2' table:name='7 &amp; 8'/>"
    '<table:table-row/><table:table table:name="九月">{}</table:table>'
)


def names_of(content: str) -> list[str]:
    return sheet_names(BytesIO(content.encode()), HiddenStyles())


def test_the_last_piece_of_a_stream_can_be_read_once_more() -> None:
    stream = Recorded(BytesIO(b"abcdef"))
    stream.read(2)
    stream.read(2)

    assert read_fully(stream.rest(), 9) == b"cdef"


def test_visible_sheets_are_named() -> None:
    assert names_of(CONTENT) == ["7 & 8", "九月"]


def test_a_table_in_a_cell_is_no_sheet() -> None:
    content = CONTENT.format('<table:table table:is-sub-table="true" table:name="sub"/>')

    assert names_of(content) == ["7 & 8", "九月"]


@pytest.mark.parametrize("gap", [0, 65_000, 65_536 - 300, MAX_TAG_BYTES * 3])
def test_names_are_found_wherever_the_pieces_end(gap: int) -> None:
    content = " " * gap + CONTENT.format("x" * gap) + '<table:table table:name="last"/>'

    assert names_of(content) == ["7 & 8", "九月", "last"]


@pytest.mark.parametrize(
    ("height", "is_hidden"), [("0cm", True), ("0.000in", True), ("0.5cm", False), ("", False)]
)
def test_a_row_may_have_no_height(height: str, is_hidden: bool) -> None:
    styles = HiddenStyles()
    styles.look_at("style", {"name": "ro1"})
    styles.look_at("table-row-properties", {"row-height": height})

    assert styles.has_row({"style-name": "ro1"}) == is_hidden
    assert not styles.has_row({"style-name": "ro2"})


@pytest.mark.parametrize(
    ("visibility", "is_hidden"), [("visible", False), ("filter", True), ("collapse", True)]
)
def test_a_row_may_be_hidden_itself(visibility: str, is_hidden: bool) -> None:
    assert HiddenStyles().has_row({"visibility": visibility}) == is_hidden
