"""
Tell that two plans share no message without reading either of them.

A fingerprint of 32 bits is made of a row's cells, whatever their order. The same message has the
same one in every plan; another message may have it too, so only a difference proves anything.
"""

from collections.abc import Iterable
from zlib import crc32

from smsdrop.recipients.layout import SEPARATOR_BYTE

DIGITS = 8

MOST_FINGERPRINTS = 500
"""Our choice: so many make four kilobytes."""


def fingerprints_of(rows: Iterable[bytes]) -> str:
    """Return the fingerprints of rows as in queue messages, eight digits each, joined."""
    return "".join(f"{_fingerprint(each):08x}" for each in rows)


def are_disjoint(some: str, others: str) -> bool:
    return _apart(some).isdisjoint(_apart(others))


def _fingerprint(row: bytes) -> int:
    return crc32(SEPARATOR_BYTE.join(sorted(row.split(SEPARATOR_BYTE))))


def _apart(fingerprints: str) -> set[str]:
    places = range(0, len(fingerprints), DIGITS)
    return {fingerprints[place : place + DIGITS] for place in places}
