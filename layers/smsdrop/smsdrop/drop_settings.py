"""What a dropped file's folders say about when, how far and with whose approval it is sent."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self
from unicodedata import normalize

from smsdrop.drop_times import moment_of, window_of
from smsdrop.drops import MAX_WORD, word_of_repetition
from smsdrop.reasons import refused

YES = ("yes", "是")
PREVIEW = ("preview", "预览")
TEST = ("test", "测试")

MOST_AHEAD = 10_000
"""Our choice: this many recipients can be looked up again and again within minutes."""

ALIASES = {
    "start": "开始",
    "until": "截止",
    "window": "时段",
    "approve": "审批",
    "only": "仅",
    "again": "重发",
    "hidden": "隐藏行",
    "canary": "试投",
}
"""Each setting's name, and its Chinese one."""

NAMES = {each: name for name, alias in ALIASES.items() for each in (name, alias)}

EXAMPLES = {
    "start": ("2026-12-01T1000",) * 2,
    "until": ("2026-12-01T1800",) * 2,
    "window": ("0900-2000",) * 2,
    "approve": YES,
    "only": PREVIEW,
    "again": ("2026-12",) * 2,
    "hidden": YES,
    "canary": ("100",) * 2,
}
"""An example value of each setting, for its name and for its Chinese name."""

MISTYPED = re.compile(
    rf"(?:{'|'.join(NAMES)})(?:[\W_]+[0-9]|[0-9]{{3}}|[\W_]*(?:yes|是|preview|预览|test|测试))"
    r"|.*[0-9]{4}-?[0-9]{1,2}-?[0-9]{1,2}[t ]+[0-9]{1,2}:?[0-9]{2}"
    r"|.*[0-9]{1,2}:?[0-9]{2} *[-~–—〜至到] *[0-9]{1,2}:?[0-9]{2}"
)
"""How a folder begins if it is a setting without its equals sign, or under another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSettings:
    """
    The settings of one file; times are seconds since 1970, 0 is none.

    `folders` has each given setting's folder as it was written, by the setting's name.
    """

    start_at: float = 0
    until_at: float = 0
    window: str = ""
    needs_approval: bool = False
    is_preview: bool = False
    is_test: bool = False
    again: str = ""
    with_hidden_rows: bool = False
    canary: int = 0
    folders: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    @property
    def is_to_be_sent(self) -> bool:
        """Say whether the file is sent to the people on it."""
        return not (self.is_preview or self.is_test)

    @classmethod
    def read(cls, folders: Iterable[str], *, dropped_at: float) -> Self:
        """
        Read folders `name=value`; raises `FileRefused` for any that is unclear.

        A time of day means the next one: for the start after the drop, for the end after the start.
        """
        written = _by_name(folders)
        start_at = _value(written, "start", after=dropped_at) or 0
        until_at = _value(written, "until", after=max(start_at, dropped_at)) or 0
        for name, at in (("start", start_at), ("until", until_at)):
            if at and at < dropped_at:
                raise refused("setting_past", written[name])
        if until_at and until_at <= start_at:
            raise refused("until_before_start", written["until"], written["start"])
        only = _value(written, "only")
        return cls(
            start_at=start_at,
            until_at=until_at,
            window=_value(written, "window") or "",
            needs_approval=_value(written, "approve") is not None,
            is_preview=only in PREVIEW,
            is_test=only in TEST,
            again=_value(written, "again") or "",
            with_hidden_rows=_value(written, "hidden") is not None,
            canary=_value(written, "canary") or 0,
            folders=written,
        )


NO_SETTINGS = DropSettings()


def plain(text: str) -> str:
    """Return a text with its full-width signs, digits and letters, and capitals, as plain ones."""
    return normalize("NFKC", text).lower()


def is_setting(folder: str) -> bool:
    return "=" in plain(folder)


def check_no_setting(folder: str) -> None:
    """Raise `FileRefused` for a folder that was probably meant as a setting."""
    if MISTYPED.match(plain(folder)):
        raise refused("setting_without_sign", folder)


def check_file_name(name: str) -> None:
    """Raise `FileRefused` for a file that is named like a setting: only folders are settings."""
    if plain(name).partition("=")[0] in NAMES and is_setting(name):
        raise refused("setting_is_file", name)


def _by_name(folders: Iterable[str]) -> dict[str, str]:
    """Return the folder of each setting."""
    written: dict[str, str] = {}
    for folder in folders:
        name = NAMES.get(plain(folder).partition("=")[0])
        if name is None:
            raise refused("setting_unknown", folder)
        if name in written:
            raise refused("setting_twice", written[name], folder)
        written[name] = folder
    return written


def _value(written: Mapping[str, str], name: str, *, after: float = 0) -> Any:
    """Return what a setting says, or None if it is not given."""
    if name not in written:
        return None
    alias, _, text = plain(written[name]).partition("=")
    try:
        return READERS[name](text.strip(), after)
    except ValueError:
        example = EXAMPLES[name][alias not in ALIASES]
        raise refused("setting_wrong", written[name], f"{alias}={example}") from None


def _moment(text: str, after: float) -> float:
    return moment_of(text, after=after)


def _window(text: str, _after: float) -> str:
    return window_of(text)


def _one_of(words: Collection[str]) -> Callable[[str, float], str]:
    def read(text: str, _after: float) -> str:
        if text not in words:
            raise ValueError("it is another word")
        return text

    return read


def _word(text: str, _after: float) -> str:
    if not word_of_repetition(text) or len(text) > MAX_WORD:
        raise ValueError("it denies itself, or is too long")
    return text


def _recipients(text: str, _after: float) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_AHEAD):
        raise ValueError("it is no number of recipients, or too large")
    return int(text)


READERS: dict[str, Callable[[str, float], Any]] = {
    "start": _moment,
    "until": _moment,
    "window": _window,
    "approve": _one_of(YES),
    "only": _one_of((*PREVIEW, *TEST)),
    "again": _word,
    "hidden": _one_of(YES),
    "canary": _recipients,
}
"""How the value of each is read; a wrong one raises `ValueError`."""
