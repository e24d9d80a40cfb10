"""A dropped file's sign names are asked about before anything of it is sent."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from smsdrop.alibaba.answers import Answer
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review, Template, TemplateType
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.plan_file import Defaults
from smsdrop.parsing.sign_check import SignCheck
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import KEY, NOW
from tests.support.template_fakes import FakeSigns, FakeTemplates, sign_of, template_of
from tests.support.use_cases import parse_recipients

CODE = "SMS_154950909"
ALICE, BOB = "13800138000", "13900139000"
ABROAD = "+852 6123 4567"


@dataclass(slots=True, kw_only=True)
class Site:
    """The use case among its fakes."""

    signs: FakeSigns
    template: Template = field(default_factory=lambda: template_of(""))
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))
    files: FakeFiles = field(default_factory=FakeFiles)
    queue: FakeQueue = field(default_factory=FakeQueue)

    def drop(self, *lines: str, folder: str = f"{CODE}/云通信/", **defaults: Any) -> Campaign:
        asking = Asking(keys=self.keys, wait=lambda _seconds: None)
        use_case = parse_recipients(
            self.files,
            FakeLedger(),
            self.queue,
            clock=Clock(NOW),
            defaults=Defaults(template_code=CODE, **defaults),
            template_check=TemplateCheck(
                provider=FakeTemplates({CODE: self.template}), asking=asking
            ),
            sign_check=SignCheck(provider=self.signs, asking=asking),
        )
        version = self.files.drop(f"incoming/{folder}july.csv", "\n".join(lines).encode())
        campaign = use_case.parse(version)
        assert campaign is not None
        return campaign


def site_with(*signs: Sign, **changes: Any) -> Site:
    return Site(signs=FakeSigns({each.name: each for each in signs}), **changes)


def test_the_sign_name_of_the_path_is_asked_about_once_for_all_rows() -> None:
    site = site_with(sign_of("云通信"))

    campaign = site.drop("phone", ALICE, BOB)

    assert (campaign.status, campaign.problems) == (Status.SENDING, ())
    assert site.signs.asked == ["云通信"]


def test_the_sign_name_of_the_stack_is_asked_about_where_the_path_names_none() -> None:
    site = site_with(sign_of("默认"))

    site.drop("phone", ALICE, folder="", sign_name="默认")

    assert site.signs.asked == ["默认"]


def test_each_sign_name_of_a_column_is_asked_about_once_in_the_files_order() -> None:
    site = site_with(sign_of("云通信"), sign_of("乙"), sign_of("甲"))
    numbers = [f"138001380{number:02d}" for number in range(6)]
    names = ["乙", "甲", "", "甲", "乙", "乙"]

    campaign = site.drop("phone,sign_name", *map(",".join, zip(numbers, names, strict=True)))

    assert campaign.counts.accepted == 6
    assert site.signs.asked == ["乙", "甲", "云通信"]


def test_a_sign_name_that_no_one_is_sent_is_not_asked_about() -> None:
    site = site_with(sign_of("甲"))

    campaign = site.drop(
        "phone,sign_name", f"{ALICE},甲", f"{ALICE},乙", "12,丙", max_rejected_percent=50
    )

    assert (campaign.counts.duplicates, campaign.counts.rejected) == (1, 1)
    assert site.signs.asked == ["甲"]


@pytest.mark.parametrize(
    ("signs", "reason"),
    [
        pytest.param((), Reason("sign_names_unknown", ("云通信",)), id="unknown"),
        pytest.param(
            (sign_of("云通信", review=Review.PENDING),),
            Reason("sign_names_pending", ("云通信",)),
            id="under review",
        ),
    ],
)
def test_a_sign_name_that_is_not_approved_refuses_the_file_and_texts_no_one(
    signs: tuple[Sign, ...], reason: Reason
) -> None:
    site = site_with(*signs)

    campaign = site.drop("phone", ALICE)

    assert (campaign.status, campaign.reason) == (Status.REFUSED, reason)
    assert site.queue.messages == []
    assert site.files.objects == {}


def test_a_sign_name_that_a_carrier_has_not_filed_is_sent_and_named() -> None:
    campaign = site_with(sign_of("云通信", "mobile")).drop("phone", ALICE)

    assert campaign.counts.accepted == 1
    assert campaign.problems == (Reason("sign_names_unfiled_mobile", ("云通信",)),)


def test_a_sign_name_that_cannot_be_asked_about_is_sent_unchecked() -> None:
    site = site_with()
    site.signs.answers += [Answer(code="Forbidden.RAM", status=403)]

    campaign = site.drop("phone", ALICE)

    assert campaign.counts.accepted == 1
    assert campaign.problems == (Reason("sign_names_unchecked", ("云通信", "Forbidden.RAM")),)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        pytest.param(TemplateType.INTERNATIONAL, ALICE, id="an international template"),
        pytest.param(TemplateType.NOTIFICATION, ABROAD, id="numbers abroad alone"),
    ],
)
def test_what_goes_abroad_needs_no_sign_name_on_file(kind: TemplateType, number: str) -> None:
    site = site_with(template=template_of("", kind=kind))

    campaign = site.drop("phone", number, international=True)

    assert (campaign.counts.accepted, campaign.problems) == (1, ())
    assert site.signs.asked == []


def test_a_file_of_too_many_rejected_rows_is_refused_for_that_without_a_question() -> None:
    site = site_with()

    campaign = site.drop("phone", ALICE, "12", "13")

    assert campaign.reason is not None
    assert campaign.reason.code == "too_many_rejected"
    assert site.signs.asked == []


class NoKeys(FakeKeys):
    """The secret cannot be read."""

    def current(self) -> AccessKey:
        raise NoAccessKey(code="AccessDeniedException")


def test_a_key_pair_that_cannot_be_read_is_said_once_for_template_and_sign_names() -> None:
    campaign = site_with(keys=NoKeys(KEY)).drop("phone", ALICE)

    assert campaign.counts.accepted == 1
    unreadable = Reason("keys_unreadable", ("AccessDeniedException",))
    assert campaign.problems == (unreadable, Reason("hours_unchecked", ("0800-2000",)))
