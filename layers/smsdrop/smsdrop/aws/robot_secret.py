"""The chat robots, from Secrets Manager."""

from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING

from smsdrop.aws.secrets_manager import SecretMissing, SecretUnreadable, text_of
from smsdrop.robots.robot import Robot, RobotsWrong, robots_in

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

ROBOTS_KEPT_SECONDS = 300
"""Our choice: how long robots that were put into the secret may stay unknown."""


class RobotSecret:
    """
    Remembers the robots for some minutes, and what is wrong with their secret.

    `problem` is a code for why they cannot be known, empty if they are: an empty secret, or one
    that was never filled, names none.
    """

    def __init__(
        self, secrets: "SecretsManagerClient", secret_id: str, clock: Callable[[], float]
    ) -> None:
        self.problem = ""
        self._secrets = secrets
        self._secret_id = secret_id
        self._clock = clock
        self._robots: Sequence[Robot] = ()
        self._read_at = -inf

    def current(self) -> Sequence[Robot]:
        if self._clock() - self._read_at >= ROBOTS_KEPT_SECONDS:
            self._robots, self.problem = self._read()
            self._read_at = self._clock()
        return self._robots

    def _read(self) -> tuple[Sequence[Robot], str]:
        try:
            return robots_in(text_of(self._secrets, self._secret_id)), ""
        except SecretMissing:
            return (), ""
        except SecretUnreadable as error:
            return (), error.code
        except RobotsWrong:
            return (), RobotsWrong.__name__
