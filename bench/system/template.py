"""What the template says: the defaults of parameters, and what its functions may use."""

from functools import cache

from local import ROOT
from local.template.reading import Template, load


@cache
def template() -> Template:
    return load(ROOT / "template.yaml")


def parameter(name: str, otherwise: float) -> float:
    """Return a parameter's default."""
    fields = template()["Parameters"].get(name, {})
    return float(fields.get("Default", otherwise))


def function(name: str) -> dict[str, float]:
    """Return what a function of the template may use."""
    properties = template()["Resources"][name]["Properties"]
    return {"megabytes": properties["MemorySize"], "seconds": properties["Timeout"]}
