"""A file's campaign begins once, and is found though the file is gone."""

from dataclasses import replace

import pytest

from smsdrop.ledger.campaign import Status
from smsdrop.parsing.beginning import begin, open_campaign_of
from tests.support.parsing_scene import KEY, Site, july
from tests.support.samples import NOW, changed


@pytest.fixture
def site() -> Site:
    return Site.new()


def test_a_file_is_begun_once(site: Site) -> None:
    version = site.files.drop(KEY, july(3))
    with site.files.open(version) as file:
        first = begin(site.ledger, version, file, at=NOW)
        second = begin(site.ledger, version, file, at=NOW + 60)

    assert second == first
    assert (first.status, first.size, first.started_at) == (Status.PARSING, len(july(3)), NOW)


def test_a_campaign_knows_who_has_dropped_its_file(site: Site) -> None:
    version = replace(site.files.drop(KEY, july(3)), by="AWS:AIDAA")
    with site.files.open(version) as file:
        campaign = begin(site.ledger, version, file, at=NOW)

    assert campaign.dropped_by == "AWS:AIDAA"
    assert campaign.version == version
    assert open_campaign_of(site.ledger, version) == campaign


def test_an_open_campaign_is_found_by_the_version_of_its_file(site: Site) -> None:
    version, other = site.files.drop(KEY, july(3)), site.files.drop(KEY, july(2))
    with site.files.open(version) as file:
        campaign = begin(site.ledger, version, file, at=NOW)

    assert open_campaign_of(site.ledger, version) == campaign
    assert open_campaign_of(site.ledger, other) is None
    site.ledger.write(campaign, changed(campaign, is_open=False))
    assert open_campaign_of(site.ledger, version) is None
