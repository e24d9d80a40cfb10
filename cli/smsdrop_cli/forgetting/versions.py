"""All versions of the bucket's objects: listed, read and deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from smsdrop_cli.deployment.stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    key: str
    version_id: str
    is_latest: bool
    last_modified: datetime


def versions(stack: Stack, prefix: str) -> Iterator[Version]:
    """Yield them, also of deleted objects, but no delete markers."""
    pages = stack.clients.s3.get_paginator("list_object_versions").paginate(
        Bucket=stack.bucket, Prefix=prefix
    )
    for page in pages:
        for each in page.get("Versions", ()):
            yield Version(
                key=each["Key"],
                version_id=each["VersionId"],
                is_latest=each["IsLatest"],
                last_modified=each["LastModified"],
            )


def content_of(stack: Stack, version: Version) -> bytes:
    response = stack.clients.s3.get_object(
        Bucket=stack.bucket, Key=version.key, VersionId=version.version_id
    )
    return response["Body"].read()


def delete(stack: Stack, version: Version) -> None:
    """Delete it for good; S3 answers the same if it is gone already."""
    stack.clients.s3.delete_object(
        Bucket=stack.bucket, Key=version.key, VersionId=version.version_id
    )


def delete_replaced(stack: Stack, prefix: str) -> None:
    for each in list(versions(stack, prefix)):
        if not each.is_latest:
            delete(stack, each)
