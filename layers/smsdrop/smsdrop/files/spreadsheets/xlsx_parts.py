"""What an Excel workbook has besides its sheets: where they are, formats, shared texts."""

import posixpath
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from smsdrop.files.spreadsheets.archive import Archive
from smsdrop.files.spreadsheets.formats.built_in import BUILT_IN
from smsdrop.files.spreadsheets.formats.shown import text_as_shown, without_general
from smsdrop.files.spreadsheets.xml_items import local, new_parser, read_items
from smsdrop.reasons import refused

ON, OFF = ("1", "true"), ("0", "false")
"""How attributes spell yes and no."""

MAX_SHARED_BYTES = 256 * 1024**2
"""The most for all shared texts: two of 120 bytes for each of Excel's million rows."""

MAX_ELEMENTS = 200_000
"""The most elements in a part that is read whole; Excel has at most 65,490 cell formats."""

DOCUMENT = "officeDocument"

WORKSHEET = "worksheet"

SHARED_TEXTS = "sharedStrings"

STYLES = "styles"
"""Kinds of parts, by the last word of their relation's type."""

OTHER_DOCUMENTS = {"word": "Word", "ppt": "PowerPoint", "visio": "Visio"}
"""Other Office documents, by the folder in their archive."""

ESCAPED = re.compile(r"_x([0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})_")
"""How XML spells a letter it cannot hold, or a carriage return; halves of emoji are left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """The first visible sheet, and what is needed to read it."""

    sheet: str
    part: str
    other_sheets: tuple[str, ...]
    """The names of the other visible sheets."""
    shared_texts: str
    """The part that holds them, if there is one."""
    formats: tuple[str, ...]
    """The format of each cell style."""
    styles_of_texts: frozenset[int]
    """Styles that show more or less of a text than its cell holds."""
    dates_from_1904: bool
    is_to_be_calculated: bool
    """Whether formulas are recalculated when the workbook is opened."""


def read_workbook(archive: Archive) -> Workbook:
    """Raises `FileRefused` if the archive is not a workbook, or no sheet is visible."""
    path = workbook_path(archive)
    relations = relations_of(archive, path)
    elements = elements_of(archive, path, "workbookPr", "sheet", "calcPr")
    sheets = [
        (attributes.get("name", ""), relations[attributes["id"]][1])
        for name, attributes in elements
        if name == "sheet"
        and attributes.get("state", "visible") == "visible"
        and relations.get(attributes.get("id", ""), ("", ""))[0] == WORKSHEET
    ]
    if not sheets:
        raise refused("no_visible_sheet")
    formats: tuple[str, ...] = ()
    parts = {kind: part for kind, part in relations.values() if part in archive}
    if STYLES in parts:
        formats = cell_formats(archive, parts[STYLES])
    return Workbook(
        sheet=sheets[0][0],
        part=sheets[0][1],
        other_sheets=tuple(name for name, _ in sheets[1:]),
        shared_texts=parts.get(SHARED_TEXTS, ""),
        formats=formats,
        styles_of_texts=frozenset(
            style for style, code in enumerate(formats) if text_as_shown("x", code) != "x"
        ),
        dates_from_1904=any(each.get("date1904") in ON for _, each in elements),
        is_to_be_calculated=any(
            each.get("fullCalcOnLoad") in ON or each.get("calcCompleted") in OFF
            for _, each in elements
        ),
    )


def workbook_path(archive: Archive) -> str:
    """Find the workbook; raises `FileRefused` that names what the archive is instead."""
    documents = [part for kind, part in relations_of(archive, "").values() if kind == DOCUMENT]
    path = documents[0] if documents else "xl/workbook.xml"
    folder = path.partition("/")[0]
    if path.endswith(".bin"):
        raise refused("format_unknown", "XLSB")
    if folder in OTHER_DOCUMENTS or path not in archive:
        raise refused("format_unknown", OTHER_DOCUMENTS.get(folder, "ZIP"))
    return path


def relations_of(archive: Archive, path: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the path of each part that this one names, by id."""
    folder, name = posixpath.split(path)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    if part not in archive:
        return {}
    return {
        each.get("Id", ""): (
            posixpath.basename(each.get("Type", "")),
            posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
        )
        for _, each in elements_of(archive, part, "Relationship")
    }


def elements_of(archive: Archive, part: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """Return the wanted elements of a part, in order, with their attributes."""
    made: list[tuple[str, dict[str, str]]] = []
    parser = new_parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        if (name := local(name)) in wanted:
            made.append((name, {local(each): value for each, value in attributes.items()}))

    parser.StartElementHandler = start
    elements = []
    for element in read_items(archive.part(part), parser, made):
        elements.append(element)
        if len(elements) > MAX_ELEMENTS:
            raise refused("file_broken")
    return elements


def cell_formats(archive: Archive, part: str) -> tuple[str, ...]:
    spelled: dict[str, str] = {}
    formats: list[str] | None = None
    for name, attributes in elements_of(archive, part, "numFmt", "cellXfs", "xf"):
        if name == "numFmt":
            spelled[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            formats = []
        elif formats is not None:
            number = attributes.get("numFmtId", "0")
            built_in = BUILT_IN.get(int(number), "") if number.isdecimal() else ""
            formats.append(without_general(spelled.get(number) or built_in))
    return tuple(formats or ())


class SharedTexts:
    """The texts that cells refer to by number, in one buffer: a million short ones take 20 MB."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._blob = bytearray()
        self._ends = array("Q", [0])
        if part:
            for text in read_texts(archive, part):
                self._blob += text.encode()
                self._ends.append(len(self._blob))
                if len(self._blob) > MAX_SHARED_BYTES:
                    raise refused("file_too_large", MAX_SHARED_BYTES // 1024**2)

    def __getitem__(self, number: int) -> str:
        return self._blob[self._ends[number] : self._ends[number + 1]].decode()

    def __len__(self) -> int:
        return len(self._ends) - 1


def read_texts(archive: Archive, part: str) -> Iterator[str]:
    """Yield the shared texts without their phonetic guides (`rPh`, furigana)."""
    made: list[str] = []
    pieces: list[str] = []
    guides: list[str] = []
    parser = new_parser()

    def start(name: str, _: dict[str, str]) -> None:
        match local(name):
            case "t" if not guides:
                parser.CharacterDataHandler = pieces.append
            case "rPh":
                guides.append(name)

    def end(name: str) -> None:
        match local(name):
            case "t":
                parser.CharacterDataHandler = None
            case "rPh":
                guides.clear()
            case "si":
                made.append(unescaped("".join(pieces)))
                pieces.clear()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return read_items(archive.part(part), parser, made)


def unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
