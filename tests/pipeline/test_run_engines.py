"""A live run whose engines fail, are swapped or rest: every FrameSet has its observation, and says what it ran on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from drivers.registry import open_camera
from engines.backend import Arrays, Backend
from engines.errors import DeviceLostError, InferenceError
from engines.loading import Models
from engines.served import ServedBackend
from pipeline.config import EngineConfig, PipelineConfig
from pipeline.not_computed import NOT_COMPUTED
from pipeline.run import LiveRun
from pipeline.verify import verify_session
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry
from tests.helpers.sessions import write_session


@pytest.fixture(scope="module")
def long_session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_session(tmp_path_factory.mktemp("long") / "long.mcap", 40)


def fail(models: Models, model: str, error: Exception, when: Callable[[int], bool]) -> None:
    """Let the engine that runs a model now fail at some of its calls, which are counted from 0."""
    backend: Backend = models.served[model]._engine.backend
    infer, calls = backend.infer, iter(range(10**9))

    def faulty(inputs: Mapping[str, Any]) -> Arrays:
        if when(next(calls)):
            raise error
        return infer(inputs)

    backend.infer = faulty  # type: ignore[method-assign]  # a fault on purpose


def ran(
    session: Path,
    models: Models,
    out: Path,
    config: PipelineConfig | None = None,
    during: Callable[[LiveRun], None] = lambda run: None,
    speed: float = 1.0,
) -> tuple[LiveRun, list[Observation], list[ScheduleEntry]]:
    """A live run over the whole session, and what it recorded."""
    run = LiveRun([open_camera(f"virtual:{session}?speed={speed}")], models, config, record=out)
    run.start()
    during(run)
    assert run.wait(60.0)
    assert run.stop()
    with SessionReader(out) as reader:
        observations = list(reader.observations())
        return run, observations, reader.schedule()


EITHER = pytest.mark.parametrize("name", ["face_landmarks", "gray_to_depth"])
"""A model that looks at FrameSets, and one that finishes them: they run in two threads."""


@EITHER
def test_a_fault_of_an_engine_costs_no_frame_and_stands_in_the_schedule(
    long_session: Path, models: Models, tmp_path: Path, name: str
) -> None:
    fail(models, name, InferenceError("the engine lost its way"), lambda call: call % 4 == 1)
    run, observations, schedule = ran(long_session, models, tmp_path / "live.mcap")
    status = run.status()
    assert status.processed == len(observations) == len(schedule)
    assert all(o.status == "ok" for o in observations)
    state = next(s for s in status.engines if s.model == name)
    assert state.retried > 0
    assert state.wish == "openvino"
    assert "lost its way" in state.fault
    retried = [e.engines[name] for e in schedule if e.engines[name].get("retried")]
    assert len(retried) == state.retried
    assert {how["backend"] for how in retried} == {"onnxruntime"}
    report = verify_session(tmp_path / "live.mcap", models, PipelineConfig())
    assert report.mode == "tolerances"
    assert report.is_good, report.first_difference


@EITHER
def test_a_lost_device_is_left_and_the_picture_goes_on(
    long_session: Path, models: Models, tmp_path: Path, name: str
) -> None:
    fail(models, name, DeviceLostError("the GPU fell off the bus"), lambda call: call >= 3)
    run, observations, schedule = ran(long_session, models, tmp_path / "live.mcap")
    assert all(o.status == "ok" for o in observations)
    state = next(s for s in run.status().engines if s.model == name)
    assert (state.wish, state.is_fallback) == ("onnxruntime", True)
    assert "fell off the bus" in state.reasons["openvino"]
    backends = [e.engines[name]["backend"] for e in schedule]
    assert backends == sorted(backends, reverse=True), "openvino to the fault, onnxruntime from there on"
    assert set(backends) == {"openvino", "onnxruntime"}


@EITHER
def test_a_frame_that_nothing_can_compute_says_so_and_the_run_goes_on(
    long_session: Path, models: Models, tmp_path: Path, name: str
) -> None:
    served: ServedBackend = models.served[name]
    served._make_fallback = None
    fail(models, name, InferenceError("no memory"), lambda call: call in (2, 5))
    run, observations, schedule = ran(long_session, models, tmp_path / "live.mcap")
    status = run.status()
    assert status.processed == len(observations) == len(schedule)
    failed = [o for o in observations if o.status.startswith(NOT_COMPUTED)]
    assert len(failed) == status.not_computed == 2
    assert all("no memory" in o.status and o.faces == () for o in failed)
    assert sum("could not be computed" in error for error in status.errors) == 1
    assert observations[-1].status == "ok"
    assert [e.engines[name].get("failed", 0) for e in schedule] == [int(o in failed) for o in observations]
    report = verify_session(tmp_path / "live.mcap", models, PipelineConfig())
    assert report.is_good, report.first_difference
    assert any(f"2 of {len(schedule)} FrameSets could not be computed" in note for note in report.notes)


@EITHER
def test_an_engine_is_swapped_while_the_picture_runs(
    long_session: Path, models: Models, tmp_path: Path, name: str
) -> None:
    def swap(run: LiveRun) -> None:
        end = time.monotonic() + 20
        while run.status().processed < 3:
            assert time.monotonic() < end
            time.sleep(0.01)
        run.swap(name, "onnxruntime")
        while not any(s.swaps for s in run.status().engines):
            assert time.monotonic() < end
            time.sleep(0.01)

    _, observations, schedule = ran(long_session, models, tmp_path / "live.mcap", during=swap, speed=0.3)
    assert all(o.status == "ok" for o in observations)
    backends = [e.engines[name]["backend"] for e in schedule]
    assert backends == sorted(backends, reverse=True)
    assert set(backends) == {"openvino", "onnxruntime"}
    assert verify_session(tmp_path / "live.mcap", models, PipelineConfig()).is_good


def test_a_latency_budget_is_kept_by_resting_and_replayed_exactly(
    long_session: Path, models: Models, tmp_path: Path
) -> None:
    config = PipelineConfig(engines=EngineConfig(latency_budget_ms=0.05))  # no machine keeps it: everything must rest
    run, observations, schedule = ran(long_session, models, tmp_path / "live.mcap", config)
    assert run.status().pace.every["depth_to_color"] > 1
    assert run.status().pace.note
    rested = [e for e in schedule if e.engines["depth_to_color"].get("rested")]
    assert rested
    assert len(observations) == len(schedule)
    report = verify_session(tmp_path / "live.mcap", models)
    assert report.mode == "bytes"
    assert report.is_good, report.first_difference
