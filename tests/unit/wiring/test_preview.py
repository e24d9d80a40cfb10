"""Previews speak the stack's language, and know its price."""

from decimal import Decimal

import pytest

from local.template.reading import Template
from smsdrop.wiring.close_campaigns import tick
from smsdrop.wiring.parse_recipients import parse_recipients
from smsdrop.wiring.preview import write_preview
from tests.support.wired import reports_of, wired

pytest_plugins = ["tests.support.aws_fixtures"]


@pytest.mark.parametrize("name", ["ParseRecipients", "CloseCampaigns"])
def test_previews_and_reports_go_by_the_settings_of_the_stack(
    template: Template, name: str
) -> None:
    preview = write_preview(wired(template, name, LANGUAGE="zh", PRICE_PER_SEGMENT="0.045"))

    assert (preview.language, preview.price_per_segment) == ("zh", Decimal("0.045"))


def test_both_functions_write_the_same_preview(template: Template) -> None:
    changes = {"LANGUAGE": "zh", "PRICE_PER_SEGMENT": "0.045"}
    parser = parse_recipients(wired(template, "ParseRecipients", **changes)).write_preview
    closer = wired(template, "CloseCampaigns", **changes)
    in_ticks, in_reports = tick(closer).advance.write_preview, reports_of(tick(closer))

    assert (parser.language, parser.price_per_segment) == ("zh", Decimal("0.045"))
    assert in_ticks.price_per_segment == in_reports.price_per_segment == Decimal("0.045")
