"""A tiny session, steps that need no model, and Qt without a screen."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from drivers.frame import Frame, FrameSet, Intrinsics, StreamInfo, StreamKind
from engines.loading import Models
from pipeline.config import PipelineConfig
from recordings.observation import (
    Box,
    EyeOpenness,
    Face,
    GeneratedImage,
    HeadPose,
    Landmarks,
    Observation,
)
from recordings.session import SessionInfo
from recordings.writer import SessionWriter

os.environ["QT_QPA_PLATFORM"] = "offscreen"

FRAMES = 30
FPS = 30.0
WIDTH, HEIGHT = 160, 120

BINDINGS = {"pyqt5": "PyQt5", "pyqt6": "PyQt6", "pyside6": "PySide6"}
"""As pytest-qt calls them -> as they are imported, and as pyqtgraph calls them."""


def _why_not() -> str:
    """Why the window's tests cannot run here; empty when they can. ``PYTEST_QT_API`` chooses the binding."""
    api = os.environ.get("PYTEST_QT_API", "pyqt5").lower()
    if api not in BINDINGS:
        return f"PYTEST_QT_API={api} is no binding that the window knows: {', '.join(BINDINGS)}"
    wanted = os.environ.setdefault("PYQTGRAPH_QT_LIB", BINDINGS[api])
    if wanted != BINDINGS[api]:
        return f"the window would run on {wanted} and its tests on {BINDINGS[api]}: set PYTEST_QT_API={wanted.lower()}"
    missing = [n for n in (BINDINGS[api], "pyqtgraph", "pytestqt") if importlib.util.find_spec(n) is None]
    return f"needs {', '.join(missing)} (the extras gui and test)" if missing else ""


WHY_NOT = _why_not()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Qt the window's tests are skipped, and say why."""
    here = Path(__file__).parent
    for item in items:
        if WHY_NOT and here in Path(item.path).parents:
            item.add_marker(pytest.mark.skip(reason=WHY_NOT))


if WHY_NOT.startswith("needs"):
    collect_ignore_glob = ["test_*.py", "*/test_*.py"]


@pytest.fixture(autouse=True)
def config_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the settings of whoever runs it."""
    folder = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("TAPETUM_CONFIG", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_question_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that a test closes does not ask about work that would be lost: nobody would answer."""
    if not WHY_NOT:
        monkeypatch.setattr("gui.window.Window.asks", False)


def streams() -> tuple[StreamInfo, ...]:
    k = Intrinsics.from_fov(WIDTH, HEIGHT, 60.0)
    return (
        StreamInfo("color", StreamKind.COLOR, WIDTH, HEIGHT, "uint8", FPS, intrinsics=k),
        StreamInfo(
            "depth", StreamKind.DEPTH, WIDTH, HEIGHT, "uint16", FPS, unit_m=0.001, intrinsics=k, registered_to="color"
        ),
        StreamInfo("thermal", StreamKind.THERMAL, 80, 60, "uint16", FPS / 3),
    )


def frame(info: StreamInfo, number: int, host_ns: int | None = None) -> Frame:
    """A frame with something in it that tells its number."""
    pixels = np.zeros(info.shape, info.dtype)
    pixels[: info.height // 2] = 40 + number if info.dtype == "uint8" else 800 + 10 * number
    pixels[info.height // 2 :] = 200 if info.dtype == "uint8" else 2500
    order = {"color": 0, "depth": 1, "thermal": 2}[info.name]
    device_ns = int(number * 1e9 / FPS)
    return Frame(info, pixels, number, device_ns, host_ns or 1_700_000_000_000_000_000 + device_ns + order)


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 FrameSets of color and depth, with thermal at a third of the rate, at 30 frames/s."""
    path = tmp_path_factory.mktemp("session") / "tiny.mcap"
    infos = streams()
    described = SessionInfo.create(infos, title="tiny", source="made by a test", clock="synthetic")
    with SessionWriter(path, described) as writer:
        for number in range(FRAMES):
            for info in infos:
                if info.name != "thermal" or number % 3 == 0:
                    writer.write_frame(frame(info, number))
    return path


class FakeSteps:
    """Steps that remember like the real ones: a face's id says how many FrameSets came since the beginning."""

    def __init__(self, *_: object) -> None:
        self.timings = {"find": 0.002, "landmarks": 0.001}
        self.seen = 0
        self.calls: list[int] = []
        self.resets = 0

    def reset(self) -> None:
        self.seen = 0
        self.resets += 1

    def __call__(self, frame_set: FrameSet) -> Observation:
        self.seen += 1
        self.calls.append(frame_set.number)
        numbers = {name: f.number for name, f in frame_set.frames.items()}
        return Observation(
            frame_set.number,
            frame_set.device_ns,
            frame_set.host_ns,
            frame_set.skew_ns,
            numbers,
            (made_up_face(self.seen),),
        )


def made_up_face(number: int) -> Face:
    points = np.stack(np.meshgrid(np.linspace(60, 100, 17), np.linspace(40, 80, 4)), -1).reshape(68, 2)
    black = np.zeros((64, 64, 3), np.uint8)
    relief = GeneratedImage(
        "relief", "gray_to_depth 0", np.zeros((96, 96), np.uint8), np.full((96, 96), np.nan, np.float32)
    )
    return Face(
        id=number,
        stream="color",
        box=Box(55, 35, 50, 55),
        confidence=0.93,
        distance_m=0.85,
        head_center_m=(0.0, 0.0, 0.85),
        landmarks=Landmarks(points.astype(np.float32), np.linspace(0, 1, 68).astype(np.float32)),
        pose=HeadPose(12.0, -4.0, 2.0),
        eyes=EyeOpenness(0.9, 0.1),
        generated=(relief, GeneratedImage("color", "depth_to_color 0", black)),
    )


@pytest.fixture
def steps() -> FakeSteps:
    return FakeSteps()


def no_models() -> Models:
    return Models()


def make(steps: FakeSteps):  # type: ignore[no-untyped-def]  # a factory of the shape that the player takes
    def factory(_streams: Sequence[StreamInfo], _models: Models, _config: PipelineConfig) -> FakeSteps:
        return steps

    return factory
