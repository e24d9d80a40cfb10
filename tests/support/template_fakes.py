"""Templates and sign names for tests to begin with, and providers that know them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smsdrop.alibaba.answers import Answer
from smsdrop.alibaba.sign import Sign
from smsdrop.alibaba.signing import AccessKey
from smsdrop.alibaba.template import Review, Template, TemplateType


def template_of(
    content: str,
    *,
    code: str = "SMS_154950909",
    kind: TemplateType = TemplateType.NOTIFICATION,
    review: Review = Review.APPROVED,
) -> Template:
    return Template(code=code, kind=kind, review=review, content=content)


@dataclass(slots=True)
class FakeTemplates:
    """
    Knows these templates; gives `answers` first, one a question, as long as there are any.

    `older` are those that the older question finds; None if it has been taken offline.
    """

    templates: Mapping[str, Template]
    older: Mapping[str, Template] | None = None
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, AccessKey]] = field(default_factory=list)
    asked_older: list[tuple[str, AccessKey]] = field(default_factory=list)

    def template(self, code: str, *, key: AccessKey) -> Template | Answer:
        self.asked.append((code, key))
        if self.answers:
            return self.answers.pop(0)
        return self.templates.get(code) or Answer(code="isv.SMS_TEMPLATE_ILLEGAL")

    def older_template(self, code: str, *, key: AccessKey) -> Template | Answer:
        self.asked_older.append((code, key))
        if self.older is None:
            return Answer(code="InvalidAction.NotFound", status=404)
        return self.older.get(code) or Answer(code="isv.SMS_TEMPLATE_ILLEGAL")


def sign_of(name: str, *unfiled_at: str, review: Review = Review.APPROVED) -> Sign:
    return Sign(name=name, review=review, unfiled_at=unfiled_at)


@dataclass(slots=True)
class FakeSigns:
    """Knows these sign names; gives `answers` first, one a question, as long as there are any."""

    signs: Mapping[str, Sign]
    answers: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def sign(self, name: str, *, key: AccessKey) -> Sign | Answer:
        self.asked.append(name)
        if self.answers:
            return self.answers.pop(0)
        return self.signs.get(name) or Answer(code="isv.SMS_SIGNATURE_ILLEGAL")
