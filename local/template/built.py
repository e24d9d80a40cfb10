"""`python -m local.template.built`: the size and a hash of each part that `make build` made."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from local import ROOT

BUILT = ROOT / ".aws-sam" / "build"


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every file, in the order of their names."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def digest(folder: Path) -> str:
    """Return a hash of all names and contents; dates are not part of it."""
    whole = hashlib.sha256()
    for name, body in contents(folder):
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(body).digest())
    return whole.hexdigest()


def zipped_bytes(folder: Path) -> int:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, body in contents(folder):
            files.writestr(name, body)
    return len(archive.getvalue())


def main() -> None:
    print(f"{'part':<16} {'files':>6} {'bytes':>11} {'zipped':>11}  sha256")
    for part in sorted(each for each in BUILT.iterdir() if each.is_dir()):
        sizes = [len(body) for _, body in contents(part)]
        row = f"{part.name:<16} {len(sizes):>6} {sum(sizes):>11,} {zipped_bytes(part):>11,}"
        print(f"{row}  {digest(part)}")


if __name__ == "__main__":
    main()
