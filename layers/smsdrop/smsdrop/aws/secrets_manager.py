"""The Alibaba Cloud key pair and the chat robots, from Secrets Manager."""

import json
import re
from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from smsdrop.alibaba.signing import AccessKey, NoAccessKey
from smsdrop.robots.robot import Robot, RobotsWrong, robots_in

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

HALF_OF_A_KEY_PAIR = re.compile(r"[!-~]+")
"""What an HTTP header can carry; the provider's own are letters and digits."""


class SecretNotFilled(NoAccessKey):
    """The secret holds no key pair yet, or not in the form it should have."""


class SecretUnreadable(NoAccessKey):
    """Secrets Manager, or KMS behind it, does not give the secret; `code` is theirs."""


ROBOTS_KEPT_SECONDS = 300
"""Our choice: how long robots that were put into the secret may stay unknown."""


class KeySecret:
    """Remembers the key pair while the sandbox lives, until it is asked to fetch it again."""

    def __init__(self, secrets: "SecretsManagerClient", secret_id: str) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._key: AccessKey | None = None

    def current(self) -> AccessKey:
        return self._key or self.refresh()

    def refresh(self) -> AccessKey:
        self._key = key_pair_in(self._fetch())
        return self._key

    def _fetch(self) -> str:
        """Return the secret's text; an empty one if there is none."""
        try:
            return _text_of(self._secrets, self._secret_id)
        except SecretMissing:
            raise SecretNotFilled("fill the secret with the Alibaba Cloud key pair") from None


class RobotSecret:
    """
    Remembers the robots for some minutes, and what is wrong with their secret.

    `problem` is a code for why they cannot be known, empty where they are: an empty secret, or one
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
            return robots_in(_text_of(self._secrets, self._secret_id)), ""
        except SecretMissing:
            return (), ""
        except SecretUnreadable as error:
            return (), error.code
        except RobotsWrong:
            return (), RobotsWrong.__name__


class SecretMissing(Exception):
    """The secret was never filled."""


def _text_of(secrets: "SecretsManagerClient", secret_id: str) -> str:
    """Return the secret's text; an empty one if it holds none."""
    try:
        return secrets.get_secret_value(SecretId=secret_id).get("SecretString", "")
    except secrets.exceptions.ResourceNotFoundException:
        raise SecretMissing from None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise SecretUnreadable("the secret cannot be read", code=code) from error
    except BotoCoreError as error:
        code = type(error).__name__
        raise SecretUnreadable("the secret cannot be read", code=code) from error


def key_pair_in(secret: str) -> AccessKey:
    """White space around a pasted key is dropped; no exception quotes the secret."""
    try:
        fields = json.loads(secret)
        halves = fields["access_key_id"].strip(), fields["access_key_secret"].strip()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        halves = "", ""
    if not all(map(HALF_OF_A_KEY_PAIR.fullmatch, halves)):
        raise SecretNotFilled(
            'the secret must be {"access_key_id": "...", "access_key_secret": "..."}'
        )
    key_id, key_secret = halves
    return AccessKey(key_id=key_id, secret=key_secret)
