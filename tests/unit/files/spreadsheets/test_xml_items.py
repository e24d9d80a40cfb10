"""XML read as items."""

from io import BytesIO
from typing import Any

import pytest

from smsdrop.files.spreadsheets.xml_items import MAX_ITEM_BYTES, local, new_parser, read_items
from smsdrop.reasons import FileRefused


def items_of(document: bytes, **options: Any) -> list[str]:
    """Read the names of the elements."""
    made: list[str] = []
    parser = new_parser()
    parser.StartElementHandler = lambda name, _: made.append(name)
    return list(read_items(BytesIO(document), parser, made, **options))


def test_items_come_in_order() -> None:
    assert items_of(b"<a><b/><c/></a>") == ["a", "b", "c"]


def test_reading_ends_when_it_is_done() -> None:
    assert items_of(b"<a><b/>" + b" " * 100_000 + b"oops", is_done=lambda: True) == []


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param(b"<a><b></a>", "file_broken", id="not closed"),
        pytest.param(b"<a>", "file_broken", id="cut off"),
        pytest.param(b"", "file_broken", id="empty"),
        pytest.param(b"<!DOCTYPE a><a/>", "file_broken", id="a doctype"),
        pytest.param(b'<?xml version="1.0" encoding="x"?><a/>', "file_broken", id="no encoding"),
        pytest.param(b"<a>" + b" " * 2 * MAX_ITEM_BYTES, "part_too_long", id="no end"),
    ],
)
def test_a_document_that_cannot_be_trusted_is_refused(document: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        items_of(document)

    assert refused.value.reason.code == code


@pytest.mark.parametrize(("name", "expected"), [("x:row", "row"), ("row", "row"), ("", "")])
def test_a_name_has_no_prefix(name: str, expected: str) -> None:
    assert local(name) == expected
