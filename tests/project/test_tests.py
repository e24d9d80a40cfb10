"""A module's tests are found by its name."""

from pathlib import Path

import pytest

from local import ROOT

PACKAGE = ROOT / "layers/smsdrop/smsdrop"
UNIT = ROOT / "tests/unit"

MODULES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.stem != "__init__"
)
TEST_FILES = sorted(path.relative_to(UNIT) for path in UNIT.rglob("test_*.py"))

WITHOUT_A_TEST = {
    "ports.py": "only Protocols; what fulfils them is tested",
    "alibaba/ports.py": "only Protocols, the same",
    "alibaba/http/caller.py": "the tests of alibaba/client call through it",
    "alibaba/http/bounded_response.py": "the tests of alibaba/http/session read answers through it",
    "alibaba/sign.py": "the tests of alibaba/client_sign read answers through it",
    "parsing/asking.py": "the tests of template_check and sign_check ask through it",
    "ledger/codes.py": "constants",
    "ledger/committed_plans.py": "data; parsing/repeats/plan_log writes it, aws stores it",
    "ledger/entries.py": "data without behaviour; aws/ledger_items tests how it is stored",
    "validation/verdicts.py": "data; the tests of validation/validator look at it",
    "pages/style.py": "a style sheet; tests/project/test_pages_in_chromium looks at the pages",
    "closing/receipts/look_at_part.py": "the tests of look_up_receipts look at parts through it",
    "closing/receipts/questions.py": "the same",
    "closing/seen/page_failed.py": "a type, and whoever is not interested",
    "reason_texts.py": "a table, each row of which the tests of reasons look at",
}
"""Modules with nothing to test by themselves, each with the reason."""

ABOUT_SEVERAL_MODULES = {
    "files/spreadsheets/test_spreadsheets.py": "a second opinion on all readers of spreadsheets",
    "parsing/repeats/test_repeat_laws.py": "from judging several files to what they send",
    "parsing/test_wrong_files.py": "from judging a file to its report",
    "parsing/test_files_found_wrong.py": "the same, for files that were once read wrong",
}
"""Test files that are named for no module, each with the reason."""


def own_test_file(module: Path) -> Path:
    return module.with_name(f"test_{module.name}")


def is_about(test_file: Path, module: Path) -> bool:
    """Say whether the file is the module's own, or one more that begins with its name."""
    return test_file.parent == module.parent and test_file.stem.startswith(f"test_{module.stem}")


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_has_its_tests_in_the_file_of_its_name_or_a_reason_not_to(module: Path) -> None:
    assert (own_test_file(module) in TEST_FILES) != (module.as_posix() in WITHOUT_A_TEST)


@pytest.mark.parametrize("test_file", TEST_FILES, ids=str)
def test_a_test_file_is_named_for_a_module_or_has_a_reason_not_to(test_file: Path) -> None:
    is_named_for_one = any(is_about(test_file, module) for module in MODULES)

    assert is_named_for_one != (test_file.as_posix() in ABOUT_SEVERAL_MODULES)


def test_each_exception_is_still_there() -> None:
    assert set(WITHOUT_A_TEST) <= {module.as_posix() for module in MODULES}
    assert set(ABOUT_SEVERAL_MODULES) <= {each.as_posix() for each in TEST_FILES}
