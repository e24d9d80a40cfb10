"""The stack and region to use if none is named: those of samconfig.toml."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SAMCONFIG = Path(__file__).parents[3] / "samconfig.toml"

ENVIRONMENT = "default"
"""The environment of samconfig.toml that `sam deploy` takes too."""

STACK = "smsdrop"


def default_of(name: str, samconfig: Path = SAMCONFIG) -> str | None:
    """Return samconfig.toml's `stack_name` or `region`, if there is such a file."""
    if not samconfig.exists():
        return None
    config = tomllib.loads(samconfig.read_text(encoding="utf-8"))
    for command in ("deploy", "global"):
        if value := _parameters(config, command).get(name):
            return str(value)
    return None


def _parameters(config: Mapping[str, Any], command: str) -> dict[str, Any]:
    return dict(config.get(ENVIRONMENT, {}).get(command, {}).get("parameters", {}))
