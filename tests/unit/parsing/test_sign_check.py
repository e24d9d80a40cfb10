"""The provider is asked about sign names; only a definite answer refuses the file."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, Answer
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.sign_check import MAX_SIGN_NAMES, NOT_APPROVED, UNFILED, SignCheck
from smsdrop.reason_texts import TEXTS
from smsdrop.reasons import FileRefused, Reason
from tests.support.fakes import FakeKeys
from tests.support.samples import KEY
from tests.support.template_fakes import FakeSigns, sign_of

FORBIDDEN = Answer(code="Forbidden.RAM", status=403)


@dataclass(slots=True)
class Desk:
    """The check among its ports."""

    provider: FakeSigns
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))

    def problems(self, *sign_names: str, answers: Sequence[Answer] = ()) -> tuple[Reason, ...]:
        self.provider.answers += answers
        asking = Asking(keys=self.keys, wait=lambda _seconds: None)
        return SignCheck(provider=self.provider, asking=asking).of(sign_names)

    def refusal(self, *sign_names: str) -> Reason:
        with pytest.raises(FileRefused) as refused:
            self.problems(*sign_names)
        return refused.value.reason


def desk_with(*signs: Sign) -> Desk:
    return Desk(provider=FakeSigns({each.name: each for each in signs}))


def test_sign_names_that_are_approved_and_filed_are_no_problem() -> None:
    desk = desk_with(sign_of("云通信"), sign_of("阿里云"))

    assert desk.problems("云通信", "阿里云") == ()
    assert desk.provider.asked == ["云通信", "阿里云"]


def test_a_sign_name_that_the_account_does_not_have_refuses_the_file() -> None:
    assert desk_with(sign_of("云通信")).refusal("云通信", "云通讯") == Reason(
        "sign_names_unknown", ("云通讯",)
    )


@pytest.mark.parametrize(
    ("review", "code"),
    [
        (Review.PENDING, "sign_names_pending"),
        (Review.REJECTED, "sign_names_rejected"),
        (Review.CANCELLED, "sign_names_cancelled"),
    ],
)
def test_sign_names_that_are_not_approved_refuse_the_file_and_all_are_named(
    review: Review, code: str
) -> None:
    desk = desk_with(sign_of("云通信"), sign_of("A1", review=review), sign_of("B2", review=review))

    assert desk.refusal("A1", "云通信", "B2") == Reason(code, ("A1", "B2"))


def test_every_review_but_the_approved_has_its_sentence() -> None:
    assert set(NOT_APPROVED) == {None, *Review} - {Review.APPROVED}
    assert {*NOT_APPROVED.values(), *UNFILED.values(), "sign_names_unfiled"} <= set(TEXTS)


def test_sign_names_that_are_not_filed_are_named_carrier_by_carrier() -> None:
    desk = desk_with(sign_of("云通信", "mobile", "telecom"), sign_of("阿里云", "mobile", "unicom"))

    assert desk.problems("云通信", "阿里云") == (
        Reason("sign_names_unfiled_mobile", ("云通信", "阿里云")),
        Reason("sign_names_unfiled_telecom", ("云通信",)),
        Reason("sign_names_unfiled_unicom", ("阿里云",)),
    )


def test_carriers_that_are_new_share_one_problem() -> None:
    desk = desk_with(sign_of("云通信", "broadcast", "virtual"))

    assert desk.problems("云通信") == (Reason("sign_names_unfiled", ("云通信",)),)


@pytest.mark.parametrize(
    ("answer", "questions"),
    [
        pytest.param(FORBIDDEN, 1, id="no permission"),
        pytest.param(Answer(code="InvalidAction.NotFound", status=404), 1, id="not offered"),
        pytest.param(Answer(code="isv.NEVER_HEARD_OF"), 1, id="a code that is new"),
        pytest.param(Answer(code=NO_ANSWER), 3, id="no answer, however often"),
    ],
)
def test_sign_names_that_cannot_be_asked_about_go_unchecked_which_is_said_once(
    answer: Answer, questions: int
) -> None:
    desk = desk_with()

    problems = desk.problems("云通信", "阿里云", answers=[answer] * questions)

    assert problems == (Reason("sign_names_unchecked", ("云通信", answer.code)),)
    assert len(desk.provider.asked) == questions


def test_what_was_found_before_an_answer_failed_still_counts() -> None:
    desk = desk_with(sign_of("云通信", "mobile"), sign_of("阿里云"))
    desk.provider.answers += [Answer(code=NO_ANSWER)]

    assert desk.problems("云通信", "阿里云") == (Reason("sign_names_unfiled_mobile", ("云通信",)),)
    assert desk.provider.asked == ["云通信", "云通信", "阿里云"]


@pytest.mark.parametrize(
    ("count", "asked", "problems"),
    [
        pytest.param(0, 0, (), id="none"),
        pytest.param(MAX_SIGN_NAMES, MAX_SIGN_NAMES, (), id="as many as are checked"),
        pytest.param(
            MAX_SIGN_NAMES + 1,
            MAX_SIGN_NAMES,
            (Reason("sign_names_many", (str(MAX_SIGN_NAMES),)),),
            id="one over",
        ),
    ],
)
def test_only_so_many_sign_names_are_asked_about(
    count: int, asked: int, problems: tuple[Reason, ...]
) -> None:
    names = [f"签名{number}" for number in range(count)]
    desk = desk_with(*map(sign_of, names))

    assert desk.problems(*names) == problems
    assert desk.provider.asked == names[:asked]


class NoKeys(FakeKeys):
    """The secret cannot be read."""

    def current(self) -> AccessKey:
        raise NoAccessKey(code="DecryptionFailure")


def test_without_a_key_pair_sign_names_go_unchecked() -> None:
    desk = desk_with()
    desk.keys = NoKeys(KEY)

    assert desk.problems("云通信") == (Reason("keys_unreadable", ("DecryptionFailure",)),)
    assert desk.provider.asked == []
