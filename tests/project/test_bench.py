"""The benchmarks: honest peers, figures that mean what they say, and a run that shows them all."""

import csv
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import TARGETS, headline
from bench.harness.result import Findings, Verdict, ratio
from bench.harness.rounds import RoundFailed, measured
from bench.harness.sampling import Sampling
from bench.inputs.recipient_file import RecipientFile, write_recipient_file
from bench.metering.looks import payer_of
from bench.metering.meter import chunks, item_bytes, read_units
from bench.page import at_scale, performance_md
from bench.references import polars_parse, straightforward_parse
from bench.system.parsing import SIGN_NAME, FolderFiles, KeepingQueue, dropped, parse_recipients
from bench.system.template import parameter
from bench.targets import receipts
from bench.targets.rehearsal import Unbalanced, check
from local import ROOT
from smsdrop.batches.batch import Batch
from tests.support.fakes import FakeLedger
from tests.support.samples import params_of

Found = list[tuple[str, ...]]


def by_ours(path: Path) -> Found:
    queue = KeepingQueue()
    folder = path.with_name("bucket")
    folder.mkdir()
    dropped(parse_recipients(FolderFiles(path, folder), FakeLedger(), queue))
    batches = map(Batch.from_json, queue.messages)
    return [
        row for batch in batches for row in zip(batch.phone_numbers, *params_of(batch), strict=True)
    ]


def by_straightforward(path: Path) -> Found:
    recipients = straightforward_parse.recipients_of(path, SIGN_NAME, [])
    return [(each["phone_number"], *each["params"].values()) for each in recipients]


def by_polars(path: Path) -> Found:
    recipients, _ = polars_parse.judged(path)
    return recipients.rows()


@pytest.fixture
def file(tmp_path: Path) -> RecipientFile:
    return write_recipient_file(tmp_path / "file.csv", rows=3_000)


@pytest.mark.parametrize(
    "peer",
    [
        pytest.param(by_straightforward, id="straightforward"),
        pytest.param(by_polars, id="polars"),
    ],
)
def test_a_peer_finds_the_same_recipients_as_ours(
    peer: Callable[[Path], Found], file: RecipientFile
) -> None:
    theirs = peer(file.path)

    assert theirs == by_ours(file.path)
    assert [number for number, *_ in theirs] == list(file.numbers())


def test_the_peers_leave_the_same_rows_out_for_the_same_reasons(file: RecipientFile) -> None:
    with file.path.open("a", encoding="utf-8", newline="") as stream:
        stream.write("13000000001,,1,2\r\n 13000000002 , 张三 ,1,2\r\n13000000001,a,b, \r\n")
    left_out: list[tuple[int, str]] = []

    recipients = list(straightforward_parse.recipients_of(file.path, SIGN_NAME, left_out))
    by_columns, left_out_by_columns = polars_parse.judged(file.path)

    assert left_out_by_columns == left_out
    assert (file.rows + 2, "an empty cell") in left_out
    assert by_columns["phone"].to_list() == [each["phone_number"] for each in recipients]


def test_the_test_file_is_the_same_bytes_each_time(tmp_path: Path, file: RecipientFile) -> None:
    again = write_recipient_file(tmp_path / "again.csv", rows=3_000)

    assert again.path.read_bytes() == file.path.read_bytes()


def test_the_test_file_has_its_share_of_duplicates_and_of_wrong_numbers(
    file: RecipientFile,
) -> None:
    left_out: list[tuple[int, str]] = []

    recipients = list(straightforward_parse.recipients_of(file.path, SIGN_NAME, left_out))

    reasons = Counter(reason for _, reason in left_out)
    assert len(recipients) == file.recipients
    assert reasons["a duplicate"] / file.rows == pytest.approx(0.03, abs=0.01)
    assert reasons["not a mobile number"] / file.rows == pytest.approx(0.01, abs=0.005)


@pytest.mark.parametrize(
    ("ours", "verdict"),
    [
        pytest.param(3.5, Verdict.MET, id="exactly the target"),
        pytest.param(3.6, Verdict.MISSED, id="just beyond it"),
    ],
)
def test_a_ratio_is_met_up_to_its_target(ours: float, verdict: Verdict) -> None:
    line = ratio(1, "parse", peer="peer", theirs=10, ours=ours, unit="s", at_most=0.35)

    assert line.verdict is verdict


def test_a_contender_that_fails_is_told_of_and_not_measured() -> None:
    with pytest.raises(RoundFailed, match="no_such_contender"):
        measured({"ours": "bench.targets.parse:no_such_contender"}, rounds=1, core=None)


@pytest.mark.parametrize(
    ("size", "requests"),
    [
        pytest.param(0, 1, id="nothing"),
        pytest.param(64 * 1024, 1, id="exactly one"),
        pytest.param(64 * 1024 + 1, 2, id="one byte over"),
    ],
)
def test_sqs_counts_a_request_for_every_64_kib(size: int, requests: int) -> None:
    assert chunks(size) == requests


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [
        pytest.param(0, True, 1, id="an item that is not there"),
        pytest.param(4096, True, 1, id="exactly one unit"),
        pytest.param(4097, True, 2, id="one byte over"),
        pytest.param(4096, False, 0.5, id="not consistent"),
    ],
)
def test_a_read_costs_a_unit_for_every_4_kib(size: int, consistent: bool, units: float) -> None:
    assert read_units(size, consistent=consistent) == units


def test_the_size_of_an_item_is_its_names_and_its_values() -> None:
    item = {"entry": {"S": "云"}, "attempt": {"N": "12"}}

    assert item_bytes(item) == len("entry") + 3 + len("attempt") + 2


def test_what_a_person_wrote_into_the_page_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    path.write_text(
        f"old\n{performance_md.BEGIN}\n\nThe provider is slow.\n\n{performance_md.END}\n",
        encoding="utf-8",
    )

    assert performance_md.written_by_hand(path) == "The provider is slow."


def test_the_table_stands_in_the_order_of_the_targets() -> None:
    lines = [
        ratio(number, "what", peer="peer", theirs=1, ours=1, unit="s", at_most=1)
        for number in (7, 1)
    ]

    cells = list(performance_md.cells_of([Findings(results=tuple(lines))]))

    assert [number for number, *_ in cells] == ["1", "7"]


@pytest.fixture
def balanced(file: RecipientFile) -> dict[str, Any]:
    return {
        "rows": file.rows,
        "accepted": file.recipients,
        "duplicates": file.rows - file.recipients,
        "rejected": 0,
        "sent": file.recipients,
        "refused": 0,
        "unconfirmed": 0,
        "cancelled": 0,
    }


def test_a_rehearsal_in_which_everyone_is_texted_once_is_right(
    file: RecipientFile, balanced: dict[str, Any]
) -> None:
    check(balanced, Counter(file.numbers()), file)


def test_a_rehearsal_in_which_one_is_texted_twice_is_not(
    file: RecipientFile, balanced: dict[str, Any]
) -> None:
    texted = Counter(file.numbers())
    texted[next(file.numbers())] += 1

    with pytest.raises(Unbalanced, match="1 of them twice"):
        check(balanced, texted, file)


def test_a_rehearsal_whose_summary_lacks_a_row_is_not_right(
    file: RecipientFile, balanced: dict[str, Any]
) -> None:
    balanced["duplicates"] -= 1

    with pytest.raises(Unbalanced, match="judged"):
        check(balanced, Counter(file.numbers()), file)


def test_the_time_for_the_rate_and_that_for_the_calls_themselves_add_up() -> None:
    as_long = parameter("MaximumConcurrency", 0) * 10 / at_scale.allowed_calls_a_second()

    kept = at_scale.kept_calls_a_second({"event_seconds": as_long})

    assert kept == pytest.approx(at_scale.allowed_calls_a_second() / 2)


def test_nine_times_the_rate_has_to_be_managed_for_nine_tenths_of_it_to_be_kept() -> None:
    assert at_scale.senders_for(100, {"event_seconds": 0.1}) == 9


def test_the_cost_of_receipts_is_that_of_a_million_and_of_all_runs_it_takes() -> None:
    first = payer_of(1)
    small, large = (
        [(first, "S3 read", 7.0)],
        [(first, "S3 read", 12.0)],
    )  # two, and one in a hundred

    [(payer, _, amount)] = receipts.for_a_million(small, large, sizes=(500, 1_000))

    assert payer == first
    assert amount == pytest.approx(10_000 + 2 * receipts.RUNS[first])
    assert receipts.RUNS[first] == 21  # a million at 200 a second, four minutes each


def number_of(line: str) -> int:
    """Return the number of the target that a headline is about."""
    return int(line.partition(":")[0].removeprefix("Target "))


def test_the_targets_are_named_and_numbered_in_order() -> None:
    headlines = [headline(module) for module in TARGETS.values()]

    numbers = list(map(number_of, headlines))
    assert numbers == sorted(set(numbers))
    folder = ROOT / "bench" / "targets"
    assert sorted(TARGETS) == sorted(path.stem for path in folder.glob("[!_]*.py"))


def test_the_share_of_a_module_is_the_time_spent_inside_it() -> None:
    shares = {}
    for module in (random, csv):
        with Sampling(module) as sampling:
            until = time.process_time() + 0.2
            while time.process_time() < until:
                random.choices(range(100), k=1000)
        shares[module] = sampling.share

    assert shares[random] > 0.5
    assert shares[csv] == 0


def printed(table: str) -> Iterator[tuple[int, str]]:
    """Yield number and target of each printed line."""
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("│ ").split("│")]
        if cells[0].isdigit():
            yield int(cells[0]), cells[-2]


@pytest.mark.system
def test_the_quick_run_prints_a_line_for_every_target() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=ROOT,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    targets = set(printed(done.stdout))
    headlines = {number_of(each): each for each in map(headline, TARGETS.values())}
    assert {number for number, _ in targets} == set(headlines)
    assert [(number, target) for number, target in targets if target not in headlines[number]] == []
    assert "not the same" not in done.stdout
