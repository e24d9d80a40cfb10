"""The same bytes, template code and sign name are sent once, unless a repetition is meant."""

from dataclasses import dataclass, field
from io import BytesIO

import pytest

from smsdrop.drops import DropPath
from smsdrop.ledger.campaign import Counts, Status
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import ContentClaim
from smsdrop.parsing.repeated_files import HashingReader, RepeatedFiles
from smsdrop.reasons import Reason
from tests.support.fakes import FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import KEY, Site, july
from tests.support.samples import NOW, campaign, changed

PATH = DropPath(template_code="SMS_1", sign_name="云通信")
A, B, C = "20260102T000000Z-a", "20260102T000000Z-b", "20260102T000000Z-c"
TEXTED_NOBODY = {"status": Status.CLOSED, "counts": Counts(cancelled=3), "is_open": False}


@pytest.fixture
def site() -> Site:
    return Site.new()


@dataclass(frozen=True, slots=True)
class Claims:
    """The use case, and the campaigns that it hears of."""

    ledger: FakeLedger = field(default_factory=FakeLedger)

    def owner(self, campaign_id: str) -> str:
        """Return whose content it is when this campaign comes with it."""
        if self.ledger.campaign(campaign_id) is None:
            self.ledger.write(None, campaign(campaign_id=campaign_id))
        use_case = RepeatedFiles(ledger=self.ledger, clock=Clock(NOW))
        return use_case.owner_of("c0ffee", campaign_id)

    def becomes(self, campaign_id: str, **changes: object) -> None:
        before = self.ledger.campaign(campaign_id)
        assert before is not None
        self.ledger.write(before, changed(before, **changes))


@pytest.fixture
def claims() -> Claims:
    return Claims()


def content_id(content: bytes, *, size: int = 100, path: DropPath = PATH) -> str:
    reader = HashingReader(BytesIO(content))
    assert b"".join(iter(lambda: reader.read(size), b"")) == content
    return reader.content_id(path)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_content_is_known_again_however_it_is_read(size: int) -> None:
    assert content_id(july(3), size=size) == content_id(july(3))


@pytest.mark.parametrize(
    ("content", "path"),
    [
        pytest.param(july(3) + b"\n", PATH, id="a byte more"),
        pytest.param(b"", PATH, id="no byte"),
        pytest.param(july(3), DropPath(template_code="SMS_2", sign_name="云通信"), id="a template"),
        pytest.param(july(3), DropPath(template_code="SMS_1", sign_name="云"), id="a sign name"),
        pytest.param(july(3), DropPath(template_code="SMS_1", sign_name=""), id="no sign name"),
    ],
)
def test_another_content_or_path_is_another(content: bytes, path: DropPath) -> None:
    assert content_id(content, path=path) != content_id(july(3))


def test_a_reader_that_is_asked_twice_says_the_same() -> None:
    reader = HashingReader(BytesIO(july(3)))
    reader.read(10)

    assert reader.content_id(PATH) == reader.content_id(PATH)


def test_who_comes_first_with_a_content_owns_it_also_when_it_comes_again(claims: Claims) -> None:
    assert [claims.owner(each) for each in (A, B, A, C)] == [A, A, A, A]


def test_who_owns_a_content_is_known_for_as_long_as_entries_are_kept(claims: Claims) -> None:
    claims.owner(A)

    [claim] = claims.ledger.all_of(ContentClaim)
    assert claim == ContentClaim(content_id="c0ffee", first=A, expires_at=int(NOW) + KEPT_SECONDS)


def test_a_content_that_texted_nobody_passes_to_who_comes_next(claims: Claims) -> None:
    claims.owner(A)
    claims.becomes(A, **TEXTED_NOBODY)

    assert [claims.owner(each) for each in (B, C)] == [B, B]


def test_a_content_whose_first_campaign_has_expired_passes_to_who_comes_next(
    claims: Claims,
) -> None:
    claims.ledger.write(None, ContentClaim(content_id="c0ffee", first=A))

    assert [claims.owner(each) for each in (B, C)] == [B, B]


def test_who_owns_a_content_already_does_not_take_it_over(claims: Claims) -> None:
    claims.owner(A)
    claims.becomes(A, **TEXTED_NOBODY)

    assert claims.owner(A) == A
    assert [each.revision for each in claims.ledger.all_of(ContentClaim)] == [1]


def test_of_two_that_take_a_content_over_at_once_one_owns_it(claims: Claims) -> None:
    claims.owner(A)
    claims.becomes(A, **TEXTED_NOBODY)
    owners = []

    def other_is_faster(entry: object) -> None:
        if isinstance(entry, ContentClaim) and entry.revision == 2:
            claims.ledger.before_write = nothing
            owners.append(claims.owner(C))

    claims.ledger.before_write = other_is_faster

    owners.append(claims.owner(B))

    assert owners == [C, C]


def test_a_file_that_repeats_another_is_refused(site: Site) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))

    second = site.parse(site.files.drop(KEY.replace("july", "july (2)"), july(3)))

    assert (second.status, second.outcome) == (Status.REFUSED, "duplicate_file")
    assert second.reason == Reason("duplicate_file", (first.campaign_id,))
    assert len(site.queue.messages) == 1


@pytest.mark.parametrize(
    ("key", "rows", "again"),
    [
        pytest.param(KEY, 3, True, id="it says that it is meant"),
        pytest.param(KEY, 4, False, id="another row"),
        pytest.param(KEY.replace("SMS_", "SMS_1"), 3, False, id="another template"),
        pytest.param(KEY.replace("云通信", "云短信"), 3, False, id="another sign name"),
    ],
)
def test_a_file_that_is_like_another_but_not_the_same_is_sent(
    site: Site, key: str, rows: int, again: bool
) -> None:
    site.parse(site.files.drop(KEY, july(3)))

    second = site.parse(site.files.drop(key, july(rows), again=again))

    assert (second.status, second.queued) == (Status.SENDING, 1)


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        pytest.param({"status": Status.CLOSED, "is_open": False}, False, id="it texted nobody"),
        pytest.param({"status": Status.REFUSED}, False, id="it was refused"),
        pytest.param({"status": Status.CLOSED, "counts": Counts(sent=1)}, True, id="it texted one"),
        pytest.param(
            {"status": Status.CLOSED, "counts": Counts(unconfirmed=1)}, True, id="perhaps one"
        ),
        pytest.param({"status": Status.SENDING}, True, id="it is still sending"),
    ],
)
def test_a_repetition_is_refused_unless_the_first_can_have_texted_nobody(
    site: Site, changes: dict[str, object], held: bool
) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))
    site.ledger.write(first, changed(first, **changes))

    second = site.parse(site.files.drop(KEY, july(3)))

    assert (second.status is Status.REFUSED) == held
