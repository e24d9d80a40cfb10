"""The calls of functions in every process of a test run, kept until somebody looks at them all."""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import pytest

from local.aws.calls import RecordedCall


def folder(config: pytest.Config) -> Path:
    assert config.cache is not None
    return config.cache.mkdir("calls")


def forget(config: pytest.Config) -> None:
    shutil.rmtree(folder(config))


def keep(config: pytest.Config, calls: Iterable[RecordedCall]) -> None:
    text = json.dumps([asdict(each) for each in calls])
    (folder(config) / f"{os.getpid()}.json").write_text(text)


def kept(config: pytest.Config) -> list[RecordedCall]:
    """Return the calls of all processes that have ended since the last `forget`."""
    return [
        RecordedCall(**each)
        for path in folder(config).glob("*.json")
        for each in json.loads(path.read_text())
    ]
