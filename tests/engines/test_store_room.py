"""The store of built engines has an end: who makes way, who stays, and who waits for whom."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.errors import NotBuiltError, PlanError, StoreError
from engines.store import EngineStore
from engines.store_fields import store_key
from tests.engines.store_cases import flip, left_over
from tests.engines.store_process import bytes_of, churn, put, some_fields

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> EngineStore:
    return EngineStore(tmp_path / "engines")


@contextmanager
def child(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.store_process", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("at", range(4))
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    store: EngineStore, monkeypatch: pytest.MonkeyPatch, at: int
):
    put(store, some_fields())
    calls = 0

    def full(fd: int) -> None:
        nonlocal calls
        calls += 1
        if calls > at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match=r"disk of .* is full.*engines clear"):
            put(store, some_fields(1))
    assert left_over(store) == []
    assert [e.meta.fields["number"] for e in store.entries()] == ["0"]
    assert not list(store.folder.rglob(".meta*"))
    put(store, some_fields(1))


def test_a_disk_that_is_full_while_somebody_builds_is_said_too(store: EngineStore):
    def write(error: OSError) -> None:
        with store.draft(some_fields()):
            raise error

    with pytest.raises(StoreError, match="is full"):
        write(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    with pytest.raises(ConnectionResetError):
        write(ConnectionResetError(errno.ECONNRESET, "the builder's own trouble"))
    assert left_over(store) == []


# the cap
def cap_for(*numbers: int, tmp_path: Path) -> int:
    probe = EngineStore(tmp_path / "sizes")
    return sum(put(probe, some_fields(n)).size for n in numbers)


class Ticks:
    """A clock that moves by a second a look."""

    def __init__(self) -> None:
        self.now = 10**18

    def __call__(self) -> int:
        self.now += 10**9
        return self.now


def test_the_longest_unused_makes_way(tmp_path: Path):
    cap = cap_for(0, 1, 2, tmp_path=tmp_path) + 1500
    store = EngineStore(tmp_path / "engines", cap, Ticks())
    for number in range(3):
        put(store, some_fields(number))
    store.use(some_fields(0)).close()
    put(store, some_fields(3))
    there = [e.meta.fields["number"] for e in store.entries()]
    assert there[:2] == ["3", "0"]
    assert "1" not in there
    assert sum(e.size for e in store.entries()) <= cap


def test_what_is_in_use_or_being_built_stays(tmp_path: Path):
    cap = cap_for(0, 1, tmp_path=tmp_path)
    store = EngineStore(tmp_path / "engines", cap, Ticks())
    put(store, some_fields(0))
    put(store, some_fields(1))
    with store.use(some_fields(0)), store.use(some_fields(1)):
        with pytest.raises(StoreError, match="in use leaves no room"):
            put(store, some_fields(2))
        assert store.remove(store_key(some_fields(0))) is False
        with store.draft(some_fields(3)) as draft:
            store.sweep()
            assert draft.folder.is_dir()
    assert len(store.entries()) == 2
    with pytest.raises(StoreError, match="may take"):
        put(store, some_fields(4), b"x" * (cap + 1))
    assert store.remove(store_key(some_fields(0))) is True
    assert [e.meta.fields["number"] for e in store.entries()] == ["1"]


operations = st.lists(
    st.tuples(st.sampled_from(["put", "use", "let go", "remove", "sweep", "spoil"]), st.integers(0, 5)), max_size=25
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(operations, st.integers(2, 5))
def test_whatever_is_done_the_cap_holds_and_no_other_bytes_are_served(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]], engines: int
):
    cap = engines * 2600
    store = EngineStore(tmp_path_factory.mktemp("store") / "engines", cap, Ticks())
    with ExitStack() as leases:
        held: dict[int, ExitStack] = {}
        for what, number in done:
            fields = some_fields(number)
            folder = store.folder / store_key(fields)
            try:
                if what == "put":
                    put(store, fields)
                elif what == "use":
                    lease = store.use(fields)
                    assert lease.artefact.read_bytes() == bytes_of(fields)
                    held.setdefault(number, leases.enter_context(ExitStack())).enter_context(lease)
                elif what == "let go" and number in held:
                    held.pop(number).close()
                elif what == "remove":
                    assert not (store.remove(folder.name) and number in held)
                elif what == "sweep":
                    store.sweep()
                elif what == "spoil" and folder.exists() and number not in held:
                    flip(folder)
            except PlanError:
                if what != "use":
                    raise
            except StoreError:
                if what != "put":  # which alone may find no room
                    raise
            for number_held in held:
                assert (store.folder / store_key(some_fields(number_held)) / "engine.plan").exists()
            assert sum(e.size for e in store.entries()) <= cap
            assert not store.folder.exists() or left_over(store) == []


# several processes
def test_several_processes_share_a_store_that_is_too_small_for_them(tmp_path: Path):
    cap = str(cap_for(0, 1, 2, tmp_path=tmp_path))
    with ExitStack() as stack:
        processes = [stack.enter_context(child("churn", tmp_path / "engines", str(i), cap)) for i in range(2)]
        churn(str(tmp_path / "engines"), "this process", cap)
        told = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], told
    assert all(int(out.split()[1]) > 0 for out, _ in told)
    store = EngineStore(tmp_path / "engines")
    assert store.broken() == {}
    assert left_over(store) == []
    assert sum(e.size for e in store.entries()) <= int(cap)


def test_a_second_builder_is_refused_until_the_first_is_dead(store: EngineStore):
    with child("hold", store.folder, "build") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another process builds face_landmarks"):
            put_now(store)
        store.sweep()
        assert len(left_over(store)) == 1, "a build under way was swept away"
        first.kill()
        first.wait()
        put_now(store)
    assert left_over(store) == [], "what the dead builder left was not swept away"
    assert len(store.entries()) == 1


def put_now(store: EngineStore) -> None:
    with store.draft(some_fields()) as draft:
        (draft.folder / "engine.plan").write_bytes(b"plan")
        draft.commit(draft.folder / "engine.plan")


def test_what_another_process_uses_stays_until_it_is_dead(store: EngineStore):
    key = put(store, some_fields()).key
    with child("hold", store.folder, "use") as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "held\n"
        assert store.remove(key) is False
        user.kill()
        user.wait()
        assert store.remove(key) is True


def test_a_sound_engine_that_is_in_use_is_not_replaced(store: EngineStore):
    made = put(store, some_fields(), b"first")
    with store.use(some_fields()) as lease:
        again = put(store, some_fields(), b"second")
        assert lease.artefact.read_bytes() == b"first"
        assert again.meta.made == made.meta.made
        store.quarantine(made.key, "wrong numbers")
        put(store, some_fields(), b"third")
    with store.use(some_fields()) as lease:
        assert lease.artefact.read_bytes() == b"third"


def test_looking_for_engines_leaves_no_locks_behind(store: EngineStore):
    put(store, some_fields())
    for number in range(1, 5):
        with pytest.raises(NotBuiltError):
            store.use(some_fields(number))
    store.sweep()
    assert sorted(path.name for path in (store.folder / "locks").iterdir()) == [
        f"{store_key(some_fields())}.use",
        "store",
    ]


def test_who_waits_for_a_builder_may_give_up(store: EngineStore):
    with (
        store.draft(some_fields()),
        pytest.raises(StoreError, match="already"),
        store.draft(some_fields(), wait_s=30, stop=lambda: True),
    ):
        pass
