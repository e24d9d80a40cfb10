"""
Bugs to plant, as engineers have made them in systems like this one.

Each is the real use case with one decision made wrongly. The simulation must find every one, or it
proves nothing about the real ones.
"""

from dataclasses import dataclass

from tests.simulation.planted_around_sending import (
    CountsBeforeQueueing,
    ForgetsTheWhole,
    HoldsItselfBack,
    JudgesAgain,
    LooksOnceOnly,
)
from tests.simulation.planted_in_pacing import (
    DoesNotWait,
    ForgetsTheInvocationBefore,
    WaitsBeforehandAlone,
)
from tests.simulation.planted_in_sending import (
    AddsEvidenceSilently,
    CallsAfterThawing,
    CancelsOverDoubt,
    HaltsAfterRecording,
    LooksForTheLatestAlone,
    LooksUpTheFirstAlone,
    QueuesHalvesFirst,
    ReleasesByDeleting,
    ResendsBlindly,
    SharesItsToken,
    TakesStaleClaims,
)
from tests.simulation.product import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedBug:
    """
    A bug, what the simulation should blame it for, and a seed that is known to bring it out.

    The blame is how violations begin; any of these shows that it is this bug that was found.
    """

    product: Product
    blamed_for: tuple[str, ...]
    seed: int


PLANTED_BUGS = {
    "blind resend on timeout": PlantedBug(
        product=Product(send_batch=ResendsBlindly), blamed_for=("twice",), seed=2
    ),
    "a stale claim taken over": PlantedBug(
        product=Product(send_batch=TakesStaleClaims), blamed_for=("twice",), seed=2
    ),
    "delete before record": PlantedBug(
        product=Product(deletes_first=True), blamed_for=("message",), seed=1
    ),
    "release that deletes the entry": PlantedBug(
        product=Product(send_batch=ReleasesByDeleting), blamed_for=("out id",), seed=2
    ),
    "a frozen attempt that calls after being settled": PlantedBug(
        product=Product(send_batch=CallsAfterThawing), blamed_for=("twice",), seed=24
    ),
    "split queued before it is written": PlantedBug(
        product=Product(send_batch=QueuesHalvesFirst), blamed_for=("state", "twice"), seed=21
    ),
    "absence believed from the first recipients alone": PlantedBug(
        product=Product(send_batch=LooksUpTheFirstAlone), blamed_for=("twice",), seed=28
    ),
    "only the latest OutId looked up": PlantedBug(
        product=Product(send_batch=LooksForTheLatestAlone),
        blamed_for=("settled", "twice"),
        seed=69,
    ),
    "cancelling over an attempt in doubt": PlantedBug(
        product=Product(send_batch=CancelsOverDoubt), blamed_for=("untrue",), seed=91
    ),
    "a claim token that duplicates share": PlantedBug(
        product=Product(send_batch=SharesItsToken), blamed_for=("out id", "twice"), seed=9
    ),
    "a checkpoint ahead of acknowledgement": PlantedBug(
        product=Product(parse_recipients=CountsBeforeQueueing), blamed_for=("checkpoint",), seed=1
    ),
    "a campaign held as duplicate of itself": PlantedBug(
        product=Product(parse_recipients=HoldsItselfBack), blamed_for=("forgotten",), seed=4
    ),
    "parse re-judged on retry": PlantedBug(
        product=Product(parse_recipients=JudgesAgain), blamed_for=("twice", "forgotten"), seed=13
    ),
}
"""The thirteen, by their names in the project's promise."""

FOUND_BUGS = {
    "halt written after the record": PlantedBug(
        product=Product(send_batch=HaltsAfterRecording), blamed_for=("forgotten",), seed=269
    ),
    "late evidence that reopens nothing": PlantedBug(
        product=Product(send_batch=AddsEvidenceSilently), blamed_for=("books",), seed=16
    ),
    "absence never looked at again": PlantedBug(
        product=Product(close_campaigns=LooksOnceOnly), blamed_for=("twice",), seed=21
    ),
    "late rows of a batch that was split": PlantedBug(
        product=Product(close_campaigns=ForgetsTheWhole), blamed_for=("twice",), seed=561
    ),
}
"""Some that the simulation found in this very product, planted again so that they stay mended."""

RATE_BUGS = {
    "a pace that does not wait": PlantedBug(
        product=Product(pace=DoesNotWait), blamed_for=("rate",), seed=1
    ),
    "a pace that waits before the claim alone": PlantedBug(
        product=Product(pace=WaitsBeforehandAlone), blamed_for=("rate",), seed=1
    ),
    "a pace that forgets the invocation before": PlantedBug(
        product=Product(pace=ForgetsTheInvocationBefore), blamed_for=("rate",), seed=1
    ),
}
"""Those that `tests.simulation.rate` must find."""
