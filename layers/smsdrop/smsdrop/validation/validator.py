"""What becomes of each row: it is accepted, a duplicate, suppressed, rejected or blank."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from smsdrop.json_text import contents_of_strings
from smsdrop.reasons import Reason, refused
from smsdrop.recipients.blocks import Block, TextBlock
from smsdrop.recipients.characters import is_blank
from smsdrop.recipients.header import Again, Header, column_letters, shown
from smsdrop.recipients.layout import Columns
from smsdrop.recipients.phone_numbers import read_international_number
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from smsdrop.validation.fast_path import FastPath
from smsdrop.validation.param_rules import TemplateRules
from smsdrop.validation.params import Params
from smsdrop.validation.report_columns import ReportColumns
from smsdrop.validation.rows_read import RowsRead, read_numbers
from smsdrop.validation.seen.had_messages import HadMessages
from smsdrop.validation.seen.seen_numbers import NO_NUMBER, SeenNumbers
from smsdrop.validation.sender_columns import SenderColumns
from smsdrop.validation.verdicts import Others, Verdicts

T = TypeVar("T")

OF_HEADERS = frozenset(["phone_not_digits", "phone_missing"])
"""Faults that a header row's phone number cell has."""


class RowValidator:
    """
    Validates the rows of one file, in order, each once.

    A row whose number an earlier row was accepted with is a duplicate, whatever else is wrong with
    it: corrected and dropped again, it would text that person twice. A rejected row does not count
    as the first; one whose exact message an earlier campaign had does. A number that `seen` has
    from a list is suppressed, whatever else is wrong with the row.

    One number that lacks digits is restored: some programs leave zeros out. If there are more,
    Excel has rounded them, so the first is held back until the end of the file.
    """

    def __init__(
        self,
        header: Header,
        *,
        default_sign_name: str = "",
        allow_empty_params: bool = False,
        international: bool = False,
        template_rules: TemplateRules | None = None,
        expected_rows: int = 0,
        is_complete: bool = False,
        had: HadMessages | None = None,
        seen: SeenNumbers | None = None,
    ) -> None:
        """Prepare for rows under a header; if `is_complete`, no other column is needed."""
        self._header = header
        self._is_complete = is_complete
        self._had = had
        self._width = len(header.columns)
        self._layout = header.layout
        self._fast_path = FastPath(header, allow_empty=allow_empty_params, rules=template_rules)
        self._params = Params(header.params, allow_empty=allow_empty_params, rules=template_rules)
        self._sender = SenderColumns(header, default_sign_name=default_sign_name)
        self._default_sign_name = default_sign_name
        self._international = international
        self._seen = seen or SeenNumbers(expected_rows)
        self._seen_abroad: dict[str, int] = {}
        """Kept apart from the others: some numbers of +1 look like mainland ones."""
        self._ignored = dict.fromkeys(header.nameless, 0)
        self._report = ReportColumns(header)
        self._rounded = 0
        self._held: Block | None = None
        self._headers_again: list[str] = []
        self._other_names: dict[str, None] = {}

    def problems(self) -> list[Reason]:
        """Return warnings about the rows so far, which reject none of them."""
        told = {"header_again": self._headers_again, "columns_superfluous": self._other_names}
        return [Reason(code, shown(names)) for code, names in told.items() if names] + [
            Reason("nameless_column", (column_letters(position), str(count)))
            for position, count in self._ignored.items()
            if count
        ]

    def validate(self, block: Block) -> Verdicts:
        if block.fault and not self._is_fault_of_others(block.fault):
            others = Others(rejected=dict.fromkeys(range(len(block)), block.fault))
            return self._verdicts(block, RowsRead(numbers=[], rows=[b""] * len(block)), others)
        self._count_ignored(block)
        reading = self._read(block)
        held = self._hold_back(block, reading)
        others = self._without_number(block, reading)
        others.held += held
        numbers = list(reading.numbers)
        for index in held:
            numbers[index] = NO_NUMBER
        for index in reading.no_numbers.keys() | (reading.faults.keys() - reading.sent.keys()):
            numbers[index] = NO_NUMBER
        for row, first_row in self._seen.add_all(numbers, block.first_row).items():
            self._set_known(row - block.first_row, first_row, others)
        settled = reading.no_numbers.keys() | reading.sent.keys() | set(held)
        for index in reading.faults.keys() - settled:
            first = self._seen.first_row(reading.numbers[index])
            if first is not None and first < block.first_row + index:
                self._set_known(index, first, others)
            else:
                others.rejected[index] = reading.faults[index]
        for index in reading.sent:
            others.suppressed.pop(index, None)
            others.duplicates[index] = block.first_row + index
        self._set_had_apart(block, reading, others)
        return self._verdicts(block, reading, others)

    def _set_known(self, index: int, first_row: int, others: Others) -> None:
        """Record for a row with a known number whether another row or a list has the number."""
        if first_row > 0:
            others.duplicates[index] = first_row
        else:
            others.suppressed[index] = self._seen.list_of(first_row)

    def _is_fault_of_others(self, fault: Reason) -> bool:
        """Whether only unneeded columns are at fault; they are kept for a warning."""
        if not (self._is_complete and fault.code == "json_name_unknown"):
            return False
        self._other_names |= dict.fromkeys(fault.details)
        return True

    def rest(self) -> Iterator[tuple[Block, Verdicts]]:
        """Yield the row that was held back, if one was, as a block of its own."""
        block, others = self._held, Others()
        if block is None:
            return
        reading = self._read_closer(block.columns)
        first = self._seen.first_row(reading.numbers[0])
        if self._rounded > 1:
            others.rejected[0] = reading.surplus.get(0, Reason("phone_digits_lost"))
        elif first is not None:
            self._set_known(0, first, others)
        elif reading.faults:
            others.rejected |= reading.faults
        self._set_had_apart(block, reading, others)
        yield block, self._verdicts(block, reading, others)

    def _hold_back(self, block: Block, reading: RowsRead) -> list[int]:
        """Return the index of the file's first number that lacks digits; reject later ones."""
        held = []
        for index in reading.rounded:
            self._rounded += 1
            if index in reading.no_numbers or index in reading.sent:
                continue
            if self._rounded > 1:
                reading.reject_number(index, Reason("phone_digits_lost"))
            else:
                self._held = Block(block.first_row + index, block.some([index]))
                held.append(index)
        return held

    def _set_had_apart(self, block: Block, reading: RowsRead, others: Others) -> None:
        """Find the rows that would be accepted, but whose message was sent before."""
        had = self._had
        if had is None:
            return
        found = had.find(reading.rows, sign_names=reading.sign_names, is_international=False)
        if found:
            left_out = set(others.last_first())
            others.had |= {index: each for index, each in found.items() if index not in left_out}
        abroad = list(others.international)
        found = had.find(
            self._rows_abroad(block, others.international),
            sign_names=some(abroad, reading.sign_names),
            is_international=True,
        )
        for place, campaign_id in found.items():
            others.had[abroad[place]] = campaign_id
            del others.international[abroad[place]]

    def _verdicts(self, block: Block, reading: RowsRead, others: Others) -> Verdicts:
        left_out = others.last_first()
        abroad = list(others.international)
        return Verdicts(
            domestic=self._recipients(
                rows=without(left_out, reading.rows),
                sign_names=without(left_out, reading.sign_names),
                extend_codes=without(left_out, reading.extend_codes),
            ),
            international=self._recipients(
                rows=self._rows_abroad(block, others.international),
                sign_names=some(abroad, reading.sign_names),
                extend_codes=some(abroad, reading.extend_codes),
                is_international=True,
            ),
            international_rows=abroad,
            duplicates=others.duplicates,
            had=others.had,
            suppressed=others.suppressed,
            rejected=others.rejected,
            blank=others.blank,
            held=others.held,
            sent=reading.sent,
        )

    def _recipients(
        self,
        rows: Sequence[bytes],
        sign_names: Sequence[str],
        extend_codes: Sequence[str],
        *,
        is_international: bool = False,
    ) -> Recipients:
        return Recipients(
            layout=self._layout,
            rows=rows,
            sign_names=SignNames(shared=self._default_sign_name, each=sign_names),
            extend_codes=extend_codes,
            is_international=is_international,
        )

    def _read(self, block: Block) -> RowsRead:
        """Read the rows, and look closer only at those that cannot be sent as they stand."""
        found = None
        if isinstance(block, TextBlock) and self._default_sign_name:
            found = self._fast_path.read(block)
        if found is None:
            return self._read_closer(block.columns)
        reading = RowsRead(numbers=found.numbers, rows=found.rows)
        if found.unclear:
            reading.correct(found.unclear, self._read_closer(block.some(found.unclear)))
        return reading

    def _read_closer(self, columns: Columns) -> RowsRead:
        width, rows = len(columns), len(columns[0])
        surplus = self._surplus(columns)
        columns = [*columns[: self._width], *[[""] * rows] * (self._width - width)]
        sent = self._report.sent(columns)
        columns = self._report.as_before(columns)
        numbers, no_numbers, rounded = read_numbers(columns[self._header.phone])
        sign_names, sign_name_faults = self._sender.sign_names(columns)
        extend_codes, extend_code_faults = self._sender.extend_codes(columns)
        params = self._params.of_columns(columns)
        missing = self._params.missing(width)
        return RowsRead(
            numbers=contents_of_strings(numbers),
            rows=self._layout.rows(numbers, params),
            sign_names=sign_names,
            extend_codes=extend_codes,
            no_numbers=no_numbers,
            surplus=surplus,
            rounded=rounded,
            sent=sent,
            faults={  # if a row has several, the last one counts
                **extend_code_faults,
                **sign_name_faults,
                **self._params.faults(params),
                **(dict.fromkeys(range(rows), missing) if missing else {}),
                **surplus,
            },
        )

    def _without_number(self, block: Block, reading: RowsRead) -> Others:
        """Judge the rows that have no mainland number."""
        others = Others()
        for index, reason in reading.no_numbers.items():
            cells = block.cells(index)
            if reason.code == "phone_international" and self._international:
                number = read_international_number(cells[self._header.phone])
                self._take_abroad(block.first_row + index, index, number, reading, others)
            elif index in reading.sent:
                continue
            elif is_blank(cells) or self._is_header(cells, reason, block.first_row + index):
                others.blank.append(index)
            else:
                others.rejected[index] = reading.surplus.get(index, reason)
        return others

    def _is_header(self, cells: Sequence[str], reason: Reason, row: int) -> bool:
        """Whether a row is the header again; raises `FileRefused` if its columns differ."""
        if reason.code not in OF_HEADERS:
            return False
        again = self._header.again_in(cells)
        if again is Again.OTHER:
            raise refused("header_differs", row)
        if again is Again.SAME:
            self._headers_again.append(str(row))
        return again is Again.SAME

    def _take_abroad(
        self, row: int, index: int, number: str | Reason, reading: RowsRead, others: Others
    ) -> None:
        if index in reading.sent:
            if isinstance(number, str):
                self._seen_abroad.setdefault(number, row)
        elif isinstance(number, Reason):
            others.rejected[index] = reading.surplus.get(index, number)
        elif (listed := self._seen.listed_abroad(number)) is not None:
            self._set_known(index, listed, others)
        elif number in self._seen_abroad:
            others.duplicates[index] = self._seen_abroad[number]
        elif index in reading.faults:
            others.rejected[index] = reading.faults[index]
        else:
            self._seen_abroad[number] = row
            others.international[index] = number

    def _rows_abroad(self, block: Block, numbers: Mapping[int, str]) -> list[bytes]:
        if not numbers:
            return []
        columns = self._report.as_before(block.some(list(numbers)))
        params = self._params.of_columns(columns)
        return self._layout.rows(list(numbers.values()), params)

    def _surplus(self, columns: Columns) -> dict[int, Reason]:
        """Find rows with a stray separator: it shifts values, so none of them can be trusted."""
        reason = Reason("cells_surplus", (str(len(columns)), str(self._width)))
        return {
            index: reason
            for index, surplus in enumerate(zip(*columns[self._width :], strict=True))
            if not is_blank(surplus)
        }

    def _count_ignored(self, block: Block) -> None:
        for position in self._ignored:
            column = block.columns[position] if position < len(block.columns) else ()
            self._ignored[position] += sum(not is_blank([cell]) for cell in column)


def without(last_first: Sequence[int], column: Sequence[T]) -> list[T]:
    """Return a column without some rows, given last first; an empty column stays empty."""
    kept = list(column)
    if kept:
        for index in last_first:
            del kept[index]
    return kept


def some(indexes: Sequence[int], column: Sequence[T]) -> list[T]:
    """Return some rows of a column; an empty column stays empty."""
    return [column[index] for index in indexes] if column else []
