"""Target 8: a million recipients ≤ $0.03 at AWS by metered calls; held, ≤ $0.01 more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import ceil

from bench.harness.result import Findings, Result, verdict
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.inputs.recipient_file import write_recipient_file
from bench.metering.campaigns import TICK
from bench.metering.prices import DOLLARS, METRIC_HOUR, NOT_BY_THE_CALL, OUTGOING, SOURCE
from bench.system.deployment import API_SECONDS, Deployment, deployment
from bench.system.quick_ledger import quick_ledger
from bench.system.template import parameter
from smsdrop.batches.batch import MAX_RECIPIENTS

MILLION = 1_000_000
FUNCTIONS = ("ParseRecipients", "SendBatch", "CloseCampaigns", "Operate")
AT_MOST_DOLLARS = 0.03
AT_MOST_MORE_DOLLARS = 0.01
"""For a campaign that is held with all its messages queued, and released."""

CONTENDERS = {
    "ours": "bench.metering.campaigns:campaigns",
    "held": "bench.metering.campaigns:held_campaigns",
}
SHOWN_DOLLARS = 0.000_01
CALLS_A_SECOND = parameter("CallsPerSecond", 50)
"""The default rate holds the senders back: Lambda bills their waiting."""

WARMING_UP = 500
"""Rows of a campaign before those that count, so that imports and connections are done."""

Charge = tuple[str, str, float]
"""Who pays, for what, and how much of it."""


def benchmark(run: Run) -> Findings:
    files = [
        write_recipient_file(run.folder / f"metered-{rows}.csv", rows=rows, clean=True)
        for rows in (WARMING_UP, *run.size.metered_rows)
    ]
    with (
        deployment(latency_seconds=API_SECONDS, CallsPerSecond=f"{CALLS_A_SECOND:g}") as system,
        quick_ledger(system.environment("SendBatch")) as quick,
    ):
        run_nothing_of_itself(system)
        environments = {each: {**system.environment(each), **quick} for each in FUNCTIONS}
        taken = measured(
            CONTENDERS,
            rounds=1,
            core=run.core,
            paths=[str(file.path) for file in files],
            environments=environments,
            megabytes={each: system.memory_megabytes(each) for each in FUNCTIONS},
        )
    sizes = (files[1].recipients, files[2].recipients)
    plain, held = (
        list(for_a_million(*taken[each].facts["charges"][1:], sizes=sizes)) for each in CONTENDERS
    )
    found = findings(plain, sizes)
    more = cost_of(held) - cost_of(plain)
    return replace(found, results=(*found.results, held_result(more, cost_of(plain))))


def run_nothing_of_itself(system: Deployment) -> None:
    """Keep the local AWS from running any function: the metered run does."""
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
    Extend the line through two campaigns of different sizes: some costs are per campaign.

    The tick in the middle of sending is counted for each minute of it.
    """
    ticks = ceil(MILLION / MAX_RECIPIENTS / CALLS_A_SECOND / 60)
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
            / (MILLION / MAX_RECIPIENTS),
        },
        details="\n".join(cost_table(charges, dollars, sizes)),
    )


def held_result(more: float, plain: float) -> Result:
    return Result(
        number=8,
        what="the same, held once it is queued, and released: more by",
        peer=f"never held: ${plain:.4f}",
        ours=f"${more:.4f}",
        ratio=f"{more / plain:.3f}",
        target=f"≤ ${AT_MOST_MORE_DOLLARS}",
        verdict=verdict(more <= AT_MOST_MORE_DOLLARS),
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
    """Return the lines about what is billed, but not by the call."""
    metrics = sum(amount for _, what, amount in charges if what == METRIC_HOUR)
    gigabytes = sum(amount for _, what, amount in charges if what == OUTGOING)
    hourly, outgoing = metrics * DOLLARS[METRIC_HOUR], gigabytes * DOLLARS[OUTGOING]
    yield "Not in it, because it is not billed by the call:"
    yield ""
    yield "- by the hour in which something is sent, however much:"
    yield f"  {metrics:.0f} custom metrics, ${hourly:.4f};"
    yield "- the traffic out of AWS, which any way of sending the texts has,"
    yield f"  {gigabytes:.2f} GB, ${outgoing:.4f} once the 100 free GB a month are used up,"
    yield "  and a NAT gateway, where there is one;"
    yield "- whether anything is sent or not: alarms, dashboard, secret, storage, the tick with"
    yield "  nothing open, idle polling of the queue; `python -m bench.metering.idle` prints that."
