"""Target 2: a file to SQS at 10 ms a call, rows a second ≥ 4 × those of straightforward."""

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from bench.harness.result import Findings, Result, verdict
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs.recipient_file import write_recipient_file
from bench.references import straightforward_parse
from bench.system.parsing import (
    SIGN_NAME,
    TEMPLATE_CODE,
    FolderFiles,
    dropped,
    parse_recipients,
)
from local.aws.child import child
from smsdrop.aws.session import CLIENT_CONFIG
from smsdrop.aws.sqs import BatchQueue
from tests.support.fakes import FakeLedger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

CONTENDERS = {
    "straightforward": "bench.targets.queue:straightforward",
    "ours": "bench.targets.queue:ours",
}
AT_LEAST = 4
USUAL = Config()


def benchmark(run: Run) -> Findings:
    file = write_recipient_file(run.folder / "queued.csv", rows=run.size.queued_rows)
    with child("sqs", "-m", "bench.servers.slow_sqs") as server:
        endpoint = json.loads(server.first_line(timeout=30))["endpoint"]
        taken = measured(
            CONTENDERS,
            rounds=run.size.rounds,
            core=run.core,
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
    queue = BatchQueue(sqs_client(endpoint, CLIENT_CONFIG), f"{endpoint}/0/batches")
    with tempfile.TemporaryDirectory() as folder:
        use_case = parse_recipients(FolderFiles(Path(path), Path(folder)), FakeLedger(), queue)
        with watch:
            dropped(use_case)
    return {}


def sqs_client(endpoint: str, config: Config = USUAL) -> "SQSClient":
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client("sqs", endpoint_url=endpoint, config=config.merge(Config(proxies={})))
