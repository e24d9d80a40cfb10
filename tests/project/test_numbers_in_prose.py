"""The numbers that the documents give are those of the code and the template."""

import re
import tomllib
from typing import Any

import pytest

from bench.metering.idle import dollars_a_month
from local import ROOT
from local.template.reading import load
from smsdrop.aws.robot_secret import ROBOTS_KEPT_SECONDS
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.first_texts import FIRST_TEXTS
from smsdrop.closing.results.csv_parts import ROWS_EACH
from smsdrop.closing.results.text_workbook import MAX_ROWS
from smsdrop.closing.stuck import STUCK_SECONDS
from smsdrop.ledger.campaign import Status
from smsdrop.parsing.retry_parsing import LONGEST_DELAY_SECONDS
from smsdrop.receipts.canary import ANSWERED_PERCENT
from smsdrop.receipts.looks import LOOKS
from smsdrop.robots.robot import MOST_ROBOTS
from smsdrop.sending.lookups import LISTED_SECONDS
from smsdrop.sending.recording import FEW_BATCHES
from smsdrop.telling.due import MOST_NOTICES
from smsdrop.telling.tell import LONGEST_DELAY_SECONDS as LONGEST_TELL_DELAY
from smsdrop.telling.tell import MOST_TRIES

TEMPLATE = load(ROOT / "template.yaml")
PARAMETERS = TEMPLATE["Parameters"]
REQUIRED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
DAY = 24 * 3600
LONGEST_BUCKET_NAME = 63
LONGEST_REGION = "ap-southeast-1"
"""No AWS region's name is longer today."""

SPELLED = {
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    10: "ten",
    14: "fourteen",
    20: "twenty",
    100: "a hundred",
    1000: "a thousand",
}
SPANS = {900: "a quarter of an hour", 3600: "an hour"}
SHARES = {20: "a fifth"}
IN_CHINESE = {3: "三", 5: "五", 100: "一百"}


def properties(name: str) -> dict[str, Any]:
    own: dict[str, Any] = TEMPLATE["Resources"][name]["Properties"]
    return own


def python() -> str:
    return str(REQUIRED).removeprefix(">=")


def longest_stack_name() -> int:
    bucket = properties("Files")["BucketName"]["Fn::Sub"]
    rest = bucket.replace("${AWS::AccountId}", "1" * 12).replace("${AWS::Region}", LONGEST_REGION)
    return LONGEST_BUCKET_NAME - len(rest.replace("${AWS::StackName}", ""))


def share_of_texts() -> str:
    alarm = properties("ManyTextsAreRefused")
    [formula] = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
    [least] = re.findall(r">= (\d+)", formula)
    [span] = {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}
    return (
        f"In {SPANS[span]}, of at least {SPELLED[int(least)]} texts "
        f"more than {SHARES[alarm['Threshold']]} were refused"
    )


def share_of_calls() -> str:
    alarm = properties("ProviderThrottles")
    [period] = {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}
    span = SPANS[period * alarm["EvaluationPeriods"]]
    return f"For {span} the provider answered more than {SHARES[alarm['Threshold']]} of the calls"


def few_senders() -> int:
    """Return the most senders for which any rate that the template takes is high enough."""
    condition = TEMPLATE["Rules"]["ManySendersHaveAHighRate"]["RuleCondition"]
    return max(int(each) for each in condition["Fn::Not"][0]["Fn::Contains"][0])


def tries(function: str) -> str:
    retries = properties(function)["EventInvokeConfig"]["MaximumRetryAttempts"]
    return SPELLED[retries + 1]


def lines_to_fill_in() -> int:
    """Return how many lines of samconfig.toml everybody has to look at."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))["default"]
    parameters = config["deploy"]["parameters"]["parameter_overrides"]
    return len(config["global"]["parameters"]) + len(parameters)


def hours_of_telling() -> str:
    delays = (min(LONGEST_TELL_DELAY, 60 * 2**each - 60) for each in range(MOST_TRIES - 1))
    return SPELLED[round(sum(delays) / 3600)]


def minutes_between(event: str) -> str:
    """Return how often LookUpReceipts or the tick runs."""
    schedules = {
        name: each["Properties"]["Schedule"]
        for function in ("CloseCampaigns", "LookUpReceipts")
        for name, each in properties(function)["Events"].items()
    }
    [minutes] = re.findall(r"^rate\((\d+) minutes?\)$", schedules[event])
    return SPELLED[int(minutes)]


def looks() -> str:
    first, *rest = LOOKS
    *hours, last = (each // 3600 for each in rest)
    return f"{first // 60} minutes, {', '.join(map(str, hours))} and {last} hours"


def looks_in_chinese() -> str:
    first, *rest = LOOKS
    *hours, last = (f"{each // 3600} 小时" for each in rest)
    return f"结束后 {first // 60} 分钟、{'、'.join(hours)}和 {last}"


STUCK = SPANS[STUCK_SECONDS[Status.PARSING]], SPELLED[STUCK_SECONDS[Status.SENDING] // 3600]
QUEUE = properties("BatchQueue")

HELD: dict[str, tuple[str, ...]] = {
    "README.md": (
        f"and one every {minutes_between('EveryFiveMinutes')}.",
        f"up to {MAX_RECIPIENTS} recipients a call",
        f"whether {SPELLED[MAX_RECIPIENTS]} people",
        f"Batches of {SPELLED[MAX_RECIPIENTS]},",
        f"Python {python()} or newer",
        f"`{TEMPLATE['Globals']['Function']['Runtime']}` with pip",
        f"{longest_stack_name()} at most",
        f"the first {SPELLED[FIRST_TEXTS]} rows' texts",
        f"the first {SPELLED[lines_to_fill_in()]} lines of `samconfig.toml`",
        f"costs about ${dollars_a_month():.0f} by AWS's list prices",
        f"up to {MAX_ROWS:,} rows: `results.xlsx`",
        f"above {ROWS_EACH:,}: parts",
        f"written anew {looks()} later",
        f"once {ANSWERED_PERCENT} % of these are answered",
    ),
    "README.zh-CN.md": (
        f"那{IN_CHINESE[MAX_RECIPIENTS]}个人",
        f"每批{IN_CHINESE[MAX_RECIPIENTS]}人",
        f"Python {python()} 或更新",
        f"最多 {longest_stack_name()} 个",
        f"前{IN_CHINESE[FIRST_TEXTS]}行的短信",
        f"`samconfig.toml` 开头的{IN_CHINESE[lines_to_fill_in()]}行",
        f"按 AWS 标价约 ${dollars_a_month():.0f}；",
        f"不超过 {MAX_ROWS:,} 行时",
        f"超过 {ROWS_EACH:,} 行时",
        looks_in_chinese(),
        f"其中 {ANSWERED_PERCENT}% 有回执",
    ),
    "docs/how-to-send.md": (
        f"the first {SPELLED[FIRST_TEXTS]} rows' texts",
        f"asked of the carriers {looks()} after the end",
        f"has not said in {SPELLED[LOOKS[-1] // DAY]} days",
    ),
    "docs/怎么发短信.md": (
        f"前{IN_CHINESE[FIRST_TEXTS]}行的短信",
        looks_in_chinese(),
        f"{IN_CHINESE[LOOKS[-1] // DAY]}天内运营商没有答复",
    ),
    "CHANGELOG.md": (
        f"asked for {SPELLED[len(LOOKS)]} times in the {SPELLED[LOOKS[-1] // DAY]} days after",
        f"fill in {SPELLED[lines_to_fill_in()]} lines of",
        f"once {ANSWERED_PERCENT} % of these are answered",
        f"A file of up to {SPELLED[FEW_BATCHES * MAX_RECIPIENTS]} recipients has its report",
        f"{SPELLED[MOST_NOTICES]} notices a file at the most",
        f"a file's first {SPELLED[FIRST_TEXTS]} rows",
        f"for up to {MAX_ROWS:,} rows",
        f"of more than {ROWS_EACH:,} rows",
        f"`CallsPerSecond` below {PARAMETERS['CallsPerSecond']['MinValue']},",
        f"`SendTimeoutSeconds` below {PARAMETERS['SendTimeoutSeconds']['MinValue']},",
        f"`MaximumConcurrency` above {few_senders()} ",
        f"`SettleAfterSeconds` is {PARAMETERS['SettleAfterSeconds']['MaxValue']:,} at the most.",
    ),
    "docs/operations.md": (
        f"Receipts are looked up {looks()} after a file's report",
        f"`looks`: how many of {SPELLED[len(LOOKS)]} are done",
        f"tried again every {minutes_between('EveryFiveMinutes')} minutes.",
        f"up to {TEMPLATE['Parameters']['MaxAgeDays']['Default']} days (`MaxAgeDays`)",
        f"for more than {STUCK[0]}, or a campaign has been open for more than {STUCK[1]}.",
        f"A file has {SPELLED[MOST_NOTICES]} notices at the most",
        f"up to {SPELLED[MOST_ROBOTS]} of them",
        f"within {SPELLED[ROBOTS_KEPT_SECONDS // 60]} minutes. A firewall",
        f"for about {hours_of_telling()} hours",
        f"received {SPELLED[QUEUE['RedrivePolicy']['maxReceiveCount']]} times",
        f"failed on a file {tries('ParseRecipients')} times, for",
        f"up to {SPELLED[LONGEST_DELAY_SECONDS // 3600]} hours.",
        f"older than the {LISTED_SECONDS // DAY + 1} days",
        share_of_texts(),
        share_of_calls(),
        f"has not run for {SPELLED[properties('BooksAreNotClosed')['Period'] // 60]}:",
        f"kept for {SPELLED[QUEUE['MessageRetentionPeriod'] // DAY]} days",
    ),
    "docs/performance.md": (),
}
"""What each page says of them, with the numbers filled in from where they are set."""

NOT_OURS = (
    "For 90 days AWS",  # CloudFormation keeps a deleted stack's description as long
    "million recipients",  # the amount whose cost is given
    "cost of a million",
    "一百万收件人",
    "503",  # an HTTP status
    "S3",
    "UTF-8",
    "UTF-16",
    "GB18030",
)

NUMBER = re.compile(
    r"(?<![\w.])\d[\d,.]*"
    r"|\b(?:three|four|five|six|seven|eight|nine|(?:\w+-)?(?:ten|dozen|hundred|thousand|million)"
    r"|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?)\b"
    r"|[三四五六七八九十百千万]+(?=[个条种份次人天封行])",
    re.IGNORECASE,
)
"""From three up; one and two are also words for other things."""


def text(page: str) -> str:
    """Return what a person wrote of the page, without line breaks inside sentences."""
    written = (ROOT / page).read_text(encoding="utf-8")
    if "<!-- written by hand" in written:
        written = written.partition("<!-- written by hand from here -->")[2].partition("<!--")[0]
    return written


def joined(page: str) -> str:
    return re.sub(r"\s+", " ", text(page))


def prose(page: str) -> str:
    """Leave out code, links' targets, list numbers, and rows whose tests prove what they say."""
    lines = [
        re.sub(r"^\d+\. ", "", line)
        for line in text(page).splitlines()
        if not (line.startswith("    ") or (line.startswith("| ") and "`test_" in line))
    ]
    return re.sub(r"`[^`]*`|\]\([^)]*\)", "``", re.sub(r"\s+", " ", "\n".join(lines)))


def loose_numbers(page: str) -> list[str]:
    """Return the numbers of a page's prose that no phrase above holds."""
    left = prose(page)
    for phrase in (*HELD[page], *NOT_OURS):
        left = left.replace(re.sub(r"`[^`]*`", "``", phrase), "")
    return NUMBER.findall(left)


@pytest.mark.parametrize(("page", "phrase"), [(page, each) for page in HELD for each in HELD[page]])
def test_a_page_says_the_number_that_the_code_has(page: str, phrase: str) -> None:
    assert phrase in joined(page)


@pytest.mark.parametrize("page", HELD)
def test_a_page_gives_no_number_that_no_test_holds(page: str) -> None:
    assert loose_numbers(page) == []


@pytest.mark.parametrize("number", ["13", "thirteen", "2,000", "a hundred", "forty-two", "十三个"])
def test_a_number_is_seen_in_figures_and_in_words(number: str) -> None:
    assert NUMBER.search(f"It plants {number} bugs.")
