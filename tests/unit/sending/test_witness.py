"""A key pair that replaces another can show what that one sent, if both are of one account."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import pytest

from smsdrop.alibaba.answers import NO_ANSWER
from smsdrop.alibaba.send_details import LookupFailed
from smsdrop.alibaba.signing import AccessKey
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.entries import KeyAccount, hash_of
from smsdrop.sending.settling import REFUSED_SECONDS
from smsdrop.sending.witness import Witness, witness
from tests.support.entries import FULL_BATCH
from tests.support.fakes import ACCOUNT_ID, FakeLedger
from tests.support.samples import KEY, batch_of
from tests.support.sending_scene import SETTLED_SECONDS, Scene

BATCH = batch_of(3)
NEW_KEY = AccessKey(key_id="LTAI-new", secret="new")
ANOTHER_ID = "1968132000120002"
NUMBERS = BATCH.phone_numbers


def know(ledger: FakeLedger, key: AccessKey, account_id: str = ACCOUNT_ID) -> None:
    ledger.write(None, KeyAccount(key_hash=hash_of(key.key_id), account_id=account_id))


def rotate(scene: Scene, key: AccessKey, account_id: str = ACCOUNT_ID) -> None:
    scene.provider.accounts[key.key_id] = account_id
    scene.keys.stored = key
    scene.keys.refresh()


@pytest.fixture
def lost() -> Scene:
    """A call that was lost before it reached the provider, and may be settled by now."""
    return in_doubt(texted=False)


@pytest.fixture
def arrived() -> Scene:
    return in_doubt(texted=True)


def in_doubt(*, texted: bool) -> Scene:
    scene = Scene.new()
    scene.provider.will_answer(NO_ANSWER, texts=texted)
    scene.deliver(BATCH)
    scene.clock.now += SETTLED_SECONDS
    return scene


@pytest.mark.parametrize(
    ("known", "proof"),
    [
        pytest.param({"old": "1", "new": "1"}, Witness.OF_ABSENCE, id="the same account"),
        pytest.param({"old": "1", "new": "2"}, Witness.OF_NOTHING, id="another account"),
        pytest.param({"old": "1"}, Witness.NOT_YET_KNOWN, id="the new one is to be asked about"),
        pytest.param({"new": "1"}, Witness.OF_NOTHING, id="the old one was never asked about"),
        pytest.param({}, Witness.OF_NOTHING, id="neither is known"),
    ],
)
def test_what_another_key_pair_proves(known: dict[str, str], proof: Witness) -> None:
    ledger = FakeLedger()
    for key_id, account_id in known.items():
        know(ledger, AccessKey(key_id=key_id, secret="s"), account_id)
    entry = replace(FULL_BATCH, access_key_id="old")

    assert witness(entry, AccessKey(key_id="new", secret="s"), ledger) is proof


def test_for_the_same_key_pair_nothing_is_read() -> None:
    class Unread:
        def key_accounts(self, key_ids: Collection[str]) -> dict[str, KeyAccount]:
            raise AssertionError("it was read")

    entry = replace(FULL_BATCH, access_key_id=KEY.key_id)

    assert witness(entry, KEY, Unread()) is Witness.OF_ABSENCE


def test_what_another_key_pair_of_the_account_does_not_list_is_sent_once_more(lost: Scene) -> None:
    know(lost.ledger, KEY)
    know(lost.ledger, NEW_KEY)
    rotate(lost, NEW_KEY)

    assert lost.deliver(BATCH) is None
    assert (lost.state(BATCH), lost.entry(BATCH).absent) == (State.SENT, 1)
    assert lost.provider.times_texted() == Counter(NUMBERS)


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "not known"])
def test_what_another_account_does_not_list_can_not_be_known_and_is_not_sent_again(
    arrived: Scene, is_known: bool
) -> None:
    if is_known:
        know(arrived.ledger, KEY)
        know(arrived.ledger, NEW_KEY, ANOTHER_ID)
    rotate(arrived, NEW_KEY, ANOTHER_ID)

    assert arrived.deliver(BATCH) is None
    assert arrived.state(BATCH) is State.UNCONFIRMED
    assert arrived.provider.times_texted() == Counter(NUMBERS)


def test_what_is_listed_was_sent_whatever_key_asks(arrived: Scene) -> None:
    rotate(arrived, NEW_KEY)

    assert arrived.deliver(BATCH) is None
    assert arrived.state(BATCH) is State.SENT
    assert len(arrived.provider.calls) == 1


def test_a_new_key_pair_settles_nothing_before_its_account_is_known(lost: Scene) -> None:
    know(lost.ledger, KEY)
    rotate(lost, NEW_KEY)

    later = lost.deliver(BATCH)

    assert later is not None
    assert later.seconds <= 2
    assert (lost.state(BATCH), lost.provider.lookups) == (State.SENDING, [])
    know(lost.ledger, NEW_KEY)
    assert lost.deliver(BATCH) is None
    assert lost.state(BATCH) is State.SENT


def test_an_account_that_cannot_be_asked_for_a_day_is_not_waited_for(lost: Scene) -> None:
    know(lost.ledger, KEY)
    rotate(lost, NEW_KEY)
    lost.clock.now += REFUSED_SECONDS

    assert lost.deliver(BATCH) is None
    assert lost.state(BATCH) is State.UNCONFIRMED
    assert len(lost.provider.calls) == 1


def test_whom_another_account_did_not_list_is_in_doubt_though_the_first_account_asks_again(
    lost: Scene,
) -> None:
    know(lost.ledger, KEY)
    know(lost.ledger, NEW_KEY, ANOTHER_ID)
    rotate(lost, NEW_KEY, ANOTHER_ID)
    lost.provider.lookup_answers = {NUMBERS[2]: LookupFailed("Throttling.User")}
    assert lost.deliver(BATCH) is not None
    lost.provider.lookup_answers = {}
    rotate(lost, KEY)

    assert lost.deliver(BATCH) is None

    assert lost.state(BATCH) is State.SPLIT
    other, apart = lost.queue.batches
    assert (other.phone_numbers, other.in_doubt) == (NUMBERS[2:], False)
    assert (apart.phone_numbers, apart.in_doubt) == (NUMBERS[:2], True)
