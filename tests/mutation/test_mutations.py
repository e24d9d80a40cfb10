"""The mutations that are made: each changes one thing, and the result still runs."""

import ast

import pytest

from tests.mutation.__main__ import PROMISE, drawn, known, shown, source_of
from tests.mutation.mutations import mutations


def mutated(source: str) -> set[str]:
    text = source.encode()
    return {each.applied(text).decode() for each in mutations("m.py", text)}


@pytest.mark.parametrize(
    ("source", "some"),
    [
        pytest.param("if a: b", {"if False: b", "if True: b"}, id="a condition"),
        pytest.param("while a: b", {"while False: b"}, id="a loop"),
        pytest.param("x = a and b", {"x = True and b", "x = a and True"}, id="one of two"),
        pytest.param("x = 甲 < b", {"x = (甲 >= b)"}, id="a comparison"),
        pytest.param("x.write()", {"pass"}, id="a statement"),
        pytest.param("x = f(a, b=c)", {"x = f(a)"}, id="an argument"),
        pytest.param("x = min(a, b)", {"x = (a)", "x = (b)"}, id="a choice"),
        pytest.param("x = f(True)", {"x = f(False)"}, id="a flag"),
        pytest.param("x = a - b", {"x = (a)"}, id="a sum"),
        pytest.param("@f(a=True)\nclass A: pass", set(), id="no decorator"),
        pytest.param("if TYPE_CHECKING: f()", set(), id="nothing for type checkers"),
    ],
)
def test_one_thing_is_changed(source: str, some: set[str]) -> None:
    assert mutated(source) == some


def test_each_mutation_that_was_once_unnoticed_can_still_be_made() -> None:
    assert len(list(known())) > 30


def test_what_a_mutation_leaves_can_be_run() -> None:
    for mutation in [*known(), *drawn(PROMISE, draw=1)]:
        ast.parse(mutation.applied(source_of(mutation.module)))
        assert mutation.new != mutation.old, shown(mutation)
