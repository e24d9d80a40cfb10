"""Pictures in SVG: a bar of all fates, and texts a minute over time."""

from collections.abc import Mapping
from dataclasses import dataclass

from smsdrop.drop_times import beijing_text
from smsdrop.pages.html import shown
from smsdrop.pages.style import COLOURS

MOST_COLUMNS = 60
"""Our choice: a longer time is shown with several minutes to a column."""

HEIGHT = 100
MINUTE = 60


def bar(fates: Mapping[str, int], colours: Mapping[str, str] = COLOURS) -> str:
    """Draw each fate as wide as its share of all rows."""
    total = sum(fates.values())
    if not total:
        return ""
    pieces = []
    before = 0
    for name, colour in colours.items():
        left, before = before, before + fates[name]
        if fates[name]:
            x, width = 100 * left / total, 100 * fates[name] / total
            pieces.append(
                f'<rect x="{x:.2f}" y="0" width="{width:.2f}" height="10" fill="{colour}"/>'
            )
    return _svg("bar", "0 0 100 10", "".join(pieces))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Texts a minute, in columns of `minutes_each`; `begins` is the first minute."""

    begins: int
    ends: int
    minutes_each: int
    columns: tuple[float, ...]

    @classmethod
    def of(cls, minutes: Mapping[int, int]) -> "Pace | None":
        if not minutes:
            return None
        begins, last = min(minutes), max(minutes)
        each = -(-(last - begins + 1) // MOST_COLUMNS)
        texts = [0] * ((last - begins) // each + 1)
        for minute, count in minutes.items():
            texts[(minute - begins) // each] += count
        columns = tuple(round(count / each, 1) for count in texts)
        return cls(
            begins=begins, ends=begins + each * len(texts), minutes_each=each, columns=columns
        )

    def drawn(self, unit: str) -> str:
        """Draw it, with its begin, end and peak written below."""
        peak = max(self.columns)
        wide = 100 / len(self.columns)
        bars = [
            f'<rect x="{number * wide:.2f}" y="{HEIGHT - HEIGHT * value / peak:.1f}"'
            f' width="{wide * 0.86:.2f}" height="{HEIGHT * value / peak:.1f}"'
            f' fill="{COLOURS["sent"]}"/>'
            for number, value in enumerate(self.columns)
            if value
        ]
        begin, end = (beijing_text(MINUTE * each) for each in (self.begins, self.ends))
        caption = f"{begin} – {end[11:] if end[:10] == begin[:10] else end} · ≤ {peak:,.0f} {unit}"
        drawing = _svg("chart", f"0 0 100 {HEIGHT}", "".join(bars))
        return f'{drawing}<p class="small">{shown(caption)}</p>'


def _svg(css: str, box: str, content: str) -> str:
    return f'<svg class="{css}" viewBox="{box}" preserveAspectRatio="none">{content}</svg>'
