"""Where a file is dropped so that it is sent as asked, and what is refused before that."""

from pathlib import Path

import pytest

from smsdrop.drops import FileVersion, campaign_id
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.dropping import drop, key_of
from tests.support.samples import NOW

pytest_plugins = ["tests.support.cli_fixtures"]


def test_template_sign_name_and_settings_are_folders(deployed: Stack) -> None:
    settings = {"start": "2026-12-01T1000", "window": "0900-2000", "approve": "yes"}

    key = key_of(
        deployed,
        "7月 a+b.csv",
        template="SMS_9",
        sign="云通信",
        settings=settings,
        now=NOW,
    )

    assert key == (
        "incoming/SMS_9/云通信/start=2026-12-01T1000/window=0900-2000/approve=yes/7月 a+b.csv"
    )


@pytest.mark.parametrize(
    ("code", "sign", "settings", "said"),
    [
        pytest.param("SMS9", None, {}, "SMS9", id="no template code"),
        pytest.param(None, None, {}, "template", id="no template, and the stack has none"),
        pytest.param(None, "云通信", {}, "--template", id="a sign name without a template"),
        pytest.param("SMS_9", None, {"start": "2026-01-01T1000"}, "start=", id="a past start"),
        pytest.param("SMS_9", None, {"window": "9 to 5"}, "window=0900-2000", id="no window"),
        pytest.param("SMS_9", None, {"start": "2026/12/01"}, "slash", id="a slash"),
        pytest.param("SMS_9", None, {"only": "maybe"}, "only=preview", id="another word"),
    ],
)
def test_what_its_report_would_refuse_is_refused_before(
    deployed: Stack, code: str | None, sign: str | None, settings: dict[str, str], said: str
) -> None:
    with pytest.raises(CannotBeDone, match=said):
        key_of(deployed, "a.csv", template=code, sign=sign, settings=settings, now=NOW)


def test_the_campaign_is_known_by_the_version_that_was_dropped(
    deployed: Stack, tmp_path: Path
) -> None:
    file = tmp_path / "july.csv"
    file.write_bytes(b"13800138000\n")

    first, second = (drop(deployed, file, "incoming/SMS_9/july.csv") for _ in range(2))

    s3 = deployed.clients.s3
    head = s3.head_object(Bucket=deployed.bucket, Key=second.key, VersionId=second.version_id)
    version = FileVersion(bucket=deployed.bucket, key=second.key, version_id=second.version_id)
    assert second.campaign_id == campaign_id(version, head["LastModified"])
    assert first.campaign_id != second.campaign_id
    assert s3.get_object(Bucket=deployed.bucket, Key=second.key)["Body"].read() == b"13800138000\n"
