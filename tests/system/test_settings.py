"""What folders `name=value` say holds for the whole system, with the gateway as witness."""

import json
from datetime import datetime, timedelta

import pytest

from local.gateway.catalogue import CatalogueTemplate
from smsdrop.drops import BEIJING
from tests.conftest import DeployStack
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system


def hours_from_now(hours: int) -> str:
    return f"{datetime.now(BEIJING) + timedelta(hours=hours):%H%M}"


def test_a_mistyped_setting_sends_nothing_and_is_named(system: System) -> None:
    key = system.put(f"{FOLDER}/strat=2026-12-01T1000/july.csv", file_of(new_numbers(3)))

    report = system.closed(key)

    assert (report.summary["status"], report.summary["sent"]) == ("refused", 0)
    assert "strat=2026-12-01T1000" in report.summary["reason"]
    assert system.calls() == []


def test_a_preview_makes_no_call_and_the_file_is_sent_without_its_folder(system: System) -> None:
    template = CatalogueTemplate(content="${name}，您的账单已出")
    system.gateway.set_catalogue(
        signs={"云通信": "approved"}, templates={"SMS_154950909": template}
    )
    numbers = new_numbers(120)

    preview = system.closed(system.put(f"{FOLDER}/仅=预览/july.csv", file_of(numbers)))

    assert system.calls() == []
    assert preview.is_balanced
    assert (preview.summary["outcome"], preview.summary["cancelled"]) == ("preview", 120)
    assert preview.summary["segments"] == 120
    assert preview.summary["preview"] == [f"【云通信】张{each}，您的账单已出" for each in range(3)]
    assert {row["smsdrop_status"] for row in preview.rows()} == {"cancelled"}

    sent = system.closed(system.put(f"{FOLDER}/july.csv", file_of(numbers)))

    assert sent.summary["sent"] == 120
    assert system.not_once(numbers) == {}


def test_a_promotion_waits_for_its_hours_and_a_notification_goes(
    deploy_quick: DeployStack, system: System
) -> None:
    """The hours for promotions begin in two hours; that way the test runs at any time."""
    window = f"{hours_from_now(2)}-{hours_from_now(4)}"
    night = System(stack=deploy_quick("night", PromoWindow=window), gateway=system.gateway)
    night.gateway.set_catalogue(
        signs={"云通信": "approved"},
        templates={
            "SMS_154950909": CatalogueTemplate(content="${name}，您的账单已出"),
            "SMS_2": CatalogueTemplate(content="${name}，清仓", type=2),
        },
    )
    numbers = new_numbers(3)

    promotion = night.put("incoming/SMS_2/云通信/sale.csv", file_of(new_numbers(3)))
    report = night.closed(night.put(f"{FOLDER}/bill.csv", file_of(numbers)))
    night.wait(lambda: "plan" in night.campaign(promotion), what="the promotion's plan")
    night.close()

    assert report.summary["sent"] == 3
    assert night.not_once(numbers) == {}
    held = night.campaign(promotion)
    assert (held["status"]["S"], held["held_for"]["S"]) == ("held", "window")
    assert [each["S"] for each in held["windows"]["L"]] == [window]


def test_a_held_file_has_its_preview_which_says_what_to_do(system: System) -> None:
    template = CatalogueTemplate(content="${name}，您的账单已出")
    system.gateway.set_catalogue(
        signs={"云通信": "approved"}, templates={"SMS_154950909": template}
    )

    key = system.put(f"{FOLDER}/approve=yes/july.csv", file_of(new_numbers(120)))
    folder = f"reports/{key.removeprefix('incoming/')}/"
    system.wait(lambda: system.stack.keys(folder), what="the preview")

    [preview_key] = system.stack.keys(folder)
    preview = json.loads(system.stack.read(preview_key))
    assert preview_key == f"{folder}{system.campaign_id(key)}/preview.json"
    assert (preview["accepted"], preview["segments"], preview["held_for"]) == (120, 120, "approval")
    assert preview["texts"] == [f"【云通信】张{each}，您的账单已出" for each in range(3)]
    assert f"orders/approve/{system.campaign_id(key)}" in preview["waits_for"]
    system.close()
    assert (
        system.stack.read(preview_key)
        == json.dumps(preview, ensure_ascii=False, indent=2).encode() + b"\n"
    )

    system.stack.clients.s3.put_object(
        Bucket=system.stack.bucket, Key=f"orders/pause/{system.campaign_id(key)}", Body=b""
    )
    system.wait(lambda: "paused_by" in system.campaign(key), what="the pause")
    system.close()

    assert json.loads(system.stack.read(preview_key))["held_for"] == "paused"
    assert system.calls() == []


def test_a_test_texts_the_test_numbers_only_and_the_file_is_sent_without_its_folder(
    deploy_quick: DeployStack, system: System
) -> None:
    numbers, testers = new_numbers(120), new_numbers(2)
    tried = System(
        stack=deploy_quick("tried", TestNumbers=",".join(testers)), gateway=system.gateway
    )

    test = tried.closed(tried.put(f"{FOLDER}/only=test/july.csv", file_of(numbers)))

    assert tried.texts() == dict.fromkeys(testers, 3)
    assert test.is_balanced
    assert (test.summary["outcome"], test.summary["sent"]) == ("test", 6)
    assert test.summary["cancelled"] == 120
    names = sorted(each.params["name"] for each in tried.gateway.journal())
    assert names == [*["张0"] * 2, *["张1"] * 2, *["张2"] * 2]

    sent = tried.closed(tried.put(f"{FOLDER}/july.csv", file_of([*numbers, testers[0]])))

    assert sent.summary["sent"] == 121
    texts = tried.texts()
    assert texts.pop(testers[0]) == 4
    assert texts.pop(testers[1]) == 3
    assert texts == dict.fromkeys(numbers, 1)
