"""What the first row's recipient gets, or got."""

from dataclasses import dataclass

from smsdrop.batches.batch import Batch
from smsdrop.batches.first_texts import kept_texts
from smsdrop.batches.forms import LaterForm
from smsdrop.batches.plan import BATCHES, PlanDamaged, raising_if_damaged
from smsdrop.ports import ObjectGone, Objects


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstText:
    """The text, or if the template's is not known, the sign name and the params."""

    text: str = ""
    sign_name: str = ""
    params: tuple[tuple[str, str], ...] = ()


NO_TEXT = FirstText()


def first_text_of(plan: str, objects: Objects) -> FirstText:
    """Read it from what is kept beside the plan, or else from the plan's first batch."""
    if not plan:
        return NO_TEXT
    if texts := kept_texts(plan, objects):
        return FirstText(text=texts[0])
    try:
        line = next(objects.lines(plan + BATCHES), b"")
        return _of_batch(line) if line else NO_TEXT
    except (ObjectGone, PlanDamaged, LaterForm):
        return NO_TEXT


def _of_batch(line: bytes) -> FirstText:
    with raising_if_damaged():
        batch = Batch.from_json(line)
        _, columns = batch.columns()
        firsts = tuple(column[0] for column in columns)
        params = tuple(zip(batch.layout.param_names, firsts, strict=True))
        return FirstText(sign_name=batch.sign_names[0], params=params)
