"""The command line of `python -m local`."""

import argparse
import sys
import threading

from local.aws.child import ChildEndedError
from local.aws.deploy import DeployFailedError
from local.aws.local_aws import PortTakenError
from local.gateway_process import SmsKeys
from local.stack import Stack
from local.up import lines_to_paste, ready_line, running

CHECK_SECONDS = 1.0
"""How often it is checked that the local AWS still runs."""

PASTE = "In another terminal, for smsdrop and any client of AWS:"


def main(stop_requested: threading.Event) -> None:
    arguments = parse_arguments()
    try:
        arguments.run(arguments, stop_requested)
    except (ChildEndedError, DeployFailedError, PortTakenError, TimeoutError) as error:
        sys.exit(f"smsdrop: {error}")


def up(arguments: argparse.Namespace, stop_requested: threading.Event) -> None:
    print("starting the local AWS …", file=sys.stderr, flush=True)
    with running(
        port=arguments.port,
        sms_endpoint=arguments.sms_endpoint,
        sms_keys=sms_keys(arguments),
        parameters=dict(arguments.parameter),
    ) as stack:
        print(ready_line(stack), flush=True)
        print(f"ready; Ctrl-C stops it. {PASTE}\n", file=sys.stderr)
        print(lines_to_paste(stack), file=sys.stderr, flush=True)
        wait_for_stop(stack, stop_requested)


def demonstrate(_arguments: argparse.Namespace, stop_requested: threading.Event) -> None:
    from local.demo import demo  # imports what `up` does not need

    demo(stop_requested)


def wait_for_stop(stack: Stack, stop_requested: threading.Event) -> None:
    while not stop_requested.wait(CHECK_SECONDS):
        stack.aws.server.check()


def sms_keys(arguments: argparse.Namespace) -> SmsKeys | None:
    if not arguments.access_key_id:
        return None
    return SmsKeys(
        access_key_id=arguments.access_key_id, access_key_secret=arguments.access_key_secret
    )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="up|demo")
    demonstration = commands.add_parser("demo", help="drop a file and show what happens")
    demonstration.set_defaults(run=demonstrate)
    command = commands.add_parser(
        "up",
        allow_abbrev=False,
        help="run the whole system; prints one line of JSON when it is ready",
    )
    command.set_defaults(run=up)
    option = command.add_argument
    option("--port", type=int, metavar="N", help="of the local AWS; default: a free one")
    option("--sms-endpoint", metavar="URL", help="instead of the stand-in SMS gateway")
    option("--access-key-id", metavar="ID", help="for the SMS gateway; default: made up")
    option("--access-key-secret", metavar="SECRET", help="that belongs to it")
    option(
        "--parameter",
        type=name_and_value,
        action="append",
        default=[],
        metavar="Name=Value",
        help="a parameter of template.yaml; may be given again",
    )
    arguments = parser.parse_args()
    pair = (getattr(arguments, f"access_key_{part}", None) for part in ("id", "secret"))
    if len({bool(each) for each in pair}) > 1:
        parser.error("--access-key-id and --access-key-secret go together")
    return arguments


def name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form Name=Value")
    return name, value
