"""What becomes of a campaign after each verdict on its file."""

from dataclasses import replace

import pytest

from smsdrop.drop_path import DropPath
from smsdrop.ledger.campaign import Campaign, Counts, Judgement, Status
from smsdrop.ledger.terms import Terms
from smsdrop.parsing.file_verdict import FileVerdict, judgement_of
from smsdrop.parsing.plan_builder import MOST_NAMED, RowCounts
from smsdrop.reasons import Reason
from tests.support.samples import CAMPAIGN_ID, NOW, VERSION

TERMS = Terms(needs_approval=True)
JUDGEMENT = Judgement(
    plan="work/plan/",
    template_code="SMS_9",
    sign_name="云通信",
    encoding="utf-8",
    counts=Counts(rows=5, accepted=2, duplicates=2, rejected=1, batches=1),
    terms=TERMS,
)
NOTHING_LEFT = replace(JUDGEMENT, counts=Counts(rows=5, duplicates=5))
FAULT = Reason("too_many_rejected", ("1", "5", "10"))
BEGUN = Campaign.begun(CAMPAIGN_ID, VERSION, size=1000, at=NOW)


def verdict(
    judgement: Judgement = JUDGEMENT, fault: Reason | None = None, by: str = ""
) -> FileVerdict:
    return FileVerdict(judgement=judgement, fault=fault, had_by=("first",), previewed_by=by)


@pytest.mark.parametrize(
    ("judged", "first", "outcome", "reason"),
    [
        pytest.param(verdict(), CAMPAIGN_ID, "", None, id="in order"),
        pytest.param(verdict(fault=FAULT), CAMPAIGN_ID, "refused", FAULT, id="the wrong file"),
        pytest.param(
            verdict(NOTHING_LEFT),
            CAMPAIGN_ID,
            "repeated",
            Reason("repeated", ("first",)),
            id="nothing left",
        ),
        pytest.param(
            verdict(),
            "another",
            "duplicate_file",
            Reason("duplicate_file", ("another",)),
            id="the same bytes again",
        ),
        pytest.param(
            verdict(by="仅=预览"),
            CAMPAIGN_ID,
            "preview",
            Reason("preview", ("仅=预览", "2", "2", "1")),
            id="a preview",
        ),
        pytest.param(
            verdict(NOTHING_LEFT, by="仅=预览"),
            CAMPAIGN_ID,
            "preview",
            Reason("preview", ("仅=预览", "0", "5", "0")),
            id="a preview with nothing left",
        ),
        pytest.param(
            verdict(fault=FAULT, by="仅=预览"),
            CAMPAIGN_ID,
            "refused",
            FAULT,
            id="a preview of the wrong file",
        ),
    ],
)
def test_a_campaign_is_judged_by_its_file(
    judged: FileVerdict, first: str, outcome: str, reason: Reason | None
) -> None:
    campaign = judged.applied_to(BEGUN, first=first, at=NOW + 5)

    assert campaign.status is (Status.REFUSED if outcome else Status.PLANNED)
    assert (campaign.outcome, campaign.reason) == (outcome, reason)
    has_plan = outcome != "duplicate_file"
    assert (campaign.plan, campaign.terms) == (("work/plan/", TERMS) if has_plan else ("", Terms()))


def test_a_repetition_names_only_so_many_campaigns() -> None:
    had_by = tuple(f"campaign {each}" for each in range(MOST_NAMED + 1))

    campaign = replace(verdict(NOTHING_LEFT), had_by=had_by).applied_to(
        BEGUN, first=CAMPAIGN_ID, at=NOW
    )

    assert campaign.reason == Reason("repeated", had_by[:MOST_NAMED])


def test_a_judgement_tells_each_problem_once_the_files_first() -> None:
    of_rows = RowCounts(accepted=3, batches=1, segments=4, problems=[Reason("b"), Reason("a")])

    judgement = judgement_of(
        of_rows,
        DropPath(template_code="SMS_9", sign_name="云通信"),
        plan="work/plan/",
        encoding="utf-8",
        terms=TERMS,
        problems=[Reason("a"), Reason("c")],
    )

    assert judgement.problems == (Reason("a"), Reason("c"), Reason("b"))
    assert judgement.counts == Counts(rows=3, accepted=3, batches=1, segments=4)
    assert (judgement.template_code, judgement.sign_name) == ("SMS_9", "云通信")
    assert (judgement.plan, judgement.encoding, judgement.terms) == ("work/plan/", "utf-8", TERMS)
