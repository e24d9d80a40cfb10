"""The command line as a whole: its global options, and the run of every command."""

from typing import Annotated

import typer

from smsdrop_cli.commands.group import Commands
from smsdrop_cli.commands.run import Options, Run, World

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with values would show phone numbers
    help="Drop files of recipients, see what became of them, and steer what runs.",
    epilog="These options may stand behind the command too.",
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="CAMPAIGN",
        help="Its id, a unique part of that, or its file: the name, or the path below incoming/.",
    ),
]


Number = Annotated[str, typer.Argument(metavar="NUMBER", help="In any usual spelling.")]


@app.callback()
def options(
    ctx: typer.Context,
    *,
    stack: Annotated[
        str | None,
        typer.Option(envvar="SMSDROP_STACK", help="Its name; else the one of samconfig.toml."),
    ] = None,
    profile: Annotated[str | None, typer.Option(help="A profile of AWS's config files.")] = None,
    region: Annotated[str | None, typer.Option(help="The stack's region.")] = None,
    endpoint_url: Annotated[
        str | None, typer.Option(help="Another endpoint than AWS's, such as the local AWS.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for machines.")] = False,
) -> None:
    ctx.obj = Run(
        world=ctx.obj or World(),
        options=Options(
            stack=stack,
            profile=profile,
            region=region,
            endpoint_url=endpoint_url,
            as_json=as_json,
        ),
    )
