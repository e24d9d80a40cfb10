"""Target 8: what a million recipients cost at AWS, metered calls at list prices."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import ceil

from bench.contest import Contest
from bench.delivering import copy_table
from bench.deployment import API_SECONDS, Deployment, deployment
from bench.metered_run import TICK
from bench.prices import DOLLARS, METRIC_HOUR, NOT_BY_THE_CALL, OUTGOING, SOURCE
from bench.recipient_file import write_recipient_file
from bench.result import Findings, Result, verdict
from bench.rounds import measured
from bench.scale import RECIPIENTS_A_CALL, parameter
from local.aws.child import child

MILLION = 1_000_000
FUNCTIONS = ("ParseRecipients", "SendBatch", "CloseCampaigns")
AT_MOST_DOLLARS = 0.03
SHOWN_DOLLARS = 0.000_01
CALLS_A_SECOND = parameter("CallsPerSecond", 50)
"""The senders are held back as they are by default: Lambda bills their waiting."""

WARMING_UP = 500
"""Rows of a campaign before those that count, so that imports and connections are done."""

Charge = tuple[str, str, float]
"""Who pays, for what, and how much of it."""


def benchmark(contest: Contest) -> Findings:
    files = [
        write_recipient_file(contest.folder / f"metered-{rows}.csv", rows=rows, clean=True)
        for rows in (WARMING_UP, *contest.size.metered_rows)
    ]
    with (
        deployment(latency_seconds=API_SECONDS, CallsPerSecond=f"{CALLS_A_SECOND:g}") as system,
        child("dynamodb", "-m", "bench.quick_dynamodb") as server,
    ):
        leave_to_us(system)
        dynamodb = json.loads(server.first_line(timeout=30))["endpoint"]
        environments = {
            each: system.environment(each) | {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb}
            for each in FUNCTIONS
        }
        copy_table(environments["SendBatch"])
        facts = measured(
            {"ours": "bench.metered_run:campaigns"},
            rounds=1,
            core=contest.core,
            paths=[str(file.path) for file in files],
            environments=environments,
            megabytes={each: system.memory_megabytes(each) for each in FUNCTIONS},
        )["ours"].facts
    _, small, large = facts["charges"]
    sizes = (files[1].recipients, files[2].recipients)
    return findings(list(for_a_million(small, large, sizes=sizes)), sizes)


def leave_to_us(system: Deployment) -> None:
    """Keep the local AWS from running any function of its own accord."""
    stack = system.stack
    stack.stop_schedule()
    stack.clients.s3.put_bucket_notification_configuration(
        Bucket=stack.bucket, NotificationConfiguration={}
    )
    functions = stack.clients.functions
    for mapping in functions.list_event_source_mappings(FunctionName=stack.function("SendBatch"))[
        "EventSourceMappings"
    ]:
        functions.delete_event_source_mapping(UUID=mapping["UUID"])


def for_a_million(
    small: Iterable[Charge], large: Iterable[Charge], *, sizes: tuple[int, int]
) -> Iterator[Charge]:
    """
    Go on along the line through two campaigns of different sizes: some costs are per campaign.

    The tick in the middle of sending stands for each minute of it.
    """
    ticks = ceil(MILLION / RECIPIENTS_A_CALL / CALLS_A_SECOND / 60)
    less = {(payer, what): amount for payer, what, amount in small}
    for payer, what, amount in large:
        slope = max(0.0, amount - less.get((payer, what), 0.0)) / (sizes[1] - sizes[0])
        whole = amount + slope * (MILLION - sizes[1])
        yield payer, what, whole * (ticks if payer == TICK else 1)


def findings(charges: list[Charge], sizes: tuple[int, int]) -> Findings:
    dollars = cost_of(charges)
    each = DOLLARS["DynamoDB write unit"] * MILLION
    result = Result(
        number=8,
        what=f"AWS cost of {MILLION:,} recipients",
        peer=f"an item per recipient: ${each:.3f} for its writes alone",
        ours=f"${dollars:.4f}",
        ratio=f"{dollars / each:.3f}",
        target=f"≤ ${AT_MOST_DOLLARS}",
        verdict=verdict(dollars <= AT_MOST_DOLLARS),
    )
    return Findings(
        results=(result,),
        figures={
            "dollars_a_million": dollars,
            "writes_a_batch": sum(
                amount
                for payer, what, amount in charges
                if (payer, what) == ("SendBatch", "DynamoDB write unit")
            )
            / (MILLION / RECIPIENTS_A_CALL),
        },
        details="\n".join(cost_table(charges, dollars, sizes)),
    )


def cost_of(charges: Iterable[Charge]) -> float:
    """Return the dollars of all that is billed by the call."""
    return sum(amount * DOLLARS[what] for _, what, amount in charges if what not in NOT_BY_THE_CALL)


def cost_table(charges: list[Charge], dollars: float, sizes: tuple[int, int]) -> Iterator[str]:
    """Return the lines of a table of what each function uses."""
    by_payer: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for payer, what, amount in charges:
        if what not in NOT_BY_THE_CALL:
            by_payer[payer].append((what, amount))
    yield "## What a million recipients cost at AWS"
    yield ""
    yield f"Calls metered in local runs of {sizes[0]:,} and {sizes[1]:,} recipients, and the line"
    yield f"through both, at {SOURCE}."
    yield "Nothing is in it that comes to less than $0.00001."
    yield ""
    yield "| who | what | how much | $ |"
    yield "| --- | --- | --: | --: |"
    for payer, items in by_payer.items():
        for what, amount in sorted(items, key=lambda item: -item[1] * DOLLARS[item[0]]):
            if amount * DOLLARS[what] < SHOWN_DOLLARS:
                continue
            shown = f"{amount:,.0f}" if amount >= 10 else f"{amount:.3f}"
            yield f"| {payer} | {what} | {shown} | {amount * DOLLARS[what]:.5f} |"
    yield f"| **all** | | | **{dollars:.4f}** |"
    yield ""
    yield from beside(charges)


def beside(charges: Iterable[Charge]) -> Iterator[str]:
    """Return the lines that say what is billed, but not by the call."""
    metrics = sum(amount for _, what, amount in charges if what == METRIC_HOUR)
    gigabytes = sum(amount for _, what, amount in charges if what == OUTGOING)
    hourly, outgoing = metrics * DOLLARS[METRIC_HOUR], gigabytes * DOLLARS[OUTGOING]
    yield "What is not billed by the call is not in it:"
    yield ""
    yield "- by the hour in which something is sent, however much:"
    yield f"  {metrics:.0f} custom metrics, ${hourly:.4f};"
    yield "- whoever sends the texts: what they weigh on their way out of AWS,"
    yield f"  {gigabytes:.2f} GB, ${outgoing:.4f} once the 100 free GB a month are used up,"
    yield "  and a NAT gateway, where there is one;"
    yield "- whether anything is sent or not: alarms, dashboard, secret, storage, the tick with"
    yield "  nothing open, idle polling of the queue."
