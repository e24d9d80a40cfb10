"""Target 2: a recipient file to SQS, where each call takes ten milliseconds."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from bench.contest import Contest
from bench.fakes import FolderFiles
from bench.parsing import SIGN_NAME, TEMPLATE_CODE, dropped, parse_recipients
from bench.recipient_file import write_recipient_file
from bench.references import straightforward_parse
from bench.result import Findings, Result, verdict
from bench.rounds import measured
from bench.stopwatch import Stopwatch
from local.aws.child import child
from smsdrop.aws.client_config import LEAN
from smsdrop.aws.sqs import BatchQueue
from tests.support.fakes import FakeLedger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

CONTENDERS = {
    "straightforward": "bench.queueing:straightforward",
    "ours": "bench.queueing:ours",
}
AT_LEAST = 4
USUAL = Config()


def benchmark(contest: Contest) -> Findings:
    file = write_recipient_file(contest.folder / "queued.csv", rows=contest.size.queued_rows)
    with child("sqs", "-m", "bench.slow_sqs") as server:
        endpoint = json.loads(server.first_line(timeout=30))["endpoint"]
        taken = measured(
            CONTENDERS,
            rounds=contest.size.rounds,
            core=contest.core,
            path=str(file.path),
            endpoint=endpoint,
        )
    rates = {name: file.rows / each.wall_seconds for name, each in taken.items()}
    times = rates["ours"] / rates["straightforward"]
    result = Result(
        number=2,
        what=f"{file.rows:,} rows to SQS at 10 ms a call, one core",
        peer=f"straightforward: {rates['straightforward']:,.0f} rows/s",
        ours=f"{rates['ours']:,.0f} rows/s",
        ratio=f"{times:.1f} ×",
        target=f"≥ {AT_LEAST} ×",
        verdict=verdict(times >= AT_LEAST),
    )
    return Findings(results=(result,))


class PlainQueue:
    """One call after another."""

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, messages: Any) -> None:
        self._sqs.send_message_batch(
            QueueUrl=self._url,
            Entries=[{"Id": str(n), "MessageBody": each} for n, each in enumerate(messages)],
        )


def straightforward(watch: Stopwatch, *, path: str, endpoint: str) -> dict[str, Any]:
    queue = PlainQueue(sqs_client(endpoint), f"{endpoint}/0/batches")
    with watch:
        straightforward_parse.parse(
            Path(path), queue, template_code=TEMPLATE_CODE, sign_name=SIGN_NAME
        )
    return {}


def ours(watch: Stopwatch, *, path: str, endpoint: str) -> dict[str, Any]:
    queue = BatchQueue(sqs_client(endpoint, LEAN), f"{endpoint}/0/batches")
    with tempfile.TemporaryDirectory() as folder:
        use_case = parse_recipients(FolderFiles(Path(path), Path(folder)), FakeLedger(), queue)
        with watch:
            dropped(use_case)
    return {}


def sqs_client(endpoint: str, config: Config = USUAL) -> "SQSClient":
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client("sqs", endpoint_url=endpoint, config=config.merge(Config(proxies={})))
