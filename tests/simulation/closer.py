"""CloseCampaigns as its callers see it: a wake-up may be refused, lost, late or doubled."""

from collections.abc import Callable

from tests.simulation.faults import Dice
from tests.simulation.wire import Failed
from tests.support.fakes import nothing

REFUSED = "wake-up refused"
LATE_SECONDS = (1, 90)
AGAIN_SECONDS = (0, 5)


class SimulatedCloser:
    """Hands each wake-up that arrives to `hand`, with how long it takes."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self.hand: Callable[[str, float], None] = nothing

    def wake(self, campaign_id: str) -> None:
        if self._dice.strikes(REFUSED):
            raise Failed(REFUSED)
        if self._dice.strikes("wake-up lost"):
            return
        is_late = self._dice.strikes("wake-up late")
        self.hand(campaign_id, self._dice.between(*LATE_SECONDS) if is_late else 0)
        if self._dice.strikes("wake-up twice"):
            self.hand(campaign_id, self._dice.between(*AGAIN_SECONDS))
