"""Campaigns that have ended: a file is dropped, judged, sent and reported, in AWS in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import IO, Any, cast
from zipfile import ZipFile, is_zipfile

from smsdrop.batches.batch import Batch
from smsdrop.batches.first_texts import keep_texts
from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.closing.close import Close
from smsdrop.drop_path import DropPath
from smsdrop.drops import FileVersion, campaign_id, report_folder
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.parsing.plan_builder import Rules, build_plan
from smsdrop.receipts.looks import Looks
from smsdrop_cli.deployment.stack import Stack
from tests.support.samples import NOW

LENIENT = Rules(max_rejected_percent=100, international=True)
LONG_AGO = NOW - 30 * 3600
"""So long that nothing is compared with it any more."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Drops files, and lets their campaigns end."""

    stack: Stack
    versions: list[FileVersion] = field(default_factory=list)

    def drop(self, key: str, content: bytes) -> tuple[FileVersion, str]:
        s3, bucket = self.stack.clients.s3, self.stack.bucket
        version_id = s3.put_object(Bucket=bucket, Key=key, Body=content)["VersionId"]
        version = FileVersion(bucket=bucket, key=key, version_id=version_id)
        head = s3.head_object(Bucket=bucket, Key=key, VersionId=version_id)
        self.versions.append(version)
        return version, campaign_id(version, head["LastModified"])

    def campaign(
        self,
        content: bytes,
        *,
        name: str = "july.csv",
        codes: dict[str, str] | None = None,
        texts: tuple[str, ...] = (),
        **changes: Any,
    ) -> Campaign:
        """Return one that is closed; `codes` are why numbers were refused."""
        version, campaign_id = self.drop(f"incoming/SMS_9/云通信/{name}", content)
        plan = f"work/{campaign_id}/0f/"
        batches, rows = BytesIO(), BytesIO()
        with open_recipient_file(BytesIO(content)) as file:
            tally = build_plan(
                file,
                PlanWriter(batches=cast("IO[bytes]", batches), rows=cast("IO[bytes]", rows)),
                campaign_id=campaign_id,
                path=DropPath(template_code="SMS_9", sign_name="云通信"),
                rules=LENIENT,
                max_recipients=1 if codes else 100,
            )
        for name_, stream in ((BATCHES, batches), (ROWS, rows)):
            self.put(plan + name_, stream.getvalue())
        if texts:
            keep_texts(plan, texts, self.stack.objects)
        self._sent([Batch.from_json(each) for each in batches.getvalue().splitlines()], codes or {})
        counts = Counts(
            rows=tally.rows,
            accepted=tally.accepted,
            duplicates=tally.duplicates,
            rejected=tally.rejected,
            batches=tally.batches,
        )
        begun = Campaign.begun(campaign_id, version, size=len(content), at=LONG_AGO)
        closing = replace(begun, status=Status.CLOSING, plan=plan, counts=counts)
        self.stack.ledger.write(None, closing)
        closed = self.close(closing)
        return self.changed(closed, **changes) if changes else closed

    def close(self, campaign: Campaign) -> Campaign:
        return Close(
            ledger=self.stack.ledger, objects=self.stack.objects, clock=lambda: NOW, language="en"
        ).close(campaign)

    def changed(self, campaign: Campaign, **changes: Any) -> Campaign:
        after = replace(campaign, revision=campaign.revision + 1, **changes)
        self.stack.ledger.write(campaign, after)
        return after

    def put(self, key: str, content: bytes) -> None:
        self.stack.clients.s3.put_object(Bucket=self.stack.bucket, Key=key, Body=content)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """Yield every version of every object, and what is packed in workbooks."""
        listed = self.stack.clients.s3.list_object_versions(Bucket=self.stack.bucket)
        for each in listed.get("Versions", ()):
            content = self.stack.clients.s3.get_object(
                Bucket=self.stack.bucket, Key=each["Key"], VersionId=each["VersionId"]
            )["Body"].read()
            yield each["Key"], b"".join(unpacked(content))

    def report(self, campaign: Campaign, name: str) -> bytes:
        [content] = [
            content
            for key, content in self.everything()
            if campaign.campaign_id in key and key.endswith(f"/{name}")
        ]
        return content

    def latest(self, campaign: Campaign, name: str) -> bytes:
        folder = report_folder(campaign.key, campaign.campaign_id)
        return self.stack.objects.content(folder + name)[0]

    def _sent(self, batches: list[Batch], codes: dict[str, str]) -> None:
        for batch in batches:
            code = codes.get(batch.phone_numbers[0], "")
            entry = replace(
                untouched(batch, at=LONG_AGO),
                state=State.REFUSED if code else State.SENT,
                code=code,
                attempt=1,
                ended_at=LONG_AGO,
                revision=1,
            )
            self.stack.ledger.write(None, entry)


def unpacked(content: bytes) -> Iterator[bytes]:
    if not is_zipfile(BytesIO(content)):
        yield content
        return
    with ZipFile(BytesIO(content)) as archive:
        yield from map(archive.read, archive.namelist())


OPEN: dict[str, dict[str, Any]] = {
    "sending": {"status": Status.SENDING},
    "looked up once more": {"is_open": True},
    "asked for receipts": {"looks": Looks(receipts_from=NOW, receipts_at=NOW + 300)},
    "a guard against copies": {"finished_at": NOW - 3600},
}
"""Changes of a campaign whose plan somebody may still be reading."""
