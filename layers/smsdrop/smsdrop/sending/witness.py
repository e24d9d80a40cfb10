"""What it proves that a key pair lists nothing of an attempt which another one has made."""

from enum import StrEnum, auto

from smsdrop.alibaba.signing import AccessKey
from smsdrop.ledger.batch_entry import BatchEntry
from smsdrop.ledger.ports import ReadsKeyAccounts


class Witness(StrEnum):
    OF_ABSENCE = auto()
    """It is of the same account, whose lists show whatever any of its key pairs has sent."""
    OF_NOTHING = auto()
    """It is of another account, or nobody can know any more whether it is."""
    NOT_YET_KNOWN = auto()
    """The account of the new key pair is still to be asked for."""


def witness(entry: BatchEntry, key: AccessKey, ledger: ReadsKeyAccounts) -> Witness:
    """Say what the key pair proves about the attempt; reads the ledger if that needs more."""
    if entry.access_key_id == key.key_id:
        return Witness.OF_ABSENCE
    known = ledger.key_accounts((entry.access_key_id, key.key_id))
    old, new = known.get(entry.access_key_id), known.get(key.key_id)
    if old is None:  # nobody asks about a key pair once it is replaced
        return Witness.OF_NOTHING
    if new is None:
        return Witness.NOT_YET_KNOWN
    is_same = old.account_id == new.account_id
    return Witness.OF_ABSENCE if is_same else Witness.OF_NOTHING
