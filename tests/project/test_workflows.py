"""Moving a tag cannot change what runs in GitHub's workflows."""

import re

from local import ROOT

USES = [
    line.partition("uses:")[2].strip()
    for path in (ROOT / ".github" / "workflows").glob("*.yml")
    for line in path.read_text().splitlines()
    if "uses:" in line
]


def test_every_action_is_named_by_its_hash_and_its_version() -> None:
    assert USES
    for each in USES:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", each)
