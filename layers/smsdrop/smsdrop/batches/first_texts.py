"""A few of a plan's texts with their variables filled in, kept beside it for people to look at."""

import json
from collections.abc import Sequence

from smsdrop.ports import ObjectGone, Objects

TEXTS = "texts.json"

FIRST_TEXTS = 3
"""Our choice: how many a person looks at."""


def keep_texts(plan: str, texts: Sequence[str], objects: Objects) -> None:
    """Write them beside a plan, which is given by the prefix of its objects."""
    with objects.new_object(plan + TEXTS) as stream:
        stream.write(json.dumps({"texts": texts}, ensure_ascii=False).encode() + b"\n")


def kept_texts(plan: str, objects: Objects) -> list[str]:
    """Read them; there are none if the plan's texts are not known."""
    try:
        texts: list[str] = json.loads(b"".join(objects.lines(plan + TEXTS)))["texts"]
    except ObjectGone:
        return []
    return texts
