"""Targets 1 and 7: a recipient file to queue messages, and ten million rows of it."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import IO, Any
from uuid import uuid4

from bench.contest import Contest
from bench.fakes import CountingQueue, FolderFiles
from bench.recipient_file import write_recipient_file
from bench.references import straightforward_parse
from bench.result import Findings, Result, limit, quantity, ratio, verdict
from bench.rounds import Measured, measured, one_round
from bench.sampling import Sampling
from bench.stopwatch import Stopwatch
from smsdrop.batches.batch import Batch, position_of
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.parse_recipients import CampaignLedger, Defaults, Files, ParseRecipients, Queue
from tests.support.fakes import FakeLedger

TEMPLATE_CODE = "SMS_154950909"
SIGN_NAME = "云通信"
PLAN_MODULES = "plan"
"""What the names of the modules begin with that write the plan and read it back."""

SAME_TIME_A_ROW = 1.15
"""Ours: what still counts as the time a row at a million rows."""


def benchmark(contest: Contest) -> Findings:
    size, folder = contest.size, contest.folder
    file = write_recipient_file(folder / "file.csv", rows=size.rows)
    taken = measured(
        {
            "straightforward": "bench.parsing:straightforward",
            "polars": "bench.parsing:vectorised",
            "ours": "bench.parsing:ours",
        },
        rounds=size.rounds,
        core=contest.core,
        path=str(file.path),
    )
    shares = [
        one_round("bench.parsing:share_of_plan", core=contest.core, path=str(file.path))
        for _ in range(size.rounds)
    ]
    share = median(each["facts"]["share"] for each in shares)
    many = write_recipient_file(folder / "many.csv", rows=size.many_rows)
    taken |= {
        f"{name}, many": each
        for name, each in measured(
            {
                "straightforward": "bench.parsing:straightforward",
                "ours": "bench.parsing:ours",
            },
            rounds=1,
            core=contest.core,
            path=str(many.path),
        ).items()
    }
    taken |= measured(  # again, as fast as the machine is by now
        {"ours, beside many": "bench.parsing:ours"},
        rounds=size.rounds,
        core=contest.core,
        path=str(file.path),
    )
    queued = one_round("bench.parsing:batches_queued", core=contest.core, path=str(many.path))
    ours, ours_many = taken["ours"], taken["ours, many"]
    return Findings(
        results=(
            *one(taken, share),
            *seven(taken, queued["facts"], times_the_rows=many.rows / file.rows),
        ),
        figures={
            "parse_seconds_a_row": ours_many.cpu_seconds / many.rows,
            "parse_megabytes": ours.peak_megabytes,
            "parse_bytes_a_row": max(0.0, ours_many.peak_megabytes - ours.peak_megabytes)
            * 1e6
            / (many.rows - file.rows),
            "plan_bytes_a_row": ours_many.facts["plan_bytes"] / many.rows,
        },
    )


def one(taken: dict[str, Measured], share: float) -> Iterator[Result]:
    ours = taken["ours"]
    without_plan = ours.cpu_seconds * (1 - share)
    yield from against_peers(f"parse {ours.facts['rows']:,} rows, CPU", taken, ours.cpu_seconds)
    yield Result(number=1, what="of it, plan written and read back", ours=f"{share:.0%}")
    yield from against_peers("the same without the plan, which peers lack", taken, without_plan)
    yield limit(1, "the same, peak memory", ours=ours.peak_megabytes, unit="MB", at_most=128)


def against_peers(what: str, taken: dict[str, Measured], ours: float) -> Iterator[Result]:
    for peer, at_most in (("straightforward", 0.35), ("polars", 1.0)):
        theirs = taken[peer].cpu_seconds
        yield ratio(1, what, peer=peer, theirs=theirs, ours=ours, unit="s", at_most=at_most)


def seven(
    taken: dict[str, Measured], queued: dict[str, int], *, times_the_rows: float
) -> Iterator[Result]:
    ours, peer = taken["ours, many"], taken["straightforward, many"]
    what = f"parse {ours.facts['rows']:,} rows"
    yield Result(
        number=7,
        what=f"{what}, peak memory",
        peer=f"straightforward: {quantity(peer.peak_megabytes, 'MB')}",
        ours=quantity(ours.peak_megabytes, "MB"),
        ratio=f"{ours.peak_megabytes / peer.peak_megabytes:.2f}",
        target="≤ 256 MB",
        verdict=verdict(ours.peak_megabytes <= 256),
    )
    growth = ours.cpu_seconds / taken["ours, beside many"].cpu_seconds / times_the_rows
    yield Result(
        number=7,
        what=f"{what}, CPU",
        ours=quantity(ours.cpu_seconds, "s"),
        ratio=f"{growth:.2f} a row",
        target="as in 1",
        verdict=verdict(growth <= SAME_TIME_A_ROW),
    )
    once, batches = queued["once"], queued["batches"]
    yield Result(
        number=7,
        what=f"{what}, batches queued once",
        ours=f"{once:,} of {batches:,}",
        target="all",
        verdict=verdict(once == batches > 0),
    )


# The contenders


def straightforward(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    queue = CountingQueue()
    with watch:
        straightforward_parse.parse(
            Path(path), queue, template_code=TEMPLATE_CODE, sign_name=SIGN_NAME
        )
    return {"messages": queue.messages, "bytes": queue.bytes}


def vectorised(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    from bench.references import polars_parse  # takes its memory when it is imported

    queue = CountingQueue()
    with watch:
        polars_parse.parse(Path(path), queue, template_code=TEMPLATE_CODE, sign_name=SIGN_NAME)
    return {"messages": queue.messages, "bytes": queue.bytes}


def ours(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    return parsed(watch, path, CountingQueue())


def share_of_plan(watch: Stopwatch, *, path: str) -> dict[str, Any]:
    """Say which part of the time goes into the plan; being sampled costs a little itself."""
    with Sampling("smsdrop", PLAN_MODULES) as sampling:
        facts = parsed(watch, path, CountingQueue())
    return facts | {"share": sampling.share}


def batches_queued(watch: Stopwatch, *, path: str) -> dict[str, int]:
    """Count the batches, and those of them that are found exactly once in what was queued."""
    with tempfile.TemporaryFile() as spool:
        facts = parsed(watch, path, CountingQueue(spool))
        return {"batches": facts["batches"], "once": found_once(spool)}


def parsed(watch: Stopwatch, path: str, queue: CountingQueue) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        files = FolderFiles(Path(path), Path(folder))
        use_case = parse_recipients(files, FakeLedger(), queue)
        with watch:
            campaign = dropped(use_case)
    return {
        "rows": campaign.rows,
        "accepted": campaign.accepted,
        "batches": campaign.batches,
        "messages": queue.messages,
        "bytes": queue.bytes,
        "plan_bytes": files.written_bytes,
    }


def parse_recipients(files: Files, ledger: CampaignLedger, queue: Queue) -> ParseRecipients:
    return ParseRecipients(
        files=files,
        ledger=ledger,
        queue=queue,
        defaults=Defaults(),
        clock=time.time,
        fresh_token=lambda: uuid4().hex,
    )


class NotTaken(Exception):
    """The file was refused, so that there is nothing to measure."""


def dropped(use_case: ParseRecipients) -> Campaign:
    """Parse the file, as a version of an object that never was before."""
    key = f"incoming/{TEMPLATE_CODE}/{SIGN_NAME}/file.csv"
    campaign = use_case.parse(FileVersion(bucket="files", key=key, version_id=uuid4().hex))
    if campaign is None or not campaign.is_queued or not campaign.batches:
        raise NotTaken(campaign and campaign.reason)
    return campaign


def found_once(spool: IO[bytes]) -> int:
    spool.seek(0)
    times = Counter(position_of(Batch.from_json(line).batch_id) for line in spool)
    return sum(each == 1 for each in times.values())
