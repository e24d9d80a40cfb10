"""The single mutations of a module: a piece of its text, and its replacement."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

TURNED: Mapping[type[ast.cmpop], str] = {
    ast.Lt: ">=",
    ast.LtE: ">",
    ast.Gt: "<=",
    ast.GtE: "<",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
"""A comparison, and its opposite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """`module` is a path below the package; `start` counts bytes."""

    module: str
    start: int
    old: str
    new: str

    def applied(self, source: bytes) -> bytes:
        old = self.old.encode()
        if not source.startswith(old, self.start):
            raise ValueError(f"{self.module} has not {self.old!r} there")
        return source[: self.start] + self.new.encode() + source[self.start + len(old) :]


def found(module: str, source: bytes, old: str, new: str) -> Mutation:
    """Return the mutation of a text that occurs once in the module."""
    if source.count(old.encode()) != 1:
        raise ValueError(f"{module} has not once {old!r}")
    return Mutation(module=module, start=source.index(old.encode()), old=old, new=new)


def mutations(module: str, source: bytes) -> Iterator[Mutation]:
    """Yield all that this program knows how to make."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def text_of(node: ast.expr | ast.stmt) -> tuple[int, str]:
        start = starts[node.lineno - 1] + node.col_offset
        stop = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        return start, source[start:stop].decode()

    for node in _nodes(ast.parse(source)):
        for part, new in instead(node):
            start, old = text_of(part)
            yield Mutation(module=module, start=start, old=old, new=new)


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run: no decorators, and nothing that only type checkers read."""
    if isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING":
        return
    yield tree
    for name, value in ast.iter_fields(tree):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST) and name != "decorator_list":
                yield from _nodes(each)


def instead(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield parts of a node, each with what to put in its place."""
    for kind, ways in WAYS.items():
        if isinstance(node, kind):
            yield from ways(node)


def _of_condition(node: ast.If | ast.IfExp) -> Iterator[tuple[ast.expr, str]]:
    yield node.test, "False"
    yield node.test, "True"


def _of_loop(node: ast.While) -> Iterator[tuple[ast.expr, str]]:
    yield node.test, "False"


def _of_both(node: ast.BoolOp) -> Iterator[tuple[ast.expr, str]]:
    neutral = "True" if isinstance(node.op, ast.And) else "False"
    for each in node.values:
        yield each, neutral


def _of_comparison(node: ast.Compare) -> Iterator[tuple[ast.expr, str]]:
    if len(node.ops) == 1:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        yield node, f"({left} {TURNED[type(node.ops[0])]} {right})"


def _of_statement(node: ast.Expr) -> Iterator[tuple[ast.stmt, str]]:
    if isinstance(node.value, ast.Call):
        yield node, "pass"


def _of_call(node: ast.Call) -> Iterator[tuple[ast.expr, str]]:
    """Leave out each keyword argument; replace `min` and `max` by each of their arguments."""
    for each in node.keywords:
        others = [other for other in node.keywords if other is not each]
        yield node, ast.unparse(ast.Call(func=node.func, args=node.args, keywords=others))
    if isinstance(node.func, ast.Name) and node.func.id in ("min", "max") and not node.keywords:
        for argument in node.args[: len(node.args) if len(node.args) > 1 else 0]:
            yield node, f"({ast.unparse(argument)})"


def _of_flag(node: ast.Constant) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node.value, bool):
        yield node, str(not node.value)


def _of_sum(node: ast.BinOp) -> Iterator[tuple[ast.expr, str]]:
    if isinstance(node.op, ast.Add | ast.Sub):
        yield node, f"({ast.unparse(node.left)})"


WAYS: Mapping[type[ast.AST], Callable[..., Iterator[tuple[ast.expr | ast.stmt, str]]]] = {
    ast.If: _of_condition,
    ast.IfExp: _of_condition,
    ast.While: _of_loop,
    ast.BoolOp: _of_both,
    ast.Compare: _of_comparison,
    ast.Expr: _of_statement,
    ast.Call: _of_call,
    ast.Constant: _of_flag,
    ast.BinOp: _of_sum,
}
