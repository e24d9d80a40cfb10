"""
Who made a request, as S3's events name them.

ministack names the same principal for everyone. On AWS it is `AWS:` and the unique id of the user,
or of the role, followed by the session's name.
"""

from collections.abc import Callable
from typing import Any

Fire = Callable[..., None]


def naming(fire: Fire, principal_id: Callable[[], str]) -> Fire:
    """Wrap what sends an event of S3, in the context of the request that the event is about."""

    def fire_naming(*where: Any, **what: Any) -> None:
        identity = {"userIdentity": {"principalId": f"AWS:{principal_id()}"}}
        fire(*where, **what | {"record_extra": {**(what.get("record_extra") or {}), **identity}})

    return fire_naming


def principal_of(arn: str) -> tuple[str, str, str]:
    """Return what kind of principal it is, its name, and the session of an assumed role."""
    kind, _, path = arn.rpartition(":")[2].partition("/")
    if kind != "assumed-role":
        return kind, path.rpartition("/")[2], ""
    name, _, session = path.partition("/")
    return kind, name, session
