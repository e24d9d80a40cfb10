"""Text that only reads as if it were GB18030 is refused; what people in China write is not."""

from io import BytesIO

import pytest

from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.files.streams import CHUNK_BYTES
from smsdrop.files.text.encoding import Decoding
from smsdrop.reasons import FileRefused

GBK = "手机号,姓名\n"


def table(*names: str, header: str = "phone,name\n") -> str:
    return header + "".join(f"1380013800{n},{name}\n" for n, name in enumerate(names))


def decoded(content: bytes) -> tuple[str, str]:
    decoding = Decoding(BytesIO(content))
    text = b"".join(decoding.pieces()).decode()
    return text, decoding.encoding


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        pytest.param(table("陳大文", "黃家豪", "王小明"), "big5", id="Big5"),
        pytest.param(table("林志明"), "big5", id="one name in Big5"),
        pytest.param(table("李國榮", header="手機號碼,姓名\n"), "big5", id="a header in Big5"),
        pytest.param(table("陳太", "香港九龍"), "big5hkscs", id="Big5 of Hong Kong"),
        pytest.param(table("田中", "山田太郎"), "shift_jis", id="Shift-JIS"),
        pytest.param(table("タナカ", "さくら"), "shift_jis", id="kana in Shift-JIS"),
        pytest.param(table("さくら", "タナカ"), "euc_jp", id="kana in EUC-JP"),
        pytest.param(table("O’Brien", "Anna"), "cp1252", id="an apostrophe of Windows-1252"),
        pytest.param(table("Müller"), "cp1252", id="an umlaut"),
        pytest.param(table("Anna", "Größe", "Bob"), "cp1252", id="two letters beyond ASCII"),
        pytest.param(table("João", "Conceição"), "cp1252", id="Portuguese"),
        pytest.param(table("Écoute", "Øystein"), "cp1252", id="at the beginning"),
        pytest.param(table("“Anna” x", "25 °C"), "cp1252", id="quotation marks"),
        pytest.param(table("Müller", "Anna"), "mac_roman", id="Macintosh"),
    ],
)
def test_text_of_another_encoding_is_refused(text: str, codec: str) -> None:
    with (
        pytest.raises(FileRefused, match="UTF-8"),
        open_recipient_file(BytesIO(text.encode(codec))) as file,
    ):
        list(file.blocks)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GBK.encode("gbk") + table("张三", header="").encode(), id="a row"),
        pytest.param(
            table("王芳", "李敏", header=GBK).encode("gbk") + "13800138009,欧阳娜娜\n".encode(),
            id="the last row",
        ),
        pytest.param(
            table(*["王芳"] * 20_000, header=GBK).encode("gbk")
            + table(*["欧阳娜娜"] * 20_000, header="").encode(),
            id="half of a large file",
        ),
    ],
)
def test_rows_in_utf_8_under_a_header_in_gbk_are_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="UTF-8"):
        decoded(content)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(table("陶喆", "李堃"), id="rare letters in half of the names' letters"),
        pytest.param(table("T恤", "K歌", "VIP会员", "A座B栋", "iPhone手机"), id="beside Latin"),
        pytest.param(table("王喆", "朱镕基", "赵堃 Tom", header=GBK), id="rare ones in names"),
        pytest.param(table("陳大文", "黃家豪", header=GBK), id="traditional ones among others"),
        pytest.param(table("优の良品", "α波", "①号★"), id="letters of others, singly"),
        pytest.param(table("（张三）", "“李四”", "王·五", "￥5—8㎡"), id="punctuation"),
        pytest.param(table("㐂𠮷😀", header=GBK), id="of four bytes"),
        pytest.param(table("联通", "模"), id="good UTF-8 by chance"),
        pytest.param("x" * CHUNK_BYTES + table("张三", "李堃"), id="far behind"),
        pytest.param(table(*["张三", "李堃", "王芳", "T恤"] * 9_000, header=GBK), id="large"),
    ],
)
def test_what_people_in_china_write_is_read(text: str) -> None:
    assert decoded(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("name", ["Müller", "José", "Zoë", "O’Brien", "Größe", "陶喆", "さくら"])
def test_in_utf_8_any_letters_are_read(name: str) -> None:
    text = table(name)

    assert decoded(text.encode()) == (text, "utf-8")
