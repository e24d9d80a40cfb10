"""The Alibaba Cloud key pair, and whatever text a secret holds, from Secrets Manager."""

import json
import re
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from smsdrop.alibaba.signing import AccessKey, NoAccessKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

HALF_OF_A_KEY_PAIR = re.compile(r"[!-~]+")
"""What an HTTP header can carry; the provider's own are letters and digits."""


class SecretNotFilled(NoAccessKey):
    """The secret holds no key pair yet, or not in the form it should have."""


class SecretUnreadable(NoAccessKey):
    """Secrets Manager, or KMS behind it, does not give the secret; `code` is theirs."""


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
            return text_of(self._secrets, self._secret_id)
        except SecretMissing:
            raise SecretNotFilled("fill the secret with the Alibaba Cloud key pair") from None


class SecretMissing(Exception):
    """The secret was never filled."""


def text_of(secrets: "SecretsManagerClient", secret_id: str) -> str:
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
