"""Lists are read at the call as at judging: with the stack's limit on bad rows."""

import pytest

from local.template.reading import Template
from smsdrop.sending.suppression.standing import ListsUnusable
from smsdrop.wiring.listed_since import listed_since
from tests.support.fakes import FakeFiles
from tests.support.samples import batch_of, campaign, phone_numbers
from tests.support.wired import Wired, wired

pytest_plugins = ["tests.support.aws_fixtures"]


def with_a_list_half_of_numbers(template: Template, function: str, percent: str) -> Wired:
    adapters, files = wired(template, function, MAX_REJECTED_PERCENT=percent), FakeFiles()
    files.drop("suppressed/half.csv", f"phone\n{phone_numbers(1)[0]}\nnone\n".encode())
    adapters.__dict__["bucket"] = files
    return adapters


@pytest.mark.parametrize("function", ["SendBatch", "CloseCampaigns"])
def test_a_list_may_have_so_many_bad_rows_as_the_stack_says(
    template: Template, function: str
) -> None:
    lenient = listed_since(with_a_list_half_of_numbers(template, function, "50"))
    strict = listed_since(with_a_list_half_of_numbers(template, function, "49"))

    assert list(lenient.places(batch_of(2), campaign())) == [0]
    with pytest.raises(ListsUnusable):
        strict.places(batch_of(2), campaign())
