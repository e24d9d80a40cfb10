"""A judgement comes back from beside its plan as it was kept."""

import json

import pytest

from smsdrop.batches.forms import FORM, LaterForm
from smsdrop.ledger.campaign import Counts, Judgement
from smsdrop.ledger.terms import Terms
from smsdrop.parsing.repeats.kept_judgement import JUDGEMENT, keep_judgement, kept_judgement
from smsdrop.ports import ObjectGone
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles

PLAN = "work/20260102T030405Z-a/token/"
KEPT = Judgement(
    plan=PLAN,
    template_code="SMS_9",
    sign_name="云通信",
    encoding="gb18030",
    counts=Counts(rows=7, accepted=4, duplicates=2, rejected=1, blank=3, batches=1, segments=5),
    terms=Terms(start_at=1.5, windows=("0900-2000", "0800-2000"), needs_approval=True),
    problems=(Reason("nameless_column", ("C", "7")), Reason("x")),
    suppressed_by=(("vip.csv", "v7"),),
    is_no_promotion=True,
)


def changed(files: FakeFiles, **changes: object) -> None:
    members = json.loads(files.objects[PLAN + JUDGEMENT])
    files.objects[PLAN + JUDGEMENT] = json.dumps(members | changes).encode()


def test_a_judgement_comes_back_as_it_was_kept() -> None:
    files = FakeFiles()

    keep_judgement(KEPT, files)

    assert list(files.objects) == [PLAN + JUDGEMENT]
    assert kept_judgement(PLAN, files) == KEPT


def test_what_a_later_release_has_added_is_passed_over_and_a_later_form_left_to_it() -> None:
    files = FakeFiles()
    keep_judgement(KEPT, files)

    counts = json.loads(files.objects[PLAN + JUDGEMENT])["counts"]
    changed(files, colour="red", counts=counts | {"red": 1})
    assert kept_judgement(PLAN, files) == KEPT

    changed(files, form=FORM + 1)
    with pytest.raises(LaterForm):
        kept_judgement(PLAN, files)


def test_a_judgement_that_is_gone_is_no_judgement() -> None:
    with pytest.raises(ObjectGone):
        kept_judgement(PLAN, FakeFiles())
