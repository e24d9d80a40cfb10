"""The header of a recipient file: what each column is for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.characters import INVISIBLE, UNSENDABLE, WHITE_SPACE, plain_table
from smsdrop.recipients.layout import Layout
from smsdrop.recipients.phone_numbers import read_phone_number

COMPARABLE = plain_table("_-.:*#")
"""Drops what spellings of a name differ in: `Mobile No.`, `Phone #`, `*手机号`, `电话：`."""

NOTE = re.compile(
    r"[(\[【〔<{](?:(?:必填|必须|必需|必录|必输|必选|不可为空|不能为空|非空|required|mandatory|"
    r"11位|十一位|11digits?|11)(?:项|数字|手机号码?|号码)?[,，、;；/]*)+[)\]】〕>}]"
)
"""Brackets that only say that a column must be filled, and how; 备用 in them says another thing."""

PHONE = "phone"

SIGN_NAME = "sign_name"

EXTEND_CODE = "extend_code"

PARAM = "param"

OURS = "ours"

OUR_PREFIX = "smsdrop_"
"""The prefix of columns that a report adds: when it is dropped again, they are not params."""

STATUS = "smsdropstatus"

REASON = "smsdropreason"

EVIDENCE = ("smsdropbizid", "smsdropsentat", "smsdropdelivery", "smsdropdeliveredat")
"""Columns that are filled only if a text was or may have been sent; spelled as by `comparable`."""

ROLES = {
    alias: role
    for role, aliases in {
        PHONE: """
            phonenumber phonenumbers phone phoneno phonenum mobile mobilenumber mobileno
            mobilephone mobilephonenumber cellphone cellphonenumber tel telephone
            telephonenumber telno msisdn phone1value
            手机号 手机号码 手机 移动电话 移动电话号码 移动号码 移动手机 手机电话
            电话 电话号码 联系电话 联系手机 联系手机号 联系手机号码 联系号码 号码
            接收号码 接收手机号
            联系人手机 联系人手机号 联系人手机号码 联系人电话 联系人号码
            收件人手机 收件人手机号 收件人手机号码 收件人电话
            收货人手机 收货人手机号 收货人手机号码 收货人电话
            客户手机 客户手机号 客户手机号码 会员手机 会员手机号 会员手机号码
            用户手机 用户手机号 用户手机号码 本人手机 本人手机号 本人手机号码
            手機號 手機號碼 手機 行動電話 行動電話號碼 電話 電話號碼 聯絡電話 聯絡手機 號碼
        """,
        SIGN_NAME: "signname 签名 短信签名 签名名称 簽名",
        EXTEND_CODE: "extendcode smsupextendcode 扩展码 短信扩展码 上行扩展码 擴展碼",
    }.items()
    for alias in aliases.split()
}
"""What a column of that name is for; any other name is a template param."""

TWICE = {
    PHONE: "two_recipient_columns",
    SIGN_NAME: "two_sign_name_columns",
    EXTEND_CODE: "two_extend_code_columns",
}

MAX_COLUMNS = 16_384
"""As many as Excel can hold in a sheet."""

MAX_NAMES_SHOWN = 20

MAX_NAME_SHOWN = 40
"""A summary should stay readable whatever was dropped, even a photograph."""

LONG_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){2,}(?=(?:[\W_]{0,3}\d){4})")
"""All but the last four of seven digits or more: a name like that is a phone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The user's own columns, and which cell of a row means what."""

    columns: tuple[str, ...]
    """As spelled in the file, in order."""
    phone: int
    sign_name: int | None
    extend_code: int | None
    params: tuple[tuple[int, str], ...]
    """Position and trimmed name, in the file's order."""
    nameless: tuple[int, ...]
    """Columns that are ignored."""
    doubled: tuple[str, ...] = ()
    """Names of params that more than one column has."""
    statuses: tuple[int, ...] = ()
    """The columns in which a report has a row's status; a report of a report has two."""
    evidence: tuple[int, ...] = ()

    @property
    def layout(self) -> Layout:
        """Return how a recipient's row is sent: its cells stay in the file's order."""
        return Layout(
            phone_column=sum(position < self.phone for position, _ in self.params),
            param_names=tuple(name for _, name in self.params),
        )

    def again_in(self, cells: Sequence[str]) -> "Again":
        """Tell whether a row without a phone number is a header, and whether it is this one."""
        if not any(map(names_a_number, cells)):
            return Again.NO
        keys = comparable_row(cells)
        own = comparable_row(self.columns)
        if keys == own:
            return Again.SAME
        named = [key for key in keys if key]
        known = sum(key in own for key in named)
        return Again.OTHER if known > 1 and known * 2 > len(named) else Again.NO


class Again(Enum):
    """How a row compares with the header."""

    NO = auto()
    SAME = auto()
    OTHER = auto()
    """The same columns in another order, or some of them, or others among them."""


def read_header(cells: Sequence[str]) -> Header:
    """Find out what each column is for; raises `FileRefused` where that would be a guess."""
    if len(cells) > MAX_COLUMNS:
        raise FileRefused(Reason("too_many_columns", (str(len(cells)), str(MAX_COLUMNS))))
    names = [cell.strip(WHITE_SPACE + INVISIBLE) for cell in cells]
    phone = only_column(names, PHONE)
    if phone is None:
        raise FileRefused(no_recipient_column(names))
    params, doubled = param_columns(names)
    return Header(
        columns=tuple(cells),
        phone=phone,
        sign_name=only_column(names, SIGN_NAME),
        extend_code=only_column(names, EXTEND_CODE),
        params=params,
        doubled=doubled,
        nameless=tuple(position for position, name in enumerate(names) if not name),
        statuses=columns_of(names, (STATUS,)),
        evidence=columns_of(names, EVIDENCE),
    )


def role(name: str) -> str:
    if name.casefold().startswith(OUR_PREFIX):
        return OURS
    return ROLES.get(comparable(name), PARAM)


def columns_of(names: Sequence[str], wanted: Sequence[str]) -> tuple[int, ...]:
    return tuple(
        position
        for position, name in enumerate(names)
        if role(name) == OURS and comparable(name) in wanted
    )


@lru_cache(maxsize=1024)
def names_a_number(cell: str) -> bool:
    """Whether a recipient column may have this name; quick for what is in most rows."""
    return not cell[:1].isdigit() and role(cell.strip(WHITE_SPACE + INVISIBLE)) == PHONE


def comparable_row(cells: Sequence[str]) -> list[str]:
    """Return what the cells say as names of columns, without empty ones at the end."""
    roles = [role(cell.strip(WHITE_SPACE + INVISIBLE)) for cell in cells]
    keys = [
        each if each in TWICE else comparable(cell) for each, cell in zip(roles, cells, strict=True)
    ]
    while keys and not keys[-1]:
        keys.pop()
    return keys


def comparable(name: str) -> str:
    """Return what spellings of one name have in common, if anything."""
    plain = name.translate(COMPARABLE).casefold()
    return NOTE.sub("", plain) or plain


def only_column(names: Sequence[str], wanted: str) -> int | None:
    """Return the position of the only such column, or None; raises `FileRefused` for a second."""
    positions = [position for position, name in enumerate(names) if role(name) == wanted]
    if len(positions) > 1:
        raise FileRefused(Reason(TWICE[wanted], shown(names[each] for each in positions)))
    return positions[0] if positions else None


def param_columns(
    names: Sequence[str],
) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """Return position and name of each param, and the repeated names."""
    taken: dict[str, int] = {}
    doubled: dict[str, None] = {}
    for position, name in enumerate(names):
        if not name or role(name) != PARAM:
            continue
        if UNSENDABLE.search(name):
            raise FileRefused(Reason("header_unreadable", (column_letters(position),)))
        if name in taken:
            doubled[name] = None
        else:
            taken[name] = position
    return tuple((position, name) for name, position in taken.items()), tuple(doubled)


def no_recipient_column(names: Sequence[str]) -> Reason:
    if any(isinstance(read_phone_number(name), str) for name in names):
        return Reason("header_missing")
    return Reason("no_recipient_column", shown(name for name in names if name))


def shown(names: Iterable[str]) -> tuple[str, ...]:
    """Return names as a reason may hold them: few, short, and with no phone number in them."""
    masked = [LONG_NUMBER.sub("…", UNSENDABLE.sub("�", name))[:MAX_NAME_SHOWN] for name in names]
    surplus = len(masked) - MAX_NAMES_SHOWN
    return (*masked[:MAX_NAMES_SHOWN], *([f"… (+{surplus})"] if surplus > 0 else []))


def column_letters(position: int) -> str:
    """Return the name a spreadsheet gives the column: 0 is A, 26 is AA."""
    letters = ""
    while position >= 0:
        position, letter = divmod(position, 26)
        letters = chr(ord("A") + letter) + letters
        position -= 1
    return letters
