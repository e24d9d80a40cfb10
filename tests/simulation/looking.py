"""LookUpReceipts in the simulation: its schedule, and the days after everything else is done."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from smsdrop.closing.receipts.look_up_receipts import LookTurn
from smsdrop.receipts.looks import LOOKS
from tests.simulation.actors import PLANNED, Lambda
from tests.simulation.scheduler import LOOKER
from tests.simulation.world import MAX_AGE_SECONDS, World

RULE_SECONDS = 300
LOOK_SECONDS = 240
"""How long a run may ask; the function lives a minute longer."""

LATE_SECONDS = (1, 250)
BESIDE_SECONDS = (0, 30)
HOURS = (3600, 40 * 3600)
"""How long no look is made when "no look for hours" strikes."""

CUT_OFF_SECONDS = 5 * 3600
"""While the provider is cut off, most of the deferred looks are skipped."""

STEP_SECONDS = 30
LONGEST_STEPS = 3 * MAX_AGE_SECONDS // STEP_SECONDS
"""Some files cannot be judged until they are too old."""

FAULTY_ROUNDS = 30
MOST_ROUNDS = 80


@dataclass(frozen=True, slots=True)
class Looking:
    world: World
    functions: Lambda

    def start(self) -> None:
        if self.world.has_receipts:
            self.world.scheduler.spawn("rule", self._every_five_minutes)

    def see_to_the_end(self) -> None:
        """Let days pass, from one look to the next, until the receipts of all are final."""
        world = self.world
        world.is_left_to_receipts = True
        for done in range(MOST_ROUNDS):
            due = min(self._due_times(), default=0)
            if not due:
                return
            self._pass_time_until(due, is_enough=done > FAULTY_ROUNDS)
            if not self._is_done_in_time():
                world.blame("ending: a look at receipts does not end")
                return
        world.blame("ending: receipts are never final")

    def _pass_time_until(self, due: float, *, is_enough: bool) -> None:
        """
        Processes that sleep meanwhile wake at once; after the last look's time nothing fails.

        Hours without looks never hit a last look that is under way: it is given up after a day.
        """
        world, dice = self.world, self.world.receipts_dice
        campaigns = list(world.ledger.campaigns())
        is_last_under_way = any(each.looks.receipts_look == len(LOOKS) for each in campaigns)
        if world.provider.is_cut_off:
            due += CUT_OFF_SECONDS
        if not is_last_under_way and dice.strikes("no look for hours"):
            due += dice.between(*HOURS)
        if due <= world.scheduler.now:
            world.scheduler.run(deadline=world.scheduler.now + RULE_SECONDS)
        world.scheduler.now = max(world.scheduler.now, due)
        last = max(each.looks.receipts_from for each in campaigns) + LOOKS[-1]
        dice.at_rest = is_enough or world.scheduler.now > last + 2 * RULE_SECONDS

    def _is_done_in_time(self) -> bool:
        """Let all looks finish, and close what they reopened."""
        world = self.world
        for _ in range(LONGEST_STEPS):
            world.scheduler.run(deadline=world.scheduler.now + STEP_SECONDS)
            if not (+world.busy or world.has_work_for_the_tick()):
                return True
        return False

    def _due_times(self) -> Iterator[float]:
        campaigns = self.world.ledger.campaigns()
        return (each.looks.receipts_at for each in campaigns if each.looks.receipts_at)

    def _every_five_minutes(self) -> None:
        world, dice = self.world, self.world.receipts_dice
        while True:
            world.scheduler.sleep(RULE_SECONDS)
            if not (self._is_anything_due() or dice.strikes("looked for nothing")):
                continue
            after = dice.between(*LATE_SECONDS) if dice.strikes("look comes late") else 0
            self._look_later(after)
            if dice.strikes("two look at one time"):
                self._look_later(after + dice.between(*BESIDE_SECONDS))

    def _is_anything_due(self) -> bool:
        now = self.world.scheduler.now
        campaigns = self.world.ledger.campaigns()
        are_ahead = any(each.awaits_canary and each.canary.is_due(now) for each in campaigns)
        return are_ahead or any(each <= now for each in self._due_times())

    def _look_later(self, after: float) -> None:
        self.world.busy["lookers"] += 1
        self.world.scheduler.spawn(LOOKER, self._look, after=after)

    def _look(self) -> None:
        self.functions.survives(self._look_up)
        self.world.busy["lookers"] -= 1

    def _look_up(self) -> None:
        deadline = self.world.scheduler.now + LOOK_SECONDS
        for turn in self.world.look_up_receipts().run(deadline=deadline):
            self._note(turn)

    def _note(self, turn: LookTurn) -> None:
        """Allow only planned faults to fail a look."""
        world, looks, error = self.world, turn.campaign.looks, turn.error
        told = f"{looks.receipts_looked} looks, {looks.delivered} delivered, {error!r}"
        world.dice.tell(f"{turn.campaign.campaign_id} looked at: {told}")
        if error is not None and not isinstance(error, PLANNED):
            world.blame(f"exception: {''.join(traceback.format_exception(error))}")
