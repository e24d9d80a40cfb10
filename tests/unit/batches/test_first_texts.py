"""The first texts of a plan come back from beside it."""

from smsdrop.batches.first_texts import TEXTS, keep_texts, kept_texts
from tests.support.fakes import FakeFiles

PLAN = "work/20260102T030405Z-a/token/"


def test_texts_come_back_as_they_were_kept() -> None:
    files = FakeFiles()

    keep_texts(PLAN, ["【云通信】张三", '"\n'], files)

    assert list(files.objects) == [PLAN + TEXTS]
    assert kept_texts(PLAN, files) == ["【云通信】张三", '"\n']


def test_a_plan_without_texts_has_none() -> None:
    assert kept_texts(PLAN, FakeFiles()) == []
