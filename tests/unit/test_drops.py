"""A dropped file's version, the campaign's id, and where what belongs to it lies."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local import ROOT
from local.template.reading import load
from smsdrop.batches.batch import nth_batch_id
from smsdrop.closing.reports import RESULTS, SUMMARY, UNDELIVERED_ROWS
from smsdrop.closing.results.csv_parts import ROWS_EACH, part_name
from smsdrop.closing.results.result_files import RESULTS_WORKBOOK, UNDELIVERED_WORKBOOK
from smsdrop.drops import (
    LONGEST_KEY_BYTES,
    LONGEST_REPORT_NAME,
    MAX_WORD,
    FileVersion,
    campaign_id,
    download_name,
    dropped_versions,
    report_folder,
    word_of_repetition,
    work_folder,
)
from smsdrop.ledger.batch_entry import BatchEntry, State
from tests.support.samples import batch_of

DROPPED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OUT_ID_LIMIT = 256
MAX_ROWS = load(ROOT / "template.yaml")["Parameters"]["MaxRows"]["MaxValue"]

versions = st.builds(
    FileVersion, bucket=st.text(min_size=1), key=st.text(min_size=1), version_id=st.text(min_size=1)
)
moments = st.integers(min_value=0, max_value=2**32).map(lambda at: datetime.fromtimestamp(at, UTC))


@given(versions, moments)
def test_the_same_version_gives_the_same_campaign(version: FileVersion, moment: datetime) -> None:
    beijing = moment.astimezone(timezone(timedelta(hours=8)))

    assert campaign_id(version, moment) == campaign_id(version, beijing)


@given(versions, versions)
def test_any_difference_gives_another_campaign(one: FileVersion, other: FileVersion) -> None:
    same = campaign_id(one, DROPPED_AT) == campaign_id(other, DROPPED_AT)

    assert same == (one == other)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(FileVersion(bucket="c", key="k", version_id="v"), id="bucket"),
        pytest.param(FileVersion(bucket="b", key="l", version_id="v"), id="key"),
        pytest.param(FileVersion(bucket="b", key="k", version_id="w"), id="version"),
    ],
)
def test_each_part_of_a_version_makes_a_difference(other: FileVersion) -> None:
    version = FileVersion(bucket="b", key="k", version_id="v")

    assert campaign_id(version, DROPPED_AT) != campaign_id(other, DROPPED_AT)


@given(versions, moments, versions, moments)
def test_campaigns_sort_by_when_their_files_were_dropped(
    one: FileVersion, earlier: datetime, other: FileVersion, later: datetime
) -> None:
    earlier, later = sorted([earlier, later])

    assert later == earlier or campaign_id(one, earlier) < campaign_id(other, later)


def test_an_id_shows_the_time_and_64_bits() -> None:
    name = campaign_id(FileVersion(bucket="b", key="k", version_id="v"), DROPPED_AT)

    moment, _, digest = name.partition("-")
    assert moment == "20260102T030405Z"
    assert len(bytes.fromhex(digest)) == 8


def test_the_longest_out_id_is_far_below_the_limit() -> None:
    name = campaign_id(FileVersion(bucket="b" * 63, key="k" * 1024, version_id="v"), DROPPED_AT)
    batch = batch_of(100, batch_id=nth_batch_id(name, 10_000_000))
    while len(batch) > 1:
        batch = batch.parts()[1]
    entry = BatchEntry(batch_id=batch.batch_id, state=State.SENDING, attempt=1_000_000)

    assert len(entry.out_id) < OUT_ID_LIMIT / 2
    assert entry.out_id.isascii()


def s3_event(*keys: str) -> dict[str, Any]:
    return {
        "Records": [
            {"s3": {"bucket": {"name": "b"}, "object": {"key": key, "versionId": f"v{number}"}}}
            for number, key in enumerate(keys)
        ]
    }


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("incoming/july.csv", "incoming/july.csv", id="plain"),
        pytest.param("incoming/my+list.csv", "incoming/my list.csv", id="a space"),
        pytest.param("incoming/a%2Bb.csv", "incoming/a+b.csv", id="a plus"),
        pytest.param("incoming/a%252Bb.csv", "incoming/a%2Bb.csv", id="a percent sign"),
        pytest.param("incoming/%E4%BA%91.csv", "incoming/云.csv", id="Chinese"),
        pytest.param("incoming/%F0%9F%8E%89.csv", "incoming/🎉.csv", id="an emoji"),
    ],
)
def test_keys_are_read_from_an_event_as_s3_writes_them(written: str, key: str) -> None:
    [version] = dropped_versions(s3_event(written))

    assert version == FileVersion(bucket="b", key=key, version_id="v0")


def test_who_has_dropped_a_file_is_read_from_its_event_and_is_no_part_of_its_version() -> None:
    event = s3_event("incoming/a.csv")
    [unsaid] = dropped_versions(event)
    event["Records"][0]["userIdentity"] = {"principalId": "AWS:AIDAA"}

    [said] = dropped_versions(event)

    assert (unsaid.by, said.by) == ("", "AWS:AIDAA")
    assert said == unsaid
    assert len({said, unsaid}) == 1


def test_every_file_of_an_event_is_taken_but_no_folder() -> None:
    event = s3_event("incoming/", "incoming/a.csv", "incoming/SMS_9/", "incoming/SMS_9")

    assert [each.key for each in dropped_versions(event)] == ["incoming/a.csv", "incoming/SMS_9"]


def test_an_event_without_files_drops_none() -> None:
    assert list(dropped_versions({"Service": "Amazon S3", "Event": "s3:TestEvent"})) == []


def test_plans_and_reports_lie_in_folders_of_their_campaign() -> None:
    assert work_folder("20260102T030405Z-0") == "work/20260102T030405Z-0/"
    assert report_folder("incoming/SMS_9/云/a b.csv", "20260102T030405Z-0") == (
        "reports/SMS_9/云/a b.csv/20260102T030405Z-0/"
    )


CAMPAIGN_ID = "20260102T030405Z-0123456789abcdef"
ROOM_BYTES = 963
"""What S3's limit leaves for the path of a report on a file."""


@pytest.mark.parametrize("letter", ["x", "云", "🎉"])
def test_a_path_that_leaves_no_room_for_the_reports_names_is_cut_and_ends_with_its_hash(
    letter: str,
) -> None:
    path = "SMS_9/" + letter * (1015 // len(letter.encode()) - 6)

    folder = report_folder(f"incoming/{path}", CAMPAIGN_ID)

    cut, _, mark = folder.removesuffix(f"/{CAMPAIGN_ID}/").removeprefix("reports/").rpartition("~")
    assert LONGEST_KEY_BYTES - 4 <= len(f"{folder}{LONGEST_REPORT_NAME}".encode()) <= 1024
    assert path.startswith(cut)
    assert len(mark) == 16
    assert folder != report_folder(f"incoming/{path}{letter}", CAMPAIGN_ID)


def test_a_path_that_just_fits_stays_as_it_is() -> None:
    path = "x" * ROOM_BYTES

    assert report_folder(f"incoming/{path}", CAMPAIGN_ID) == f"reports/{path}/{CAMPAIGN_ID}/"
    assert report_folder(f"incoming/{path}x", CAMPAIGN_ID) != f"reports/{path}x/{CAMPAIGN_ID}/"


def test_no_object_of_a_report_has_a_longer_name_than_the_cut_reckons_with() -> None:
    last = (part_name(each, -(-MAX_ROWS // ROWS_EACH)) for each in (RESULTS, UNDELIVERED_ROWS))

    names = (SUMMARY, *last, RESULTS_WORKBOOK, UNDELIVERED_WORKBOOK)
    assert max(names, key=len) == LONGEST_REPORT_NAME


@pytest.mark.parametrize(
    ("key", "name"),
    [
        pytest.param("incoming/SMS_9/july.csv", "july-20260102-1104-results.csv", id="a file"),
        pytest.param("incoming/七月.csv.gz", "七月-20260102-1104-results.csv", id="packed"),
        pytest.param("incoming/july", "july-20260102-1104-results.csv", id="without an ending"),
        pytest.param("incoming/.csv", ".csv-20260102-1104-results.csv", id="only an ending"),
        pytest.param(
            f"incoming/{'七' * 200}.csv", f"{'七' * 60}-20260102-1104-results.csv", id="long"
        ),
    ],
)
def test_a_report_is_saved_under_the_name_of_its_file_and_when_that_was_dropped(
    key: str, name: str
) -> None:
    assert download_name(key, CAMPAIGN_ID, RESULTS) == name


@pytest.mark.parametrize(
    ("metadata", "word"),
    [
        pytest.param("yes", "yes", id="yes"),
        pytest.param(" 2026-12 ", "2026-12", id="a month"),
        pytest.param("Reminder", "reminder", id="capitals"),
        pytest.param("", "", id="nothing"),
        pytest.param("No", "", id="no"),
        pytest.param("x" * MAX_WORD, "x" * MAX_WORD, id="the longest"),
        pytest.param("x" * (MAX_WORD + 1), "x" * MAX_WORD, id="one over"),
    ],
)
def test_a_repetition_is_meant_by_a_word(metadata: str, word: str) -> None:
    assert word_of_repetition(metadata) == word
