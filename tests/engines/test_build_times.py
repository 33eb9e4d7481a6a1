"""How long a build takes is told from builds that were measured here, and from nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest

from engines.build import Build
from engines.build_times import BuildTime, measured_here, recipe_for
from engines.card import ModelCard
from engines.errors import EngineError
from engines.policy import Wish
from engines.registry import BACKENDS
from engines.store import EngineStore

_PLACES = itertools.count()


def store_of(folder: Path, *built: tuple[str, str, float], **more: str) -> EngineStore:
    """A store with builds: recipe, model and seconds, the oldest first."""
    hours = itertools.count(1)
    store = EngineStore(folder, clock=lambda: next(hours) * 3_600_000_000_000)
    for kind, model, seconds in built:
        fields: Mapping[str, str] = {"kind": kind, "model": model, "preset": "usual", "n": str(next(_PLACES)), **more}
        with store.draft(fields) as draft:
            (draft.folder / "plan").write_bytes(b"plan")
            draft.commit(draft.folder / "plan", build_s=seconds)
    return store


def test_the_newest_build_of_the_same_model_counts(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "s", ("int8", "a", 90.0), ("int8", "a", 40.0), ("int8", "a", 50.0), ("tensorrt", "a", 900.0)
    )
    times = measured_here(store)
    assert times.of("int8", "a") == BuildTime(50.0, 40.0, 90.0, 3, True)
    assert times.of("tensorrt", "a") == BuildTime(900.0, 900.0, 900.0, 1, True)


def test_of_a_model_that_was_never_built_the_others_are_told_as_others(tmp_path: Path) -> None:
    times = measured_here(store_of(tmp_path / "s", ("int8", "a", 90.0), ("int8", "b", 40.0)))
    assert times.of("int8", "c") == BuildTime(40.0, 40.0, 90.0, 2, False)


def test_what_nobody_measured_is_unknown(tmp_path: Path) -> None:
    times = measured_here(store_of(tmp_path / "s", ("int8", "a", 90.0)))
    assert times.of("tensorrt", "a") is None
    assert times.by_recipe(("int8", "tensorrt"), "a").keys() == {"int8"}
    assert measured_here(EngineStore(tmp_path / "none")).of("int8", "a") is None


def test_an_engine_of_another_machine_or_without_a_time_tells_nothing(tmp_path: Path) -> None:
    assert measured_here(store_of(tmp_path / "s", ("int8", "a", 90.0), arch="pdp11")).of("int8", "a") is None
    assert measured_here(store_of(tmp_path / "t", ("int8", "a", 0.0))).of("int8", "a") is None


def test_a_store_that_cannot_be_read_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("no folder")
    assert measured_here(EngineStore(tmp_path / "s")).of("int8", "a") is None


def test_a_running_build_says_what_the_last_one_took(
    tmp_path: Path, card: ModelCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {"kind": "int8", "model": card.name, "preset": card.preset}
    monkeypatch.setattr("engines.build.fields_of", lambda *_: fields)
    monkeypatch.setattr("engines.build.run_child", _refuses)
    store = store_of(tmp_path / "s", ("int8", card.name, 12.5))
    build = Build("int8", card, store=store)
    assert build.progress().usual is None
    with build.start():
        with pytest.raises(EngineError, match="it loses too much"):
            build.result(20)
        usual = build.progress().usual
    assert usual is not None
    assert (usual.last_s, usual.of_this_model) == (12.5, True)


@pytest.mark.parametrize("name", BACKENDS)
def test_each_wish_names_the_build_that_it_may_need(name: str) -> None:
    expected = "tensorrt" if name == "tensorrt" else ""
    assert recipe_for(Wish(name)) == expected
    if "int8" in BACKENDS[name].precisions:
        assert recipe_for(Wish(name, "int8")) == (expected or "int8")


def _refuses(*_: object) -> dict[str, object]:
    raise EngineError("it loses too much")
