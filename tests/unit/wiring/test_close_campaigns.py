"""The tick is built from the variables that the template gives CloseCampaigns, and no others."""

from local.template.reading import Template
from smsdrop.wiring.close_campaigns import tick
from smsdrop.wiring.pausing import pausing
from smsdrop.wiring.tell import tell
from tests.support.wired import own_variables, reports_of, wired

pytest_plugins = ["tests.support.aws_fixtures"]


def test_everything_that_the_function_is_told_is_asked_for(template: Template) -> None:
    adapters = wired(template, "CloseCampaigns")

    pausing(adapters)
    reports_of(tick(adapters))
    tell(adapters)
    _ = adapters.settings.max_rejected_percent  # read together with the first new list

    assert adapters.environment.asked_for >= set(own_variables(template, "CloseCampaigns"))


def told(_what: str, _error: Exception) -> None:
    """Ignore a page that was not written."""


def test_the_tick_goes_by_the_settings_of_the_stack(template: Template) -> None:
    adapters = wired(
        template,
        "CloseCampaigns",
        MAX_AGE_DAYS="2",
        CALLS_PER_SECOND="20",
        LOOKUPS_PER_SECOND="40",
        LANGUAGE="zh",
    )

    use_case = tick(adapters, page_failed=told)

    turn = use_case.advance
    assert turn.max_age_seconds == 2 * 24 * 3600
    assert turn.repair.calls_per_second == 20
    assert turn.verify_absences.rate.interval_seconds == 1 / 40
    report = reports_of(use_case)
    assert report.language == "zh"
    assert use_case.write_pages.language == use_case.write_index.language == "zh"
    failing = (report, use_case.write_pages, use_case.write_index)
    assert all(each.page_failed is told for each in failing)


def test_the_tick_and_the_pause_share_their_clients(template: Template) -> None:
    adapters = wired(template, "CloseCampaigns")

    follow, every_minute = pausing(adapters), tick(adapters)

    assert follow.topic is every_minute.tell_of_stuck.topic
    names = [name for name, _ in adapters.session.made]
    assert sorted(names) == ["dynamodb", "lambda", "s3", "secretsmanager", "sns", "sqs"]
