"""The encoding of a text, found while it is read."""

from io import BytesIO

import pytest

from smsdrop.files.streams import CHUNK_BYTES
from smsdrop.files.text.encoding import Decoding, NotText

ENCODINGS = {"utf-8": "utf-8", "gb18030": "gb18030", "utf-16": "utf-16", "utf-16-le": "utf-16"}


class Trickle:
    """A network body, which gives a byte at a time."""

    def __init__(self, content: bytes) -> None:
        self.body = BytesIO(content)

    def read(self, _: int, /) -> bytes:
        return self.body.read(1)


def decoded(content: bytes) -> tuple[str, str]:
    decoding = Decoding(BytesIO(content))
    text = b"".join(decoding.pieces()).decode()
    return text, decoding.encoding


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
@pytest.mark.parametrize("before", [0, *range(CHUNK_BYTES - 4, CHUNK_BYTES + 2), 3 * CHUNK_BYTES])
def test_ascii_decides_nothing_wherever_other_letters_begin(codec: str, before: int) -> None:
    text = "x" * before + "张三😀" * 10

    assert decoded(text.encode(codec)) == (text, codec)


@pytest.mark.parametrize(("codec", "name"), ENCODINGS.items())
def test_the_encoding_does_not_depend_on_how_the_bytes_arrive(codec: str, name: str) -> None:
    decoding = Decoding(Trickle("phone,张三\n".encode(codec)))

    assert b"".join(decoding.pieces()).decode() == "phone,张三\n"
    assert decoding.encoding == name


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param("phone\n张".encode()[:-1], "phone\n", id="cut off in UTF-8"),
        pytest.param("手机号\n张".encode("gbk")[:-1], "手机号\n", id="cut off in GBK"),
        pytest.param("张三\n".encode() + b"\xff\n", "张三\n", id="UTF-8, then something else"),
        pytest.param("a\nJosé,".encode("latin-1"), "a\nJos", id="Latin-1"),
    ],
)
def test_what_comes_before_the_wrong_bytes_is_given(content: bytes, text: str) -> None:
    decoding = Decoding(BytesIO(content))
    given: list[bytes] = []

    with pytest.raises(NotText):
        given.extend(decoding.pieces())

    assert b"".join(given).decode() == text


@pytest.mark.parametrize("text", ["José", "Zoë,Müller", "25 °C", "£5", "Иван", "Γιώργος", "ñandú"])
def test_letters_of_europe_in_utf_8_are_not_taken_for_chinese(text: str) -> None:
    assert decoded(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize("text", ["联通", "模", "小明", "phone,name\n13800138000,模"])
def test_a_few_chinese_letters_are_not_taken_for_others(text: str) -> None:
    assert decoded(text.encode("gbk")) == (text, "gb18030")
