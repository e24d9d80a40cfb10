"""The configuration of boto3 clients that do no more for a call than it takes."""

from botocore.config import Config

CLIENT_CONFIG = Config(
    parameter_validation=False,  # the adapters make all of them, and their tests validate them
    user_agent="smsdrop",  # the usual one is put together again for each call, which takes a tenth
)
"""For the clients that every text waits for."""

SECRET_CONFIG = Config(
    connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)
"""For the key pair. Our choice: boto3's own would wait for minutes where there is no way to it."""
