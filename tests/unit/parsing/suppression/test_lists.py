"""People on a list in the bucket are not texted; a list that cannot be used is not ignored."""

from dataclasses import dataclass, field
from gzip import compress

import pytest

from smsdrop.drops import FileVersion, StandingFile
from smsdrop.parsing.suppression.lists import (
    MOST_LISTS,
    LoadedLists,
    SuppressionLists,
)
from smsdrop.reasons import Reason
from smsdrop.sending.suppression.standing import ListsUnusable
from tests.support.fakes import FakeFiles

A, B, C = "13800138000", "13900139000", "13700137000"


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)

    def put(self, name: str, *numbers: str) -> FileVersion:
        return self.files.drop(f"suppressed/{name}", "\n".join(["phone", *numbers]).encode())

    def load(
        self, *, is_promotion: bool | None = False, most_listed: int = 9, percent: float = 20
    ) -> LoadedLists:
        lists = SuppressionLists(
            bucket=self.files, max_rejected_percent=percent, most_listed=most_listed
        )
        return lists.load(expected_rows=10, is_promotion=is_promotion)

    def problems_of(self, *, most_listed: int = 9, percent: float = 20) -> tuple[Reason, ...]:
        """Return why the lists cannot be used, each reason in words too."""
        with pytest.raises(ListsUnusable) as caught:
            self.load(most_listed=most_listed, percent=percent)
        assert all(each.text(at) for each in caught.value.problems for at in ("en", "zh"))
        return caught.value.problems


@pytest.fixture
def site() -> Site:
    return Site()


def listed(loaded: LoadedLists, *numbers: str) -> list[str]:
    """Return the list of each number that is on one."""
    rows = loaded.seen.add_all([each.encode() for each in numbers], 2)
    return [loaded.seen.list_of(row) for row in rows.values()]


def test_where_there_is_no_list_nobody_is_on_one(site: Site) -> None:
    site.files.drop("suppressed/", b"")
    site.files.drop("suppressed/promo/", b"")
    site.files.drop("incoming/suppressed/x.csv", A.encode())

    loaded = site.load(is_promotion=None)

    assert (loaded.versions, loaded.problems, loaded.seen.listed) == ((), (), 0)


def test_all_lists_that_lie_there_count_and_are_named_with_their_versions(site: Site) -> None:
    b = site.put("b.csv", B)
    a = site.put("2026/a.csv", A)

    loaded = site.load()

    assert loaded.versions == (("2026/a.csv", a.version_id), ("b.csv", b.version_id))
    assert listed(loaded, A, B, C) == ["2026/a.csv", "b.csv"]


def test_of_a_list_the_version_counts_that_stands(site: Site) -> None:
    old, new = site.put("a.csv", A), site.put("a.csv", B)

    loaded = site.load()

    assert old.version_id != new.version_id
    assert loaded.versions == (("a.csv", new.version_id),)
    assert listed(loaded, A, B) == ["a.csv"]


def test_a_list_that_is_deleted_counts_no_more(site: Site) -> None:
    site.files.delete(site.put("a.csv", A))

    assert listed(site.load(), A) == []


class Vanishing(FakeFiles):
    """Somebody deletes the first file as soon as all are listed."""

    def standing(self, prefix: str) -> list[StandingFile]:
        standing = super().standing(prefix)
        self.delete(standing[0].version)
        return standing


def test_a_list_that_goes_while_lists_are_read_counts_no_more() -> None:
    site = Site(Vanishing())
    site.put("a.csv", A)
    site.put("b.csv", B)

    assert [name for name, _ in site.load().versions] == ["b.csv"]


@pytest.mark.parametrize(
    ("is_promotion", "lists"),
    [
        pytest.param(True, ["a.csv", "promo/b.csv"], id="a promotion"),
        pytest.param(None, ["a.csv", "promo/b.csv"], id="perhaps a promotion"),
        pytest.param(False, ["a.csv"], id="a notification"),
    ],
)
def test_lists_for_promotions_count_for_what_may_be_one(
    site: Site, is_promotion: bool | None, lists: list[str]
) -> None:
    site.put("a.csv", A)
    site.put("promo/b.csv", B)

    loaded = site.load(is_promotion=is_promotion)

    assert listed(loaded, A, B) == lists
    is_told = Reason("lists_of_promotions") in loaded.problems
    assert is_told == (is_promotion is None)


def test_a_folder_that_looks_like_that_of_promotions_counts_for_all(site: Site) -> None:
    site.put("promos/b.csv", B)

    assert listed(site.load(), B) == ["promos/b.csv"]


def test_a_number_in_the_name_of_a_list_is_masked(site: Site) -> None:
    site.put(f"{A}.csv", A)

    [(name, _)] = site.load().versions

    assert A not in name


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        pytest.param(b"", ["list_unusable", "file_empty"], id="empty"),
        pytest.param(b"%PDF-1.7", ["list_unusable", "format_unknown"], id="a document"),
        pytest.param(compress(A.encode())[:-9], ["list_unusable", "gzip_broken"], id="cut off"),
        pytest.param(b"name\nx\n", ["list_unusable", "no_recipient_column"], id="no column"),
        pytest.param(b"phone\nx\ny\n", ["list_of_no_numbers"], id="no numbers"),
    ],
)
def test_a_list_that_cannot_be_used_is_named_with_the_reason(
    site: Site, content: bytes, codes: list[str]
) -> None:
    site.put("a.csv", A)
    site.files.drop("suppressed/b.csv", content)

    problems = site.problems_of()

    assert [each.code for each in problems] == codes
    assert problems[0].details[0] == "b.csv"


def test_a_list_that_is_stored_so_that_it_cannot_be_read_is_named(site: Site) -> None:
    site.files.unreadable[site.put("a.csv", A)] = Reason("file_archived")

    assert site.problems_of() == (Reason("list_unusable", ("a.csv",)), Reason("file_archived"))


def test_a_list_may_hold_as_many_rows_without_a_number_as_a_file_and_they_are_told(
    site: Site,
) -> None:
    site.put("a.csv", A, "R", B, C)

    assert site.load(percent=25).problems == (
        Reason("list_rows_without_number", ("a.csv", "1", "4")),
    )
    assert site.problems_of(percent=24) == (Reason("list_of_no_numbers", ("a.csv", "1", "4")),)


def test_a_list_of_a_header_alone_is_a_list_of_nobody(site: Site) -> None:
    version = site.put("a.csv")

    assert site.load().versions == (("a.csv", version.version_id),)


def test_more_numbers_than_memory_is_meant_for_cannot_be_used(site: Site) -> None:
    site.put("a.csv", A, B)
    site.put("b.csv", C)

    assert site.load(most_listed=3).seen.listed == 3
    assert site.problems_of(most_listed=2) == (Reason("lists_too_large", ("2",)),)


def test_more_lists_than_an_entry_can_name_cannot_be_used(site: Site) -> None:
    for number in range(MOST_LISTS):
        site.put(f"{number}.csv", A)
    assert len(site.load(most_listed=MOST_LISTS).versions) == MOST_LISTS

    site.put("one-more.csv", A)

    numbers = (str(MOST_LISTS + 1), str(MOST_LISTS))
    assert site.problems_of(most_listed=1000) == (Reason("lists_too_many", numbers),)
