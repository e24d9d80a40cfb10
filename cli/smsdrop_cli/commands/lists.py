"""`smsdrop suppress` and `unsuppress`: a person on, or off, the list of those not to be texted."""

from typing import Annotated

import typer

from smsdrop_cli import suppressing
from smsdrop_cli.commands.app import Number, app
from smsdrop_cli.commands.run import Run
from smsdrop_cli.commands.shown import listed_line
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.people import person_of


@app.command()
def suppress(
    ctx: typer.Context,
    number: Number,
    *,
    promo: Annotated[bool, typer.Option("--promo", help="Only from promotions.")] = False,
) -> None:
    """Have no campaign text a person any more, from a few minutes from now on."""
    run: Run = ctx.obj
    person = person_of(number, language=run.stack.language)
    listed = suppressing.suppress(run.stack, person, only_promotions=promo, now=run.now())
    run.say(listed.to_json(), [listed_line(listed)])


@app.command()
def unsuppress(ctx: typer.Context, number: Number) -> None:
    """Take a person off the list of `suppress`; other people's lists are left as they are."""
    run: Run = ctx.obj
    person = person_of(number, language=run.stack.language)
    listed = list(suppressing.lists_with(run.stack, person))
    if not listed:
        raise CannotBeDone("The number is on no list.")
    others = [each for each in listed if not each.is_own]
    taken_off = [each.name for each in listed if each.is_own]
    suppressing.unsuppress(run.stack, person, listed)
    run.say(
        {"taken_off": taken_off, "still_on": [each.to_json() for each in others]},
        (f"The number is no longer on {each}." for each in taken_off),
    )
    if others:
        lines = " ".join(map(listed_line, others))
        raise CannotBeDone(f"Lists of other people are not changed: see to them. {lines}")
