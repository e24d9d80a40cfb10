"""The runbook's own commands, typed as they stand there."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local import ROOT
from local.aws.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from local.stack import Stack

RUNBOOK = ROOT / "docs" / "operations.md"
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"<([a-zA-Z ]+)>")
AWS = f"""#!/bin/sh
exec {sys.executable} -m tests.support.aws_cli "$@"
"""


def section(title: str) -> str:
    """Return a section of the runbook; without a title, the part before all of them."""
    text = RUNBOOK.read_text(encoding="utf-8")
    before, _, after = text.partition(f"\n## {title}\n" if title else "\n## ")
    return (after if title else before).partition("\n## ")[0]


def commands(title: str) -> list[str]:
    """Return the commands of a section, in order; one may go over several lines."""
    blocks = COMMANDS.findall(section(title))
    return [
        command
        for block in blocks
        for command in block.replace("\\\n", " ").strip().splitlines()
        if command
    ]


def documented_fields() -> dict[str, set[str]]:
    """Return the fields that each line of the log may have, by its message."""
    about = {"batch": {"campaign_id", "batch_id"}, "campaign": {"campaign_id"}}
    fields: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`.+) \|$", section("What the log says"), re.MULTILINE):
        messages, _, besides = row.split(" | ")
        for message in re.findall("`([^`]+)`", messages):
            fields[message] = set(re.findall("`([^`]+)`", besides))
            fields[message] |= about.get(message.partition(" ")[0], set())
    return fields


def filled(command: str, values: Mapping[str, str]) -> str:
    """Return the command with its placeholders filled in; a `KeyError` names one that is not."""
    return PLACEHOLDER.sub(lambda match: values[match[1]], command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who knows nothing but the runbook, and types what it says, word by word."""

    stack: Stack
    folder: Path
    values: dict[str, str]
    """The values of the placeholders, as far as the runbook has given them."""

    def learn_the_outputs(self) -> None:
        """Do what the runbook begins with."""
        [command] = commands("")
        for line in self.type(command).splitlines():
            key, _, value = line.partition("\t")
            self.values[f"output {key}"] = value

    def type_all(self, commands: Sequence[str], **values: str) -> list[str]:
        return [self.type(command, **values) for command in commands]

    def type(self, command: str, **values: str) -> str:
        """Run a command, and return what it prints; it must not fail."""
        named = {name.replace("_", " "): value for name, value in values.items()}
        done = subprocess.run(  # noqa: S603 - what our own runbook says
            ["/bin/sh", "-c", filled(command, self.values | named)],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _environment(self) -> dict[str, str]:
        aws = self.folder / "aws"
        aws.write_text(AWS, encoding="utf-8")
        aws.chmod(0o755)
        return {
            "PATH": f"{self.folder}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": self.stack.aws.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": REGION,
        }
