"""Matches a file's columns with its template's variables."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import repeat

from smsdrop.alibaba.template import VARIABLE, Template, TemplateType
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.characters import INVISIBLE, WHITE_SPACE
from smsdrop.recipients.header import Header, shown
from smsdrop.recipients.recipients import Recipients
from smsdrop.validation.message_length import MessageLength
from smsdrop.validation.param_rules import TemplateRules


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateColumns:
    """
    The header with only the params that the template has, and the template's demands on rows.

    If the template or its text is unknown, the header is the file's own, and there are no demands.
    """

    header: Header
    problems: tuple[Reason, ...] = ()
    template_rules: TemplateRules | None = None
    message_length: MessageLength | None = None
    content: str = ""
    is_complete: bool = False
    """Whether no other column can be needed, as the template's text is known."""

    def segments(self, recipients: Recipients) -> int:
        """Return how many texts they will be billed as, or 0 if that is unknown."""
        if not (self.message_length and recipients):
            return 0
        return self.message_length.segments(recipients)

    def texts(self, recipients: Recipients) -> list[str]:
        """Return their texts with the variables filled in, or none if the content is unknown."""
        if not (self.content and recipients):
            return []
        _, params = recipients.columns()
        rows = zip(*params, strict=True) if params else repeat((), len(recipients))
        sign_names = recipients.sign_names.of_rows(len(recipients))
        names = recipients.layout.param_names
        return [
            f"【{sign_name}】{self._filled(dict(zip(names, row, strict=True)))}"
            for sign_name, row in zip(sign_names, rows, strict=True)
        ]

    def _filled(self, params: Mapping[str, str]) -> str:
        return VARIABLE.sub(lambda variable: params[variable[1]], self.content)


def match_columns(
    header: Header, template: Template | None, *, check_values: bool
) -> TemplateColumns:
    """
    Match the file to its template.

    Raises `FileRefused` for a variable that no column fills, or that two columns of its name could
    fill; other repeated names do not matter. A variable may also be filled from the column of the
    phone number, sign name or extend code, by that column's name.
    """
    needed = header.doubled
    if template is not None and template.content:
        needed = tuple(name for name in needed if name in template.variables)
    if needed:
        raise FileRefused(Reason("two_param_columns", shown(needed[:1])))
    if template is None:
        return TemplateColumns(header=header)
    warnings = []
    if template.kind is TemplateType.ONE_TIME_PASSWORD:
        warnings.append(Reason("template_one_time_password", (template.code,)))
    if not template.content:
        return TemplateColumns(header=header, problems=tuple(warnings))
    superfluous = [name for _, name in header.params if name not in template.variables]
    if superfluous:
        warnings.append(Reason("columns_superfluous", shown(superfluous)))
    filling = _filling(header, template)
    names = [name for _, name in filling]
    is_domestic = template.kind is not TemplateType.INTERNATIONAL
    return TemplateColumns(
        header=replace(header, params=filling),
        content=template.content,
        is_complete=True,
        problems=tuple(warnings),
        template_rules=TemplateRules(template, names) if check_values and is_domestic else None,
        message_length=MessageLength.of(template, names) if is_domestic else None,
    )


def _filling(header: Header, template: Template) -> tuple[tuple[int, str], ...]:
    """Return the position and name of the column for each variable, in the file's order."""
    positions = _positions(header)
    missing = [name for name in template.variables if name not in positions]
    if missing:
        raise FileRefused(Reason("variables_missing", tuple(missing)))
    return tuple(sorted((positions[name], name) for name in template.variables))


def _positions(header: Header) -> dict[str, int]:
    """Return the position of each column that has a name; params take precedence."""
    others = (header.phone, header.sign_name, header.extend_code)
    named = {
        header.columns[position].strip(WHITE_SPACE + INVISIBLE): position
        for position in others
        if position is not None
    }
    return named | {name: position for position, name in header.params}
