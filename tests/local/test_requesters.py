"""S3's events name who made the request, and keep everything else."""

from typing import Any

import pytest

from local.aws.requesters import naming, principal_of


@pytest.mark.parametrize(
    ("record_extra", "kept"),
    [(None, {}), ({"glacierEventData": {}}, {"glacierEventData": {}})],
)
def test_an_event_names_the_requester_beside_what_else_it_says(
    record_extra: dict[str, Any] | None, kept: dict[str, Any]
) -> None:
    fired: list[tuple[Any, Any]] = []
    fire = naming(lambda *where, **what: fired.append((where, what)), lambda: "AIDAA")

    fire("bucket", "key", version_id="v1", record_extra=record_extra)

    identity = {"userIdentity": {"principalId": "AWS:AIDAA"}}
    assert fired == [
        (("bucket", "key"), {"version_id": "v1", "record_extra": {**kept, **identity}})
    ]


@pytest.mark.parametrize(
    ("arn", "principal"),
    [
        ("arn:aws:iam::000000000000:root", ("root", "", "")),
        ("arn:aws:iam::000000000000:user/alice", ("user", "alice", "")),
        ("arn:aws:iam::000000000000:user/sales/alice", ("user", "alice", "")),
        (
            "arn:aws:sts::000000000000:assumed-role/Sales/li.si",
            ("assumed-role", "Sales", "li.si"),
        ),
    ],
)
def test_a_principal_is_read_from_its_arn(arn: str, principal: tuple[str, str, str]) -> None:
    assert principal_of(arn) == principal
