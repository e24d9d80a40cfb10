"""The first row's text is what is kept beside a plan, or else its params."""

import pytest

from smsdrop.batches.first_texts import keep_texts
from smsdrop.batches.plan import BATCHES
from smsdrop.pages.first_text import NO_TEXT, FirstText, first_text_of
from tests.support.fakes import FakeFiles
from tests.support.samples import batch_of, phone_numbers

PLAN = "work/plan/"


def test_a_text_that_is_kept_is_shown() -> None:
    files = FakeFiles()
    keep_texts(PLAN, ["【云通信】张三", "【云通信】李四"], files)

    assert first_text_of(PLAN, files) == FirstText(text="【云通信】张三")


def test_without_one_the_first_rows_params_are_and_never_its_number() -> None:
    files = FakeFiles()
    lines = [f"{batch_of(2, position=each).to_json()}\n" for each in (1, 2)]
    files.objects[PLAN + BATCHES] = "".join(lines).encode()

    first = first_text_of(PLAN, files)

    assert first == FirstText(sign_name="云通信", params=(("name", "张三0"),))
    assert phone_numbers(1)[0] not in repr(first)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="gone"),
        pytest.param(b"", id="without a batch"),
        pytest.param(b"oops\n", id="damaged"),
        pytest.param(b'{"form":99}\n', id="of a later release"),
    ],
)
def test_a_plan_that_cannot_be_read_has_none(content: bytes | None) -> None:
    files = FakeFiles()
    if content is not None:
        files.objects[PLAN + BATCHES] = content

    assert first_text_of(PLAN, files) == NO_TEXT


def test_a_file_without_a_plan_has_none() -> None:
    assert first_text_of("", FakeFiles()) == NO_TEXT
