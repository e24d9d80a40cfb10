"""The whole flow under every fault at once, thousands of times: what must hold holds each time."""

import gc
import os
from collections.abc import Callable, Iterator
from multiprocessing import get_context

import pytest

from tests.simulation.run import run
from tests.simulation.scheduler import Process
from tests.simulation.seeds import KINDS, Findings, run_seeds

pytestmark = pytest.mark.timeout(900)  # two busy cores may take minutes for all the seeds

SEEDS = range(1, 2501)
LEAST_SHARE = 0.05


@pytest.fixture(scope="module")
def findings() -> Findings:
    return run_seeds(SEEDS, processes=os.cpu_count() or 1)


def traces_of(findings: Findings) -> Iterator[str]:
    """Yield what happened in the first seeds that broke the promise, line by line."""
    for seed in sorted(findings.violations)[:3]:
        yield f"seed {seed}:"
        yield from run(seed, tracing=True).trace


def test_nobody_is_texted_twice_and_nobody_is_forgotten_whatever_fails(
    findings: Findings, record_property: Callable[[str, object], None]
) -> None:
    record_property("shown", f"{findings.seeds} seeds of the simulation ran")

    assert findings.seeds == len(SEEDS)
    assert not findings.violations, "\n".join(traces_of(findings))


@pytest.mark.parametrize("fault", sorted({*KINDS}))
def test_each_kind_of_fault_strikes_in_a_twentieth_of_the_seeds(
    findings: Findings, fault: str
) -> None:
    assert findings.shares()[fault] >= LEAST_SHARE


def test_a_seed_gives_the_same_trace_each_time_and_in_any_process() -> None:
    first = run(7, tracing=True)

    with get_context("spawn").Pool(1) as pool:
        again = pool.apply(run, (7,), {"tracing": True})

    assert len(first.trace) > 20
    assert again == first


def test_looking_at_a_seeds_trace_does_not_change_what_happens() -> None:
    seen = run(7, tracing=True)
    unseen = run(7)

    assert (seen.fired, seen.violations) == (unseen.fired, unseen.violations)


def test_a_trace_tells_of_every_fault_that_struck() -> None:
    outcome = run(7, tracing=True)

    told = [line.partition("!! ")[2] for line in outcome.trace if "!! " in line]
    assert outcome.fired
    assert sorted(told) == sorted(outcome.fired.elements())


@pytest.mark.parametrize("seed", range(1, 11))
def test_without_faults_nothing_strikes_and_everything_ends_well(seed: int) -> None:
    outcome = run(seed, share=0, lists=False)

    assert not outcome.fired
    assert not outcome.violations


def test_no_process_outlives_its_run() -> None:
    """A process that is not ended keeps its memory; over many seeds that would use up all of it."""
    run(7)

    gc.collect()

    assert [each for each in gc.get_objects() if isinstance(each, Process)] == []
