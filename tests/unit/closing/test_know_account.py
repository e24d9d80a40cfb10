"""The account of a key pair is asked for once, and again for as long as it is not known."""

from dataclasses import dataclass, field, replace

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.closing.know_account import RENEWED_SECONDS, KnowAccount
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import KeyAccount
from tests.support.entries import UNKNOWN
from tests.support.fakes import ACCOUNT_ID, FakeKeys, FakeLedger
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW

NEW_KEY = AccessKey(key_id="LTAI-new", secret="new")


@dataclass(slots=True)
class Site:
    """The use case among its ports; `answers` come first, and then the account."""

    clock: Clock = field(default_factory=lambda: Clock(NOW))
    ledger: FakeLedger = field(default_factory=FakeLedger)
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))
    answers: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def account(self, *, key: AccessKey) -> str | Answer:
        self.asked.append(key.key_id)
        return self.answers.pop(0) if self.answers else ACCOUNT_ID

    def know(self, *, is_sending: bool = True) -> str:
        use_case = KnowAccount(ledger=self.ledger, identity=self, keys=self.keys, clock=self.clock)
        return use_case.know(is_sending=is_sending)

    def known(self, key: AccessKey = KEY) -> KeyAccount | None:
        return self.ledger.key_accounts((key.key_id,)).get(key.key_id)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_key_pair_is_asked_about_once(site: Site) -> None:
    reasons = [site.know() for _ in range(3)]

    assert reasons == ["", "", ""]
    assert site.asked == [KEY.key_id]
    known = site.known()
    assert known is not None
    assert (known.account_id, known.expires_at) == (ACCOUNT_ID, int(NOW) + KEPT_SECONDS)
    assert known.revision == 1


def test_what_is_not_answered_is_asked_again_and_nothing_is_written_till_then(site: Site) -> None:
    site.answers = [Answer(code=NO_ANSWER), Answer(code="InvalidAction.NotFound", status=404)]

    assert site.know() == NO_ANSWER
    assert site.know() == "InvalidAction.NotFound"
    assert site.known() is None
    assert site.know() == ""
    assert site.known() is not None


def test_while_something_is_sent_a_new_key_pair_is_noticed(site: Site) -> None:
    site.know()
    site.keys.stored = NEW_KEY

    site.know()

    assert site.asked == [KEY.key_id, NEW_KEY.key_id]
    assert site.known() is not None
    assert site.known(NEW_KEY) is not None


def test_while_nothing_is_sent_the_secret_is_not_read_each_minute(site: Site) -> None:
    site.know(is_sending=False)
    site.keys.stored = NEW_KEY

    site.know(is_sending=False)

    assert site.asked == [KEY.key_id]


@pytest.mark.parametrize(
    ("seconds", "is_renewed"),
    [
        pytest.param(KEPT_SECONDS - RENEWED_SECONDS - 1, False, id="for long enough"),
        pytest.param(KEPT_SECONDS - RENEWED_SECONDS + 1, True, id="not for long enough"),
    ],
)
def test_what_is_known_of_a_key_pair_in_use_is_kept_for_longer(
    site: Site, seconds: float, is_renewed: bool
) -> None:
    site.know()
    first = site.known()
    assert first is not None
    site.ledger.write(first, replace(first, unknown=UNKNOWN, revision=2))
    site.clock.now += seconds

    assert site.know() == ""

    known = site.known()
    assert known is not None
    assert site.asked == [KEY.key_id]
    assert known.unknown == UNKNOWN
    assert known.expires_at == int(site.clock() if is_renewed else NOW) + KEPT_SECONDS
    assert known.revision == 2 + is_renewed


def test_without_a_key_pair_there_is_nothing_to_ask_about(site: Site) -> None:
    def empty() -> AccessKey:
        raise NoAccessKey

    site.keys.on_current = [empty]

    assert site.know(is_sending=False) == "smsdrop.NoKeys"
    assert site.asked == []


def test_of_two_who_ask_at_once_the_first_is_believed(site: Site) -> None:
    def another_writes(_: object) -> None:
        site.ledger.before_write = lambda _: None
        site.know()

    site.ledger.before_write = another_writes

    assert site.know() == ""
    assert site.asked == [KEY.key_id] * 2
    known = site.known()
    assert known is not None
    assert known.revision == 1


def test_neither_the_account_nor_the_key_id_is_shown(site: Site) -> None:
    site.know()

    shown = repr([*site.ledger.stored.items()])
    assert KEY.key_id not in shown
    assert ACCOUNT_ID not in shown
