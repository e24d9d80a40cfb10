"""The files of a report: what became of each row, and the rows not sent or not delivered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain

from smsdrop.closing.reports import RESULTS, UNDELIVERED_ROWS, UNSENT_ROWS
from smsdrop.closing.results.cells import as_typed, disarmed, is_harmless, marked
from smsdrop.closing.results.csv_parts import ROWS_EACH, CsvParts, Open
from smsdrop.closing.results.fates import Fate
from smsdrop.closing.results.opted_out import OptedOut
from smsdrop.closing.results.row_receipts import NOT_ASKED, RowReceipt
from smsdrop.closing.results.text_workbook import MAX_BYTES, MAX_ROWS, TextWorkbook
from smsdrop.reasons import Reason
from smsdrop.recipients.header import REASON, columns_of

RESULTS_WORKBOOK = "results.xlsx"
UNSENT_WORKBOOK = "unsent.xlsx"
UNDELIVERED_WORKBOOK = "undelivered.xlsx"

REASON_COLUMN = "smsdrop_reason"
OUR_COLUMNS = (
    "smsdrop_row",
    "smsdrop_status",
    REASON_COLUMN,
    "smsdrop_batch",
    "smsdrop_biz_id",
    "smsdrop_sent_at",
    "smsdrop_delivery",
    "smsdrop_delivery_code",
    "smsdrop_delivered_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold."""

    rows_each: int = ROWS_EACH
    workbook_rows: int = MAX_ROWS
    workbook_bytes: int = MAX_BYTES


LIMITS = Limits()


@contextmanager
def result_files(
    columns: Sequence[str],
    *,
    rows: int,
    language: str,
    open_file: Open,
    is_again: bool = False,
    has_receipts: bool = False,
    has_opted_out: Callable[[], bool] = lambda: False,
    limits: Limits = LIMITS,
) -> Iterator["ResultFiles"]:
    """
    Yield the writer of all of them; the files exist if no exception is raised.

    If the report `is_again` written, files of the previous one that are no longer needed are left
    without rows; `has_opted_out` says whether it had a list of opted-out recipients. If a workbook
    does not hold so many `rows`, only the unsent and the undelivered may get one. The undelivered
    are written if it `has_receipts`.
    """
    with ExitStack() as stack:
        files = ResultFiles(
            columns, rows=rows, open_file=open_file, has_receipts=has_receipts, limits=limits
        )
        for each in files.all:
            stack.enter_context(each)
        yield files
        if is_again and not files.opted_out.names and has_opted_out():
            files.opted_out.begin()
        for own in files.in_own_columns if is_again else ():
            own.csv.empty_later_parts(last=-(-rows // limits.rows_each))
    for workbook in files.workbooks if is_again else ():
        if workbook.was_given_up:
            _write_notice(workbook.name, language, open_file)


def _write_notice(name: str, language: str, open_file: Open) -> None:
    """Replace a workbook by a notice that it does not hold the rows any more."""
    csv_name = name.replace(".xlsx", ".csv")
    with TextWorkbook(open_file, name, [REASON_COLUMN]) as notice:
        notice.add([Reason("workbook_too_large", (csv_name,)).text(language)])


class OwnRows:
    """Rows in the user's own columns with a reason last, to be fixed and dropped again."""

    def __init__(self, csv: CsvParts, workbook: TextWorkbook) -> None:
        self.csv = csv
        self.workbook = workbook

    def add(self, own: Sequence[str], reason: str, surplus: Sequence[str]) -> None:
        self.csv.add([*map(as_typed, own), disarmed(reason), *map(as_typed, surplus)])
        self.workbook.add(_in_sheet(own, [reason], surplus))


class ResultFiles:
    """Writes all of them at once, row by row."""

    def __init__(
        self,
        columns: Sequence[str],
        *,
        rows: int,
        open_file: Open,
        has_receipts: bool,
        limits: Limits,
    ) -> None:
        reasons = columns_of(columns, (REASON,))
        self._own = [each for each in range(len(columns)) if each not in reasons]
        self._width = len(columns)
        self._fate: Fate | None = None
        self._receipt: RowReceipt | None = None
        as_csv = partial(CsvParts, open_file, rows_each=limits.rows_each)
        as_workbook = partial(
            TextWorkbook,
            open_file,
            max_rows=limits.workbook_rows,
            max_bytes=limits.workbook_bytes,
        )

        def in_own_columns(csv_name: str, workbook_name: str) -> OwnRows:
            own = [columns[each] for each in self._own]
            return OwnRows(
                as_csv(csv_name, [*map(as_typed, own), REASON_COLUMN]),
                as_workbook(workbook_name, [*own, REASON_COLUMN]),
            )

        self.results = as_csv(RESULTS, [*map(_safe, columns), *OUR_COLUMNS])
        self._results_workbook = as_workbook(RESULTS_WORKBOOK, [*columns, *OUR_COLUMNS])
        self.unsent = in_own_columns(UNSENT_ROWS, UNSENT_WORKBOOK)
        self.undelivered = in_own_columns(UNDELIVERED_ROWS, UNDELIVERED_WORKBOOK)
        self.in_own_columns = (self.unsent, *([self.undelivered] if has_receipts else ()))
        self.opted_out = OptedOut(open_file, columns, rows_each=limits.rows_each)
        all_fit = rows <= limits.workbook_rows
        self.workbooks = (
            *([self._results_workbook] if all_fit else ()),
            *(each.workbook for each in self.in_own_columns),
        )
        own_csv = (each.csv for each in self.in_own_columns)
        self.all = (self.results, *own_csv, self.opted_out, *self.workbooks)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that hold the rows."""
        return tuple(chain.from_iterable(each.names for each in self.all))

    def add(
        self, row: int, cells: Sequence[str], fate: Fate, receipt: RowReceipt = NOT_ASKED
    ) -> None:
        padded = [*cells, *[""] * (self._width - len(cells))]
        own, surplus = padded[: self._width], padded[self._width :]
        if fate.is_torn:
            own, surplus = [""] * self._width, padded
        if fate is not self._fate:  # rows of a batch share one
            self._fate = fate
            self._ours = fate.cells()
            self._ours_disarmed = tuple(map(disarmed, self._ours))
        if receipt is not self._receipt:  # many rows share one, too
            self._receipt = receipt
            self._said = receipt.cells()
            self._said_disarmed = tuple(map(disarmed, self._said))
        number = str(row)
        ours = [number, *self._ours_disarmed, *self._said_disarmed]
        self.results.add([*map(_safe, own), *ours, *map(_safe, surplus)])
        if self._results_workbook.is_open:
            ours = [number, *self._ours, *self._said]
            self._results_workbook.add(_in_sheet(own, ours, surplus))
        if fate.is_opted_out or receipt.is_opted_out:
            self.opted_out.add(own, number, fate.reason or receipt.cause)
        if fate.is_unsent:
            self.unsent.add([own[each] for each in self._own], fate.reason, surplus)
        elif receipt.cause:
            self.undelivered.add([own[each] for each in self._own], receipt.cause, surplus)


def _in_sheet(own: Sequence[str], ours: Sequence[str], surplus: Sequence[str]) -> list[str]:
    """
    Put all cells of a row that has surplus cells behind smsdrop's columns.

    A sheet that is dropped again is read only as far as its heading goes, so the row would be sent
    without its surplus. Moved, it has no number until a person has put each cell into its place.
    """
    if not any(surplus):
        return [*own, *ours]
    return [*[""] * len(own), *ours, *own, *surplus]


def _safe(cell: str) -> str:
    """Return the cell as `results.csv` has it; when that is dropped, params lose an apostrophe."""
    if is_harmless(cell):
        return cell
    as_text = marked(cell)
    return as_text if as_text is not cell else disarmed(cell)
