"""What the README claims to be there is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
TESTS = {
    name
    for path in (ROOT / "tests").glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}
MODULES = {path.stem for path in (ROOT / "layers/smsdrop/smsdrop").glob("[!_]*.py")}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", README))))
def test_each_test_that_the_promise_is_proven_by_is_there(name: str) -> None:
    assert name in TESTS


def test_the_promise_names_its_tests() -> None:
    promise = README.partition("fault by fault")[2].partition("\n## ")[0]
    rows = [line for line in promise.splitlines() if line.startswith("| ")][1:]

    assert len(rows) > 10
    assert all("`test_" in row for row in rows if "---" not in row)


def test_the_map_shows_each_module_of_the_package_once() -> None:
    drawn = README.partition("arrows of import point down")[2]

    lines = [line for line in drawn.splitlines() if line.startswith("    ")]
    shown = [name for line in lines if "functions/" not in line for name in line[18:].split()]

    assert sorted(shown) == sorted(MODULES)


def test_the_chinese_readme_says_the_same() -> None:
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")

    for part in (r"`([^`\n]+)`", r"\]\((docs/[^)]+)\)", r"^    (?:make|sam|aws) .+$"):
        assert set(re.findall(part, chinese, re.MULTILINE)) == set(
            re.findall(part, README, re.MULTILINE)
        )
    assert len(re.findall(r"^#+ |^\|", chinese, re.MULTILINE)) == len(
        re.findall(r"^#+ |^\|", README, re.MULTILINE)
    )
