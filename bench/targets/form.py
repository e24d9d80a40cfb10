"""Target 3: a queue message to a signed form, CPU ≤ 0.3 of straightforward, the same fields."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from bench.harness.result import Findings, Result, ratio, verdict
from bench.harness.rounds import measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs import messages
from bench.references import straightforward_send
from smsdrop.alibaba.actions import send_batch_sms, signed
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch

ENDPOINT = "https://dysmsapi.aliyuncs.com"
KEY_ID, SECRET = "LTAIbench", "bench"
CONTENDERS = {
    "straightforward": "bench.targets.form:straightforward",
    "ours": "bench.targets.form:ours",
}
AT_MOST = 0.3


def benchmark(run: Run) -> Findings:
    calls = run.size.calls
    taken = measured(CONTENDERS, rounds=run.size.rounds, core=run.core, calls=calls)
    theirs, mine = taken["straightforward"], taken["ours"]
    same = theirs.facts["fields"] == mine.facts["fields"]
    results = (
        ratio(
            3,
            "queue message to signed form, CPU a batch",
            peer="straightforward",
            theirs=theirs.cpu_seconds / calls * 1e6,
            ours=mine.cpu_seconds / calls * 1e6,
            unit="µs",
            at_most=AT_MOST,
        ),
        Result(
            number=3,
            what="the decoded fields of all forms",
            ours="the same" if same else "not the same",
            target="the same",
            verdict=verdict(same),
        ),
    )
    return Findings(results=results)


def straightforward(watch: Stopwatch, *, calls: int) -> dict[str, Any]:
    queued = messages.straightforward(calls)
    bodies = []
    with watch:
        for message in queued:
            batch = json.loads(message)
            body = straightforward_send.form(batch).encode()
            query = {"TemplateCode": batch["template_code"], "OutId": batch["batch_id"]}
            straightforward_send.signed(ENDPOINT, query, body, key_id=KEY_ID, secret=SECRET)
            bodies.append(body)
    return {"fields": [decoded(body) for body in bodies]}


def ours(watch: Stopwatch, *, calls: int) -> dict[str, Any]:
    queued = messages.ours(calls)
    key = AccessKey(key_id=KEY_ID, secret=SECRET)
    bodies = []
    with watch:
        for message in queued:
            batch = Batch.from_json(message)
            call = send_batch_sms(batch, out_id=f"{batch.batch_id}-1")
            request = signed(
                call, endpoint=ENDPOINT, key=key, nonce=uuid4().hex, at=datetime.now(UTC)
            )
            bodies.append(request.body)
    return {"fields": [decoded(body) for body in bodies]}


def decoded(body: bytes) -> dict[str, Any]:
    """Return what the provider reads in a form."""
    fields = parse_qs(body.decode(), strict_parsing=True)
    return {name: json.loads(value) for name, [value] in fields.items()}
