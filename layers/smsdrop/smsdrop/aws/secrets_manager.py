"""The Alibaba Cloud key pair, from Secrets Manager."""

import json
from typing import TYPE_CHECKING

from smsdrop.alibaba.signing import AccessKey, NoAccessKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class SecretNotFilled(NoAccessKey):
    """The secret holds no key pair yet, or not in the form it should have."""


class KeySecret:
    """Remembers the key pair while the sandbox lives, until it is asked to fetch it again."""

    def __init__(self, secrets: "SecretsManagerClient", secret_id: str) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._key: AccessKey | None = None

    def current(self) -> AccessKey:
        return self._key or self.refresh()

    def refresh(self) -> AccessKey:
        self._key = self._fetch()
        return self._key

    def _fetch(self) -> AccessKey:
        """White space around a pasted key is dropped; no exception quotes the secret."""
        try:
            secret = self._secrets.get_secret_value(SecretId=self._secret_id)["SecretString"]
            fields = json.loads(secret)
            return AccessKey(
                key_id=fields["access_key_id"].strip(),
                secret=fields["access_key_secret"].strip(),
            )
        except self._secrets.exceptions.ResourceNotFoundException:
            raise SecretNotFilled("fill the secret with the Alibaba Cloud key pair") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SecretNotFilled(
                'the secret must be {"access_key_id": "...", "access_key_secret": "..."}'
            ) from None
