"""Record the key pair's account in the ledger while it can still be asked about."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from smsdrop.alibaba.ports import Identity, Keys
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.entries import KeyAccount, hash_of
from smsdrop.ledger.ports import ReadsKeyAccounts, Writes

RENEWED_SECONDS = KEPT_SECONDS // 2
"""Our choice: an entry that expires sooner than this is renewed."""


class AccountLedger(ReadsKeyAccounts, Writes, Protocol): ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowAccount:
    """The use case, with its ports."""

    ledger: AccountLedger
    identity: Identity
    keys: Keys
    clock: Callable[[], float]

    def know(self, *, is_sending: bool) -> str:
        """
        Ask about a key pair that the ledger does not know; return why it stays unknown, if so.

        While something `is_sending`, the key pair is fetched again, as senders may have done. The
        next minute's tick retries a failure, and only a batch in doubt that was sent with another
        key pair waits for it.
        """
        try:
            key = self.keys.refresh() if is_sending else self.keys.current()
        except NoAccessKey as error:
            return error.code
        known = self.ledger.key_accounts((key.key_id,)).get(key.key_id)
        return self._ask(key) if known is None else self._renew(known)

    def _ask(self, key: AccessKey) -> str:
        account = self.identity.account(key=key)
        if not isinstance(account, str):
            return account.code
        known = KeyAccount(
            key_hash=hash_of(key.key_id), account_id=account, expires_at=self._kept_until()
        )
        self.ledger.write(None, known)
        return ""

    def _renew(self, known: KeyAccount) -> str:
        """Extend the entry of a key pair that is still in use; its account does not change."""
        if known.expires_at < self.clock() + RENEWED_SECONDS:
            after = replace(known, expires_at=self._kept_until(), revision=known.revision + 1)
            self.ledger.write(known, after)
        return ""

    def _kept_until(self) -> int:
        return int(self.clock()) + KEPT_SECONDS
