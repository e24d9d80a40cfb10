"""People, who drop files, read alarms, and meddle."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.ports import update
from smsdrop.operations.effects import effect
from smsdrop.operations.orders import CANCEL, PAUSE, RESUME, Order
from tests.simulation.actors import Lambda
from tests.simulation.drops import MAX_ROWS, Drop, some_drop
from tests.simulation.provider import ANOTHER_ACCOUNT_ID
from tests.simulation.releases import roll_back, roll_forward
from tests.simulation.repeats import WORD, dropped_again
from tests.simulation.terms import NO_TERMS, DropTerms, with_terms
from tests.simulation.wire import OUTAGES, Outage
from tests.simulation.world import MAX_AGE_SECONDS, World

WATCH_SECONDS = 120
LARGE = 16
MAX_ROWS_OF_LARGE = 40
"""Batches that can be halved twice and still hold several; a file that fills some."""

SLOW_RATES = (0.02, 0.1, 0.5, 2)
"""In calls a second; with the first two, a sender's interval does not fit into an invocation."""

LIMIT_SECONDS = 400
"""By then this campaign's texts have put everyone at the limit who was not from the start."""

MEDDLING_SECONDS = 600
"""For how long after the first drop people meddle."""

LONG_PAUSE = 3000

STEP_SECONDS = 0.25
PAUSED_SECONDS = 150
"""Some ticks long."""

APPROVED_SECONDS = 1800

PATIENCE = 90
"""How often somebody looks for a file to approve of."""

GOES_ON_SECONDS = 700
"""By then a tick has come, however rare they are, and has had its time."""

BROKEN_SECONDS = MAX_AGE_SECONDS + 5400
"""By then every campaign that does not fail itself has ended."""


def change(ledger: Any, campaign_id: str, order: Callable[[Campaign], Campaign]) -> None:
    campaign = ledger.campaign(campaign_id)
    if campaign is not None:
        update(ledger, campaign, order)


def ordered(campaign: Campaign, *, name: str, clock: Callable[[], float]) -> Campaign:
    """Follow an order as Operate does: the campaign's gate is opened or shut in the same write."""
    order = Order(name=name, what=campaign.campaign_id, mark="", principal="person")
    return effect(order, campaign, clock())[0]


def _is_sent(campaign: Campaign) -> bool:
    return campaign.status is Status.SENDING


@dataclass(frozen=True, slots=True)
class People:
    world: World
    functions: Lambda

    def drop_some(self) -> None:
        """Drop one to three files, sometimes one of them twice, or once more on purpose."""
        dice = self.world.dice
        max_rows = MAX_ROWS
        if dice.strikes("large batches"):
            max_rows = MAX_ROWS_OF_LARGE
            self.world.settings = replace(self.world.settings, max_recipients=LARGE)
        for number in range(dice.random.randint(1, 3)):
            drop = some_drop(dice.random, number=number, max_rows=max_rows)
            self.drop(drop)
            if dice.strikes("dropped again with a word"):
                key = drop.key.replace(".csv", " again.csv")
                self.drop(replace(drop, key=key, again=WORD))
            self._drop_again(drop)

    def _drop_again(self, drop: Drop) -> None:
        """Drop it under other names, at once or while it is sent, with and without a word."""
        dice = self.world.dice
        if dice.strikes("two at the same moment"):
            self._uploaded(dropped_again(drop, dice.random, number=1, again=self._some_word()))
        for number in (2, 3):
            if dice.strikes("dropped again after some work"):
                word = self._some_word()
                again = dropped_again(drop, dice.random, number=number, again=word)
                self._meddle(partial(self._uploaded, again), within=MEDDLING_SECONDS)

    def _some_word(self) -> str:
        return self.world.dice.random.choice(("", "", "", WORD))

    def drop(self, drop: Drop) -> None:
        dice = self.world.dice
        drop, terms = with_terms(drop, dice, self.world.scheduler.now)
        drop = self.world.canaries.dealt(drop)
        version = self._uploaded(drop, terms)
        if dice.strikes("bad number") and drop.recipients:
            self.world.provider.bad_numbers.add(dice.random.choice(drop.recipients))
        if dice.strikes("everyone over the limit") and drop.recipients:
            reached = partial(self.world.provider.over_limit.update, drop.recipients)
            self._meddle(reached, within=dice.random.choice((0, LIMIT_SECONDS)))
        if dice.strikes("lookup refused for good") and drop.recipients:
            self.world.provider.unknown_numbers.add(dice.random.choice(drop.recipients))
        if dice.strikes("same file uploaded twice"):
            self._uploaded(drop, terms)
        if dice.strikes("object copied in place"):
            self._meddle(lambda: self._uploaded(drop, terms), within=MEDDLING_SECONDS)
        if terms.needs_approval:
            self._meddle(partial(self._approve, drop), within=APPROVED_SECONDS)
        if dice.strikes("file deleted"):
            self._meddle(lambda: self._delete(version), within=60)

    def _approve(self, drop: Drop) -> None:
        """Approve whatever was dropped there, as soon as it is judged."""
        world = self.world
        for _ in range(PATIENCE):
            for each in world.ledger.all_campaigns():
                if each.key == drop.key and not each.approved_by and each.status is Status.HELD:
                    approved = partial(Campaign.approved, by="another")
                    world.truth.approved.setdefault(each.campaign_id, world.scheduler.now)
                    self._insist(partial(change, world.wired_ledger(), each.campaign_id, approved))
            world.scheduler.sleep(120)

    def _uploaded(self, drop: Drop, terms: DropTerms = NO_TERMS) -> FileVersion:
        dice = self.world.dice
        version = self.world.files.drop(drop.key, drop.content, again=drop.again)
        self.world.files.dropped_at[version] = self.world.scheduler.now
        self.world.truth.drops[version] = drop
        self.world.truth.terms[version] = terms
        late = dice.strikes("event late") and dice.between(30, 600)
        is_doomed = dice.strikes("parsing fails for good")
        self.functions.take_event(version, after=late + dice.between(0, 20), is_doomed=is_doomed)
        if dice.strikes("event twice"):
            self.functions.take_event(version, after=dice.between(0, 20), is_doomed=is_doomed)
        return version

    def meddle(self) -> None:
        dice, world = self.world.dice, self.world
        if dice.strikes("steady traffic: the queue is never idle"):
            world.queue.others = 5
        if dice.strikes("every lookup takes long"):
            world.provider.is_slow = True
        if dice.strikes("half of a plan released at first"):
            world.gate_opens_at = world.start + dice.between(60, 900)
        if dice.strikes("deployed after files were planned"):
            world.files.is_release_before = True
            self._meddle(self._upgrade, within=MEDDLING_SECONDS)
        if dice.strikes("slow rate"):
            rate = dice.random.choice(SLOW_RATES)
            world.settings = replace(world.settings, calls_per_second=rate)
        for service in OUTAGES:
            if dice.strikes(service):
                begin = world.start + dice.random.choice((0, dice.between(0, MEDDLING_SECONDS)))
                end = begin + dice.random.choice((240, 1200, 3600))
                world.faulty_wire.outages.append(Outage(service=service, begin=begin, end=end))
        deeds: dict[str, Callable[[], object]] = {
            "cancelled by hand": self._cancel,
            "paused and resumed by hand": self._pause,
            "keys rotated": world.rotate_keys,
            "keys of another account": partial(world.rotate_keys, ANOTHER_ACCOUNT_ID),
            "queue purged": world.queue.purge,
            "deployed with other defaults": self._deploy,
            "rolled back for a while": self._roll_back,
            "egress blocked for good": self._cut_off,
            "bodies too large for a proxy": self._narrow_the_proxy,
            "egress blocked until nothing may be sent": self._cut_off_for_long,
            "objects of one campaign fail for long": self._break_objects,
            "plan deleted": self._delete_plan,
            "woken for nothing": self._wake_for_nothing,
        }
        for fault, deed in deeds.items():
            if dice.strikes(fault):
                self._meddle(deed, within=MEDDLING_SECONDS)

    def change_lists(self) -> None:
        lists = self.world.lists
        if lists is not None:
            change = partial(lists.change, self._recipients)
            self.world.scheduler.spawn("keeper of lists", change)

    def _recipients(self) -> set[str]:
        return {each for drop in self.world.truth.drops.values() for each in drop.recipients}

    def watch(self) -> None:
        """Read the alarms and fix what they report; look after the dead letters."""
        self.world.scheduler.spawn("operator", self._watch)

    def replay(self) -> None:
        """Repeat, long afterwards, what was done before."""
        world = self.world
        if world.dice.strikes("event replayed after closing", at_any_time=True):
            for version in world.truth.drops:
                self.functions.take_event(version, after=1)
        if world.dice.strikes("dropped again once it is closed", at_any_time=True):
            drop = world.dice.random.choice(list(world.truth.drops.values()))
            word = self._some_word()
            self._uploaded(dropped_again(drop, world.dice.random, number=4, again=word))
        if world.queue.sent and world.dice.strikes("redriven after closing", at_any_time=True):
            count = min(3, len(world.queue.sent))
            world.queue.take(world.dice.random.sample(world.queue.sent, count))

    def _meddle(self, deed: Callable[[], object], *, within: float) -> None:
        self.world.scheduler.spawn("person", deed, after=self.world.dice.between(0, within))

    def _delete(self, version: FileVersion) -> None:
        self.world.truth.deleted.add(version)
        self.world.files.delete(version)
        if not any(each.key == version.key for each in self.world.files.versions):
            self.world.truth.gone[version] = self.world.scheduler.now

    def _cancel(self) -> None:
        campaigns = self.world.ledger.all_campaigns()
        if not campaigns:
            return
        campaign_id = self.world.dice.random.choice(campaigns).campaign_id
        self.world.truth.cancelled.add(campaign_id)
        self._insist(self._ordered(campaign_id, CANCEL))

    def pause_what_is_sent(self) -> None:
        """Pause the first campaign as soon as it is sent, and resume it some minutes later."""
        world = self.world
        while not (sent := [*filter(_is_sent, world.ledger.all_campaigns())]):
            world.scheduler.sleep(STEP_SECONDS)
        self._insist(self._ordered(sent[0].campaign_id, PAUSE))
        world.scheduler.sleep(PAUSED_SECONDS)
        self._insist(self._ordered(sent[0].campaign_id, RESUME))

    def _pause(self) -> None:
        """Pause a campaign, and resume it; then another, or the same again."""
        dice = self.world.dice
        for _ in range(dice.random.randint(1, 3)):
            campaigns = self.world.ledger.all_campaigns()
            if not campaigns:
                return
            campaign_id = dice.random.choice(campaigns).campaign_id
            self._insist(self._ordered(campaign_id, PAUSE))
            self.world.scheduler.sleep(dice.random.choice((1, 60, dice.between(0, LONG_PAUSE))))
            self._insist(self._ordered(campaign_id, RESUME))
            self._look_whether_it_goes_on(campaign_id)
            self.world.scheduler.sleep(dice.between(0, 60))

    def _look_whether_it_goes_on(self, campaign_id: str) -> None:
        """Check, some minutes later, that what senders forgot is queued again."""
        world = self.world
        opened = world.ledger.campaign(campaign_id)
        if world.dice.at_rest and opened is not None and opened.status is Status.SENDING:
            check = partial(world.check_goes_on, campaign_id, opened.opened_at)
            world.scheduler.at(world.scheduler.now + GOES_ON_SECONDS, check)

    def _ordered(self, campaign_id: str, name: str) -> Callable[[], None]:
        if name == RESUME:
            self.world.canaries.resumed.setdefault(campaign_id, self.world.scheduler.now)
        follow = partial(ordered, name=name, clock=self.world.scheduler.clock)
        return partial(change, self.world.wired_ledger(), campaign_id, follow)

    def _insist(self, order: Callable[[], object]) -> None:
        while not self.functions.survives(order):
            self.world.scheduler.sleep(30)

    def _deploy(self) -> None:
        random = self.world.dice.random
        self.world.settings = replace(
            self.world.settings,
            template_code="SMS_2",
            sign_name="阿里云",
            max_recipients=random.choice((1, 3, 4)),
            max_attempts=random.choice((2, 3, 5)),
            settle_after_seconds=random.choice((120, 180)),
        )

    def _upgrade(self) -> None:
        self.world.files.is_release_before = False

    def _roll_back(self) -> None:
        """Deploy the release before, which leaves alone what it would misread."""
        roll_back()
        self.world.scheduler.sleep(self.world.dice.random.choice((300, 1200)))
        roll_forward()

    def _cut_off(self) -> None:
        self.world.provider.is_cut_off = True

    def _narrow_the_proxy(self) -> None:
        self.world.provider.most_recipients = self.world.dice.random.choice((1, 2))

    def _cut_off_for_long(self) -> None:
        """Reconnect when campaigns are too old, and still asked about."""
        world = self.world
        if world.provider.is_cut_off:
            return
        world.provider.is_cut_off = True
        world.provider.was_cut_off = True
        world.scheduler.at(world.start + MAX_AGE_SECONDS + 600, self._reconnect)

    def _reconnect(self) -> None:
        self.world.provider.is_cut_off = self.world.dice.fired["egress blocked for good"] > 0

    def _break_objects(self) -> None:
        """Make one campaign fail until long after all others should have ended."""
        world = self.world
        campaigns = world.ledger.all_campaigns()
        if not campaigns:
            return
        broken = world.dice.random.choice(campaigns).campaign_id
        world.truth.unreachable.add(broken)
        world.files.unreachable.add(broken)
        world.scheduler.at(world.start + BROKEN_SECONDS, partial(self._mend_objects, broken))

    def _mend_objects(self, broken: str) -> None:
        world = self.world
        stands = world.ledger.campaign(broken)
        if stands is not None and stands.is_open:
            doomed = {each.version_id for each in world.truth.doomed}
            for each in world.ledger.open_campaigns():
                may_fail = each.campaign_id in {broken} | world.truth.without_plan
                may_fail |= each.ages_from > world.start + MEDDLING_SECONDS  # it is not too old yet
                if not may_fail and each.version_id not in doomed:
                    world.blame(f"held up: {each.campaign_id} by {broken}, which fails")
        world.files.unreachable.discard(broken)

    def _wake_for_nothing(self) -> None:
        """Have random campaigns looked at, wherever they are in their lives."""
        dice = self.world.dice
        for _ in range(dice.random.randint(1, 3)):
            campaigns = self.world.ledger.all_campaigns()
            if campaigns:
                self.functions.wake_closer(dice.random.choice(campaigns).campaign_id, 0)
            self.world.scheduler.sleep(dice.between(0, 60))

    def _delete_plan(self) -> None:
        world = self.world
        planned = [each for each in world.ledger.open_campaigns() if each.plan]
        if not planned:
            return
        campaign = world.dice.random.choice(planned)
        world.truth.without_plan.add(campaign.campaign_id)
        world.files.forget_plan(campaign.plan)

    def _watch(self) -> None:
        world = self.world
        while True:
            world.scheduler.sleep(WATCH_SECONDS)
            if world.queue.dead_letters:
                world.queue.redrive()
            if not world.topic.unread:
                continue
            world.topic.unread.clear()
            world.scheduler.sleep(world.dice.between(0, 600))
            world.provider.mend_account()
            while not self.functions.survives(world.pausing().resume):
                world.scheduler.sleep(30)
