"""`smsdrop forget`: take a person out of what the bucket keeps."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated

import typer

from smsdrop.closing.close import Close
from smsdrop_cli import suppressing
from smsdrop_cli.commands.app import Number, app
from smsdrop_cli.commands.run import Run
from smsdrop_cli.commands.shown import listed_line
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.forgetting.campaign_objects import CampaignObjects
from smsdrop_cli.forgetting.forget import Forget, Forgotten, Left
from smsdrop_cli.forgetting.marker import Marker
from smsdrop_cli.people import Person, person_of
from smsdrop_cli.suppressing import Listed

NOT_REACHED = (
    "what people have downloaded or were sent",
    "what the provider keeps of its texts",
    "dead letters, which are gone after 14 days",
    "replaced versions of suppression lists, which are gone after 22 days",
    "names of files, and the last four digits in logs",
    "sheets of a workbook that were not read",
    "a checksum of each message of a small file, in the ledger for 180 days",
)
"""What no smsdrop command takes a person out of."""


@app.command()
def forget(
    ctx: typer.Context,
    number: Number,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone.")] = False,
) -> None:
    """Take a person out of dropped files, plans and reports for good; counts stay as they are."""
    run: Run = ctx.obj
    person = person_of(number, language=run.stack.language)
    if not yes:
        raise CannotBeDone(
            "The files that were dropped with this person are deleted for good, and what reports"
            " have of them: say --yes if that is meant."
        )
    done, left = list[Forgotten](), list[Left]()
    for each in _forget(run, person).forget():
        if isinstance(each, Forgotten):
            done.append(each)
            line = forgotten_line(each)
        else:
            left.append(each)
            line = left_line(each)
        if not run.as_json:
            run.say(None, [line])
    listed = list(suppressing.lists_with(run.stack, person))
    data = {
        "forgotten": [each.to_json() for each in done],
        "left": [each.to_json() for each in left],
        "lists": [each.to_json() for each in listed],
        "not_reached": NOT_REACHED,
    }
    run.say(data, closing_lines(listed, is_found=bool(done or left)))
    if left:
        raise CannotBeDone(f"{len(left)} of these still have the number, or may have it.")


def _forget(run: Run, person: Person) -> Forget:
    stack = run.stack
    price = stack.parameters.get("PricePerSegment", "")
    close = Close(
        ledger=stack.ledger,
        objects=stack.objects,
        clock=run.world.clock,
        language=stack.language,
        price_per_segment=Decimal(price) if price else None,
    )
    marker = Marker(person=person, language=stack.language)
    objects = CampaignObjects(stack=stack, marker=marker, close=close)
    return Forget(stack=stack, objects=objects, now=run.now())


def forgotten_line(done: Forgotten) -> str:
    deleted = " The file is deleted." if done.is_file_deleted else ""
    return f"{done.campaign_id}, {done.file}: {done.rows} rows are marked.{deleted}"


def left_line(left: Left) -> str:
    return f"Left: {left.what}. {left.why}"


def closing_lines(listed: Iterable[Listed], *, is_found: bool) -> Iterator[str]:
    if not is_found:
        yield "No file, plan or report has the number."
    for each in listed:
        stays = "" if each.problem else " That stays: it keeps them from being texted."
        yield f"{listed_line(each)}{stays}"
    yield f"Not reached: {'; '.join(NOT_REACHED)}."
