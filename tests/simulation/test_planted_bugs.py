"""The simulation finds bugs: those that others have made, and those it found in smsdrop itself."""

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from inspect import isclass
from itertools import chain

import pytest

from tests.simulation.planted import (
    FOUND_BUGS,
    LIFE_BUGS,
    LIST_BUGS,
    PLANTED_BUGS,
    RATE_BUGS,
    RECEIPT_BUGS,
    PlantedBug,
)
from tests.simulation.product import REAL, Product
from tests.simulation.rate import run_at_rate
from tests.simulation.run import run

MOST_SEEDS = 3000
"""How many seeds to try if the known one no longer shows the bug."""

BUGS = PLANTED_BUGS | FOUND_BUGS | LIFE_BUGS | RECEIPT_BUGS | LIST_BUGS
"""The bugs that a run of the simulation must find."""


def violations_at(seed: int, bug: PlantedBug, product: Product) -> tuple[str, ...]:
    return run(
        seed,
        product=product,
        always=bug.always,
        has_receipts=bug.has_receipts,
        lists=bug.lists,
    ).violations


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name: str, record_property: Callable[[str, object], None]) -> None:
    bug = BUGS[name]

    for seed in chain([bug.seed], range(1, MOST_SEEDS)):
        violations = violations_at(seed, bug, bug.product)
        if any(each.startswith(bug.blamed_for) for each in violations):
            break
    else:
        pytest.fail(f"not caught in {MOST_SEEDS} seeds")

    record_property("shown", f"planted bug caught by seed {seed}: {name}")
    assert violations_at(seed, bug, REAL) == ()


@pytest.mark.parametrize("name", RATE_BUGS)
def test_a_bug_planted_into_the_rate_limiter_is_caught(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    bug = RATE_BUGS[name]

    batches = 20 if bug.calls_per_second < 1 else 400
    at_rate = partial(run_at_rate, bug.seed, calls_per_second=bug.calls_per_second, batches=batches)

    violations = at_rate(product=bug.product)

    record_property("shown", f"planted bug caught by seed {bug.seed}: {name}")
    assert any(each.startswith(bug.blamed_for) for each in violations)
    assert at_rate() == ()


def test_each_planted_bug_differs_from_the_product_and_from_the_others() -> None:
    bugs = BUGS | RATE_BUGS
    products = {bug.product for bug in bugs.values()}

    assert len(products) == len(bugs)
    assert REAL not in products


@pytest.mark.parametrize("name", [*BUGS, *RATE_BUGS])
def test_what_a_planted_bug_does_otherwise_is_something_that_the_product_does(name: str) -> None:
    product = (BUGS | RATE_BUGS)[name].product
    parts = [getattr(product, each.name) for each in fields(product)]

    for planted in filter(isclass, parts):
        own = {each for each, value in vars(planted).items() if callable(value)}
        assert own <= set(dir(planted.__base__)) or planted.__base__ is object
