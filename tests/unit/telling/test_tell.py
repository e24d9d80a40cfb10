"""Notices go out after the fact, once to each channel, and failures are retried for hours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

import pytest

from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.leases import Leases
from smsdrop.reasons import Reason
from smsdrop.telling.notices import Wording
from smsdrop.telling.tell import LEASE, MOST_LETTERS, MOST_TRIES, TELL_SECONDS, Channel, Tell
from tests.support.fakes import FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

CLOSED = campaign(status=Status.CLOSED, is_open=False, plan="work/")
HOUR = 3600


@dataclass(slots=True)
class FakeChannel:
    """Takes every letter, unless it is to fail."""

    name: str
    failure: str = ""
    said: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = nothing

    def say(self, _subject: str, text: str) -> str:
        self.meanwhile()
        if not self.failure:
            self.said.append(text)
        return self.failure


@dataclass(slots=True)
class Site:
    """The use case among its ports; `asked` counts how often channels were asked for."""

    clock: Clock = field(default_factory=lambda: Clock(NOW))
    ledger: FakeLedger = field(default_factory=FakeLedger)
    mail: FakeChannel = field(default_factory=lambda: FakeChannel("mail"))
    robot: FakeChannel = field(default_factory=lambda: FakeChannel("wecom 1"))
    channels: list[Channel] = field(default_factory=list)
    asked: int = 0
    tokens: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.channels = [self.mail, self.robot]

    def current(self) -> list[Channel]:
        self.asked += 1
        return self.channels

    def put(self, campaign: Campaign) -> Campaign:
        return self.ledger.write(self.ledger.campaign(campaign.campaign_id), campaign)

    def tell(self, *seen: Campaign, seconds: float = 600) -> list[str]:
        """Tell, and return what each channel has come to."""
        use_case = Tell(
            ledger=self.ledger,
            channels=self,
            wording=Wording(stack="smsdrop", language="en"),
            leases=Leases(
                ledger=self.ledger, clock=self.clock, fresh_token=lambda: str(next(self.tokens))
            ),
            side_by_side=map,
            clock=self.clock,
        )
        done = use_case.tell(seen, deadline=self.clock() + seconds)
        return [f"{each.channel} {each.failure}".strip() for each in done]

    def stands(self) -> Campaign:
        stands = self.ledger.campaign(CAMPAIGN_ID)
        assert stands is not None
        return stands


@pytest.fixture
def site() -> Site:
    return Site()


def many(how_many: int) -> list[Campaign]:
    return [
        replace(CLOSED, campaign_id=f"20260102T030405Z-{each:016x}") for each in range(how_many)
    ]


def test_a_campaign_that_was_seen_is_told_of_once(site: Site) -> None:
    sending = site.put(campaign(plan="work/", released=1))

    assert site.tell(sending) == ["mail", "wecom 1"]
    assert site.tell(site.stands()) == []
    assert site.stands().notices == ("planned",)
    assert len(site.mail.said) == len(site.robot.said) == 1
    assert "is being sent" in site.mail.said[0]


def test_an_end_that_no_tick_has_seen_is_told_of(site: Site) -> None:
    site.put(CLOSED)

    site.tell()

    assert "has come to its end" in site.robot.said[0]
    assert list(site.ledger.untold_campaign_ids()) == []


def test_where_nothing_is_due_nothing_is_read_or_written(site: Site) -> None:
    told = site.put(CLOSED.told("closed"))
    site.ledger.before_write = lambda _: pytest.fail("nothing is to be written")

    assert site.tell(told, campaign(status=Status.PARSING)) == []
    assert site.asked == 0


def test_where_there_are_no_channels_the_end_is_noted_all_the_same(site: Site) -> None:
    site.channels = []
    site.put(CLOSED)

    assert site.tell() == []
    assert site.stands().notices == ("closed",)


def test_it_is_noted_after_it_was_said(site: Site) -> None:
    site.put(CLOSED)

    def look() -> None:
        assert site.stands().notices == ()

    site.mail.meanwhile = look

    site.tell()

    assert site.stands().notices == ("closed",)


def test_what_one_channel_does_not_take_goes_to_it_alone_later(site: Site) -> None:
    site.put(CLOSED)
    site.robot.failure = "HTTP 502"

    assert site.tell() == ["mail", "wecom 1 HTTP 502"]
    assert (site.stands().heard_by, site.stands().notices) == (("mail",), ())
    site.robot.failure = ""
    site.clock.now += 60

    assert site.tell() == ["wecom 1"]
    assert (site.stands().heard_by, site.stands().notices) == ((), ("closed",))
    assert len(site.mail.said) == len(site.robot.said) == 1


def test_a_later_notice_goes_to_all_though_one_has_not_had_the_earlier(site: Site) -> None:
    sending = site.put(campaign(plan="work/", released=1))
    site.robot.failure = "HTTP 502"
    site.tell(sending)
    site.robot.failure = ""
    stands = site.stands()
    site.put(replace(stands, status=Status.CLOSED, is_open=False, revision=stands.revision + 1))

    assert site.tell() == ["mail", "wecom 1"]
    assert site.stands().notices == ("closed",)


def test_a_channel_that_fails_is_tried_for_hours_ever_more_rarely_and_then_given_up(
    site: Site,
) -> None:
    site.put(CLOSED)
    site.robot.failure = "ReadTimeout"
    tries: list[float] = []
    site.robot.meanwhile = lambda: tries.append(site.clock())

    while not site.stands().notices:
        site.tell()
        site.clock.now += 60

    assert len(tries) == MOST_TRIES
    assert 5 * HOUR < tries[-1] - tries[0] < 8 * HOUR
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[0] == 60
    assert len(site.mail.said) == 1


def test_a_channel_that_fails_is_asked_once_a_tick_however_many_letters_there_are(
    site: Site,
) -> None:
    for each in many(60):
        site.ledger.write(None, each)
    site.robot.failure = "ReadTimeout"

    done = site.tell()

    assert done.count("wecom 1 ReadTimeout") == 1
    assert done.count("mail") > 1


def test_many_campaigns_share_few_letters_and_the_rest_waits_for_the_next_tick(site: Site) -> None:
    campaigns = many(150)
    for each in campaigns:
        site.ledger.write(None, each)

    first = site.tell()

    assert first.count("mail") == first.count("wecom 1") == MOST_LETTERS
    while site.tell():
        pass
    texts = "\n".join(site.robot.said)
    assert all(texts.count(f"(campaign {each.campaign_id})") == 1 for each in campaigns)


def test_a_slow_channel_ends_the_letters_of_a_tick(site: Site) -> None:
    for each in many(60):
        site.ledger.write(None, each)

    def be_slow() -> None:
        site.clock.now += TELL_SECONDS / 2

    site.robot.meanwhile = be_slow

    assert site.tell().count("wecom 1") == 2
    assert site.tell(seconds=0) == []


def test_one_tick_tells_at_a_time(site: Site) -> None:
    site.put(CLOSED)
    others: list[str] = []
    site.mail.meanwhile = lambda: others.extend(site.tell())

    site.tell()

    assert others == []
    assert len(site.robot.said) == 1


def test_who_was_killed_while_telling_is_waited_for_less_than_a_minute(site: Site) -> None:
    site.put(CLOSED)

    def die() -> None:
        raise KeyboardInterrupt

    site.mail.meanwhile = die
    with pytest.raises(KeyboardInterrupt):
        site.tell()
    site.mail.meanwhile = nothing

    assert site.tell() == []
    site.clock.now += 60
    assert site.tell() == ["mail", "wecom 1"]


def test_a_campaign_of_which_nothing_can_be_said_keeps_no_other_from_being_told(
    site: Site,
) -> None:
    odd = replace(many(1)[0], reason=Reason("test", ("a later release has fewer details",)))
    site.ledger.write(None, odd)
    site.put(CLOSED)

    assert site.tell(odd) == ["mail", "wecom 1"]
    assert list(site.ledger.untold_campaign_ids()) == [odd.campaign_id]


def test_a_note_that_cannot_be_written_keeps_no_other_from_being_told(site: Site) -> None:
    for each in many(2):
        site.ledger.write(None, each)

    def fail(entry: object) -> None:
        if isinstance(entry, Campaign) and entry.campaign_id.endswith("0"):
            raise ConnectionError

    site.ledger.before_write = fail

    site.tell()

    site.ledger.before_write = nothing
    assert len(list(site.ledger.untold_campaign_ids())) == 1
    site.tell()
    assert list(site.ledger.untold_campaign_ids()) == []
    assert LEASE == "notices"
