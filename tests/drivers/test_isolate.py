"""A camera in a child process: the same verbs, and pixels that are copied once."""

from __future__ import annotations

import gc
import logging
import mmap
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.camera import Adjustable, Camera, CameraState, ControlKind, Findable
from drivers.errors import (
    CameraError,
    CameraLostError,
    CameraOpenError,
    CameraTimeoutError,
    EndOfStream,
    SdkMissingError,
    UnsupportedFeatureError,
)
from drivers.frame import FrameFlag
from drivers.isolate import IsolatedCamera, call, isolated
from tests.drivers.broken_camera import HERE, broken
from tests.drivers.camera_conformance import READ_S, CameraConformance
from tests.drivers.fake_camera import wait_until
from tests.helpers.sessions import write_session

VIRTUAL = "recordings.virtual:VirtualCamera.from_source"
LARGE = 640 * 480 * 2


@pytest.fixture
def made() -> Iterator[list[Camera]]:
    """Cameras put in here are closed afterwards."""
    cameras: list[Camera] = []
    yield cameras
    for camera in cameras:
        camera.close()


@pytest.fixture
def camera(made: list[Camera]) -> IsolatedCamera:
    made.append(broken("fps=200&streams=2"))
    made[0].open()
    assert isinstance(made[0], IsolatedCamera)
    return made[0]


class TestIsolatedCamera(CameraConformance):
    def make(self) -> Camera:
        return broken("fps=200&streams=2")


@pytest.mark.slow
class TestIsolatedVirtualCamera(CameraConformance):
    ends = True

    @pytest.fixture(autouse=True)
    def _session(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self.path: Path = write_session(tmp_path_factory.mktemp("session") / "head.mcap", 6)

    def make(self) -> Camera:
        return isolated(VIRTUAL, f"virtual:{self.path}", str(self.path))


def test_frames_say_all_that_the_camera_said(camera: IsolatedCamera) -> None:
    for n in range(6):
        frame = camera.read(READ_S)
        assert (frame.stream, frame.number) == (("depth", "color")[n % 2], n // 2)
        assert frame.device_ns == frame.number * 1_000_000
        assert frame.flags == FrameFlag.LOSSY
        assert frame.encoded is None
        assert (frame.pixels == frame.number).all()
    assert camera.options() == {"model": "Broken", "serial": "0815", "gain": "1"}
    assert camera.streams()[0].unit_m == 0.001


def test_the_cameras_own_jpeg_comes_through(made: list[Camera]) -> None:
    made.append(broken("fps=200&big=encoded"))
    made[0].open()
    assert [made[0].read(READ_S).encoded for _ in range(3)] == [b"jpeg 0", b"jpeg 1", b"jpeg 2"]


def test_no_frame_is_copied_in_this_process(made: list[Camera]) -> None:
    made.append(broken("fps=200&size=640x480"))
    camera = made[0]
    assert isinstance(camera, IsolatedCamera)
    camera.open()
    camera.read(READ_S)
    tracemalloc.start()
    try:
        frames = [camera.read(READ_S) for _ in range(10)]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < LARGE / 4, f"ten frames of {LARGE} bytes each took {most} bytes"
    for frame in frames:
        base: object = frame.pixels.base
        assert isinstance(base, mmap.mmap), "the pixels lie in the mapped memory itself"
        assert (frame.pixels == frame.number).all()


def test_pixels_stay_as_they_were_after_the_camera_is_closed(camera: IsolatedCamera) -> None:
    views = [camera.read(READ_S).pixels[1:] for _ in range(8)]
    camera.close()
    camera.open()
    for _ in range(8):
        camera.read(READ_S)
    camera.close()
    for n, view in enumerate(views):
        assert (view == n // 2).all()


def test_frames_that_nobody_lets_go_of_are_not_overwritten_but_dropped_and_counted(made: list[Camera]) -> None:
    made.append(broken("fps=400", most_frames=5))
    camera = made[0]
    camera.open()
    held = [camera.read(READ_S) for _ in range(5)]
    wait_until(lambda: camera.health().dropped_by_us["depth"] >= 3, "frames without room to be counted")
    with pytest.raises(CameraTimeoutError):
        camera.read(0.05)
    assert [f.number for f in held] == [int(f.pixels[0, 0]) for f in held] == [0, 1, 2, 3, 4]
    held.clear()
    after = camera.read(READ_S)
    assert after.number >= 8
    wait_until(lambda: camera.health().dropped_by_us["depth"] >= after.number - 5, "all of them to be counted")
    assert camera.health().dropped == {"depth": 0}


def test_a_recorded_camera_waits_for_its_reader(made: list[Camera]) -> None:
    made.append(broken("last=50", most_frames=4, lossless=True))
    made[0].open()
    numbers = [made[0].read(READ_S).number for _ in range(10)]
    time.sleep(0.05)
    numbers += [made[0].read(READ_S).number for _ in range(40)]
    assert numbers == list(range(50))
    with pytest.raises(EndOfStream):
        made[0].read(READ_S)
    assert made[0].health().dropped_by_us == {"depth": 0}


def test_controls_pass_through(camera: IsolatedCamera) -> None:
    assert isinstance(camera, Adjustable)
    gain = camera.controls()[0]
    assert (gain.name, gain.kind, gain.value, gain.high) == ("gain", ControlKind.NUMBER, "1", 16.0)
    camera.set_control("gain", "4")
    assert camera.options()["gain"] == "4"
    assert camera.controls()[0].value == "4"
    with pytest.raises(UnsupportedFeatureError, match="there is no bias; there is gain"):
        camera.set_control("bias", "1")
    with pytest.raises(CameraLostError, match="the control was lost"):
        camera.set_control("lost", "1")
    camera.close()
    assert camera.controls() == ()
    with pytest.raises(CameraLostError, match="not open"):
        camera.set_control("gain", "1")


def test_whether_it_is_there_is_asked_without_a_process() -> None:
    for rest, found in (("present=on", True), ("present=off", False), ("present=error", None)):
        camera = broken(rest)
        assert isinstance(camera, Findable)
        assert camera.is_present() is found
        assert camera.pid is None


def test_it_can_do_what_the_camera_can_and_no_more(tmp_path: Path) -> None:
    camera = isolated(VIRTUAL, "virtual:a", str(tmp_path / "a.mcap"))
    assert not isinstance(camera, Adjustable)


def test_wrong_words_are_refused_before_any_process_starts() -> None:
    with pytest.raises(UnsupportedFeatureError, match="no option 'sped'"):
        broken("sped=1")
    with pytest.raises(CameraOpenError, match="cannot be loaded"):
        isolated("drivers.cameras.none:NoCamera", "none:", "")
    with pytest.raises(CameraOpenError, match="nothing that can be called"):
        isolated("drivers.isolate:OPEN_S", "none:", "")


def test_health_tells_an_announced_pause_and_never_waits(made: list[Camera]) -> None:
    made.append(broken("fps=200&pause=2"))
    camera = made[0]
    camera.open()
    camera.read(READ_S)
    wait_until(lambda: camera.health().pause_s > 1, "the pause to be known")
    health = camera.health()
    assert (health.state, health.note) == (CameraState.STREAMING, "shutter")
    assert 1 < health.pause_s <= 2


def test_what_the_library_prints_is_logged_and_never_mixed_with_frames(
    made: list[Camera], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "drivers.child_process")
    made.append(broken("fps=200&print=read"))
    made[0].open()
    assert [made[0].read(READ_S).number for _ in range(20)] == list(range(20))
    wait_until(lambda: "to its own" in caplog.text, "what was printed")
    assert "broken:?fps=200&print=read: the library prints to its stdout" in caplog.text
    assert "usb: transfer failed" in caplog.text


def test_a_stream_whose_description_changes_says_so(made: list[Camera]) -> None:
    made.append(broken("fps=200&change=3"))
    made[0].open()
    frames = [made[0].read(READ_S) for _ in range(6)]
    assert [f.info.fps for f in frames] == [30.0, 30.0, 30.0, 15.0, 15.0, 15.0]


def test_it_reads_in_a_path_with_spaces(tmp_path: Path) -> None:
    """A virtual environment in a folder with spaces, and a session in another."""
    python = tmp_path / "my venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    session = write_session(tmp_path / "my night.mcap", 3)
    code = (
        "import sys; sys.path[:0] = sys.argv[2].split(':'); from drivers.isolate import isolated\n"
        f"c = isolated('{VIRTUAL}', 'virtual:', sys.argv[1]); c.open(); print(c.read(5).number); c.close()"
    )
    path = ":".join(p for p in [str(Path(__file__).resolve().parents[2]), *sys.path] if p)
    done = subprocess.run([python, "-c", code, session, path], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.returncode) == ("0\n", 0), done.stderr


# -- one function in a process ----------------------------------------------------------------------------------------


def test_a_function_is_called_in_a_process_of_its_own() -> None:
    assert call(f"{HERE}:add", [2, 3]) == {"sum": 5}
    assert call("os:getpid") != os.getpid()
    found = call(f"{HERE}:finds")
    assert found == [{"source": "broken:1", "title": "Broken", "detail": "", "serial": "1"}]


def test_errors_of_a_called_function_are_themselves() -> None:
    with pytest.raises(SdkMissingError, match="it says SdkMissingError"):
        call(f"{HERE}:raises", ["SdkMissingError"])
    with pytest.raises(CameraError, match="fails failed: RuntimeError: not understood"):
        call(f"{HERE}:fails")


def test_a_called_function_that_hangs_or_crashes_is_an_error() -> None:
    with pytest.raises(CameraTimeoutError, match=r"longer than 1 s \(in drivers/broken_camera.py, line \d+ in hangs\)"):
        call(f"{HERE}:hangs", timeout_s=1.0)
    with pytest.raises(CameraError, match=r"died of SIGSEGV.*\(in ctypes/__init__.py, line \d+ in string_at\)"):
        call(f"{HERE}:crashes")


def test_nothing_is_left_of_a_call() -> None:
    files = Path("/proc/self/fd")
    if not files.is_dir():
        pytest.skip("only Linux tells which files are open")
    gc.collect()
    before = {file.name for file in files.iterdir()}
    call("os:getpid")
    assert {file.name for file in files.iterdir()} == before
