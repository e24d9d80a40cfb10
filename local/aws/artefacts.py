"""Packs folders of code into the zip files that Lambda takes."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

LONG_AGO = (2000, 1, 1, 0, 0, 0)
"""A fixed date, so that the same folder gives the same zip file and is not deployed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A zip file, and a key that is a hash of it."""

    key: str
    body: bytes


def function(folder: Path) -> Artefact:
    """Pack a function's folder as it is."""
    return zipped(folder, prefix="")


def layer(folder: Path) -> Artefact:
    """
    Pack a layer's folder below `python/`, where Lambda looks for packages.

    Its dependencies are not in it: functions find them in the environment of the local AWS.
    """
    return zipped(folder, prefix="python/")


def zipped(folder: Path, *, prefix: str) -> Artefact:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = prefix + path.relative_to(folder).as_posix()
                files.writestr(zipfile.ZipInfo(name, LONG_AGO), path.read_bytes())
    body = archive.getvalue()
    return Artefact(key=f"{hashlib.sha256(body).hexdigest()[:32]}.zip", body=body)
