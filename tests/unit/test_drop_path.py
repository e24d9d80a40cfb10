"""What a dropped file's path says."""

from itertools import permutations

import pytest

from smsdrop.drop_path import DropPath
from smsdrop.reasons import FileRefused, Reason
from tests.support.samples import NOW


def path_of(key: str, *, template_code: str = "SMS_1", sign_name: str = "默认") -> DropPath:
    return DropPath.from_key(
        key, default_template_code=template_code, default_sign_name=sign_name, dropped_at=NOW
    )


@pytest.mark.parametrize(
    ("key", "template_code", "sign_name"),
    [
        pytest.param("incoming/july.csv", "SMS_1", "默认", id="only the file"),
        pytest.param("incoming/SMS_9/july.csv", "SMS_9", "默认", id="a template code"),
        pytest.param("incoming/SMS_9/云通信/july.csv", "SMS_9", "云通信", id="and a sign name"),
        pytest.param(
            "incoming/SMS_9/My Shop +/a b.csv", "SMS_9", "My Shop +", id="spaces and plus"
        ),
        pytest.param("incoming/SMS_9//july.csv", "SMS_9", "默认", id="an empty sign name"),
        pytest.param("incoming/SMS_9", "SMS_1", "默认", id="a file that is called like a code"),
        pytest.param("incoming/🎉.csv", "SMS_1", "默认", id="an emoji"),
        pytest.param("incoming/incoming", "SMS_1", "默认", id="a file called incoming"),
    ],
)
def test_a_path_says_what_is_sent(key: str, template_code: str, sign_name: str) -> None:
    path = path_of(key, template_code="SMS_1", sign_name="默认")

    assert path == DropPath(template_code=template_code, sign_name=sign_name)


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        pytest.param("incoming/july/a.csv", "folder_is_no_template_code", id="any other folder"),
        pytest.param("incoming/sms_9/a.csv", "folder_is_no_template_code", id="small letters"),
        pytest.param("incoming/SMS_/a.csv", "folder_is_no_template_code", id="no digits"),
        pytest.param("incoming/SMS_9x/a.csv", "folder_is_no_template_code", id="a letter too many"),
        pytest.param("incoming/SMS_９/a.csv", "folder_is_no_template_code", id="a wide digit"),
        pytest.param("incoming/SMS_9\n/a.csv", "folder_is_no_template_code", id="a line break"),
        pytest.param("incoming//a.csv", "folder_is_no_template_code", id="an empty folder"),
        pytest.param("incoming/SMS_9/云通信/x/a.csv", "too_many_folders", id="too deep"),
    ],
)
def test_a_path_that_may_be_a_mistake_is_refused(key: str, reason: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        path_of(key, template_code="SMS_1", sign_name="默认")

    assert refusal.value.reason.code == reason


def test_a_file_without_any_template_code_is_refused() -> None:
    with pytest.raises(FileRefused) as refusal:
        path_of("incoming/a.csv", template_code="", sign_name="默认")

    assert refusal.value.reason.code == "no_template_code"


def test_a_file_may_come_without_a_sign_name_since_its_rows_can_have_one() -> None:
    path = path_of("incoming/a.csv", template_code="SMS_1", sign_name="")

    assert path.sign_name == ""


def test_settings_stand_anywhere_among_the_folders() -> None:
    folders = ["SMS_9", "云通信", "until=1800", "审批=是"]
    orders = [each for each in permutations(folders) if each.index("SMS_9") < each.index("云通信")]

    paths = {path_of(f"incoming/{'/'.join(each)}/july.csv") for each in orders}

    [path] = paths
    assert (path.template_code, path.sign_name) == ("SMS_9", "云通信")
    assert path.settings.needs_approval
    assert path.settings.until_at > NOW


def test_settings_alone_leave_the_rest_to_the_stack() -> None:
    path = path_of("incoming/only=preview/july.csv")

    assert (path.template_code, path.sign_name) == ("SMS_1", "默认")
    assert path.settings.is_preview


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        pytest.param(
            "incoming/strat=1000/SMS_9/a.csv",
            Reason("setting_unknown", ("strat=1000",)),
            id="an unknown name",
        ),
        pytest.param(
            "incoming/SMS_9/start-1000/a.csv",
            Reason("setting_without_sign", ("start-1000",)),
            id="in the sign name's place",
        ),
        pytest.param(
            "incoming/start-1000/SMS_9/a.csv",
            Reason("setting_without_sign", ("start-1000",)),
            id="in the template code's place",
        ),
        pytest.param(
            "incoming/SMS_9/云通信/start/a.csv",
            Reason("too_many_folders", ("start",)),
            id="a folder too many",
        ),
        pytest.param(
            "incoming/SMS_9/start=1000.csv",
            Reason("setting_is_file", ("start=1000.csv",)),
            id="the file itself",
        ),
    ],
)
def test_a_mistyped_setting_refuses_the_file(key: str, reason: Reason) -> None:
    with pytest.raises(FileRefused) as refusal:
        path_of(key)

    assert refusal.value.reason == reason
