"""The form of a call: whatever is in the batch, decoding gives exactly that back."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.alibaba.form import batch_form, encoded
from smsdrop.batches.batch import Batch
from smsdrop.recipients.layout import SEPARATOR
from tests.support.samples import layout, phone_numbers, rows_of

VALUES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=SEPARATOR), max_size=12
)


def batch_with(*columns: list[str], names: tuple[str, ...], **changes: tuple[str, ...]) -> Batch:
    size = len(columns[0]) if columns else 2
    fields: dict[str, Any] = {
        "sign_names": ("云通信",) * size,
        **changes,
    }
    return Batch(
        batch_id="c-000001",
        template_code="SMS_1",
        layout=layout(*names),
        rows=rows_of(phone_numbers(size), *columns),
        **fields,
    )


def decoded(batch: Batch) -> dict[str, object]:
    fields = parse_qs(batch_form(batch), strict_parsing=True, keep_blank_values=True)
    return {name: json.loads(value) for name, (value,) in fields.items()}


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=20))
def test_params_arrive_exactly_as_they_are(rows: list[tuple[str, str]]) -> None:
    first, second = zip(*rows, strict=True)

    fields = decoded(batch_with(list(first), list(second), names=("name", '"quoted" 名')))

    assert fields["TemplateParamJson"] == [
        {"name": one, '"quoted" 名': other} for one, other in rows
    ]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["13800138000", "13900139000"], id="digits"),
        pytest.param(["张三", "李四"], id="Chinese"),
        pytest.param(["a", "", "b"], id="an empty one in between"),
        pytest.param(["", ""], id="nothing but empty ones"),
        pytest.param([""], id="one that is empty"),
        pytest.param(['he said "hi"', "back\\slash", "line\r\nbreak", "tab\t"], id="escapes"),
        pytest.param(["+", "%", "&", "=", " ", "~", "/"], id="what means something in a form"),
        pytest.param(["😀", "é", "ｆｕｌｌ"], id="beyond ASCII"),
        pytest.param(["nul\x00within", "x"], id="the very character that parts the values"),
        pytest.param(["\x00", ""], id="that character and nothing"),
    ],
)
def test_each_value_decodes_to_itself(values: list[str]) -> None:
    fields = decoded(batch_with(values, names=("code",)))

    assert fields["TemplateParamJson"] == [{"code": value} for value in values]


def test_sign_names_and_extend_codes_stand_in_their_rows_order() -> None:
    batch = batch_with(names=(), sign_names=("云通信", "另一个"), extend_codes=("90999", "90998"))

    fields = decoded(batch)

    assert fields == {
        "PhoneNumberJson": list(phone_numbers(2)),
        "SignNameJson": ["云通信", "另一个"],
        "SmsUpExtendCodeJson": ["90999", "90998"],
    }


def test_what_needs_no_encoding_is_left_as_it_is() -> None:
    values = ["13800138000", "13900139000"]

    assert encoded(values) == values
