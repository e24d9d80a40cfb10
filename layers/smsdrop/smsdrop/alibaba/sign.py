"""
A sign name, as `GetSmsSign` describes it: its review, and its real-name filing with each carrier.

Source: Dysmsapi 2017-05-25, `GetSmsSign`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from smsdrop.alibaba.template import Review

NOT_FILED = frozenset({-2, -1, 0, 2})
"""
`RegisterStatus` of a sign name that a carrier may block: not filed, running, failed, lapsed.

The others are 1, filed and not yet proven by texts, and 3, proven.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """`unfiled_at` are the carriers, by the provider's names: `mobile`, `unicom`, `telecom`."""

    name: str
    review: Review
    unfiled_at: tuple[str, ...] = ()

    @classmethod
    def read(cls, name: str, fields: Mapping[str, Any]) -> Self:
        """
        Read an answer whose code is `OK`; one without a list of carriers says nothing of filing.

        Raises what reading JSON of another shape raises: `KeyError`, `TypeError` and the like.
        """
        carriers = fields.get("SignIspRegisterDetailList") or ()
        return cls(
            name=name,
            review=Review(int(fields["SignStatus"])),
            unfiled_at=tuple(
                str(each["OperatorCode"])
                for each in carriers
                if int(each["RegisterStatus"]) in NOT_FILED
            ),
        )
