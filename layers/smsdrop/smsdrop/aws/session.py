"""Makes the clients of AWS services, and configures those that must be quick."""

from typing import Any

import botocore.session
from botocore.config import Config

CLIENT_CONFIG = Config(
    parameter_validation=False,  # the adapters make all of them, and their tests validate them
    user_agent="smsdrop",  # the usual one is rebuilt for each call, which takes a tenth
)
"""For the clients that every text waits for."""

SECRET_CONFIG = Config(
    connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
"""For the key pair. Our choice: the default would wait for minutes if there is no way to it."""


class Session:
    """
    Makes the clients that boto3 makes, by the same rules.

    What boto3 adds, resources and transfers of files, costs a start something and is not used here.
    A second session would load the models of the services again.
    """

    def __init__(self) -> None:
        self._session = botocore.session.get_session()

    def client(self, service: str, *, config: Config | None = None) -> Any:
        return self._session.create_client(service, config=config)
