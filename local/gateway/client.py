"""A client for the control API of a running stand-in, for tests, demos and benchmarks."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from requests import Response, Session

from .catalogue import CatalogueTemplate, Status
from .control import PREFIX
from .delivery import Delivery
from .faults import Fault
from .journal import Message
from .receipts import Receipt
from .request_log import LoggedRequest

TIMEOUT_SECONDS = 60
"""For each control request; in a long answer, for each read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """
    The counts since the last reset. `texts` are the accepted messages that did not fail.

    `calls` counts by action, then by outcome; `open_calls` are not answered yet.
    """

    texts: int
    failed: int
    distinct_numbers: int
    numbers_texted_more_than_once: int
    calls: dict[str, dict[str, int]]
    open_calls: int
    faults: dict[str, int]


class Gateway:
    """A running stand-in, by its address."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._session = Session()
        self._session.trust_env = False  # loopback is not reached through a proxy

    def close(self) -> None:
        self._session.close()

    def journal(
        self,
        *,
        phone_number: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Message]:
        """Yield the accepted messages in order, while the answer is still being read."""
        query = {"phone_number": phone_number, "offset": offset, "limit": limit}
        return (Message(**fields) for fields in self._lines("journal", query))

    def receipts(
        self,
        *,
        phone_number: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
    ) -> Iterator[Receipt]:
        """Yield what becomes of each message, in the order of the journal."""
        query = {"phone_number": phone_number, "offset": offset, "limit": limit}
        return (Receipt(**fields) for fields in self._lines("receipts", query))

    def set_delivery(self, delivery: Delivery) -> None:
        """Set the delivery of messages that are accepted from now on."""
        self._ask("PUT", "delivery", delivery.to_json())

    def delivery(self) -> Delivery:
        return Delivery.from_json(self._ask("GET", "delivery").json())

    def advance_clock(self, seconds: float) -> float:
        """Advance the clock of delivery alone, and return how far it was advanced in all."""
        answer = self._ask("POST", "clock", {"advance_seconds": seconds}).json()
        return float(answer["advanced_seconds"])

    def requests(
        self, *, action: str | None = None, offset: int | None = None, limit: int | None = None
    ) -> Iterator[LoggedRequest]:
        query = {"action": action, "offset": offset, "limit": limit}
        return (LoggedRequest(**fields) for fields in self._lines("requests", query))

    def summary(self) -> Summary:
        return Summary(**self._ask("GET", "summary").json())

    def set_catalogue(
        self,
        *,
        signs: Mapping[str, Status],
        templates: Mapping[str, CatalogueTemplate],
        filings: Mapping[str, Mapping[str, int]] | None = None,
    ) -> None:
        """Make these known, and no others."""
        written = {code: asdict(template) for code, template in templates.items()}
        content = {"signs": dict(signs), "filings": filings or {}, "templates": written}
        self._ask("PUT", "catalogue", content)

    def unset_catalogue(self) -> None:
        self._ask("DELETE", "catalogue")

    def add_fault(self, fault: Fault) -> None:
        self._ask("POST", "faults", fault.to_json())

    def clear_faults(self) -> None:
        self._ask("DELETE", "faults")

    def times_applied(self) -> list[int]:
        """Return how often each active fault has applied, in the order they were added."""
        return [each["applied"] for each in self._ask("GET", "faults").json()]

    def set_balance(self, texts: int | None) -> None:
        self.change_settings(balance=texts)

    def change_settings(self, **changes: Any) -> dict[str, Any]:
        """Change the named settings (see `Settings`), and return all of them."""
        return dict(self._ask("PUT", "settings", changes).json())

    def settings(self) -> dict[str, Any]:
        return dict(self._ask("GET", "settings").json())

    def put_key(
        self,
        access_key_id: str,
        access_key_secret: str | None = None,
        *,
        enabled: bool = True,
        account_id: str | None = None,
    ) -> None:
        """Add a key, or change it; without a secret or an account it keeps those it has."""
        fields: dict[str, Any] = {"access_key_id": access_key_id, "enabled": enabled}
        if access_key_secret is not None:
            fields["access_key_secret"] = access_key_secret
        if account_id is not None:
            fields["account_id"] = account_id
        self._ask("PUT", "keys", fields)

    def reset(self) -> None:
        """Put everything back to how it was when the process started."""
        self._ask("POST", "reset")

    def _ask(self, method: str, what: str, content: Any = None) -> Response:
        address = f"{self.endpoint}{PREFIX}/{what}"
        response = self._session.request(method, address, json=content, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        return response

    def _lines(self, what: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        address = f"{self.endpoint}{PREFIX}/{what}"
        with self._session.get(
            address, params=query, stream=True, timeout=TIMEOUT_SECONDS
        ) as response:
            response.raise_for_status()
            for line in response.iter_lines(chunk_size=64 * 1024):
                yield json.loads(line)
