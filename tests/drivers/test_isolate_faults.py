"""A library that crashes or hangs costs its own process, an error that says where, and nothing else."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.camera import Adjustable, CameraState
from drivers.errors import CameraLostError, CameraOpenError, CameraTimeoutError, DriverError
from drivers.isolate import IsolatedCamera
from tests.drivers.broken_camera import broken
from tests.drivers.camera_conformance import READ_S
from tests.drivers.fake_camera import wait_until

AT_ONCE_S = 4.5
"""Below every deadline of these cameras, of which a read's is the least; on a busy machine a process takes seconds."""

PROC = Path("/proc/self/fd")


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """No process, no file descriptor, no memory."""
    gc.collect()
    before = left()
    yield
    gc.collect()
    wait_until(lambda: left() == before, f"everything to be gone: {left()} is not {before}")


def left() -> tuple[set[str], set[int], int]:
    """Open files, children, and mappings of shared frames."""
    if not PROC.is_dir():
        return set(), set(), 0
    files = set()
    for entry in PROC.iterdir():
        with contextlib.suppress(OSError):
            files.add(f"{entry.name} {entry.readlink()}")
    children = {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}
    files = {f for f in files if "/proc/" not in f}  # the listing itself
    return files, children, Path("/proc/self/maps").read_text().count("tapetum frames")


def is_alive(pid: int) -> bool:
    """Not gone, and no zombie either."""
    with contextlib.suppress(OSError, ValueError):
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat")
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def read_on(camera: IsolatedCamera) -> None:
    for _ in range(500):
        camera.read(READ_S)


def open_and_read(camera: IsolatedCamera) -> None:
    camera.open()
    read_on(camera)


def lost_in_a_read(rest: str, times: int = 1, **limits: float) -> str:
    """What it says when it is lost; opened again, it is lost again."""
    camera = broken(f"fps=200&{rest}", **limits)
    try:
        said = []
        for _ in range(times):
            with pytest.raises(CameraLostError) as lost:
                open_and_read(camera)
            said.append(str(lost.value))
            health = camera.health()
            assert (health.state, health.frames) == (CameraState.GONE, {"depth": 3})
            assert health.note == said[-1]
            with pytest.raises(CameraLostError) as lost:
                camera.read(READ_S)
            assert str(lost.value) == said[-1], "it says the same again"
        return said[0]
    finally:
        camera.close()


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("segfault=read", "died of SIGSEGV while reading (in ctypes/__init__.py, line "),
        (
            "abort=read&print=read",
            "in _go_wrong); it last said: usb: transfer failed; open it again",
        ),
        ("exit=read", "ended with exit code 3 while reading"),
    ],
)
def test_a_crash_in_a_read_is_told_at_once_by_its_name_and_last_words(rest: str, words: str) -> None:
    began = time.monotonic()
    said = lost_in_a_read(rest, times=2)
    assert words in said
    assert time.monotonic() - began < 2 * AT_ONCE_S


def test_a_crash_while_it_is_opened_says_so() -> None:
    camera = broken("segfault=open&print=open")
    began = time.monotonic()
    with pytest.raises(
        CameraOpenError, match=r"died of SIGSEGV while opening it \(.*\); it last said: usb: transfer failed"
    ):
        camera.open()
    assert time.monotonic() - began < AT_ONCE_S
    assert camera.health().state is CameraState.CLOSED
    with pytest.raises(CameraLostError, match="not open"):
        camera.read(READ_S)


def test_a_crash_in_a_control_is_an_error_of_that_control_and_of_the_next_read() -> None:
    camera = broken("fps=100")
    assert isinstance(camera, Adjustable)
    camera.open()
    with pytest.raises(CameraLostError, match="died of SIGSEGV"):
        camera.set_control("segfault", "1")
    with pytest.raises(CameraLostError, match="died of SIGSEGV"):
        read_on(camera)
    camera.close()


@pytest.mark.parametrize("how", [pytest.param("hang", marks=pytest.mark.slow), "hang_in_c"])
def test_a_hanging_read_is_ended_at_its_deadline_and_says_where(how: str) -> None:
    said = lost_in_a_read(f"{how}=read", hang_s=0.5)
    assert "hung in a read for 0.5 s (in drivers/broken_camera.py, line " in said
    assert " in _go_wrong)" in said


@pytest.mark.parametrize("how", [pytest.param("hang", marks=pytest.mark.slow), "hang_in_c"])
def test_a_hanging_open_is_ended_at_its_deadline_and_says_where(how: str) -> None:
    camera = broken(f"{how}=open", open_timeout_s=1.5)
    began = time.monotonic()
    with pytest.raises(
        CameraOpenError, match=r"did not open within 1\.5 s: it hung while opening it \(in drivers/broken_cam"
    ):
        camera.open()
    assert time.monotonic() - began < 1.5 + AT_ONCE_S
    assert camera.health().state is CameraState.CLOSED


def test_the_deadline_of_opening_is_the_familys() -> None:
    assert broken()._open_s == 8.0


@pytest.mark.parametrize("how", [pytest.param("hang", marks=pytest.mark.slow), "hang_in_c"])
def test_a_hanging_close_is_ended_and_logged(how: str, caplog: pytest.LogCaptureFixture) -> None:
    camera = broken(f"fps=100&{how}=close", close_timeout_s=0.5)
    camera.open()
    camera.read(READ_S)
    began = time.monotonic()
    camera.close()
    assert time.monotonic() - began < 0.5 + AT_ONCE_S
    assert "did not close within 0.5 s: it hung while closing it (in drivers/broken_camera.py" in caplog.text
    assert camera.health().state is CameraState.CLOSED


def test_a_read_keeps_its_own_time_limit_while_the_library_hangs() -> None:
    camera = broken("fps=100&hang=read", hang_s=60.0, close_timeout_s=0.2)
    camera.open()
    for _ in range(3):
        camera.read(READ_S)
    with pytest.raises(CameraTimeoutError, match=r"no frame within 0\.1 s"):
        camera.read(0.1)
    camera.close()


def test_closing_while_it_opens_ends_both() -> None:
    camera = broken("hang=open", close_timeout_s=0.3)
    raised: list[str] = []

    def open_it() -> None:
        try:
            camera.open()
        except CameraOpenError as error:
            raised.append(str(error))

    thread = threading.Thread(target=open_it)
    thread.start()
    wait_until(lambda: camera.health().note == "opening it", "it to hang")
    camera.close()
    thread.join(READ_S)
    assert not thread.is_alive()
    assert raised == ["broken:?hang=open was closed while it was opened"]


@pytest.mark.parametrize(
    "kind",
    ["SdkMissingError", "UnsupportedFeatureError"],
)
def test_an_error_of_opening_comes_through_as_itself(kind: str) -> None:
    camera = broken(f"raise={kind}@open")
    with pytest.raises(DriverError) as raised:
        camera.open()
    assert (type(raised.value).__name__, str(raised.value)) == (kind, f"the camera says {kind}; do something")
    assert camera.health().state is CameraState.CLOSED


def test_an_error_of_one_read_comes_through_in_its_turn_and_the_next_read_goes_on() -> None:
    kind = "FrameError"
    camera = broken(f"fps=200&raise={kind}@read&until=5")
    camera.open()
    seen: list[str] = []
    for _ in range(8):
        try:
            seen.append(str(camera.read(READ_S).number))
        except DriverError as error:
            seen.append(f"{type(error).__name__}: {error}")
    told = f"{kind}: the camera says {kind}; do something"
    assert seen == ["0", "1", "2", told, told, "5", "6", "7"]
    camera.close()


def test_an_error_that_is_no_drivers_is_one_of_the_verb() -> None:
    camera = broken("fail=open")
    with pytest.raises(CameraOpenError, match="opening it failed: RuntimeError: frame didn't arrive within 5000"):
        camera.open()
    camera = broken("fps=100&fail=read")
    with pytest.raises(CameraLostError, match="reading failed: RuntimeError: frame didn't arrive within 5000"):
        open_and_read(camera)
    camera.close()


def test_a_process_that_talks_nonsense_is_ended() -> None:
    camera = broken("fps=100&lie=read")
    with pytest.raises(CameraLostError, match=r"spoke nonsense \(ValueError: no message begins with b'out o'\) while"):
        open_and_read(camera)
    camera.close()


def test_a_process_that_the_library_leaves_behind_holds_nothing_up() -> None:
    camera = broken("fps=100&fork=read&at=0")
    camera.open()
    camera.read(READ_S)
    began = time.monotonic()
    camera.close()
    assert time.monotonic() - began < 1.0 + AT_ONCE_S


def test_a_flood_of_frames_holds_no_more_memory_than_its_slots() -> None:
    camera = broken("size=640x480", most_frames=8)
    camera.open()
    camera.read(READ_S)
    wait_until(lambda: camera.health().dropped_by_us["depth"] > 500, "the flood")
    life = camera._life
    assert life is not None
    assert len(life._waiting) <= 8
    camera.close()


CHILD = """
import sys, time
sys.path[:0] = sys.argv[1].split(':')
from tests.drivers.broken_camera import broken
camera = broken(sys.argv[2])
camera.open()
if sys.argv[3] == 'read':
    for _ in range(3): camera.read(5)
print(camera.pid, flush=True)
if sys.argv[3] != 'leave': time.sleep(60)
"""


@pytest.mark.parametrize("rest", ["fps=100", "fps=100&hang_in_c=read"])
def test_a_process_dies_with_the_program_that_was_killed(rest: str) -> None:
    if "hang_in_c" in rest and sys.platform != "linux":
        pytest.skip("only Linux ends a process that holds Python's lock with its parent")
    path = ":".join(p for p in [str(Path(__file__).resolve().parents[2]), *sys.path] if p)
    program = subprocess.Popen([sys.executable, "-c", CHILD, path, rest, "read"], stdout=subprocess.PIPE, text=True)
    with program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert is_alive(pid)
        program.send_signal(signal.SIGKILL)
    wait_until(lambda: not is_alive(pid), "the child to die with its parent")


def test_a_program_that_forgets_to_close_still_ends() -> None:
    path = ":".join(p for p in [str(Path(__file__).resolve().parents[2]), *sys.path] if p)
    program = [sys.executable, "-c", CHILD, path, "fps=100", "leave"]
    done = subprocess.run(program, stdout=subprocess.PIPE, text=True, timeout=30, check=True)
    wait_until(lambda: not is_alive(int(done.stdout)), "the child to die with its parent")


def test_the_thread_that_opened_it_may_end() -> None:
    """Linux would end the child with the thread that started it."""
    camera = broken("fps=100")
    thread = threading.Thread(target=camera.open)
    thread.start()
    thread.join(READ_S)
    time.sleep(0.1)
    assert [camera.read(READ_S).number for _ in range(5)] == list(range(5))
    camera.close()


def cycle(camera: IsolatedCamera, number: int) -> None:
    """Open it, read it, and close or kill it."""
    camera.open()
    frame = camera.read(READ_S)
    pid = camera.pid
    assert pid is not None
    if number % 2:
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(CameraLostError, match="died of SIGKILL"):
            read_on(camera)
    camera.close()
    assert camera.pid is None
    assert not is_alive(pid)
    assert frame.number == 0


def test_nothing_is_left_after_ten_cycles() -> None:
    """The fixture looks for what is left, and so does every test for threads."""
    camera = broken("fps=200")
    for number in range(10):
        cycle(camera, number)


@pytest.mark.slow
def test_nothing_is_left_after_a_hundred_closes_and_a_hundred_kills() -> None:
    camera = broken("fps=200")
    cycle(camera, 0)
    gc.collect()
    before, threads = left(), threading.active_count()
    for number in range(200):
        cycle(camera, number)
    gc.collect()
    assert left() == before
    assert threading.active_count() == threads
