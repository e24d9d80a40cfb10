"""Columns that the template does not need are ignored and reported, whatever is in them."""

from io import BytesIO
from typing import IO, cast

import pytest

from smsdrop.batches.batch import Batch
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drop_path import DropPath
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.parsing.plan_builder import RowCounts, Rules, build_plan
from smsdrop.reasons import Reason
from tests.support.judged_files import recipients_of
from tests.support.samples import CAMPAIGN_ID
from tests.support.template_fakes import template_of

LINE = '{"phone": "13800138000", "name": "张三"}\n'


def planned(content: str, template: str) -> tuple[RowCounts, list[list[str]]]:
    batches = BytesIO()
    with open_recipient_file(BytesIO(content.encode())) as file:
        counts = build_plan(
            file,
            PlanWriter(batches=cast("IO[bytes]", batches), rows=cast("IO[bytes]", BytesIO())),
            campaign_id=CAMPAIGN_ID,
            path=DropPath(template_code="SMS_9", sign_name="云通信"),
            rules=Rules(),
            template=template_of(template),
        )
    lines = batches.getvalue().splitlines()
    return counts, [each for line in lines for each in recipients_of(Batch.from_json(line))]


SECOND = '{"phone": "13900139000", "name": "李四", %s}\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(LINE + SECOND % '"tags": ["a", "b"]', "tags", id="a list"),
        pytest.param(LINE + SECOND % '"more": {"a": 1}', "more", id="an object"),
        pytest.param(LINE + SECOND % '"x": 1, "x": 2', "x", id="a name twice"),
        pytest.param(LINE * 150 + SECOND % '"late": "x"', "late", id="a name that comes late"),
        pytest.param(
            "phone,name,tag,tag\n13800138000,张三,1,2\n13900139000,李四,,\n",
            "tag",
            id="two columns",
        ),
    ],
)
def test_what_the_template_does_not_need_is_ignored_and_told(content: str, told: str) -> None:
    counts, recipients = planned(content, "您好${name}")

    assert recipients == [["13800138000", "张三"], ["13900139000", "李四"]]
    assert counts.rejected == 0
    assert counts.problems == [Reason("columns_superfluous", (told,))]


@pytest.mark.parametrize(
    "value", ['"name": ["a"]', '"name": {"a": 1}', '"name": "a", "name": "a"', '"name": "\\ud83d"']
)
def test_what_it_needs_rejects_the_row(value: str) -> None:
    good = "".join(LINE.replace("8000", f"{n}") for n in range(8001, 8010))

    counts, recipients = planned(f'{good}{{"phone": "13900139000", {value}}}\n', "您好${name}")

    assert (counts.rejected, len(recipients)) == (1, 9)
