"""The spellings of a domestic phone number that the provider accepts."""

import re

SPELLING = re.compile(r"(?:\+86|0086|86|\+)?(1[3-9][0-9]{9})")
"""Bare, or after `+`, `+86`, `0086`, `86`: so the official client describes the parameter."""


def bare(phone_number: str) -> str | None:
    """Return the eleven digits, or None where the number is no domestic mobile number."""
    match = SPELLING.fullmatch(phone_number)
    return match and match[1]
