"""A file -> the object that is its drop, with the settings in its path."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from smsdrop.drop_path import DropPath
from smsdrop.drops import DROP_PREFIX, FileVersion, campaign_id
from smsdrop.reasons import FileRefused
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What was dropped, and the campaign that it becomes."""

    campaign_id: str
    key: str
    version_id: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def key_of(
    stack: Stack,
    name: str,
    *,
    template: str | None,
    sign: str | None,
    settings: Mapping[str, str],
    now: float,
) -> str:
    """
    Return the key to drop a file of this name at, so that it is sent as asked.

    Raises `CannotBeDone`, with the sentence of the report, for what its report would refuse.
    """
    template = template or (stack.parameters.get("DefaultTemplateCode") if sign else None)
    if sign and not template:
        raise CannotBeDone("A sign name needs a template code: name it with --template.")
    folders = [*filter(None, (template, sign)), *(f"{each}={settings[each]}" for each in settings)]
    for folder in (*folders, name):
        if "/" in folder:
            raise CannotBeDone(f"There may be no slash in {folder}.")
    key = DROP_PREFIX + "/".join([*folders, name])
    try:
        DropPath.from_key(
            key,
            default_template_code=stack.parameters.get("DefaultTemplateCode", ""),
            default_sign_name=stack.parameters.get("DefaultSignName", ""),
            dropped_at=now,
        )
    except FileRefused as refusal:
        raise CannotBeDone(refusal.reason.text(stack.language)) from refusal
    return key


def drop(stack: Stack, file: Path, key: str) -> Dropped:
    """
    Drop the file; its campaign's id follows from the object's version.

    The time at which S3 took it comes from a listing, which everyone who may drop may read.
    """
    s3 = stack.clients.s3
    with file.open("rb") as body:
        stored = s3.put_object(Bucket=stack.bucket, Key=key, Body=body)
    listed = s3.list_objects_v2(Bucket=stack.bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    if [(each["Key"], each["ETag"]) for each in listed] != [(key, stored["ETag"])]:
        raise CannotBeDone(f"{key} is dropped, but was deleted or replaced at once.")
    version = FileVersion(bucket=stack.bucket, key=key, version_id=stored["VersionId"])
    return Dropped(
        campaign_id=campaign_id(version, listed[0]["LastModified"]),
        key=key,
        version_id=version.version_id,
    )
