"""
What cannot be done, in one sentence; the exit status is 1 then.

`CannotBeDone` is raised where it is known why. What AWS, its client and the package raise is
looked up here: by its class, and an answer of AWS by its code.
"""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from smsdrop.aws.dynamodb import LedgerUnavailable
from smsdrop.batches.forms import LaterForm
from smsdrop.batches.plan import PlanDamaged
from smsdrop.ports import ObjectGone
from smsdrop.reasons import FileRefused


class CannotBeDone(Exception):
    """What was asked for is not done, for the reason in the text."""


RENEW = "renew them, or name others with --profile"

SENTENCES: dict[type[Exception], str] = {
    CannotBeDone: "{error}",
    FileRefused: "{error}",
    ProfileNotFound: "{error}.",
    NoCredentialsError: "There are no AWS credentials: set AWS_ACCESS_KEY_ID and"
    " AWS_SECRET_ACCESS_KEY, or name a profile with --profile.",
    PartialCredentialsError: "The AWS credentials are not whole: {error}.",
    TokenRetrievalError: f"The AWS credentials have expired: {RENEW}.",
    NoRegionError: "No region is set: name one with --region, or in AWS_DEFAULT_REGION.",
    ConnectTimeoutError: "AWS cannot be reached: {error}",
    EndpointConnectionError: "AWS cannot be reached: {error}",
    HTTPClientError: "AWS cannot be reached: {error}",
    BotoCoreError: "The client of AWS has failed: {error}",
    LedgerUnavailable: "The ledger cannot be read now: {error}.",
    ObjectGone: "An object that this needs is gone from the bucket: {error}.",
    PlanDamaged: "The campaign's plan is not as it was written: {error}.",
    LaterForm: "A later release of smsdrop has written this: update yours.",
}
"""By class, more specific ones first."""

CREDENTIALS = f"AWS does not take the credentials ({{code}}): {RENEW}."
FORBIDDEN = "AWS does not allow {operation} with these credentials ({code})."

SENTENCES_BY_CODE = {
    "AccessDenied": FORBIDDEN,
    "AccessDeniedException": FORBIDDEN,
    "UnauthorizedOperation": FORBIDDEN,
    "ExpiredToken": CREDENTIALS,
    "ExpiredTokenException": CREDENTIALS,
    "InvalidAccessKeyId": CREDENTIALS,
    "InvalidClientTokenId": CREDENTIALS,
    "RequestExpired": CREDENTIALS,
    "SignatureDoesNotMatch": CREDENTIALS,
    "UnrecognizedClientException": CREDENTIALS,
}

OTHER_CODE = "AWS has refused {operation}: {message} ({code})"


def sentence_of(error: Exception) -> str | None:
    """Say what could not be done; None for an error that is a bug in smsdrop."""
    if isinstance(error, ClientError):
        answer = error.response["Error"]
        code = answer.get("Code", "")
        sentence = SENTENCES_BY_CODE.get(code, OTHER_CODE)
        return sentence.format(
            code=code, operation=error.operation_name, message=answer.get("Message", "")
        )
    for kind, sentence in SENTENCES.items():
        if isinstance(error, kind):
            return sentence.format(error=error)
    return None
