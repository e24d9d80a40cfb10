"""A file's first recipients go ahead, and the others follow by what their receipts say."""

from typing import Any

import pytest

from local.gateway.delivery import Delivery
from local.stack import Stack
from smsdrop.receipts.canary import FIRST_LOOK_SECONDS, PATIENCE_SECONDS
from tests.conftest import DeployStack
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

HALF_FAIL = Delivery(seed=7, failed={"MOBILE_NOT_ON_SERVICE": 0.5})


@pytest.fixture(scope="module")
def system_stack(deploy_quick: DeployStack) -> Stack:
    """A stack where no other test's receipts are due, minutes later."""
    return deploy_quick("canary")


def gone_ahead(system: System, name: str, numbers: list[str]) -> str:
    """Return the key of a file whose first hundred were texted, and whose others wait."""
    key = system.put(f"{FOLDER}/canary=100/{name}", file_of(numbers))
    system.wait(lambda: texted(system, numbers) == 100, what="a hundred texts")

    def is_held() -> bool:
        system.close()
        return held_for(system, key) == "canary"

    system.wait(is_held, what="the end of those ahead")
    return key


def texted(system: System, numbers: list[str]) -> int:
    texts = system.texts()
    return sum(number in texts for number in numbers)


def held_for(system: System, key: str) -> str:
    return str(system.campaign(key).get("held_for", {}).get("S", ""))


def let_pass(system: System, key: str, seconds: float) -> None:
    """Move the end of those who went ahead back by so much."""
    system.stack.clients.dynamodb.update_item(
        TableName=system.stack.ledger_table,
        Key={"campaign_id": {"S": system.campaign_id(key)}, "entry": {"S": "campaign"}},
        UpdateExpression="SET canary_ended_at = canary_ended_at - :passed",
        ExpressionAttributeValues={":passed": {"N": str(seconds)}},
    )


def looked_up(system: System, key: str) -> None:
    let_pass(system, key, FIRST_LOOK_SECONDS)
    system.stack.invoke("LookUpReceipts")
    system.close()


def figures(report: Any) -> dict[str, Any]:
    shown: dict[str, Any] = report.summary["canary"]
    return {name: shown[name] for name in ("recipients", "unanswered", "word")}


def test_good_receipts_of_the_first_hundred_let_the_others_follow_by_themselves(
    system: System,
) -> None:
    numbers = new_numbers(350)
    key = gone_ahead(system, "good.csv", numbers)
    system.close()
    assert texted(system, numbers) == 100

    looked_up(system, key)

    report = system.closed(key)
    assert report.summary["sent"] == 350
    assert figures(report) == {"recipients": 100, "unanswered": 0, "word": "good"}
    assert report.is_balanced
    assert set(system.texts().values()) == {1}
    system.close_for_good(key)


def test_where_half_of_the_first_hundred_fail_the_others_wait_for_a_person(
    system: System,
) -> None:
    numbers = new_numbers(350)
    system.gateway.set_delivery(HALF_FAIL)
    key = gone_ahead(system, "half bad.csv", numbers)

    looked_up(system, key)
    for _ in range(2):
        system.close()

    assert held_for(system, key) == "canary_failed"
    assert texted(system, numbers) == 100
    notices = [each["S"] for each in system.campaign(key)["notices"]["L"]]
    assert notices.count("held_canary") == 1
    [preview] = [
        each
        for each in system.stack.keys("reports/")
        if each.endswith(f"{system.campaign_id(key)}/preview.json")
    ]
    said = system.stack.read(preview).decode()
    assert '"word": "bad"' in said
    assert [each for each in numbers if each in said] == []
    let_pass(system, key, PATIENCE_SECONDS)
    system.close()
    assert texted(system, numbers) == 100
    system.operate("resume", campaign_id=system.campaign_id(key))
    system.close()
    report = system.closed(key)
    assert report.summary["sent"] == 350
    assert report.summary["canary"]["resumed_by"] == "by hand"
    assert set(system.texts().values()) == {1}
    system.close_for_good(key)
