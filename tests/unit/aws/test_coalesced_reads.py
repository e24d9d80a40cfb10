"""Threads that read at the same time: one read for many, none older than the request."""

import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from local.aws.waiting import wait_until
from smsdrop.aws.coalesced_reads import PATIENCE_SECONDS, CoalescedReads


class Store:
    """Values that may change; every read waits for `may_go`, and keeps its keys in `reads`."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.reads: list[set[str]] = []
        self.may_go = threading.Event()
        self.refused: set[str] = set()

    def read(self, keys: Collection[str]) -> Mapping[str, int]:
        self.reads.append(set(keys))
        self.may_go.wait(timeout=10)
        if self.refused.intersection(keys):
            raise KeyError("refused")
        return {key: self.values.get(key, 0) for key in keys}


@pytest.fixture
def store() -> Store:
    return Store()


def begun(
    threads: ThreadPoolExecutor, store: Store, get: Callable[[str], int], *keys: str
) -> list[Future[int]]:
    """Request the first key; once that is being read, request the others."""
    asked = [threads.submit(get, keys[0])]
    wait_until(lambda: store.reads, timeout=5, what="the first read")
    return asked + [threads.submit(get, key) for key in keys[1:]]


def test_one_who_asks_alone_has_the_keys_value(store: Store) -> None:
    store.values["a"] = 7
    store.may_go.set()

    assert CoalescedReads(store.read).get("a") == 7
    assert store.reads == [{"a"}]


def test_those_who_ask_while_a_read_is_under_way_share_the_next(store: Store) -> None:
    reads = CoalescedReads(store.read)
    with ThreadPoolExecutor(10) as threads:
        asked = begun(threads, store, reads.get, *"abcdefghij")
        store.values = dict(zip("abcdefghij", range(10), strict=True))
        wait_until(lambda: len(reads._next.keys) == 9, timeout=5, what="nine who wait")
        store.may_go.set()

        assert [each.result() for each in asked] == list(range(10))
    assert store.reads == [{"a"}, set("bcdefghij")]


def test_a_value_is_never_older_than_the_asking(store: Store) -> None:
    reads = CoalescedReads(store.read)
    store.may_go.set()
    reads.get("a")

    store.values["a"] = 1

    assert reads.get("a") == 1


def test_a_key_that_can_not_be_read_fails_for_who_asked_for_it_alone(store: Store) -> None:
    reads = CoalescedReads(store.read)
    store.refused = {"b"}
    with ThreadPoolExecutor(3) as threads:
        asked = begun(threads, store, reads.get, "a", "b", "c")
        wait_until(lambda: len(reads._next.keys) == 2, timeout=5, what="two who wait")
        store.may_go.set()

        assert (asked[0].result(), asked[2].result()) == (0, 0)
        with pytest.raises(KeyError):
            asked[1].result()


def test_a_read_that_hangs_holds_nobody_else(store: Store) -> None:
    hangs = threading.Event()

    def read(keys: Collection[str]) -> Mapping[str, int]:
        if "slow" in keys and len(keys) == 1:
            hangs.set()
            store.may_go.wait(timeout=10)
        return dict.fromkeys(keys, 1)

    reads = CoalescedReads(read)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(reads.get, "slow")
        hangs.wait(timeout=5)

        assert threads.submit(reads.get, "quick").result(timeout=PATIENCE_SECONDS + 2) == 1
        assert not slow.done()
        store.may_go.set()
