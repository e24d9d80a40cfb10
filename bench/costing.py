"""Target 8: what a million recipients cost at AWS, metered calls at list prices."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import ceil

from bench.contest import Contest
from bench.delivering import copy_table
from bench.deployment import API_SECONDS, Deployment, deployment
from bench.metered_run import TICK
from bench.prices import DOLLARS, SOURCE
from bench.recipient_file import write_recipient_file
from bench.result import Findings, Result, verdict
from bench.rounds import measured
from bench.scale import parameter
from local.child import child

MILLION = 1_000_000
FUNCTIONS = ("ParseRecipients", "SendBatch", "CloseCampaigns")
AT_MOST_DOLLARS = 0.03

Charge = tuple[str, str, float]
"""Who pays, for what, and how much of it."""


def benchmark(contest: Contest) -> Findings:
    rows = contest.size.metered_rows
    file = write_recipient_file(contest.folder / "metered.csv", rows=rows, clean=True)
    with (
        deployment(latency_seconds=API_SECONDS) as system,
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
            {"ours": "bench.metered_run:campaign"},
            rounds=1,
            core=contest.core,
            path=str(file.path),
            environments=environments,
            megabytes={each: system.memory_megabytes(each) for each in FUNCTIONS},
        )["ours"].facts
    charges = list(for_a_million(facts["charges"], recipients=file.recipients))
    return findings(charges, metered=file.recipients)


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


def for_a_million(charges: Iterable[Charge], *, recipients: int) -> Iterator[Charge]:
    """Scale up what was metered; the tick in the middle stands for all while sending goes on."""
    ticks = ceil(MILLION / 100 / parameter("CallsPerSecond", 50) / 60)
    for payer, what, amount in charges:
        times = 1.0 if what == "Lambda request" and payer != "SendBatch" else MILLION / recipients
        yield payer, what, amount * times * (ticks if payer == TICK else 1)


def findings(charges: list[Charge], *, metered: int) -> Findings:
    dollars = sum(amount * DOLLARS[what] for _, what, amount in charges)
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
        figures={"dollars_a_million": dollars},
        details="\n".join(cost_table(charges, dollars, metered=metered)),
    )


def cost_table(charges: list[Charge], dollars: float, *, metered: int) -> Iterator[str]:
    """Return the lines of a table of what each function uses."""
    by_payer: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for payer, what, amount in charges:
        by_payer[payer].append((what, amount))
    yield "## What a million recipients cost at AWS"
    yield ""
    yield f"Calls metered in a local run of {metered:,} recipients and scaled up, at {SOURCE}."
    yield "What runs whether anything is sent or not (the secret, storage, the tick while nothing is"
    yield "open, idle polling of the queue) is not in it."
    yield ""
    yield "| who | what | how much | $ |"
    yield "| --- | --- | --: | --: |"
    for payer, items in by_payer.items():
        for what, amount in sorted(items, key=lambda item: -item[1] * DOLLARS[item[0]]):
            shown = f"{amount:,.0f}" if amount >= 10 else f"{amount:.3f}"
            yield f"| {payer} | {what} | {shown} | {amount * DOLLARS[what]:.5f} |"
    yield f"| **all** | | | **{dollars:.4f}** |"
