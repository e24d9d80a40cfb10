"""
The form of queue messages and plans, which one release writes and another may have to read.

A new member that an older release may ignore needs no new form: readers take the members that they
know. A change that an older release would misread raises the form. What has a later form than a
release knows is left to one that knows it, as after a rollback. What was written before there were
forms has none, and is read as well.
"""

from collections.abc import Mapping
from typing import Any

FORM = 1


class LaterForm(Exception):
    """A later release has written this, in a form that this one would misread."""


def check_form(members: Mapping[str, Any]) -> None:
    """Raise `LaterForm` unless this release knows the form."""
    if members.get("form", 0) > FORM:
        raise LaterForm
