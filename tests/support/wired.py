"""The adapters of a function, from the environment that the template gives it."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from local.template.reading import Template
from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.session import Session
from smsdrop.closing.close import Close
from smsdrop.closing.tick import Tick
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.close_campaigns import CloseOnDemand


def variables(template: Template, name: str, around: Mapping[str, str]) -> dict[str, str]:
    """Return a function's environment as the template has it: parameters by their defaults."""
    shared = template["Globals"]["Function"]["Environment"]["Variables"]
    values = {}
    for variable, value in {**shared, **own_variables(template, name)}.items():
        reference = value.get("Ref") if isinstance(value, dict) else None
        parameter = template["Parameters"].get(reference, {})
        values[variable] = around.get(variable, str(parameter.get("Default", value)))
    return values


def own_variables(template: Template, name: str) -> dict[str, Any]:
    """Return the variables of this function alone, without the shared ones."""
    environment = template["Resources"][name]["Properties"].get("Environment", {})
    own: dict[str, Any] = environment.get("Variables", {})
    return own


class Environment(Mapping[str, str]):
    """Remembers what was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.asked_for: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked_for.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class FakeSession:
    """Makes no clients, and remembers which it was to make, each with its configuration."""

    def __init__(self) -> None:
        self.made: list[tuple[str, object]] = []

    def client(self, name: str, *, config: object = None) -> object:
        self.made.append((name, config))
        return object()


class Wired(Adapters):
    """The adapters with what they were built from."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.environment = Environment(values)
        self.session = FakeSession()
        super().__init__(cast("Session", self.session), self.environment, Metrics())


def wired(template: Template, name: str, **changes: str) -> Wired:
    """Return this function's adapters, as in the template except for these variables."""
    return Wired({**variables(template, name, {}), **changes})


def reports_of(tick: Tick) -> Close:
    """Return what the tick writes reports by."""
    assert isinstance(tick.advance.close, CloseOnDemand)
    return tick.advance.close.loaded
