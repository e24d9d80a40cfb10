"""
Bugs to plant, as engineers have made them in systems like this one.

Each is the real use case with one decision made wrongly. The simulation must find every one, or it
proves nothing about the real ones.
"""

from dataclasses import dataclass

from tests.simulation.canaries import FIRST_GO_AHEAD
from tests.simulation.planted_ahead import (
    LeavesOutTheRefused,
    NeverSeesTheirEnd,
    TakesSilenceForGood,
)
from tests.simulation.planted_around_sending import (
    ClosesAtOnce,
    CountsBeforeQueueing,
    EndsAtTheFirstFailure,
    ForgetsTheCancel,
    ForgetsTheCopies,
    ForgetsTheWhole,
    ForgetsToVerify,
    GivesUpWithoutAsking,
    HoldsItselfBack,
    JudgesAgain,
    KeepsItsReport,
    LetsEveryoneIn,
    LooksOnceOnly,
    OrdersByTheWord,
    RefusesAfterItsTries,
    RepairsPastTheRelease,
    TakesLaterFormsForDamage,
    WaitsForAnIdleQueue,
)
from tests.simulation.planted_at_the_gate import (
    AgesFromTheDrop,
    IgnoresTheGate,
    OutlivesTheWindow,
    QueuesNothingAgain,
    RepairsTheHeld,
    SendsTheWithdrawn,
)
from tests.simulation.planted_in_lists import (
    GoesByTheNames,
    HandsBackTheListed,
    LooksOnceInItsLife,
    PassesOverTheSpoiled,
    TrustsParts,
    TrustsWhatComesAgain,
    TrustsWhatWasTried,
)
from tests.simulation.planted_in_pacing import (
    DoesNotWait,
    ForgetsTheInvocationBefore,
    WaitsBeforehandAlone,
    WaitsForever,
)
from tests.simulation.planted_in_pages import ClosesUnseen, WritesOverAnything
from tests.simulation.planted_in_receipts import (
    LosesLateEvidence,
    NotesBeforeItAsks,
    ReportsTheUndeliveredAsUnsent,
    TakesFailedForFinal,
    TakesNoReceiptForFailure,
    TakesTheLastWord,
    TakesUndeliveredForUnsent,
)
from tests.simulation.planted_in_repeats import (
    CommitsBehindAnyone,
    CountsFromTheDrop,
    LeavesTheParamsOut,
    SendsDoubtAgain,
    TakesCancelledForSent,
)
from tests.simulation.planted_in_sending import (
    AddsEvidenceSilently,
    BeginsAgainEachTime,
    BelievesAnyAccount,
    BelievesItsKeyAlone,
    CallsAfterThawing,
    CancelsOverDoubt,
    CountsFromTheClaim,
    GoesOnByTheFirstLook,
    HaltsAfterRecording,
    LooksForTheLatestAlone,
    LooksUpTheBlamed,
    LooksUpTheFirstAlone,
    QueuesHalvesFirst,
    RefusesWholeBatches,
    ReleasesByDeleting,
    ResendsBlindly,
    SharesItsToken,
    TakesAMissingOutIdForAbsence,
    TakesStaleClaims,
)
from tests.simulation.planted_in_telling import NotesBeforeItTells, TakesTheTriedForTold
from tests.simulation.planted_in_waking import BelievesWhoWakes, FailsWithTheWakeUp
from tests.simulation.product import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedBug:
    """
    A bug, what the simulation should blame it for, and a seed that is known to bring it out.

    The blame is how violations begin; any of these shows that this bug was found. If it takes many
    faults at once, those are dealt `always`; if it takes suppression lists, there are `lists`. The
    rate is that of `tests.simulation.rate`.
    """

    product: Product
    blamed_for: tuple[str, ...]
    seed: int
    always: tuple[str, ...] = ()
    has_receipts: bool = False
    lists: bool = False
    calls_per_second: float = 20


PLANTED_BUGS = {
    "a notice noted before it is given": PlantedBug(
        product=Product(tell=NotesBeforeItTells), blamed_for=("told",), seed=1
    ),
    "a notice that failed noted as told": PlantedBug(
        product=Product(tell=TakesTheTriedForTold), blamed_for=("told",), seed=1
    ),
    "pages written over a closer's last ones": PlantedBug(
        product=Product(write_pages=WritesOverAnything), blamed_for=("shown",), seed=2030
    ),
    "closed though the last pages are not written": PlantedBug(
        product=Product(close=ClosesUnseen), blamed_for=("shown",), seed=4
    ),
    "blind resend on timeout": PlantedBug(
        product=Product(send_batch=ResendsBlindly), blamed_for=("twice",), seed=5
    ),
    "a stale claim taken over": PlantedBug(
        product=Product(settling=TakesStaleClaims), blamed_for=("twice",), seed=4
    ),
    "delete before record": PlantedBug(
        product=Product(deletes_first=True), blamed_for=("message",), seed=1
    ),
    "release that deletes the entry": PlantedBug(
        product=Product(recording=ReleasesByDeleting), blamed_for=("out id",), seed=4
    ),
    "a frozen attempt that calls after being settled": PlantedBug(
        product=Product(send_batch=CallsAfterThawing), blamed_for=("twice",), seed=31
    ),
    "split queued before it is written": PlantedBug(
        product=Product(send_batch=QueuesHalvesFirst), blamed_for=("state", "twice"), seed=8
    ),
    "all refused for a body too large": PlantedBug(
        product=Product(send_batch=RefusesWholeBatches), blamed_for=("forgotten",), seed=12
    ),
    "absence believed from the first recipients alone": PlantedBug(
        product=Product(settling=LooksUpTheFirstAlone), blamed_for=("twice",), seed=27
    ),
    "only the latest OutId looked up": PlantedBug(
        product=Product(settling=LooksForTheLatestAlone),
        blamed_for=("settled", "twice"),
        seed=464,
    ),
    "cancelling over an attempt in doubt": PlantedBug(
        product=Product(settling=CancelsOverDoubt), blamed_for=("untrue",), seed=97
    ),
    "a claim token that duplicates share": PlantedBug(
        product=Product(send_batch=SharesItsToken), blamed_for=("out id", "twice"), seed=25
    ),
    "a checkpoint ahead of acknowledgement": PlantedBug(
        product=Product(queue_plan=CountsBeforeQueueing), blamed_for=("checkpoint",), seed=1
    ),
    "a campaign held as duplicate of itself": PlantedBug(
        product=Product(plan_file=HoldsItselfBack), blamed_for=("forgotten",), seed=4
    ),
    "parse re-judged on retry": PlantedBug(
        product=Product(plan_file=JudgesAgain), blamed_for=("twice", "forgotten"), seed=44
    ),
}
"""Bugs that engineers are known to have made in systems like this one."""

FOUND_BUGS = {
    "halt written after the record": PlantedBug(
        product=Product(recording=HaltsAfterRecording), blamed_for=("forgotten",), seed=20
    ),
    "late evidence that reopens nothing": PlantedBug(
        product=Product(recording=AddsEvidenceSilently), blamed_for=("books",), seed=142
    ),
    "absence never looked at again": PlantedBug(
        product=Product(verify_absences=LooksOnceOnly), blamed_for=("twice",), seed=11
    ),
    "a report that is never rewritten": PlantedBug(
        product=Product(verify_absences=KeepsItsReport), blamed_for=("books", "twice"), seed=5
    ),
    "books closed for good with the report": PlantedBug(
        product=Product(close=ForgetsToVerify), blamed_for=("twice",), seed=11
    ),
    "several closers at the same lookups": PlantedBug(
        product=Product(leases=LetsEveryoneIn), blamed_for=("lookups",), seed=237
    ),
    "late rows of a batch that was split": PlantedBug(
        product=Product(close=ForgetsTheWhole),
        blamed_for=("twice",),
        seed=365,
        always=(
            "rows listed after the settling time",
            "large batches",
            "bad number",
            "refusal that texted the others",
            "rows listed late",
            "answer lost",
            "redriven after closing",
            "bodies too large for a proxy",
        ),
    ),
}
"""Some that the simulation found in smsdrop itself, planted again so that they stay fixed."""

LIFE_BUGS = {
    "repair past what was released": PlantedBug(
        product=Product(repair=RepairsPastTheRelease), blamed_for=("released",), seed=11
    ),
    "a right to call that counts from the claim": PlantedBug(
        product=Product(send_batch=CountsFromTheClaim), blamed_for=("halted", "paused"), seed=51
    ),
    "a tick that ends with the first campaign that fails": PlantedBug(
        product=Product(tick=EndsAtTheFirstFailure), blamed_for=("held up",), seed=12
    ),
    "a campaign moved outside its table": PlantedBug(
        product=Product(advance=ClosesAtOnce), blamed_for=("campaign",), seed=1
    ),
    "an order overrun by a settling": PlantedBug(
        product=Product(send_batch=GoesOnByTheFirstLook),
        blamed_for=("halted", "paused"),
        seed=376,
    ),
    "rows without an OutId taken for absence": PlantedBug(
        product=Product(settling=TakesAMissingOutIdForAbsence), blamed_for=("twice",), seed=25
    ),
    "settling that begins again each time": PlantedBug(
        product=Product(settling=BeginsAgainEachTime), blamed_for=("lookups", "ending"), seed=8
    ),
    "the one to blame looked up before a split": PlantedBug(
        product=Product(send_batch=LooksUpTheBlamed), blamed_for=("twice",), seed=9
    ),
    "absence believed of another account": PlantedBug(
        product=Product(settling=BelievesAnyAccount), blamed_for=("twice",), seed=46
    ),
    "key pairs compared and not accounts": PlantedBug(
        product=Product(settling=BelievesItsKeyAlone), blamed_for=("forgotten",), seed=14
    ),
    "a cancel lost to the plan": PlantedBug(
        product=Product(plan_file=ForgetsTheCancel), blamed_for=("halted",), seed=166
    ),
    "an attempt given up without asking": PlantedBug(
        product=Product(repair=GivesUpWithoutAsking), blamed_for=("forgotten",), seed=43
    ),
    "a copy held back for good by a campaign that texted nobody": PlantedBug(
        product=Product(close=ForgetsTheCopies), blamed_for=("forgotten",), seed=38
    ),
    "lost messages that wait for an idle queue": PlantedBug(
        product=Product(repair=WaitsForAnIdleQueue),
        blamed_for=("forgotten",),
        seed=37,
        always=("steady traffic: the queue is never idle", "queue purged"),
    ),
    "an outage that refuses the file": PlantedBug(
        product=Product(retry_parsing=RefusesAfterItsTries), blamed_for=("forgotten",), seed=2
    ),
    "a copy in place taken for an order": PlantedBug(
        product=Product(plan_file=OrdersByTheWord), blamed_for=("twice",), seed=7
    ),
    "a cancelled row taken for sent": PlantedBug(
        product=Product(earlier_messages=TakesCancelledForSent), blamed_for=("forgotten",), seed=4
    ),
    "a row in doubt sent again": PlantedBug(
        product=Product(earlier_messages=SendsDoubtAgain), blamed_for=("twice",), seed=5
    ),
    "params left out of the comparison": PlantedBug(
        product=Product(earlier_messages=LeavesTheParamsOut), blamed_for=("forgotten",), seed=20
    ),
    "the later of two simultaneous files not judged by the first": PlantedBug(
        product=Product(plan_log=CommitsBehindAnyone), blamed_for=("twice",), seed=12
    ),
    "repeats that count from the drop of what still waits": PlantedBug(
        product=Product(plan_log=CountsFromTheDrop), blamed_for=("twice",), seed=70
    ),
    "later forms that are taken for damage": PlantedBug(
        product=Product(advance=TakesLaterFormsForDamage), blamed_for=("forgotten",), seed=37
    ),
    "senders that ignore the gate": PlantedBug(
        product=Product(send_batch=IgnoresTheGate), blamed_for=("paused",), seed=11
    ),
    "nobody queues again once the gate has opened": PlantedBug(
        product=Product(repair=QueuesNothingAgain), blamed_for=("forgotten",), seed=1806
    ),
    "a claim that outlives its window": PlantedBug(
        product=Product(send_batch=OutlivesTheWindow),
        blamed_for=("terms",),
        seed=9,
        always=(
            "to be sent in a window",
            "frozen for seconds",
            "slow rate",
            "request arrives after the sender left",
        ),
    ),
    "ages that count from the drop": PlantedBug(
        product=Product(advance=AgesFromTheDrop), blamed_for=("forgotten",), seed=5
    ),
    "a withdrawn file that is sent": PlantedBug(
        product=Product(withdrawing=SendsTheWithdrawn), blamed_for=("withdrawn",), seed=174
    ),
    "a closer that believes who wakes it": PlantedBug(
        product=Product(tick=BelievesWhoWakes), blamed_for=("forgotten", "books"), seed=21
    ),
    "a refused wake-up that fails its message": PlantedBug(
        product=Product(recording=FailsWithTheWakeUp), blamed_for=("woken",), seed=4
    ),
    "silence taken for good receipts of those ahead": PlantedBug(
        product=Product(look_at_canary=TakesSilenceForGood),
        blamed_for=("canary",),
        seed=7,
        always=(FIRST_GO_AHEAD,),
    ),
    "those ahead judged without the refused": PlantedBug(
        product=Product(look_at_canary=LeavesOutTheRefused),
        blamed_for=("canary",),
        seed=6,
        always=(FIRST_GO_AHEAD,),
    ),
    "an end of those ahead that is never seen": PlantedBug(
        product=Product(advance=NeverSeesTheirEnd),
        blamed_for=("forgotten",),
        seed=5,
        always=(FIRST_GO_AHEAD,),
    ),
    "a held campaign is repaired": PlantedBug(
        product=Product(advance=RepairsTheHeld), blamed_for=("held",), seed=51
    ),
}
"""Bugs about a campaign's life: what is released, and what a person orders."""

RECEIPT_BUGS = {
    "the last word about a text counts": PlantedBug(
        product=Product(look_at_part=TakesTheLastWord),
        blamed_for=("untrue",),
        seed=5,
        has_receipts=True,
    ),
    "failed beats delivered": PlantedBug(
        product=Product(look_at_part=TakesFailedForFinal),
        blamed_for=("untrue",),
        seed=5,
        has_receipts=True,
    ),
    "a receipt that is missing taken for a failure": PlantedBug(
        product=Product(look_at_part=TakesNoReceiptForFailure),
        blamed_for=("untrue",),
        seed=4,
        has_receipts=True,
    ),
    "pending recipients forgotten after a crash": PlantedBug(
        product=Product(look_at_part=NotesBeforeItAsks),
        blamed_for=("unheard",),
        seed=33,
        has_receipts=True,
    ),
    "late evidence lost by receipts": PlantedBug(
        product=Product(look_at_part=LosesLateEvidence),
        blamed_for=("evidence",),
        seed=30,
        has_receipts=True,
    ),
    "receipts that change the books of sending": PlantedBug(
        product=Product(look_up_receipts=TakesUndeliveredForUnsent),
        blamed_for=("books",),
        seed=2,
        has_receipts=True,
    ),
    "a report that takes the undelivered for unsent": PlantedBug(
        product=Product(close=ReportsTheUndeliveredAsUnsent),
        blamed_for=("books",),
        seed=2,
        has_receipts=True,
    ),
}
"""Bugs about what carriers say afterwards."""

LIST_BUGS = {
    "a list looked for once in a sandbox's life": PlantedBug(
        product=Product(listed_since=LooksOnceInItsLife),
        blamed_for=("listed",),
        seed=12,
        lists=True,
    ),
    "a list noted and not read": PlantedBug(
        product=Product(suppression_lists=GoesByTheNames),
        blamed_for=("listed",),
        seed=1,
        lists=True,
    ),
    "parts of a split taken for looked at": PlantedBug(
        product=Product(send_batch=TrustsParts), blamed_for=("listed",), seed=7, lists=True
    ),
    "what was tried before taken for looked at": PlantedBug(
        product=Product(send_batch=TrustsWhatWasTried),
        blamed_for=("listed",),
        seed=29,
        lists=True,
    ),
    "what is redriven or comes again taken for looked at": PlantedBug(
        product=Product(send_batch=TrustsWhatComesAgain),
        blamed_for=("listed",),
        seed=12,
        lists=True,
    ),
    "a list that cannot be used passed over": PlantedBug(
        product=Product(send_batch=PassesOverTheSpoiled),
        blamed_for=("spoiled",),
        seed=66,
        lists=True,
    ),
    "suppressed rows in unsent.csv": PlantedBug(
        product=Product(close=HandsBackTheListed), blamed_for=("unsent",), seed=1, lists=True
    ),
}
"""Bugs about suppression lists."""

RATE_BUGS = {
    "a rate limiter that does not wait": PlantedBug(
        product=Product(rate_limiter=DoesNotWait), blamed_for=("rate",), seed=1
    ),
    "a rate limiter that waits before the claim alone": PlantedBug(
        product=Product(rate_limiter=WaitsBeforehandAlone), blamed_for=("rate",), seed=2
    ),
    "a rate limiter that forgets the invocation before": PlantedBug(
        product=Product(rate_limiter=ForgetsTheInvocationBefore), blamed_for=("rate",), seed=1
    ),
    "an interval longer than an invocation": PlantedBug(
        product=Product(rate_limiter=WaitsForever),
        blamed_for=("forgotten",),
        seed=1,
        calls_per_second=0.05,
    ),
}
"""Bugs that `tests.simulation.rate` must find."""
