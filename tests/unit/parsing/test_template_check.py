"""The provider is asked about a template; only a definite answer refuses the file."""

from dataclasses import dataclass, field

import pytest

from smsdrop.alibaba.answers import NO_ANSWER, NOT_CONNECTED, Answer
from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.alibaba.template import Review, Template
from smsdrop.parsing.asking import PAUSES_SECONDS, Asking
from smsdrop.parsing.template_check import (
    NOT_APPROVED,
    UNKNOWN_TEMPLATE,
    TemplateCheck,
)
from smsdrop.reason_texts import TEXTS
from smsdrop.reasons import FileRefused, Reason
from tests.support.fakes import FakeKeys
from tests.support.samples import KEY
from tests.support.template_fakes import FakeTemplates, template_of

CODE = "SMS_154950909"
TEMPLATE = template_of("您好 ${name}")
ROTATED = AccessKey(key_id="rotated", secret="s")


@dataclass(slots=True)
class Desk:
    """The check among its ports."""

    provider: FakeTemplates = field(default_factory=lambda: FakeTemplates({CODE: TEMPLATE}))
    keys: FakeKeys = field(default_factory=lambda: FakeKeys(KEY))
    waited: list[float] = field(default_factory=list)

    def check(self, *answers: Answer) -> Template | Reason:
        self.provider.answers += answers
        asking = Asking(keys=self.keys, wait=self.waited.append)
        return TemplateCheck(provider=self.provider, asking=asking).of(CODE)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def unchecked(code: str) -> Reason:
    return Reason("template_unchecked", (CODE, code))


def test_an_approved_template_is_returned_and_asked_for_once(desk: Desk) -> None:
    assert desk.check() == TEMPLATE
    assert desk.provider.asked == [(CODE, KEY)]


def test_a_template_that_the_account_does_not_have_refuses_the_file(desk: Desk) -> None:
    desk.provider.templates = {}

    with pytest.raises(FileRefused) as refused:
        desk.check()

    assert refused.value.reason == Reason("template_unknown", (CODE,))


@pytest.mark.parametrize(
    ("review", "code"),
    [
        (Review.PENDING, "template_pending"),
        (Review.REJECTED, "template_rejected"),
        (Review.CANCELLED, "template_cancelled"),
    ],
)
def test_a_template_that_is_not_approved_refuses_the_file(
    desk: Desk, review: Review, code: str
) -> None:
    desk.provider.templates = {CODE: template_of("您好", review=review)}

    with pytest.raises(FileRefused) as refused:
        desk.check()

    assert refused.value.reason == Reason(code, (CODE,))
    assert code in TEXTS


def test_every_review_but_the_approved_has_its_reason() -> None:
    assert set(NOT_APPROVED) == set(Review) - {Review.APPROVED}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(code="Forbidden.RAM", status=403), id="no permission"),
        pytest.param(Answer(code="isp.RAM_PERMISSION_DENY"), id="no permission, another word"),
        pytest.param(Answer(code="InvalidAction.NotFound", status=404), id="no such question"),
        pytest.param(Answer(code="isv.OUT_OF_SERVICE"), id="another refusal"),
        pytest.param(Answer(code="isv.NEVER_HEARD_OF"), id="an unknown code"),
    ],
)
def test_a_question_that_is_not_allowed_leaves_the_file_unchecked_at_once(
    desk: Desk, answer: Answer
) -> None:
    assert desk.check(answer) == unchecked(answer.code)
    assert len(desk.provider.asked) == 1
    assert desk.waited == []


TRANSIENT = [
    pytest.param(Answer(code="Throttling.User", status=400), id="throttled"),
    pytest.param(Answer(code=NOT_CONNECTED), id="no connection"),
    pytest.param(Answer(code=NO_ANSWER), id="no answer"),
    pytest.param(Answer(code="ServiceUnavailable", status=503), id="unavailable"),
]


@pytest.mark.parametrize("answer", TRANSIENT)
def test_what_may_pass_is_asked_again(desk: Desk, answer: Answer) -> None:
    assert desk.check(answer, answer) == TEMPLATE
    assert desk.waited == [*PAUSES_SECONDS]


@pytest.mark.parametrize("answer", TRANSIENT)
def test_what_does_not_pass_leaves_the_file_unchecked(desk: Desk, answer: Answer) -> None:
    assert desk.check(answer, answer, answer) == unchecked(answer.code)
    assert len(desk.provider.asked) == 3


def test_what_has_passed_may_still_refuse_the_file(desk: Desk) -> None:
    with pytest.raises(FileRefused):
        desk.check(Answer(code=NO_ANSWER), Answer(code=UNKNOWN_TEMPLATE))


NOT_OFFERED = Answer(code="InvalidAction.NotFound", status=404)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(NOT_OFFERED, id="not offered there"),
        pytest.param(Answer(code="Forbidden.RAM", status=403), id="a key of before"),
        pytest.param(Answer(code="isv.NEVER_HEARD_OF"), id="a code that nobody knows"),
    ],
)
def test_where_the_question_is_not_answered_its_predecessor_is_asked(
    desk: Desk, answer: Answer
) -> None:
    desk.provider.templates = {}
    desk.provider.older = {CODE: TEMPLATE}

    assert desk.check(answer) == TEMPLATE
    assert desk.provider.asked == desk.provider.asked_older == [(CODE, KEY)]


def test_an_answer_that_is_never_readable_is_made_up_for_by_the_predecessor(desk: Desk) -> None:
    desk.provider.older = {CODE: TEMPLATE}

    assert desk.check(*[Answer(code=NO_ANSWER)] * 3) == TEMPLATE


def test_the_predecessor_can_refuse_the_file_too(desk: Desk) -> None:
    desk.provider.older = {}

    with pytest.raises(FileRefused) as refused:
        desk.check(NOT_OFFERED)

    assert refused.value.reason == Reason("template_unknown", (CODE,))


def test_a_question_that_is_answered_leaves_its_predecessor_unasked(desk: Desk) -> None:
    desk.check()

    assert desk.provider.asked_older == []


def test_where_neither_is_answered_the_newer_ones_answer_is_named(desk: Desk) -> None:
    assert desk.check(Answer(code="Forbidden.RAM", status=403)) == unchecked("Forbidden.RAM")


WRONG_KEY = Answer(code="InvalidAccessKeyId.NotFound", status=404)


def test_a_key_pair_that_was_rotated_is_fetched_again(desk: Desk) -> None:
    desk.keys.stored = ROTATED

    assert desk.check(WRONG_KEY) == TEMPLATE
    assert [key for _, key in desk.provider.asked] == [KEY, ROTATED]


def test_a_key_pair_that_is_wrong_leaves_the_file_unchecked(desk: Desk) -> None:
    assert desk.check(WRONG_KEY) == unchecked(WRONG_KEY.code)
    assert len(desk.provider.asked) == 1


class NoKeys(FakeKeys):
    """The secret cannot be read."""

    def current(self) -> AccessKey:
        raise NoAccessKey(code="AccessDeniedException")


def test_without_a_key_pair_the_file_stays_unchecked_and_why_is_said(desk: Desk) -> None:
    desk.keys = NoKeys(KEY)

    assert desk.check() == Reason("keys_unreadable", ("AccessDeniedException",))
    assert desk.provider.asked == []


class GoneKeys(FakeKeys):
    """The secret could be read once, and no more."""

    def refresh(self) -> AccessKey:
        raise NoAccessKey


def test_a_key_pair_that_cannot_be_fetched_again_leaves_the_file_unchecked(desk: Desk) -> None:
    desk.keys = GoneKeys(KEY)

    assert desk.check(WRONG_KEY) == Reason("keys_unreadable", ("smsdrop.NoKeys",))
