"""What each step costs a frame at 640x480, beside the models: pytest benchmarks/test_step_speed.py --benchmark-only

`test_process` runs the bundled session, enlarged to 640x480; `-s` prints its steps beside the models. The shipped
weights are used where they are there, otherwise tiny stand-ins (whose time means nothing). The single steps run on a
scene made in code: a person at 0.9 m before a wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from drivers.frame import Frame, FrameSet, Intrinsics, StreamInfo, StreamKind
from engines.loading import Models, load_models
from pipeline.process import Process
from pipeline.step_clock import STEPS
from pipeline.steps.crop import Crop, code_depth, crop_at, cut, dynamic_crop
from pipeline.steps.find import Finder
from pipeline.steps.haar import Look
from pipeline.steps.head_template import HEAD_LANDMARKS_M
from pipeline.steps.heads import find_heads
from pipeline.steps.pose import solve_pose
from pipeline.steps.search import ImageSearch
from pipeline.steps.track import Tracker
from recordings.observation import Landmarks
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from tests.helpers.onnx_models import write_tiny_models
from tests.pipeline.scenes import KINECT_1, picture, room

PEOPLE = [(0.03, -0.05, 0.9)]
CENTER = tuple(float(v) for v in KINECT_1.project(np.array(PEOPLE))[0])


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


@pytest.fixture(scope="module")
def drive() -> list[FrameSet]:
    """Forty FrameSets of the bundled session, infrared and depth, twice as large and cut to 640x480."""
    out: list[FrameSet] = []
    with SessionReader(bundled_session()) as reader:
        small = reader.frame("infrared", 0).info.intrinsics
        assert small is not None
        top = small.height - 240
        camera = Intrinsics(640, 480, 2 * small.fx, 2 * small.fy, 2 * small.cx + 0.5, 2 * small.cy + 0.5 - top)
        infos = {
            "infrared": StreamInfo("infrared", StreamKind.INFRARED, 640, 480, "uint8", 30.0, intrinsics=camera),
            "depth": StreamInfo("depth", StreamKind.DEPTH, 640, 480, "uint16", 30.0, unit_m=0.001, intrinsics=camera),
        }
        for number in range(40):
            frames = {}
            for name, info in infos.items():
                pixels = np.repeat(np.repeat(np.asarray(reader.frame(name, number).pixels), 2, axis=0), 2, axis=1)
                at = number * 33_333_333
                frames[name] = Frame(info, np.ascontiguousarray(pixels[top : top + 480]), number, at, at + 1)
            out.append(FrameSet(number, number * 33_333_333, frames))
    return out


def test_process(benchmark: BenchmarkFixture, drive: list[FrameSet], models: Models) -> None:
    """The whole of it; the steps without the models are in the benchmark's extra information."""
    process = Process([frame.info for frame in drive[0].frames.values()], models)
    faces = 0
    spent: dict[str, list[float]] = {step: [] for step in STEPS}

    def run() -> None:
        nonlocal faces
        process.reset()
        for frame_set in drive:
            faces += len(process(frame_set).faces)
            for step, seconds in process.timings.items():
                spent[step].append(seconds)

    benchmark.pedantic(run, rounds=4, warmup_rounds=1)
    own = np.sum([spent[step] for step in STEPS if step != "models"], axis=0) * 1e3
    mean_ms = {step: round(float(np.mean(times)) * 1e3, 3) for step, times in spent.items()}
    benchmark.extra_info.update(mean_ms, steps_without_models_ms=round(float(own.mean()), 3))
    print(f"\nfaces a frame: {faces / len(own):.2f}; mean ms a frame: {mean_ms}")
    print(f"steps without the models: mean {own.mean():.2f}, median {np.median(own):.2f}, worst {own.max():.2f} ms")
    print(f"models: {', '.join(f'{m.card.name} {m.card.version}' for m in models.loaded().values())}")
