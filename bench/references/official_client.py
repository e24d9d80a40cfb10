"""Sending with the provider's own client for Python, as its documents show it."""

import json
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit


def sender(endpoint: str, *, key_id: str, secret: str) -> Callable[[str], str]:
    """Return what sends a queue message and returns the code of the answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own imports warn of is not ours to fix
        from alibabacloud_dysmsapi20170525 import client, models  # type: ignore[import-untyped] # ships no types
        from alibabacloud_tea_openapi.models import Config  # type: ignore[import-untyped] # the same
    scheme, host = urlsplit(endpoint)[:2]
    config = Config(
        access_key_id=key_id, access_key_secret=secret, endpoint=host, protocol=scheme.upper()
    )
    sms = client.Client(config)

    def send(message: str) -> str:
        batch: dict[str, Any] = json.loads(message)
        recipients = batch["recipients"]
        request = models.SendBatchSmsRequest(
            phone_number_json=json.dumps([each["phone_number"] for each in recipients]),
            sign_name_json=json.dumps(
                [each["sign_name"] for each in recipients], ensure_ascii=False
            ),
            template_code=batch["template_code"],
            template_param_json=json.dumps(
                [each["params"] for each in recipients], ensure_ascii=False
            ),
            out_id=batch["batch_id"],
        )
        return str(sms.send_batch_sms(request).body.code)

    return send
