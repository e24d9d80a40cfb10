"""What README.md and docs/ name exists, and what they say about the project is true."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROMISE = (ROOT / "docs/promise.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
NAMED_FILE = r"`((?:[\w.-]+/)+(?:Makefile|[\w.-]+\.(?:md|py|toml|txt|yaml)))`"
TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}
PACKAGE = ROOT / "layers/smsdrop/smsdrop"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PROMISE))))
def test_each_test_that_the_promise_is_proven_by_is_there(name: str) -> None:
    assert name in TESTS


def test_each_fault_of_the_promise_names_its_tests() -> None:
    _, _, *faults = (line for line in PROMISE.splitlines() if line.startswith("| "))

    assert len(faults) > 10
    assert all("`test_" in fault for fault in faults)


@pytest.mark.parametrize(
    "path",
    sorted({path for page in PAGES for path in re.findall(NAMED_FILE, page.read_text("utf-8"))}),
)
def test_each_file_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists() or (PACKAGE / path).exists()


LINK = re.compile(r"\]\(([\w./-]*\.md)?(?:#([^)\s]+))?\)")
LINKING = (*PAGES, ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them from the text."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("page", LINKING, ids=lambda path: path.stem)
def test_each_link_leads_to_a_page_and_a_section_that_are_there(page: Path) -> None:
    for name, anchor in LINK.findall(page.read_text("utf-8")):
        target = page.parent / name if name else page
        assert target.exists()
        assert not anchor or anchor in anchors(target)


def test_a_link_is_found_and_so_is_the_anchor_of_a_chinese_heading() -> None:
    assert LINK.findall("[x](docs/a.md#b-c), [y](#先预览先测试)") == [
        ("docs/a.md", "b-c"),
        ("", "先预览先测试"),
    ]
    assert "先预览先测试" in anchors(ROOT / "docs/怎么发短信.md")


def drawn(readme: str) -> list[str]:
    """Return the lines of the package's map."""
    _, _, below = readme.partition("`make check`")[2].partition("\n\n    wiring")
    return [line for line in f"    wiring{below}".splitlines() if line.startswith("    ")]


def subject(name: str) -> str:
    """Return how the package or module describes itself."""
    path = PACKAGE / name / "__init__.py" if (PACKAGE / name).is_dir() else PACKAGE / f"{name}.py"
    return str(ast.get_docstring(ast.parse(path.read_text())))


def test_the_map_says_of_each_package_what_it_says_of_itself() -> None:
    *packages, shared = drawn(README)

    for line in packages:
        name, _, sentence = line.strip().partition(" ")
        assert sentence.strip() == subject(name)
    names = [line.split()[0] for line in packages]
    there = [path.stem for path in PACKAGE.iterdir() if not path.stem.startswith("__")]
    assert sorted(names + shared.split("What")[0].split()) == sorted(there)


def test_the_map_is_in_the_order_that_imports_keep() -> None:
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]

    *packages, shared = drawn(README)

    floors = [floor.split(" | ") for floor in layers]
    order = {name: number for number, floor in enumerate(floors) for name in floor}
    shown = [line.split()[0] for line in packages] + shared.split("What")[0].split()
    assert shown[: len(packages)] == sorted(shown[: len(packages)], key=lambda name: order[name])
    assert set(shown) == set(order)


def test_the_chinese_map_has_the_same_packages() -> None:
    english, chinese = drawn(README), drawn(CHINESE)

    assert [line[:18] for line in chinese] == [line[:18] for line in english]


def test_no_folder_of_the_package_holds_more_than_a_dozen_modules() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}

    for folder in folders:
        assert len([path for path in folder.glob("*.py") if path.stem != "__init__"]) <= 12


def with_the_same_links(readme: str) -> str:
    """Return it with links to the page for droppers in either language as links to one page."""
    return re.sub(r"\(docs/(?:how-to-send|怎么发短信)\.md[^)]*\)", "(docs/how-to-send.md)", readme)


def test_the_chinese_readme_says_the_same() -> None:
    english, chinese = with_the_same_links(README), with_the_same_links(CHINESE)

    for part in (r"`([^`\n]+)`", r"\]\((docs/[^)]+)\)", r"^    (?:make|sam|aws) \S.+$"):
        assert set(re.findall(part, chinese, re.MULTILINE)) == set(
            re.findall(part, english, re.MULTILINE)
        )
    assert len(re.findall(r"^#+ |^\|", CHINESE, re.MULTILINE)) == len(
        re.findall(r"^#+ |^\|", README, re.MULTILINE)
    )
