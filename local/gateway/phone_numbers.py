"""The forms of a domestic phone number that the provider accepts."""

import re

FORMS = re.compile(r"(?:\+86|0086|86|\+)?(1[3-9][0-9]{9})")
"""Eleven digits, alone or after `+`, `+86`, `0086`, `86`, as the official SDK documents it."""


def bare(phone_number: str) -> str | None:
    """Return the eleven digits, or None if it is not a domestic mobile number."""
    match = FORMS.fullmatch(phone_number)
    return match and match[1]
