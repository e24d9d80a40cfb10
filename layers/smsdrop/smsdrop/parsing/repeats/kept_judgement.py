"""The judgement of a file, kept beside its plan so that any run can commit it."""

import json
from dataclasses import asdict, fields
from typing import Any

from smsdrop.batches.forms import FORM, check_form
from smsdrop.ledger.campaign import Counts, Judgement
from smsdrop.ledger.terms import Terms
from smsdrop.ports import Objects
from smsdrop.reasons import Reason

JUDGEMENT = "judgement.json"


def keep_judgement(judgement: Judgement, objects: Objects) -> None:
    """Write it in one line."""
    members = {
        "form": FORM,
        **asdict(judgement),
        "problems": [each.to_list() for each in judgement.problems],
    }
    with objects.new_object(judgement.plan + JUDGEMENT) as stream:
        stream.write(json.dumps(members, ensure_ascii=False).encode() + b"\n")


def kept_judgement(plan: str, objects: Objects) -> Judgement:
    """Read a plan's judgement, given the prefix of its objects; raises `ObjectGone`."""
    members = json.loads(b"".join(objects.lines(plan + JUDGEMENT)))
    check_form(members)
    terms = _known(members.get("terms", {}), Terms)
    return Judgement(
        plan=members["plan"],
        template_code=members["template_code"],
        sign_name=members["sign_name"],
        encoding=members["encoding"],
        counts=Counts(**_known(members["counts"], Counts)),
        terms=Terms(**terms | {"windows": tuple(terms.get("windows", ()))}),
        problems=tuple(map(Reason.from_list, members["problems"])),
        suppressed_by=tuple((name, at) for name, at in members.get("suppressed_by", ())),
        is_no_promotion=members.get("is_no_promotion", False),
    )


def _known(members: dict[str, Any], kind: type[Counts | Terms]) -> dict[str, Any]:
    """Leave out what a later release has added."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in members.items() if name in names}
