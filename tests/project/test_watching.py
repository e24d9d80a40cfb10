"""The dashboard and the alarms, held against what the code counts and what the runbook says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local import ROOT
from local.template.reading import load
from smsdrop.ledger.writes.lines import TURNS
from smsdrop.metrics import Metric
from tests.support.runbook import documented_fields

TEMPLATE = load(ROOT / "template.yaml")
ALARMS = {
    name: resource["Properties"]
    for name, resource in TEMPLATE["Resources"].items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}
OWN = ["smsdrop", "service"]
"""The namespace, and the one dimension, which tells the stacks of an account apart."""

SECTION = re.compile(r" See \$\{RunbookUrl\}#([a-z-]+)$")


def widgets() -> list[dict[str, Any]]:
    body = TEMPLATE["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    board: list[dict[str, Any]] = json.loads(body)["widgets"]
    return board


def graphs() -> Iterator[tuple[str, str, str]]:
    """Yield namespace, name and dimension of every graph on the dashboard."""
    for widget in widgets():
        for metric in widget["properties"].get("metrics", ()):
            if isinstance(metric[0], str):  # and no formula of others
                namespace, name, dimension, *_ = metric
                yield namespace, name, dimension


def watched(alarm: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield namespace, name and dimension of every metric of an alarm."""
    formula = [
        each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each
    ]
    for metric in formula or [alarm]:
        [dimension] = metric["Dimensions"]
        yield metric["Namespace"], metric["MetricName"], dimension["Name"]


def own(metrics: Iterator[tuple[str, str, str]]) -> set[str]:
    return {name for namespace, name, dimension in metrics if [namespace, dimension] == OWN}


def test_the_dashboard_shows_everything_that_is_counted_and_nothing_else() -> None:
    assert own(graphs()) == set(Metric)


def test_no_alarm_waits_for_what_is_never_counted() -> None:
    watched_by_any = {name for alarm in ALARMS.values() for name in own(watched(alarm))}

    assert watched_by_any <= set(Metric)
    assert {Metric.PAUSED, Metric.TEXTS_UNCONFIRMED, Metric.FILES_GIVEN_UP} <= watched_by_any


def test_whatever_is_of_the_namespace_has_its_one_dimension() -> None:
    metrics = [*graphs(), *(each for alarm in ALARMS.values() for each in watched(alarm))]

    assert {dimension for namespace, _, dimension in metrics if namespace == "smsdrop"} == {
        "service"
    }


def test_the_functions_count_in_that_namespace_for_their_stack() -> None:
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]

    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "smsdrop"
    assert variables["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}


def test_the_dashboard_shows_every_alarm() -> None:
    [shown] = [each["properties"]["alarms"] for each in widgets() if each["type"] == "alarm"]

    assert set(shown) == {f"${{{name}.Arn}}" for name in ALARMS}


FIRST_ROW = [
    ("smsdrop", "CampaignsOpen"),
    ("smsdrop", "Paused"),
    ("smsdrop", "TextsSent"),
    ("smsdrop", "CallsInDoubt"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
]
"""What the person on call wants to know first."""


def test_the_first_row_says_in_single_values_how_it_stands() -> None:
    singles = [each for each in widgets() if each["properties"].get("view") == "singleValue"]

    shown = [each["properties"]["metrics"][0][:2] for each in singles]
    assert [tuple(each) for each in shown] == FIRST_ROW
    assert {each["y"] for each in singles} == {min(each["y"] for each in widgets() if each["y"])}


def test_the_tables_show_what_lines_of_the_log_have_and_nothing_else() -> None:
    fields = {"message"}.union(*documented_fields().values())
    queries = [each["properties"]["query"] for each in widgets() if each["type"] == "log"]
    [files, causes, errors] = queries

    assert "filter message = 'texts undelivered' | stats sum(undelivered)" in causes
    assert {"code", "undelivered"} <= documented_fields()["texts undelivered"]
    for query in (files, errors):
        [shown] = re.findall(r"\| (?:fields|display) ([^|]+)", query)
        names = {each for each in shown.strip().split(", ") if not each.startswith("@")}
        assert names <= fields
    assert files.endswith("| sort @timestamp desc | dedup campaign_id | limit 100")


def test_the_table_of_files_shows_the_fields_of_the_turns_of_a_campaign() -> None:
    [files, *_] = [each["properties"]["query"] for each in widgets() if each["type"] == "log"]
    [shown] = re.findall(r"\| fields @timestamp, ([^|]+) \|", files)
    turns = {message for message in TURNS if re.match("^campaign ", message)}

    assert "filter message like /^campaign / and ispresent(file)" in files
    for message in turns:
        assert set(shown.split(", ")) - {"campaign_id"} <= documented_fields()[message]


def test_no_widget_covers_another() -> None:
    covered = [
        (column, line)
        for each in widgets()
        for column in range(each["x"], each["x"] + each["width"])
        for line in range(each["y"], each["y"] + each["height"])
    ]

    assert len(covered) == len(set(covered))
    assert max(column for column, _ in covered) < 24


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_tells_a_person_and_has_the_address_of_its_section_of_the_runbook(
    name: str,
) -> None:
    alarm = ALARMS[name]

    section = SECTION.search(alarm["AlarmDescription"]["Fn::Sub"])

    assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
    assert section is not None
    assert section[1] in anchors()


def anchors() -> set[str]:
    """Return the anchors of the runbook's headings, as Git's web pages make them."""
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", runbook, re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in titles}


@pytest.mark.parametrize(
    "file",
    [
        "layers/smsdrop/smsdrop/operations/pausing.py",
        "layers/smsdrop/smsdrop/closing/stuck.py",
    ],
)
def test_a_section_that_a_notification_names_is_there(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    sections = re.findall(r"See '(.+?)' in docs/operations\.md", text)

    assert sections
    assert [each for each in sections if f"\n## {each}\n" not in runbook] == []


@pytest.mark.parametrize("metric", list(Metric))
def test_whatever_can_be_measured_is_measured_somewhere(metric: Metric) -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers").rglob("*.py")]

    assert any(f"Metric.{metric.name}" in path.read_text(encoding="utf-8") for path in sources)
