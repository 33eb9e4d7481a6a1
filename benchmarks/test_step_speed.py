"""What each step costs a frame at 640x480, beside the models: pytest benchmarks/test_step_speed.py --benchmark-only

The scene is made in code: a person at 0.9 m before a wall, depth and gray. `-s` prints the steps beside the models'
time. The shipped weights are used where they are there, otherwise tiny stand-ins (their time means nothing).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from engines.library import MODEL_NAMES, Models, load_models
from pipeline.process import STEPS, Process
from pipeline.steps.crop import Crop, code_depth, crop_at, cut, dynamic_crop
from pipeline.steps.find import Finder
from pipeline.steps.haar import Look
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.steps.heads import find_heads
from pipeline.steps.pose import solve_pose
from pipeline.steps.search import ImageSearch
from pipeline.steps.track import Tracker
from recordings.observation import Landmarks
from tests.helpers.onnx_models import write_tiny_models
from tests.pipeline.scenes import KINECT_1, picture, room

PEOPLE = [(0.03, -0.05, 0.9)]
CENTER = tuple(float(v) for v in KINECT_1.project(np.array(PEOPLE))[0])
GRAY = StreamInfo("gray", StreamKind.GRAY, 640, 480, "uint8", 30.0, intrinsics=KINECT_1)
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 640, 480, "uint16", 30.0, unit_m=0.001, intrinsics=KINECT_1)


@pytest.fixture(scope="module")
def depth() -> np.ndarray:
    return room(KINECT_1, PEOPLE, noise_mm=3.0)


@pytest.fixture(scope="module")
def gray() -> np.ndarray:
    return picture(KINECT_1, PEOPLE)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    folder: Path | None = None
    shipped = load_models(threads=2)
    if shipped.missing:
        shipped.close()
        folder = write_tiny_models(tmp_path_factory.mktemp("weights"))
        shipped = load_models(threads=2, weights_dir=folder)
    shipped.warm_up()
    yield shipped
    shipped.close()


def test_find_heads_in_depth(benchmark: BenchmarkFixture, depth: np.ndarray) -> None:
    assert benchmark(find_heads, depth, KINECT_1)


@pytest.mark.parametrize("look", list(Look), ids=lambda look: look.name.lower())
def test_haar_closely(benchmark: BenchmarkFixture, gray: np.ndarray, look: Look) -> None:
    benchmark(ImageSearch().closely, gray, CENTER, KINECT_1.fx * 320.0 / 810.0, look)


def test_find_without_depth(benchmark: BenchmarkFixture, gray: np.ndarray) -> None:
    finder = Finder()
    finder(gray, None, KINECT_1)
    benchmark(finder, gray, None, KINECT_1)


def test_track(benchmark: BenchmarkFixture, depth: np.ndarray) -> None:
    heads = Finder()(None, depth, KINECT_1)
    tracker = Tracker()

    def step() -> None:
        for track in tracker.step(heads, KINECT_1):
            tracker.judge(track, 0.9)
        tracker.finish()

    benchmark(step)


def test_crop(benchmark: BenchmarkFixture, depth: np.ndarray) -> None:
    assert isinstance(benchmark(dynamic_crop, depth, CENTER, KINECT_1), Crop)


@pytest.mark.parametrize("size", [64, 96, 128])
def test_cut(benchmark: BenchmarkFixture, gray: np.ndarray, size: int) -> None:
    benchmark(cut, gray, crop_at((CENTER[0], CENTER[1]), 810.0, KINECT_1), size)


def test_code_depth(benchmark: BenchmarkFixture, depth: np.ndarray) -> None:
    pixels = cut(depth, crop_at((CENTER[0], CENTER[1]), 810.0, KINECT_1), 128, nearest=True).pixels
    benchmark(code_depth, pixels, 810.0)


def test_pose(benchmark: BenchmarkFixture) -> None:
    points = KINECT_1.project(HEAD_LANDMARKS_M + np.array(PEOPLE)).astype(np.float32)
    benchmark(solve_pose, Landmarks(points, np.ones(68, np.float32)), KINECT_1)


def test_process(benchmark: BenchmarkFixture, depth: np.ndarray, gray: np.ndarray, models: Models) -> None:
    """The whole of it; the steps without the models are in the benchmark's extra information."""
    process = Process([GRAY, DEPTH], models)
    number = 0
    spent: dict[str, list[float]] = {step: [] for step in STEPS}

    def one() -> None:
        nonlocal number
        at = number * 33_333_333
        frames = {s.name: Frame(s, p, number, at, at + 1) for s, p in ((GRAY, gray), (DEPTH, depth))}
        process(FrameSet(number, at, frames))
        number += 1
        for step, seconds in process.timings.items():
            spent[step].append(seconds)

    benchmark.pedantic(one, rounds=150, warmup_rounds=10)
    mean_ms = {step: round(float(np.mean(times)) * 1e3, 3) for step, times in spent.items()}
    own = sum(ms for step, ms in mean_ms.items() if step != "models")
    benchmark.extra_info.update(mean_ms, steps_without_models_ms=round(own, 3))
    print(f"\nmean ms a frame: {mean_ms}; steps without the models {own:.2f} ms")
    print(f"models: {', '.join(m.card.name + ' ' + m.card.version for m in models.loaded().values())} of {MODEL_NAMES}")
