"""A build runs beside the program: it is seen, cancelled, bounded, and whatever happens to it is an error, no more."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines.backend import LoadOptions
from engines.build import Build, BuildProgress
from engines.build_process import BuildLimits
from engines.build_recipes import RECIPES, fields_of
from engines.card import ModelCard, load_card
from engines.errors import (
    BuildCancelledError,
    BuildError,
    BuildLimitError,
    EngineError,
    ModelFileError,
    QuantizeError,
    QuarantinedError,
)
from engines.store import EngineStore
from engines.store_entry import StoredEngine
from tests.engines import build_work

ROOT = Path(__file__).resolve().parents[2]
MIB = 1 << 20

Recipes = Callable[..., str]

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


@pytest.fixture
def store(tmp_path: Path) -> EngineStore:
    return EngineStore(tmp_path / "engines")


@pytest.fixture
def card(weights: Path) -> ModelCard:
    return load_card(weights / "face_landmarks.json")


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recipes]:
    def add(run: str, check: str = "", bounded_addresses: bool = True) -> str:
        monkeypatch.setitem(RECIPES, run, build_work.recipe(run, check, bounded_addresses))
        return run

    return add


def is_empty(store: EngineStore) -> bool:
    return [path.name for path in store.folder.iterdir() if path.name != "locks"] == []


def wait_for(build: Build, words: str) -> BuildProgress:
    deadline = time.monotonic() + 30
    while words not in (seen := build.progress()).phase:
        assert seen.state in ("waiting", "building"), seen
        assert time.monotonic() < deadline, seen
        time.sleep(0.01)
    return seen


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 10
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(is_alive, pids))


def test_a_build_ends_in_the_store_checked(store: EngineStore, card: ModelCard, added: Recipes):
    told: list[StoredEngine | EngineError] = []
    name = added("good", "passes")
    with Build(name, card, LoadOptions(device=3), store=store, on_done=told.append).start() as build:
        entry = build.result(60)
        assert build.progress() == build.progress()
        seen = build.progress()
    assert (seen.state, seen.fraction, seen.error) == ("done", 1.0, "")
    assert seen.memory_bytes > 10 * MIB
    assert told == [entry]
    assert entry.artefact.read_bytes() == b"a plan"
    assert entry.meta.check is not None
    assert entry.meta.check["ok"] is True
    fields = fields_of(name, card, LoadOptions(device=3))
    assert entry.meta.fields == fields
    assert (fields["device"], fields["kind"], fields["onnx_sha256"]) == ("3", "good", card.sha256)
    store.use(fields).close()


def test_what_is_there_is_not_built_again_unless_asked(store: EngineStore, card: ModelCard, added: Recipes):
    name = added("slow")

    def build(again: bool = False) -> StoredEngine:
        with Build(name, card, store=store, again=again).start() as one:
            return one.result(60)

    first = build()
    assert build().key == first.key
    built = store.folder.parent / "built"
    assert built.read_text() == "once\n"
    build(again=True)
    assert built.read_text() == "once\n" * 2
    first.artefact.write_bytes(b"torn")
    assert build().artefact.read_bytes() == b"a plan"
    assert built.read_text() == "once\n" * 3


def test_two_that_build_the_same_build_it_once(store: EngineStore, card: ModelCard, added: Recipes):
    name = added("slow")
    with Build(name, card, store=store).start() as one, Build(name, card, store=store).start() as two:
        assert one.result(60).key == two.result(60).key
    assert (store.folder.parent / "built").read_text() == "once\n"


def test_the_program_goes_on_and_sees_how_far_it_is(store: EngineStore, card: ModelCard, added: Recipes):
    with Build(added("sleepy"), card, store=store) as build:
        assert build.progress().state == "waiting"
        build.start()
        seen = wait_for(build, "asleep")
        assert seen.state == "building"
        assert 0.05 < seen.fraction < 0.15
        assert build.progress().seconds > 0
        with pytest.raises(TimeoutError):
            build.result(0.01)
        with pytest.raises(BuildError, match="started before"):
            build.start()


@linux
@pytest.mark.parametrize("how", [pytest.param("sleepy", marks=pytest.mark.slow), "deaf", "parental"])
def test_a_cancelled_build_leaves_nothing(store: EngineStore, card: ModelCard, added: Recipes, how: str):
    told: list[object] = []
    build = Build(added(how), card, store=store, on_done=told.append).start()
    pids = [int(word) for word in re.findall(r"\d+", wait_for(build, "asleep").phase)]
    assert all(map(is_alive, pids))
    build.cancel()
    build.cancel()
    with pytest.raises(BuildCancelledError):
        build.result(30)
    assert build.progress().state == "cancelled"
    assert gone(pids)
    assert is_empty(store)
    assert isinstance(told[0], BuildCancelledError)
    assert len(told) == 1


def test_a_build_that_waits_for_another_can_be_cancelled(store: EngineStore, card: ModelCard, added: Recipes):
    name = added("sleepy")
    with Build(name, card, store=store).start() as first:
        wait_for(first, "asleep")
        second = Build(name, card, store=store).start()
        wait_for(second, "waiting for another")
        second.cancel()
        with pytest.raises(BuildCancelledError):
            second.result(30)
        late = Build(name, card, store=store, limits=BuildLimits(time_s=0.2)).start()
        with pytest.raises(BuildLimitError, match="another process builds"):
            late.result(30)
        assert first.progress().state == "building"


def test_a_build_is_ended_when_it_takes_too_long(store: EngineStore, card: ModelCard, added: Recipes):
    with Build(added("sleepy"), card, store=store, limits=BuildLimits(time_s=1.5)).start() as build:
        with pytest.raises(BuildLimitError, match="longer than its 2 s"):
            build.result(60)
        assert build.progress().state == "failed"
        assert "longer" in build.progress().error
    assert is_empty(store)


@linux
def test_a_build_is_ended_when_it_takes_too_much_memory(store: EngineStore, card: ModelCard, added: Recipes):
    limits = BuildLimits(memory_bytes=150 * MIB)
    with Build(added("hungry"), card, store=store, limits=limits).start() as build:
        with pytest.raises(BuildLimitError, match=r"GiB of memory, it was given 0\.15 GiB"):
            build.result(60)
        assert build.progress().memory_bytes < 400 * MIB
    assert is_empty(store)


@linux
def test_a_build_that_wants_all_memory_at_once_gets_none(store: EngineStore, card: ModelCard, added: Recipes):
    limits = BuildLimits(memory_bytes=500 * MIB)
    with (
        Build(added("greedy"), card, store=store, limits=limits).start() as build,
        pytest.raises(BuildLimitError, match=r"no more memory with the 0\.49 GiB"),
    ):
        build.result(60)
    assert is_empty(store)


FAULTS = {
    "segfault": (BuildError, r"crashed by SIGSEGV.*the library was last seen here"),
    "abort": (BuildError, r"crashed by SIGABRT.*the end$"),
    "leave": (BuildError, "ended with exit code 3 and no answer"),
    "refuse": (QuantizeError, "^face_landmarks loses 3 %$"),
    "stumble": (BuildError, "ZeroDivisionError: of all things"),
    "outside": (BuildError, "no file in its folder"),
}


@pytest.mark.skipif(sys.platform == "win32", reason="the crashes are POSIX signals")
@pytest.mark.parametrize(
    "how", [name if name in ("segfault", "refuse") else pytest.param(name, marks=pytest.mark.slow) for name in FAULTS]
)
def test_whatever_happens_to_a_build_is_an_error(store: EngineStore, card: ModelCard, added: Recipes, how: str):
    kind, words = FAULTS[how]
    with Build(added(how), card, store=store).start() as build, pytest.raises(kind, match=words) as caught:
        build.result(60)
    assert type(caught.value) is kind
    assert is_empty(store)


def test_an_engine_that_fails_its_check_is_kept_apart(store: EngineStore, card: ModelCard, added: Recipes):
    name = added("good", "fails")
    with Build(name, card, store=store).start() as build, pytest.raises(QuarantinedError, match="points off by 5 %"):
        build.result(60)
    with pytest.raises(QuarantinedError, match="points off by 5 %"):
        store.use(fields_of(name, card))
    added("good", "passes")
    with Build(name, card, store=store).start() as build:
        build.result(60)
    store.use(fields_of(name, card)).close()


def test_who_is_told_of_the_end_may_fail(store: EngineStore, card: ModelCard, added: Recipes, caplog):
    def fail(outcome: StoredEngine | EngineError) -> None:
        build.result(0)  # it is done already
        raise KeyError("the window is closed")

    build = Build(added("good"), card, store=store, on_done=fail)
    build.start().result(60)
    assert "the window is closed" in caplog.text


def test_wrong_use_is_an_error(store: EngineStore, card: ModelCard, added: Recipes):
    with pytest.raises(BuildError, match="there are int8, tensorrt"):
        Build("magic", card)
    with pytest.raises(BuildError, match="not started"):
        Build(added("good"), card, store=store).result()
    for limits in ({"time_s": 0.0}, {"time_s": float("nan")}, {"memory_bytes": 0}):
        with pytest.raises(BuildError, match="some time and memory"):
            BuildLimits(**limits)


def test_a_model_that_changed_since_is_not_built(store: EngineStore, card: ModelCard, added: Recipes):
    card.onnx_path.write_bytes(card.onnx_path.read_bytes() + b"x")
    with Build(added("good"), card, store=store).start() as build, pytest.raises(ModelFileError, match="torn"):
        build.result(60)


def test_a_recipe_without_its_package_says_so(
    store: EngineStore, card: ModelCard, added: Recipes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "tests.engines.build_work", None)
    with Build(added("good"), card, store=store).start() as build, pytest.raises(BuildError, match="install the extra"):
        build.result(60)
    assert not store.folder.exists()


@linux
@pytest.mark.parametrize("how", [pytest.param("sleepy", marks=pytest.mark.slow), "deaf"])
def test_a_build_dies_with_its_program(store: EngineStore, card: ModelCard, how: str):
    path = card.onnx_path.with_suffix(".json")
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.build_work", str(store.folder), str(path), how],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        child = int(re.findall(r"\d+", program.stdout.readline())[0])
        assert is_alive(child)
        os.kill(program.pid, signal.SIGKILL)
    assert gone([child])
    store.sweep()
    assert is_empty(store)


def test_no_thread_is_left(store: EngineStore, card: ModelCard, added: Recipes):
    before = threading.active_count()
    with Build(added("good"), card, store=store).start() as build:
        build.result(60)
    assert threading.active_count() == before
    assert not any(thread.daemon for thread in threading.enumerate() if thread.name.startswith("build"))
