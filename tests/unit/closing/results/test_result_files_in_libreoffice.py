"""What LibreOffice makes of the unsent rows where a person opens, saves and drops them again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from smsdrop.closing.reports import RESULTS, UNSENT_ROWS
from smsdrop.closing.results.fates import Fate
from smsdrop.closing.results.result_files import (
    RESULTS_WORKBOOK,
    UNSENT_WORKBOOK,
    result_files,
)
from tests.support.folder import Folder
from tests.support.judged_files import Outcome, judged

SOFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
"""Commas, quotation marks, UTF-8, cells as they are shown."""

UTF_8 = "--infilter=Text - txt - csv (StarCalc):44,34,76,1"

COLUMNS = ["手机号", "code", "name"]
PARAMS = [
    *("007", "0", "12", "1.50", "1,234.50", "2026-12-01", "1-2", "1/2", "10:00", "5%", "MAR1"),
    *("12E3", "8613800138000", "123456789012345678", "+5", "-5", "=1+1", "@a", " 7", "3月5日"),
    *("TRUE", "A1B2", "a,b", 'a "b"', "李4", "１３", "￥5"),
]
GOOD = [[f"138001380{number:02d}", param, "张三"] for number, param in enumerate(PARAMS)]
OTHERS = [["+8613900139000", "1", "a"], ["86 139 0013 9001", "1", "a"], ["1.39E+10", "1", "a"]]
UNSENT = Fate(status="cancelled", reason="Row 2, on 2026-12-01: 5%.", is_unsent=True)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Folder()
    rows = [*GOOD, *OTHERS, ["1.38E+10", "1", "a"]]
    with result_files(COLUMNS, rows=len(rows), language="en", open_file=folder.open_file) as files:
        for number, row in enumerate(rows, start=2):
            files.add(number, row, UNSENT)
    path = tmp_path_factory.mktemp("report")
    for name, content in folder.files.items():
        (path / name).write_bytes(content)
    return path


def saved(file: Path, as_what: str) -> bytes:
    """Open and save the file as a person does."""
    assert SOFFICE is not None
    profile = (file.parent / "profile").as_uri()
    subprocess.run(  # noqa: S603 - LibreOffice, with our own arguments
        [
            SOFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            *([UTF_8] if file.suffix == ".csv" else []),
            *("--convert-to", as_what, "--outdir", str(file.parent / "saved"), str(file)),
        ],
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (file.parent / "saved" / f"{file.stem}.{as_what.partition(':')[0]}").read_bytes()


def dropped_before() -> Outcome:
    """Return what became of these rows as they were first dropped."""
    return Outcome(
        accepted=[*GOOD, ["13900139000", "1", "a"], ["13900139001", "1", "a"]],
        rejected={len(GOOD) + 4: "phone_digits_lost", len(GOOD) + 5: "phone_digits_lost"},
    )


@pytest.mark.parametrize("as_what", ["xlsx", "ods", AS_CSV], ids=["xlsx", "ods", "csv"])
@pytest.mark.parametrize("name", [UNSENT_WORKBOOK, UNSENT_ROWS, RESULTS_WORKBOOK, RESULTS])
def test_what_is_opened_saved_and_dropped_again_has_every_number_and_param_as_it_was(
    report: Path, name: str, as_what: str
) -> None:
    outcome = judged(saved(report / name, as_what))

    before = dropped_before()
    assert (outcome.accepted, outcome.rejected) == (before.accepted, before.rejected)
