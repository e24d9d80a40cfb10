"""A dropped file meets its template before anything of it is sent."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from smsdrop.alibaba.answers import Answer
from smsdrop.alibaba.template import Review, Template, TemplateType
from smsdrop.closing.reports import Totals, summary
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW, params_of, phone_numbers
from tests.support.template_fakes import FakeTemplates, template_of
from tests.support.use_cases import parse_recipients

PATH = "incoming/SMS_154950909/云通信/july.csv"
CODE = "SMS_154950909"
HOURS_UNCHECKED = Reason("hours_unchecked", ("0800-2000",))
ALICE, BOB, CAROL, *OTHERS = phone_numbers(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The use case among its fakes."""

    files: FakeFiles
    queue: FakeQueue
    provider: FakeTemplates
    use_case: ParseRecipients

    def drop(self, *lines: str, **defaults: Any) -> Campaign:
        plan_file = replace(self.use_case.plan_file, defaults=Defaults(**defaults))
        use_case = replace(self.use_case, plan_file=plan_file)
        return self.parse(self.files.drop(PATH, "\n".join(lines).encode()), use_case)

    def parse(self, version: FileVersion, use_case: ParseRecipients) -> Campaign:
        campaign = use_case.parse(version)
        assert campaign is not None
        return campaign

    def params(self) -> list[dict[str, str]]:
        """Return what is queued for each recipient."""
        return [
            dict(zip(batch.layout.param_names, values, strict=True))
            for batch in self.queue.batches
            for values in list(zip(*params_of(batch), strict=True)) or [()] * len(batch)
        ]


def site_with(template: Template | None, **changes: Any) -> Site:
    files, queue = FakeFiles(), FakeQueue()
    provider = FakeTemplates({CODE: template} if template else {})
    asking = Asking(keys=FakeKeys(KEY), wait=lambda _seconds: None)
    check = TemplateCheck(provider=provider, asking=asking)
    use_case = parse_recipients(
        files, FakeLedger(), queue, clock=Clock(NOW), **{"template_check": check, **changes}
    )
    return Site(files=files, queue=queue, provider=provider, use_case=use_case)


def codes(campaign: Campaign) -> list[str]:
    return [each.code for each in campaign.problems]


def reported(campaign: Campaign) -> dict[str, Any]:
    return dict(json.loads(summary(campaign, Totals(), language="en")))


def test_a_file_that_fits_is_sent_and_its_cost_is_estimated() -> None:
    site = site_with(template_of("${name}，您的账单${amount}元"))
    long_name = "长" * 35

    campaign = site.drop(
        "phone,name,amount", f"{ALICE},张三,88.00", f"{BOB},{long_name},{'9' * 26}"
    )

    assert (campaign.counts.accepted, campaign.problems) == (2, ())
    assert campaign.counts.segments == reported(campaign)["segments"] == 1 + 2
    assert site.params() == [
        {"name": "张三", "amount": "88.00"},
        {"name": long_name, "amount": "9" * 26},
    ]
    assert [code for code, _ in site.provider.asked] == [CODE]


def test_the_provider_is_asked_once_for_each_file() -> None:
    site = site_with(template_of("您好 ${name}"))
    version = site.files.drop(PATH, f"phone,name\n{ALICE},张三\n".encode())

    for _ in range(2):
        site.parse(version, site.use_case)

    assert len(site.provider.asked) == 1


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        pytest.param(None, ("template_unknown", CODE), id="unknown"),
        pytest.param(
            template_of("您好 ${name}", review=Review.PENDING),
            ("template_pending", CODE),
            id="under review",
        ),
        pytest.param(
            template_of("${name} ${date} ${city}"),
            ("variables_missing", "date", "city"),
            id="variables that the file lacks",
        ),
    ],
)
def test_a_file_that_cannot_be_sent_as_it_is_is_refused_and_texts_nobody(
    template: Template | None, reason: tuple[str, ...]
) -> None:
    site = site_with(template)

    campaign = site.drop("phone,name", f"{ALICE},张三")

    assert (campaign.status, campaign.outcome) == (Status.REFUSED, "refused")
    assert campaign.reason == Reason.from_list(reason)
    assert site.queue.messages == []
    assert site.files.objects == {}


def test_a_file_may_be_dropped_again_once_its_template_is_approved() -> None:
    site = site_with(template_of("您好 ${name}", review=Review.PENDING))
    lines = ("phone,name", f"{ALICE},张三")
    site.drop(*lines)
    site.provider.templates = {CODE: template_of("您好 ${name}")}

    assert site.drop(*lines).counts.accepted == 1


def test_superfluous_columns_are_left_out_of_the_call_and_named() -> None:
    site = site_with(template_of("您好 ${name}"))

    campaign = site.drop("phone,city,name,备注", f"{ALICE},上海,张三,", f"{BOB},北京,李四")

    assert site.params() == [{"name": "张三"}, {"name": "李四"}]
    assert campaign.problems == (Reason("columns_superfluous", ("city", "备注")),)
    assert reported(campaign)["problems"] == [
        "The template has no variable for these columns, so they were not sent: city, 备注"
    ]


def test_what_stands_in_a_superfluous_column_rejects_no_row() -> None:
    site = site_with(template_of("您好 ${name}"))

    campaign = site.drop("phone,name,note", f"{ALICE},张三,{'★' * 100}", f"{BOB},李四,")

    assert (campaign.counts.accepted, campaign.counts.rejected) == (2, 0)


def test_a_template_without_variables_is_sent_without_params() -> None:
    site = site_with(template_of("您好"))

    campaign = site.drop("phone,name", f"{ALICE},张三")

    assert site.params() == [{}]
    assert codes(campaign) == ["columns_superfluous"]


def test_the_phone_numbers_column_may_fill_a_variable_of_its_name() -> None:
    site = site_with(template_of("您的号码 ${phone}"))

    site.drop("phone", f"+86 {ALICE}")

    assert site.params() == [{"phone": f"+86 {ALICE}"}]


def test_rows_that_break_the_providers_rules_are_rejected_with_their_reasons() -> None:
    site = site_with(template_of("您好 ${name}"))
    fine = [f"{number},张三" for number in OTHERS]

    campaign = site.drop("phone,name", *fine, f"{BOB},★", f"{CAROL},{'长' * 36}")

    assert (campaign.counts.accepted, campaign.counts.rejected, campaign.counts.segments) == (
        9,
        2,
        9,
    )
    rows = site.files.objects[f"{campaign.plan}rows.jsonl"].decode()
    assert '{"rejected":["value_symbols","name"]}' in rows
    assert '{"rejected":["value_too_long","name"]}' in rows


def test_the_providers_rules_can_be_left_to_the_provider() -> None:
    site = site_with(template_of("您好 ${name}"))

    campaign = site.drop("phone,name", f"{ALICE},★", check_values=False)

    assert (campaign.counts.accepted, campaign.counts.segments) == (1, 1)


def test_a_verification_codes_template_is_warned_about_and_sent() -> None:
    site = site_with(template_of("验证码 ${code}", kind=TemplateType.ONE_TIME_PASSWORD))
    fine = [f"{number},123456" for number in OTHERS]

    campaign = site.drop("phone,code", *fine, f"{BOB},123")

    assert codes(campaign) == ["template_one_time_password"]
    assert (campaign.counts.accepted, campaign.counts.rejected) == (9, 1)


@pytest.mark.parametrize(
    "code", ["Forbidden.RAM", "InvalidAction.NotFound", "smsdrop.NoAnswer", "isv.SOMETHING"]
)
def test_a_file_whose_template_could_not_be_asked_for_is_sent_as_it_is(code: str) -> None:
    site = site_with(None)
    site.provider.answers += [Answer(code=code, status=403)] * 3

    campaign = site.drop("phone,name,note", f"{ALICE},张三,★")

    assert campaign.problems == (Reason("template_unchecked", (CODE, code)), HOURS_UNCHECKED)
    assert code in reported(campaign)["problems"][0]
    assert site.params() == [{"name": "张三", "note": "★"}]
    assert reported(campaign)["segments"] is None


@pytest.mark.parametrize(
    ("template", "changes", "asked", "problems"),
    [
        pytest.param(template_of(""), {}, 1, (), id="the provider did not tell its text"),
        pytest.param(
            None, {"template_check": None}, 0, (HOURS_UNCHECKED,), id="checking is switched off"
        ),
    ],
)
def test_a_file_is_sent_as_it_is_where_nothing_is_known_of_its_template(
    template: Template | None, changes: dict[str, Any], asked: int, problems: tuple[Reason, ...]
) -> None:
    site = site_with(template, **changes)

    campaign = site.drop("phone,name,note", f"{ALICE},{'长' * 36},★")

    assert (campaign.counts.accepted, campaign.problems) == (1, problems)
    assert site.params() == [{"name": "长" * 36, "note": "★"}]
    assert len(site.provider.asked) == asked
    assert reported(campaign)["segments"] is None


def test_a_file_of_rejected_rows_alone_costs_nothing() -> None:
    campaign = site_with(template_of("您好 ${name}")).drop("phone,name", f"{ALICE},★")

    assert reported(campaign)["segments"] == 0
