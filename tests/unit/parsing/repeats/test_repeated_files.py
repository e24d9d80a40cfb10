"""The same bytes are sent once in their place, and once by a word elsewhere."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO

import pytest

from smsdrop.drop_path import DropPath
from smsdrop.ledger.batch_entry import cancelled
from smsdrop.ledger.campaign import Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, KEPT_SECONDS
from smsdrop.ledger.entries import ContentClaim
from smsdrop.parsing.repeats.repeated_files import ContentIds, HashingReader, RepeatedFiles
from smsdrop.reasons import Reason
from tests.support.fakes import FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import KEY, Site, july
from tests.support.samples import NOW, campaign, changed

PATH = DropPath(template_code="SMS_1", sign_name="云通信")
WORD = "2026-01"
A, B, C = "20260102T000000Z-a", "20260102T000000Z-b", "20260102T000000Z-c"
SECOND_KEY = KEY.replace("july", "july (2)")
CANCELLED = Counts(rows=3, accepted=3, batches=1, cancelled=3)
TEXTED_NOBODY = {"status": Status.CLOSED, "counts": Counts(cancelled=3), "is_open": False}


@pytest.fixture
def site() -> Site:
    return Site.new()


@dataclass(frozen=True, slots=True)
class Claims:
    """The use case, and the campaigns that it hears of."""

    ledger: FakeLedger = field(default_factory=FakeLedger)

    def owner(self, campaign_id: str, *, place: str = "", content: str = "c0ffee") -> str:
        """Return whose content it is when this campaign brings it, from a place of its own."""
        if self.ledger.campaign(campaign_id) is None:
            self.ledger.write(None, campaign(campaign_id=campaign_id))
        use_case = RepeatedFiles(ledger=self.ledger, clock=Clock(NOW))
        ids = ContentIds(place=place or f"place of {campaign_id}", content=content)
        return use_case.owner_of(ids, campaign_id)

    @property
    def stored(self) -> list[ContentClaim]:
        return list(self.ledger.all_of(ContentClaim))

    def becomes(self, campaign_id: str, **changes: object) -> None:
        before = self.ledger.campaign(campaign_id)
        assert before is not None
        self.ledger.write(before, changed(before, **changes))


@pytest.fixture
def claims() -> Claims:
    return Claims()


def content_ids(
    content: bytes, *, size: int = 100, key: str = KEY, path: DropPath = PATH, again: str = WORD
) -> ContentIds:
    reader = HashingReader(BytesIO(content))
    assert b"".join(iter(lambda: reader.read(size), b"")) == content
    return reader.content_ids(key, path, again=again)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_content_is_known_again_however_it_is_read(size: int) -> None:
    assert content_ids(july(3), size=size) == content_ids(july(3))


def test_other_bytes_are_another_content_in_another_place() -> None:
    ids, longer, empty = content_ids(july(3)), content_ids(july(3) + b"\n"), content_ids(b"")

    assert len({ids.content, longer.content, empty.content}) == 3
    assert len({ids.place, longer.place, empty.place}) == 3


@pytest.mark.parametrize(
    ("path", "again"),
    [
        pytest.param(DropPath(template_code="SMS_2", sign_name="云通信"), WORD, id="a template"),
        pytest.param(DropPath(template_code="SMS_1", sign_name="云"), WORD, id="a sign name"),
        pytest.param(DropPath(template_code="SMS_1", sign_name=""), WORD, id="no sign name"),
        pytest.param(PATH, "2026-12", id="another word"),
    ],
)
def test_what_orders_something_else_is_another_content_in_the_same_place(
    path: DropPath, again: str
) -> None:
    ids, other = content_ids(july(3)), content_ids(july(3), path=path, again=again)

    assert other.content != ids.content
    assert other.place == ids.place


def test_a_content_without_a_word_is_ordered_by_nobody() -> None:
    assert content_ids(july(3), again="").content == ""
    assert content_ids(july(3), again="").place == content_ids(july(3)).place


def test_a_content_with_a_word_is_the_one_that_earlier_releases_knew() -> None:
    ordered = july(3) + f"\n{PATH.template_code}\n{PATH.sign_name}\0{WORD}".encode()

    assert content_ids(july(3)).content == sha256(ordered).hexdigest()


def test_another_key_is_another_place_of_the_same_content() -> None:
    ids, other = content_ids(july(3)), content_ids(july(3), key=SECOND_KEY)

    assert other.place != ids.place
    assert other.content == ids.content


def test_a_reader_that_is_asked_twice_says_the_same() -> None:
    reader = HashingReader(BytesIO(july(3)))
    reader.read(10)

    first, second = (reader.content_ids(KEY, PATH, again="") for _ in range(2))
    assert first == second


def test_who_comes_first_with_a_content_owns_it_also_when_it_comes_again(claims: Claims) -> None:
    assert [claims.owner(each) for each in (A, B, A, C)] == [A, A, A, A]


def test_who_owns_a_content_is_known_for_as_long_as_entries_are_kept(claims: Claims) -> None:
    claims.owner(A)

    expires_at = int(NOW) + KEPT_SECONDS
    assert ContentClaim(content_id="c0ffee", first=A, expires_at=expires_at) in claims.stored


def test_who_owns_a_place_is_known_for_good(claims: Claims) -> None:
    claims.owner(A, place="f00d")

    assert ContentClaim(content_id="f00d", first=A) in claims.stored


def test_a_place_belongs_to_who_comes_first_whatever_else_is_ordered_there(
    claims: Claims,
) -> None:
    owners = [claims.owner(each, place="f00d", content=each) for each in (A, B, A)]

    assert owners == [A, A, A]


def test_a_place_that_texted_nobody_passes_to_who_comes_next(claims: Claims) -> None:
    claims.owner(A, place="f00d")
    claims.becomes(A, **TEXTED_NOBODY)

    assert [claims.owner(each, place="f00d") for each in (B, C)] == [B, B]


def test_a_content_that_texted_nobody_passes_to_who_comes_next(claims: Claims) -> None:
    claims.owner(A)
    claims.becomes(A, **TEXTED_NOBODY)

    assert [claims.owner(each) for each in (B, C)] == [B, B]


def test_a_campaign_that_the_ledger_no_longer_has_may_have_texted_somebody(
    claims: Claims,
) -> None:
    claims.ledger.write(None, ContentClaim(content_id="c0ffee", first=A))

    assert claims.owner(B) == A


def test_who_owns_a_content_already_does_not_take_it_over(claims: Claims) -> None:
    claims.owner(A)
    claims.becomes(A, **TEXTED_NOBODY)

    assert claims.owner(A) == A
    assert {each.revision for each in claims.stored} == {1}


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

    second = site.parse(site.files.drop(SECOND_KEY, july(3)))

    assert (second.status, second.outcome) == (Status.REFUSED, "repeated")
    assert second.reason == Reason("repeated", (first.campaign_id,))
    assert len(site.queue.messages) == 1


@pytest.mark.parametrize(
    ("key", "rows", "again"),
    [
        pytest.param(SECOND_KEY, 3, "yes", id="it says that it is meant"),
        pytest.param(KEY, 4, "", id="another row"),
        pytest.param(KEY.replace("SMS_", "SMS_1"), 3, "", id="another template"),
        pytest.param(KEY.replace("云通信", "云短信"), 3, "", id="another sign name"),
    ],
)
def test_a_file_that_is_like_another_but_not_the_same_is_sent(
    site: Site, key: str, rows: int, again: str
) -> None:
    site.parse(site.files.drop(KEY, july(3)))

    second = site.parse(site.files.drop(key, july(rows), again=again))

    assert (second.status, second.queued) == (Status.SENDING, 1)


@pytest.mark.parametrize(
    ("key", "again"),
    [
        pytest.param(KEY, "yes", id="under its own name, with the same word"),
        pytest.param(KEY, "2026-12", id="under its own name, with another word"),
        pytest.param(KEY, "", id="under its own name, without the word"),
        pytest.param(SECOND_KEY, "yes", id="under another name, with the same word"),
    ],
)
def test_a_copy_of_a_file_that_was_meant_again_is_no_order(
    site: Site, key: str, again: str
) -> None:
    first = site.parse(site.files.drop(KEY, july(3), again="yes"))

    copy = site.parse(site.files.drop(key, july(3), again=again))

    assert copy.reason == Reason("duplicate_file", (first.campaign_id,))
    assert len(site.queue.messages) == 1


def test_each_new_word_orders_one_repetition(site: Site) -> None:
    words = ["", "yes", "2026-12", "yes", "2027-01"]

    campaigns = [
        site.parse(site.files.drop(KEY.replace("july", f"july {number}"), july(3), again=word))
        for number, word in enumerate(words)
    ]

    assert [each.outcome for each in campaigns] == ["", "", "", "duplicate_file", ""]


def test_a_copy_in_place_is_no_order_however_late_it_comes(site: Site) -> None:
    first = site.parse(site.files.drop(KEY, july(3), again="yes"))
    site.ledger.stored = {
        key: each
        for key, each in site.ledger.stored.items()
        if isinstance(each, ContentClaim) and not each.expires_at
    }

    copy = site.parse(site.files.drop(KEY, july(3), again="yes"))

    assert copy.reason == Reason("duplicate_file", (first.campaign_id,))


def test_under_another_name_the_content_may_be_sent_again_once_its_entries_have_expired(
    site: Site,
) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))
    expired = [key for key, each in site.ledger.stored.items() if each.expires_at]
    for key in expired:
        del site.ledger.stored[key]

    second = site.parse(site.files.drop(SECOND_KEY, july(3)))

    assert first.campaign_id != second.campaign_id
    assert second.status is Status.SENDING


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        pytest.param(
            {"status": Status.CLOSED, "is_open": False, "counts": CANCELLED},
            False,
            id="it texted nobody",
        ),
        pytest.param({"status": Status.REFUSED}, False, id="it was refused"),
        pytest.param(
            {"status": Status.CLOSED, "counts": replace(CANCELLED, cancelled=2, sent=1)},
            True,
            id="it texted one",
        ),
        pytest.param(
            {"status": Status.CLOSED, "counts": replace(CANCELLED, cancelled=2, unconfirmed=1)},
            True,
            id="perhaps one",
        ),
        pytest.param({"status": Status.SENDING}, True, id="it is still sending"),
    ],
)
def test_a_repetition_is_refused_unless_the_first_can_have_texted_nobody(
    site: Site, changes: dict[str, object], held: bool
) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))
    site.ledger.write(first, changed(first, **changes))
    if not held:
        [batch] = site.queue.batches
        site.ledger.write(None, cancelled(batch, None, code=CANCELLED_BY_HAND, at=NOW))

    second = site.parse(site.files.drop(KEY, july(3)))

    assert (second.status is Status.REFUSED) == held
