"""A file meets the provider's template and sign names before it is sent: the whole system."""

import pytest

from local.gateway.catalogue import CatalogueTemplate
from tests.support.whole_system import FOLDER, System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


@pytest.fixture
def stocked(system: System) -> System:
    """The provider knows one sign name and one template."""
    system.gateway.set_catalogue(
        signs={"云通信": "approved"},
        templates={"SMS_154950909": CatalogueTemplate(content="${name}，您的账单${amount}元")},
    )
    return system


def dropped(system: System, name: str, *lines: str) -> str:
    return system.put(f"{FOLDER}/{name}", "\n".join(lines).encode())


def test_what_the_template_does_not_take_is_left_out_before_anything_is_sent(
    stocked: System,
) -> None:
    *numbers, last = new_numbers(6)
    rows = [f"{number},张三,上海,88.00" for number in numbers]

    key = dropped(stocked, "fits.csv", "手机号,name,城市,amount", *rows, f"{last},★,北京,1")
    report = stocked.closed(key)

    assert stocked.not_once(numbers) == {}
    assert [each.params for each in stocked.gateway.journal()] == [
        {"name": "张三", "amount": "88.00"}
    ] * 5
    assert report.summary["segments"] == 5
    assert report.summary["rejected"] == 1
    assert ["城市" in each for each in report.summary["problems"]] == [True]
    assert report.is_balanced


@pytest.mark.parametrize(
    ("folder", "columns", "reason"),
    [
        pytest.param(FOLDER, "手机号,name", "amount", id="a variable that the file lacks"),
        pytest.param(
            "incoming/SMS_9/云通信",
            "手机号,name,amount",
            "SMS_9",
            id="a template that is not there",
        ),
    ],
)
def test_a_file_that_the_provider_would_refuse_is_refused_without_a_call(
    stocked: System, folder: str, columns: str, reason: str
) -> None:
    [alice] = new_numbers(1)

    key = stocked.put(f"{folder}/refused {reason}.csv", f"{columns}\n{alice},张三,1".encode())
    report = stocked.closed(key)

    assert (report.summary["status"], report.summary["outcome"]) == ("refused", "refused")
    assert reason in report.summary["reason"]
    assert stocked.calls() == []


@pytest.mark.parametrize("lacking", ["GetSmsTemplate", "QuerySmsTemplate"])
def test_a_gateway_that_offers_only_one_of_the_two_questions_is_asked_that(
    stocked: System, lacking: str
) -> None:
    stocked.gateway.change_settings(lacks=[lacking])
    [alice] = new_numbers(1)

    key = dropped(
        stocked, f"without {lacking}.csv", "手机号,name,城市,amount", f"{alice},张三,上海,1"
    )
    report = stocked.closed(key)

    assert [each.params for each in stocked.gateway.journal()] == [{"name": "张三", "amount": "1"}]
    assert ["城市" in each for each in report.summary["problems"]] == [True]


def test_a_sign_name_that_is_not_approved_is_refused_without_a_call(stocked: System) -> None:
    [alice] = new_numbers(1)

    key = stocked.put(
        "incoming/SMS_154950909/新签名/a.csv", f"手机号,name,amount\n{alice},张三,1".encode()
    )
    report = stocked.closed(key)

    assert report.summary["status"] == "refused"
    assert "新签名" in report.summary["reason"]
    assert stocked.calls() == []


def test_a_sign_name_that_a_carrier_has_not_filed_is_sent_and_the_report_says_so(
    system: System,
) -> None:
    system.gateway.set_catalogue(
        signs={"云通信": "approved"},
        filings={"云通信": {"unicom": -2}},
        templates={"SMS_154950909": CatalogueTemplate(content="您好")},
    )
    [alice] = new_numbers(1)

    report = system.closed(dropped(system, "unfiled.csv", "手机号", alice))

    assert system.not_once([alice]) == {}
    assert ["China Unicom" in each for each in report.summary["problems"]] == [True]


def test_a_gateway_that_cannot_be_asked_is_sent_to_all_the_same(system: System) -> None:
    system.gateway.change_settings(lacks=["GetSmsTemplate", "QuerySmsTemplate"])
    numbers = new_numbers(2)

    report = system.closed(system.drop("unchecked.csv", numbers))

    assert system.not_once(numbers) == {}
    unchecked, hours = report.summary["problems"]
    assert "InvalidAction.NotFound" in unchecked
    assert "0800-2000" in hours
