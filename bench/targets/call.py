"""Target 4: a message to an answer over verified TLS, CPU ≤ 0.5 of the official SDK."""

import json
from dataclasses import replace
from typing import Any

import certifi

from bench.harness.result import Findings, Result, Verdict, ratio
from bench.harness.rounds import Measured, measured
from bench.harness.run import Run
from bench.harness.stopwatch import Stopwatch
from bench.inputs import messages
from local.aws.child import child

KEY_ID, SECRET = "LTAIbench", "bench"
CONTENDERS = {
    "the official SDK": "bench.targets.call:official",
    "straightforward": "bench.targets.call:straightforward",
    "ours": "bench.targets.call:ours",
}
AT_MOST = 0.5


class NotAccepted(Exception):
    """The stand-in refused a call, so its time means nothing."""


def benchmark(run: Run) -> Findings:
    keys = ["--access-key-id", KEY_ID, "--access-key-secret", SECRET]
    with child("tls-gateway", "-m", "bench.servers.tls_gateway", *keys) as server:
        ready = json.loads(server.first_line(timeout=30))
        taken = measured(
            CONTENDERS,
            rounds=run.size.rounds,
            core=run.core,
            calls=run.size.calls,
            **ready,
        )
    calls = run.size.calls
    return Findings(
        results=(
            against(taken, "the official SDK", calls, at_most=AT_MOST),
            without_target(taken, "straightforward", calls),
        )
    )


def against(taken: dict[str, Measured], peer: str, calls: int, *, at_most: float) -> Result:
    return ratio(
        4,
        "one call over verified TLS, CPU",
        peer=peer,
        theirs=taken[peer].cpu_seconds / calls * 1e6,
        ours=taken["ours"].cpu_seconds / calls * 1e6,
        unit="µs",
        at_most=at_most,
    )


def without_target(taken: dict[str, Measured], peer: str, calls: int) -> Result:
    line = against(taken, peer, calls, at_most=1)
    return replace(line, target="", verdict=Verdict.UNJUDGED)


def trust(authority: str) -> None:
    """Let everything that is imported from now on trust this authority, and no other."""
    certifi.where = lambda: authority


def ours(watch: Stopwatch, *, calls: int, endpoint: str, authority: str) -> dict[str, Any]:
    trust(authority)
    from smsdrop.alibaba.answers import Meaning
    from smsdrop.alibaba.client import AliyunSms, CallTimes
    from smsdrop.alibaba.signing import AccessKey
    from smsdrop.batches.batch import Batch

    gateway = AliyunSms(endpoint, CallTimes.within(60))
    key = AccessKey(key_id=KEY_ID, secret=SECRET)

    def send(message: str) -> None:
        batch = Batch.from_json(message)
        answer = gateway.send(batch, out_id=f"{batch.batch_id}-1", key=key)
        if answer.meaning is not Meaning.ACCEPTED:
            raise NotAccepted(answer.code)

    first, *others = messages.ours(calls + 1)
    send(first)  # connects
    with watch:
        for message in others:
            send(message)
    return {}


def straightforward(
    watch: Stopwatch, *, calls: int, endpoint: str, authority: str
) -> dict[str, Any]:
    trust(authority)
    import requests

    from bench.references import straightforward_send

    session = requests.Session()

    def send(message: str) -> None:
        answer = straightforward_send.send(session, endpoint, message, key_id=KEY_ID, secret=SECRET)
        if answer["Code"] != "OK":
            raise NotAccepted(answer["Code"])

    first, *others = messages.straightforward(calls + 1)
    send(first)
    with watch:
        for message in others:
            send(message)
    return {}


def official(watch: Stopwatch, *, calls: int, endpoint: str, authority: str) -> dict[str, Any]:
    trust(authority)
    from bench.references.official_client import sender

    send = sender(endpoint, key_id=KEY_ID, secret=SECRET)
    first, *others = messages.straightforward(calls + 1)
    send(first)
    with watch:
        codes = {send(message) for message in others}
    if codes != {"OK"}:
        raise NotAccepted(codes)
    return {}
