"""Notices, as CloseCampaigns sends them, and the channels for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from smsdrop.aws.robot_secret import RobotSecret
from smsdrop.aws.sns import ReportTopic
from smsdrop.ledger.leases import Leases
from smsdrop.robots.robot import MOST_ROBOTS, Robot, RobotsWrong
from smsdrop.telling.notices import Wording
from smsdrop.telling.tell import Channel, Tell
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.side_by_side import SideBySide

if TYPE_CHECKING:
    from smsdrop.robots.post import RobotChannel


@dataclass(frozen=True, slots=True)
class UnknownRobots:
    """Stands for the robots as long as their secret cannot be read."""

    why: str
    name: str = "robots"

    def say(self, _subject: str, _text: str) -> str:
        return self.why


class Channels:
    """Mail if the stack has an address, and the robots of the secret as it is now."""

    def __init__(
        self, mail: ReportTopic | None, secret: RobotSecret, clock: Callable[[], float]
    ) -> None:
        self._mail = mail
        self._secret = secret
        self._clock = clock
        self._robots: dict[Robot, RobotChannel] = {}
        self._said = ""

    def current(self) -> Sequence[Channel]:
        robots = self._secret.current()
        self._robots = {each: self._robots.get(each) or self._channel(each) for each in robots}
        problem = self._secret.problem
        mail = [self._mail] if self._mail else []
        unknown = [UnknownRobots(problem)] if problem not in ("", RobotsWrong.__name__) else []
        return [*mail, *unknown, *self._robots.values()]

    def _channel(self, robot: Robot) -> "RobotChannel":
        from smsdrop.robots.post import RobotChannel  # an HTTP client: see `Adapters.gateway`

        return RobotChannel(robot, self._clock)

    def new_problem(self) -> str:
        """Return a code for what is wrong with the secret, if that was not reported already."""
        problem = self._secret.problem
        is_new, self._said = problem != self._said, problem
        return problem if is_new else ""


def tell(adapters: Adapters) -> tuple[Tell, Channels]:
    channels = Channels(adapters.report_topic, adapters.robots, adapters.clock)
    use_case = Tell(
        ledger=adapters.ledger,
        channels=channels,
        wording=Wording(stack=adapters.settings.stack_name, language=adapters.settings.language),
        leases=Leases(
            ledger=adapters.ledger, clock=adapters.clock, fresh_token=lambda: uuid4().hex
        ),
        side_by_side=SideBySide(MOST_ROBOTS + 1),
        clock=adapters.clock,
    )
    return use_case, channels
