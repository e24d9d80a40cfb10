"""What a dropped file's path says: template code, sign name and settings."""

import re
from dataclasses import dataclass
from typing import Self

from smsdrop.drop_settings import (
    NO_SETTINGS,
    DropSettings,
    check_file_name,
    check_no_setting,
    is_setting,
)
from smsdrop.drops import DROP_PREFIX
from smsdrop.reasons import FileRefused, Reason

TEMPLATE_CODE = re.compile(r"SMS_[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DropPath:
    """What the people on the file are sent, unless a row says otherwise, and on what terms."""

    template_code: str
    sign_name: str
    settings: DropSettings = NO_SETTINGS

    @classmethod
    def from_key(
        cls, key: str, *, default_template_code: str, default_sign_name: str, dropped_at: float
    ) -> Self:
        """
        Read `incoming/[<template code>/[<sign name>/]]<file>`, with settings anywhere between.

        Raises `FileRefused` for a folder that is no template code, since a mistyped one must not
        send the default template, for folders below the sign name's, for no code at all, and for
        what may be a setting but is unclear.
        """
        *folders, name = key.removeprefix(DROP_PREFIX).split("/")
        check_file_name(name)
        settings = DropSettings.read(filter(is_setting, folders), dropped_at=dropped_at)
        others = [each for each in folders if not is_setting(each)]
        for each in others:
            check_no_setting(each)
        if others and not TEMPLATE_CODE.fullmatch(others[0]):
            raise FileRefused(Reason("folder_is_no_template_code", (others[0],)))
        if len(others) > 2:
            raise FileRefused(Reason("too_many_folders", (others[2],)))
        template_code, sign_name = (*others, "", "")[:2]
        if not (template_code or default_template_code):
            raise FileRefused(Reason("no_template_code"))
        return cls(
            template_code=template_code or default_template_code,
            sign_name=sign_name or default_sign_name,
            settings=settings,
        )
