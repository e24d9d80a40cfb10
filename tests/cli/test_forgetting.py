"""A person is removed from all that the bucket keeps, and the books stay the same."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from local.template.reading import Template
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.terms import Terms
from smsdrop.receipts.looks import Looks
from smsdrop.receipts.part import Part, part_key
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop_cli.commands.forget import NOT_REACHED
from smsdrop_cli.deployment.stack import Stack
from tests.support.ended_campaigns import LONG_AGO, OPEN, Ended
from tests.support.terminal import Terminal, Typed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytest_plugins = ["tests.support.cli_fixtures"]

NUMBER, OTHER = "13800138000", "13900139000"
FILE = f"phone,name\n{OTHER},李四\n{NUMBER},张三\n12,nobody\n".encode()
UNSUBSCRIBED = "isv.CUSTOMER_REFUSED"


@pytest.fixture
def ended(deployed: Stack) -> Ended:
    return Ended(deployed)


def forget(terminal: Terminal, number: str = NUMBER, *words: str) -> Typed:
    return terminal.type("forget", number, "--yes", *words)


def holding(ended: Ended, *texts: str) -> list[str]:
    """Return the keys of all versions that hold one of these texts."""
    return [
        key
        for key, content in ended.everything()
        if any(each in content.decode(errors="ignore") for each in texts)
    ]


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_of_a_person_who_is_forgotten_no_version_of_any_object_has_anything(
    terminal: Terminal, ended: Ended
) -> None:
    ended.campaign(FILE, texts=("Hello 李四", "Hello 张三"))
    assert len(holding(ended, NUMBER, "张三")) >= 5

    typed = forget(terminal, "+86 138-0013-8000")

    assert (typed.exit_code, holding(ended, NUMBER, "张三")) == (0, [])
    assert "1 rows are marked. The file is deleted." in typed.out
    assert NUMBER not in typed.out + typed.err


def test_their_row_stays_with_a_mark_and_all_others_and_all_sums_are_as_they_were(
    terminal: Terminal, ended: Ended
) -> None:
    campaign = ended.campaign(FILE)
    summary = ended.report(campaign, "summary.json")
    heading, first, _, third = table(ended.report(campaign, "results.csv"))

    forget(terminal)

    rows = table(ended.report(campaign, "results.csv"))
    assert (rows[0], rows[1], rows[3]) == (heading, first, third)
    assert rows[2][:4] == ["forgotten", "forgotten", "3", "sent"]
    assert ended.report(campaign, "summary.json") == summary
    assert ended.stack.ledger.campaign(campaign.campaign_id) == campaign


def test_a_report_that_is_written_later_on_neither_fails_nor_brings_them_back(
    terminal: Terminal, ended: Ended
) -> None:
    campaign = ended.campaign(FILE)
    forget(terminal)
    results = ended.report(campaign, "results.csv")

    closed = ended.close(ended.changed(campaign, status=Status.CLOSING))

    assert closed.counts == campaign.counts
    assert holding(ended, NUMBER, "张三") == []
    assert {content for key, content in ended.everything() if key.endswith("/results.csv")} == {
        results
    }


@pytest.mark.parametrize(
    ("file", "number"),
    [
        pytest.param(f"phone,name\n+86 138-0013-8000,张三\n{OTHER},b\n", NUMBER, id="spelled"),
        pytest.param(f"phone,name\n１３８００１３８０００,张三\n{OTHER},b\n", NUMBER, id="wide"),
        pytest.param(f"phone,name\n{NUMBER},张三\n{NUMBER},张三\n", NUMBER, id="twice"),
        pytest.param(f"phone,name\n{OTHER}/{NUMBER},张三\n", NUMBER, id="two in a cell, rejected"),
        pytest.param(f"phone,name\n张三,{NUMBER}\n{OTHER},b\n", NUMBER, id="in the wrong column"),
        pytest.param("phone,name\n+1 415 555 2671,张三\n", "+1-415-555-2671", id="abroad"),
        pytest.param(f"{NUMBER}\n{OTHER}\n", NUMBER, id="plain numbers"),
    ],
)
def test_a_row_is_theirs_however_it_is_spelled(
    terminal: Terminal, ended: Ended, file: str, number: str
) -> None:
    ended.campaign(file.encode())

    typed = forget(terminal, number, "--json")

    assert typed.exit_code == 0
    assert typed.data["forgotten"][0]["rows"] >= 1
    texts = (NUMBER, "138-0013-8000", "１３８", "415 555 2671", "14155552671", "张三")
    assert holding(ended, *texts) == []


def test_where_another_row_names_them_the_number_alone_is_taken_out(
    terminal: Terminal, ended: Ended
) -> None:
    campaign = ended.campaign(f"phone,agent\n{OTHER},call {NUMBER} now\n".encode())

    forget(terminal)

    assert table(ended.report(campaign, "results.csv"))[1][:2] == [OTHER, "call forgotten now"]
    assert holding(ended, NUMBER) == []


def test_of_a_number_of_the_same_digits_abroad_nothing_is_taken(
    terminal: Terminal, ended: Ended
) -> None:
    campaign = ended.campaign(b"phone,name\n14155552671,a\n+1 415 555 2671,b\n")

    forget(terminal, "+1 415 555 2671")

    _, mainland, abroad = table(ended.report(campaign, "results.csv"))
    assert (mainland[:2], abroad[:2]) == (["14155552671", "a"], ["forgotten"] * 2)
    assert ended.report(campaign, "batches.jsonl").count(b"14155552671") == 1


def test_who_has_opted_out_is_gone_from_that_list_too(terminal: Terminal, ended: Ended) -> None:
    campaign = ended.campaign(FILE, codes={NUMBER: UNSUBSCRIBED})
    assert len(table(ended.report(campaign, "opted-out.csv"))) == 2

    forget(terminal)

    assert len(table(ended.report(campaign, "opted-out.csv"))) == 1
    assert table(ended.report(campaign, "unsent.csv"))[1][:2] == ["forgotten"] * 2
    assert holding(ended, NUMBER) == []


def test_first_texts_are_marked_only_if_theirs_may_be_among_them(
    terminal: Terminal, ended: Ended
) -> None:
    rows = [f"1380000000{each},of{each}" for each in range(8)]
    campaign = ended.campaign("\n".join(["phone,name", *rows]).encode(), texts=("Hi of0", "Hi of1"))
    folder = f"reports/SMS_9/云通信/july.csv/{campaign.campaign_id}/"
    ended.put(f"{folder}preview.json", json.dumps({"texts": ["Hi of0"], "rows": 8}).encode())

    forget(terminal, "13800000007")
    kept = ended.report(campaign, "texts.json")
    forget(terminal, "13800000001")

    assert b"Hi of0" in kept
    assert json.loads(ended.report(campaign, "texts.json"))["texts"] == ["forgotten"] * 2
    assert json.loads(ended.report(campaign, "preview.json")) == {"texts": ["forgotten"], "rows": 8}
    assert holding(ended, "of1", "of7") == []


def test_receipts_say_the_same_of_all_rows_once_somebody_is_forgotten(
    terminal: Terminal, ended: Ended
) -> None:
    campaign = ended.campaign(FILE)
    failed = Part(receipts={(1, 1): Receipt(delivery=Delivery.FAILED, code="USER_REJECT")})
    ended.put(part_key(campaign.campaign_id, 0), failed.to_bytes())
    looks = Looks(receipts_from=LONG_AGO, receipts_as_of=LONG_AGO, undelivered=1)
    ended.close(ended.changed(campaign, status=Status.CLOSING, looks=looks))
    summary = json.loads(ended.latest(campaign, "summary.json"))
    opted_out = table(ended.latest(campaign, "opted-out.csv"))

    typed = forget(terminal)

    assert (typed.exit_code, holding(ended, NUMBER, "张三")) == (0, [])
    assert opted_out[1][:2] == [NUMBER, "3"]
    assert len(table(ended.report(campaign, "opted-out.csv"))) == 1
    assert table(ended.report(campaign, "undelivered.csv"))[1][:2] == ["forgotten"] * 2
    assert json.loads(ended.report(campaign, "summary.json")) == summary
    assert summary["receipts"]["undelivered"] == 1


@pytest.mark.parametrize("changes", OPEN.values(), ids=OPEN)
def test_a_campaign_whose_plan_is_still_read_has_to_be_over_first(
    terminal: Terminal, ended: Ended, changes: dict[str, Any]
) -> None:
    campaign = ended.campaign(FILE, **changes)
    before = sorted(ended.everything())

    typed = forget(terminal)

    assert typed.exit_code == 1
    assert f"Left: campaign {campaign.campaign_id}. " in typed.out
    assert sorted(ended.everything()) == before


def test_a_report_that_another_writes_at_the_same_moment_is_seen_to_by_the_next_run(
    terminal: Terminal, ended: Ended, s3: "S3Client"
) -> None:
    campaign = ended.campaign(FILE)
    closers = [Status.CLOSING]

    def is_opened(params: dict[str, Any], **_: object) -> None:
        if closers and params["url_path"].endswith("/summary.json"):
            ended.close(ended.changed(campaign, status=closers.pop()))

    s3.meta.events.register("before-call.s3.PutObject", is_opened)
    try:
        typed = forget(terminal)
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", is_opened)
    again = forget(terminal)

    assert (typed.exit_code, "It was opened meanwhile." in typed.out) == (1, True)
    assert (again.exit_code, holding(ended, NUMBER, "张三")) == (0, [])


def test_a_preview_has_no_first_text_of_them(terminal: Terminal, ended: Ended) -> None:
    campaign = ended.campaign(FILE, texts=("Hi 李四", "Hi 张三"))
    ended.changed(campaign, status=Status.REFUSED, outcome="preview")

    typed = forget(terminal)

    assert (typed.exit_code, holding(ended, NUMBER, "张三")) == (0, [])
    assert json.loads(ended.report(campaign, "summary.json"))["preview"] == ["forgotten"] * 2


def test_of_a_test_its_texts_to_the_test_numbers_are_named(
    terminal: Terminal, ended: Ended
) -> None:
    ended.campaign(FILE, terms=Terms(is_test=True))

    typed = forget(terminal)

    assert (typed.exit_code, "It was a test: " in typed.out) == (1, True)


def test_in_a_chinese_stack_the_mark_is_chinese(terminal: Terminal, ended: Ended) -> None:
    campaign = ended.campaign(FILE)
    ended.stack.parameters["Language"] = "zh"  # type: ignore[index] # the fixture's is a dict

    forget(terminal)

    assert table(ended.report(campaign, "results.csv"))[2][:4] == [
        "已删除",
        "已删除",
        "3",
        "已发送",
    ]


def test_what_is_over_is_forgotten_though_another_campaign_is_not(
    terminal: Terminal, ended: Ended
) -> None:
    over = ended.campaign(FILE)
    later = ended.campaign(FILE + b"\n", name="later.csv", status=Status.SENDING)

    data = forget(terminal, NUMBER, "--json")

    assert data.exit_code == 1
    assert [each["campaign_id"] for each in json.loads(data.out)["forgotten"]] == [over.campaign_id]
    assert all(later.campaign_id in key or "later.csv" in key for key in holding(ended, NUMBER))


def test_other_files_are_left_as_they_are(terminal: Terminal, ended: Ended) -> None:
    ended.campaign(f"phone\n{OTHER}\n".encode())
    before = sorted(ended.everything())

    typed = forget(terminal)

    assert (typed.exit_code, sorted(ended.everything())) == (0, before)
    assert "No file, plan or report has the number." in typed.out
    assert "Not reached: " in typed.out


def refused(ended: Ended, content: bytes) -> Campaign:
    """Have a file refused as a whole, so that it has no plan."""
    version, campaign_id = ended.drop("incoming/wrong.csv", content)
    begun = Campaign.begun(campaign_id, version, size=1, at=LONG_AGO)
    ended.stack.ledger.write(None, begun)
    return ended.changed(begun, status=Status.REFUSED, is_open=False)


def test_a_file_that_was_refused_is_deleted_for_good(terminal: Terminal, ended: Ended) -> None:
    refused(ended, f"name,note\n张三,{NUMBER}\n".encode())
    refused(ended, b"")

    typed = forget(terminal)

    assert (typed.exit_code, holding(ended, NUMBER)) == (0, [])


def test_a_file_that_cannot_be_read_is_named(terminal: Terminal, ended: Ended) -> None:
    refused(ended, b"%PDF-1.4 \x00\x01\x02")

    typed = forget(terminal)

    assert typed.exit_code == 1
    assert "Left: incoming/wrong.csv. " in typed.out


def test_a_report_whose_plan_has_expired_is_named(terminal: Terminal, ended: Ended) -> None:
    campaign = ended.campaign(FILE)
    for version in list(ended.versions):
        ended.stack.clients.s3.delete_object(
            Bucket="files", Key=version.key, VersionId=version.version_id
        )
    for key, _ in list(ended.everything()):
        if key.startswith("work/"):
            for each in ended.stack.clients.s3.list_object_versions(Bucket="files", Prefix=key)[
                "Versions"
            ]:
                ended.stack.clients.s3.delete_object(
                    Bucket="files", Key=key, VersionId=each["VersionId"]
                )

    typed = forget(terminal)

    assert typed.exit_code == 1
    assert f"july.csv/{campaign.campaign_id}/results.csv. It has the number." in typed.out
    assert f"july.csv/{campaign.campaign_id}/results.xlsx. It has the number." in typed.out
    assert "summary.json" not in typed.out


def test_what_is_not_reached_is_kept_for_as_long_as_is_said(template: Template) -> None:
    resources = template["Resources"]
    dead = resources["BatchDeadLetters"]["Properties"]["MessageRetentionPeriod"]
    rules = resources["Files"]["Properties"]["LifecycleConfiguration"]["Rules"]
    [replaced] = [
        rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if "NoncurrentVersionExpiration" in rule
    ]

    said = " ".join(NOT_REACHED)
    assert f"dead letters, which are gone after {dead // 86_400} days" in said
    assert f"lists, which are gone after {replaced} days" in said
    assert f"in the ledger for {KEPT_SECONDS // 86_400} days" in said


def test_a_list_keeps_them_from_being_texted_all_the_same(terminal: Terminal) -> None:
    terminal.type("suppress", NUMBER)

    typed = forget(terminal)

    assert typed.exit_code == 0
    assert "smsdrop-one-by-one.csv, for all campaigns" in typed.out
    assert "That stays" in typed.out
    assert terminal.type("find", NUMBER).exit_code == 0


def test_nothing_is_forgotten_by_mistake(terminal: Terminal, ended: Ended) -> None:
    ended.campaign(FILE)
    before = sorted(ended.everything())

    typed = terminal.type("forget", NUMBER)

    assert (typed.exit_code, typed.out, sorted(ended.everything())) == (1, "", before)
    assert "--yes" in typed.err


class Killed(BaseException):
    """The command was killed."""


def calls_until_killed(s3: "S3Client", number: int) -> Iterator[None]:
    """Kill the command once it has made so many calls to S3 that change anything."""
    left = number

    def count(model: Any, **_: object) -> None:
        nonlocal left
        if model.name in ("PutObject", "DeleteObject"):
            left -= 1
            if left < 0:
                raise Killed

    s3.meta.events.register("before-call.s3", count)
    try:
        yield
    finally:
        s3.meta.events.unregister("before-call.s3", count)


@pytest.mark.parametrize("number", range(20))
def test_wherever_it_is_cut_short_the_next_run_forgets_the_rest(
    terminal: Terminal, ended: Ended, s3: "S3Client", number: int
) -> None:
    campaign = ended.campaign(FILE, texts=("Hello 李四", "Hello 张三"))
    killing = calls_until_killed(s3, number)

    next(killing)
    try:
        forget(terminal)
    except Killed:
        pass
    finally:
        next(killing, None)
    typed = forget(terminal)

    assert (typed.exit_code, holding(ended, NUMBER, "张三")) == (0, [])
    assert table(ended.report(campaign, "results.csv"))[2][:2] == ["forgotten"] * 2


def test_of_two_who_are_forgotten_at_the_same_moment_neither_comes_back(
    terminal: Terminal, ended: Ended, s3: "S3Client"
) -> None:
    campaign = ended.campaign(FILE)
    others = [OTHER]

    def another_is_forgotten(params: dict[str, Any], **_: object) -> None:
        if others and params["url_path"].endswith(f"{campaign.campaign_id}/results.csv"):
            assert forget(terminal, others.pop()).exit_code == 0

    s3.meta.events.register("before-call.s3.PutObject", another_is_forgotten)
    try:
        forget(terminal)
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", another_is_forgotten)

    assert others == []
    assert holding(ended, NUMBER, OTHER, "张三", "李四") == []
