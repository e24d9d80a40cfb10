"""What it proves if a key pair does not list an attempt that another one has made."""

from enum import StrEnum, auto

from smsdrop.alibaba.signing import AccessKey
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.ports import ReadsKeyAccounts


class Witness(StrEnum):
    OF_ABSENCE = auto()
    """It belongs to the same account, whose lists show what any of its key pairs has sent."""
    OF_NOTHING = auto()
    """It belongs to another account, or whether it does can no longer be known."""
    NOT_YET_KNOWN = auto()
    """The account of the new key pair has yet to be asked for."""


def witness(entry: BatchEntry, key: AccessKey, ledger: ReadsKeyAccounts) -> Witness:
    """Say what the key pair proves about the attempt; reads the ledger only if it has to."""
    if entry.access_key_id == key.key_id:
        return Witness.OF_ABSENCE
    known = ledger.key_accounts((entry.access_key_id, key.key_id))
    old, new = known.get(entry.access_key_id), known.get(key.key_id)
    if old is None:  # a replaced key pair's account is never asked for
        return Witness.OF_NOTHING
    if new is None:
        return Witness.NOT_YET_KNOWN
    is_same = old.account_id == new.account_id
    return Witness.OF_ABSENCE if is_same else Witness.OF_NOTHING
