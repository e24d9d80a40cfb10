"""Target 16: the receipts of a million recipients ≤ $0.05 at AWS by metered calls."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import ceil

from bench.harness.result import Findings, Result, verdict
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.inputs.recipient_file import write_recipient_file
from bench.metering.looks import FUNCTION, payer_of
from bench.metering.prices import DOLLARS, NOT_BY_THE_CALL, SOURCE
from bench.system.deployment import API_SECONDS, deployment
from bench.system.quick_ledger import quick_ledger
from bench.system.template import parameter
from bench.targets.cost import MILLION, SHOWN_DOLLARS, Charge, cost_of, run_nothing_of_itself
from local.gateway.delivery import Delivery
from smsdrop.receipts.looks import LOOKS

NUMBER = 16
FUNCTIONS = ("ParseRecipients", "SendBatch", "CloseCampaigns", FUNCTION)
AT_MOST_DOLLARS = 0.05
WARMING_UP = 200
LOOKUPS_A_SECOND = parameter("LookupsPerSecond", 200)
"""A look takes as long as the default rate makes it: Lambda bills that time."""

RUN_SECONDS = 240
"""As long as one run may ask; a longer look continues in another run."""

DELIVERY = Delivery(
    failed={"MOBILE_NOT_ON_SERVICE": 0.03},
    never_received=0.01,
    received_within=((0.95, 240), (0.98, 3000), (0.99, 80_000), (1, 250_000)),
)
"""Our assumption: who has no receipt yet at each of the looks, and who never has."""


def benchmark(run: Run) -> Findings:
    files = [
        write_recipient_file(run.folder / f"looked-at-{rows}.csv", rows=rows, clean=True)
        for rows in (WARMING_UP, *run.size.looked_at_rows)
    ]
    with (
        deployment(latency_seconds=API_SECONDS, LookupsPerSecond=f"{LOOKUPS_A_SECOND:g}") as system,
        quick_ledger(system.environment(FUNCTION)) as quick,
    ):
        run_nothing_of_itself(system)
        system.gateway.set_delivery(DELIVERY)
        taken = measured(
            {"ours": "bench.metering.looks:looks"},
            rounds=1,
            core=run.core,
            paths=[str(file.path) for file in files],
            environments={each: {**system.environment(each), **quick} for each in FUNCTIONS},
            megabytes={each: system.memory_megabytes(each) for each in FUNCTIONS},
        )["ours"]
    sizes = (files[1].recipients, files[2].recipients)
    charges = list(for_a_million(*taken.facts["charges"][1:], sizes=sizes))
    return findings(charges, sizes, taken.facts["counts"][-1])


def for_a_million(
    small: Iterable[Charge], large: Iterable[Charge], *, sizes: tuple[int, int]
) -> Iterator[Charge]:
    """
    Extend the line through two campaigns of different sizes.

    Its value at zero recipients is for the run itself, and a look at a million takes several runs.
    """
    less = {(payer, what): amount for payer, what, amount in small}
    for payer, what, amount in large:
        slope = max(0.0, amount - less.get((payer, what), 0.0)) / (sizes[1] - sizes[0])
        of_a_run = max(0.0, amount - slope * sizes[1])
        yield payer, what, slope * MILLION + of_a_run * RUNS[payer]


def runs_of(pending: float) -> int:
    """Return how many runs it takes to ask about this many at the default rate."""
    return max(1, ceil(pending / LOOKUPS_A_SECOND / RUN_SECONDS))


RUNS = {payer_of(look): runs_of(MILLION) for look in range(1, len(LOOKS) + 1)}
"""At most: the first look asks about everyone."""


def findings(charges: list[Charge], sizes: tuple[int, int], counts: Mapping[str, int]) -> Findings:
    dollars = cost_of(charges)
    each = DOLLARS["DynamoDB write unit"] * MILLION
    result = Result(
        number=NUMBER,
        what=f"AWS cost of the receipts of {MILLION:,} recipients, four looks",
        peer=f"an item per recipient: ${each:.3f} for its writes alone",
        ours=f"${dollars:.4f}",
        ratio=f"{dollars / each:.3f}",
        target=f"≤ ${AT_MOST_DOLLARS}",
        verdict=verdict(dollars <= AT_MOST_DOLLARS),
    )
    return Findings(
        results=(result,),
        details="\n".join(cost_table(charges, dollars, sizes, counts)),
    )


def cost_table(
    charges: Iterable[Charge],
    dollars: float,
    sizes: tuple[int, int],
    counts: Mapping[str, int],
) -> Iterator[str]:
    """Return the lines of a table of what the looks use, all four together."""
    totals: Counter[str] = Counter()
    for _, what, amount in charges:
        if what not in NOT_BY_THE_CALL:
            totals[what] += amount  # type: ignore[assignment] # fractions too
    final = counts["delivered"] + counts["undelivered"]
    yield "## What the receipts of a million recipients cost at AWS"
    yield ""
    yield f"Calls metered in local runs of {sizes[0]:,} and {sizes[1]:,} recipients, and the line"
    yield f"through both, at {SOURCE}."
    yield f"Of {counts['sent']:,} the carriers said of {final:,} what became of them; how many were"
    yield "pending at each look is our assumption."
    yield "Nothing is in it that comes to less than $0.00001."
    yield ""
    yield "| what | how much | $ |"
    yield "| --- | --: | --: |"
    for what, amount in sorted(totals.items(), key=lambda each: -each[1] * DOLLARS[each[0]]):
        if amount * DOLLARS[what] >= SHOWN_DOLLARS:
            yield f"| {what} | {amount:,.0f} | {amount * DOLLARS[what]:.5f} |"
    yield f"| **all** | | **{dollars:.4f}** |"
