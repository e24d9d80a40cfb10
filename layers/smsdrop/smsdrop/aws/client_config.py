"""How clients of boto3 are told to do no more for a call than it takes."""

from botocore.config import Config

LEAN = Config(
    parameter_validation=False,  # the adapters make all of them, and their tests validate them
    user_agent="smsdrop",  # the usual one is put together anew for each call, which takes a tenth
)
"""For those that write and queue what every text waits for."""
