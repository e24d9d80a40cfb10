"""What the figures mean for larger files: how long each step takes, and which limit comes first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from bench.system.deployment import API_SECONDS
from bench.system.template import function, parameter
from smsdrop.batches.batch import MAX_RECIPIENTS

RECIPIENTS = (10**6, 10**7, 10**8)
CALLS_AN_EVENT = 10

RATES = (50, 200, 1000)
TIMES_THE_RATE = 9
"""What senders must manage without a rate limit, so that most of a rate is used."""

KEPT_SHARE = TIMES_THE_RATE / (TIMES_THE_RATE + 1)

PARTITION_WRITES = 1000
"""DynamoDB takes no more write units a second for one partition key."""

LEAST_BYTES_A_ROW = 0.1
"""Less than this cannot be told from zero."""

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A limit, in rows of one file or in recipients a second, and what moves it."""

    what: str
    measured: str
    reached: float
    unit: str
    moved_by: str


def calls_a_second(figures: Figures) -> float:
    """Return what all senders together manage when no rate holds them back."""
    return parameter("MaximumConcurrency", 2) * CALLS_AN_EVENT / figures["event_seconds"]


def kept_calls_a_second(figures: Figures) -> float:
    """
    Return how much of the rate is used.

    A sender first waits for its share of the rate, call by call, and then for its last call to end
    before it gets the next messages: both times add up.
    """
    return 1 / (1 / allowed_calls_a_second() + 1 / calls_a_second(figures))


def senders_for(rate: float, figures: Figures) -> int:
    """Return how many senders it takes to keep most of so many calls a second."""
    return ceil(TIMES_THE_RATE * rate * figures["event_seconds"] / CALLS_AN_EVENT)


def allowed_calls_a_second() -> float:
    return parameter("CallsPerSecond", 50)


def dollars(figures: Figures, recipients: int) -> float:
    """All costs grow with the recipients: a tick reads one entry, however many there are."""
    return figures["dollars_a_million"] * recipients / 1e6


def bounds(figures: Figures) -> Iterator[Bound]:
    parser, closer = function("ParseRecipients"), function("CloseCampaigns")
    yield Bound(
        what="the provider's rate, as the stack allows it",
        measured=f"{allowed_calls_a_second():g} calls/s",
        reached=allowed_calls_a_second() * MAX_RECIPIENTS,
        unit="recipients/s",
        moved_by="`CallsPerSecond`, as far as the account's own limit goes",
    )
    yield Bound(
        what=f"what the senders manage, the provider answering in {API_SECONDS * 1000:.0f} ms",
        measured=f"{figures['event_seconds'] * 1000:.0f} ms an event of ten calls",
        reached=calls_a_second(figures) * MAX_RECIPIENTS,
        unit="recipients/s",
        moved_by="`MaximumConcurrency`",
    )
    yield Bound(
        what="the ledger's partition, which all batches of a campaign share",
        measured=f"{figures['writes_a_batch']:.1f} writes a batch",
        reached=PARTITION_WRITES / figures["writes_a_batch"] * MAX_RECIPIENTS,
        unit="recipients/s",
        moved_by="several files: each campaign has a partition of its own",
    )
    yield Bound(
        what="ParseRecipients' time",
        measured=f"{figures['parse_seconds_a_row'] * 1e6:.1f} µs a row",
        reached=parser["seconds"] / figures["parse_seconds_a_row"],
        unit="rows",
        moved_by="nothing: Lambda's longest; drop the rows as several files",
    )
    memory = parser["megabytes"] - figures["parse_megabytes"]
    yield Bound(
        what="ParseRecipients' memory",
        measured=f"{figures['parse_bytes_a_row']:.0f} bytes a row beyond the first million",
        reached=memory * 1e6 / max(1e-9, figures["parse_bytes_a_row"]),
        unit="rows",
        moved_by="`MemorySize` in the template",
    )
    yield Bound(
        what="CloseCampaigns' memory",
        measured=f"{figures['close_bytes_a_row']:.1f} bytes a row beyond the first million",
        reached=(closer["megabytes"] - figures["close_megabytes"])
        * 1e6
        / max(LEAST_BYTES_A_ROW, figures["close_bytes_a_row"]),
        unit="rows",
        moved_by="`MemorySize` in the template",
    )
    yield Bound(
        what="CloseCampaigns' time",
        measured=f"{figures['closing_seconds_a_row'] * 1e6:.1f} µs a row in the local AWS",
        reached=closer["seconds"] / figures["closing_seconds_a_row"],
        unit="rows",
        moved_by="nothing: Lambda's longest; drop the rows as several files",
    )
    yield Bound(
        what="`MaxRows`",
        measured="refused beyond it, early",
        reached=parameter("MaxRows", 10**7),
        unit="rows",
        moved_by="`MaxRows`",
    )


def report(figures: Figures) -> Iterator[str]:
    """Return the section as lines of Markdown."""
    limits = sorted(bounds(figures), key=lambda bound: bound.reached)
    yield "## What it means at scale"
    yield ""
    yield "Computed from the figures above and the template's defaults."
    yield ""
    yield "| recipients | to parse | plan in the bucket | to send | calls | at AWS |"
    yield "| --: | --: | --: | --: | --: | --: |"
    rate = kept_calls_a_second(figures) * MAX_RECIPIENTS
    for recipients in RECIPIENTS:
        yield (
            f"| {recipients:,} | {spell(recipients * figures['parse_seconds_a_row'])} "
            f"| {recipients * figures['plan_bytes_a_row'] / 1e6:,.0f} MB "
            f"| {spell(recipients / rate)} | {recipients // MAX_RECIPIENTS:,} "
            f"| ${dollars(figures, recipients):.2f} |"
        )
    yield ""
    yield "| limit | measured or set | reached at | moved by |"
    yield "| --- | --- | --: | --- |"
    for bound in sorted(limits, key=lambda bound: bound.unit):
        reached = f"{rounded(bound.reached):,} {bound.unit}"
        yield f"| {bound.what} | {bound.measured} | {reached} | {bound.moved_by} |"
    yield ""
    yield from rates(figures)
    yield ""
    yield from bottlenecks(figures, limits)


def rates(figures: Figures) -> Iterator[str]:
    """Say how much of the default rate is used, and how many senders other rates need."""
    kept = kept_calls_a_second(figures)
    million = 10**6
    parsing = million * figures["parse_seconds_a_row"]
    sending = million / MAX_RECIPIENTS / kept
    yield (
        f"At the defaults {parameter('MaximumConcurrency', 2):g} senders make {kept:.0f} of the "
        f"{allowed_calls_a_second():g} calls a second that `CallsPerSecond` allows, so that "
        f"{million:,} recipients take {spell(sending)} to send, {sending / parsing:,.0f} times as "
        f"long as to judge and to queue. What keeps {KEPT_SHARE:.0%} of a rate:"
    )
    yield ""
    yield "| `CallsPerSecond` | `MaximumConcurrency` | recipients/s |"
    yield "| --: | --: | --: |"
    for rate in RATES:
        recipients = rate * KEPT_SHARE * MAX_RECIPIENTS
        yield f"| {rate:,} | {senders_for(rate, figures):,} | {recipients:,.0f} |"


def bottlenecks(figures: Figures, limits: list[Bound]) -> Iterator[str]:
    rates = [bound for bound in limits if bound.unit == "recipients/s"]
    rows = [bound for bound in limits if bound.unit == "rows"]
    for recipients in RECIPIENTS[1:]:
        broken = [bound for bound in rows if bound.reached < recipients]
        hours = spell(recipients / MAX_RECIPIENTS / kept_calls_a_second(figures))
        if broken:
            yield (
                f"- **{recipients:,} recipients in one file** do not go. The first to stop them is "
                f"{broken[0].what}, at {rounded(broken[0].reached):,} rows; what moves it: "
                f"{broken[0].moved_by}."
            )
        else:
            yield f"- **{recipients:,} recipients in one file** go."
        yield (
            f"  However they are dropped, sending them takes {hours}: what holds them is "
            f"{rates[0].what}, {rates[0].reached:,.0f} recipients/s; what moves it: "
            f"{rates[0].moved_by}. Next comes {rates[1].what}, "
            f"{rates[1].reached / rates[0].reached:.1f} times as high."
        )


def spell(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:,.1f} s"


def rounded(number: float) -> int:
    """Return the number with two significant digits: more are not known."""
    return int(float(f"{number:.1e}"))
