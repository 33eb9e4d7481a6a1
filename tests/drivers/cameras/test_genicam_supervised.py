"""A GigE Vision camera under supervision: unplugged and plugged in, its process killed, two of them told apart."""

from __future__ import annotations

import gc
import logging
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.camera import CameraState
from drivers.cameras.genicam import GenicamCamera
from drivers.errors import CameraLostError, CameraTimeoutError
from drivers.frame import Frame
from drivers.supervisor import Supervisor
from tests.drivers.cameras.fake_gige import FakeGige, fake_gige, need_fake
from tests.drivers.fake_camera import wait_until

__all__ = ["fake_gige"]

log = logging.getLogger(__name__)

SOURCE = "GV01?size=320x256&format=Mono16&fps=60"
RETURN_S = 1.0
"""Streaming again so long after the camera's return, beside the time that opening itself takes."""


class Watched:
    """A supervised camera: when its last opening began, and when its last frame came."""

    def __init__(self, rest: str) -> None:
        self.opening_s = 0.0
        self.last_s = 0.0
        self.supervisor = Supervisor(GenicamCamera.from_source(rest), [self._take], self._note)

    def _take(self, frame: Frame) -> None:
        self.last_s = time.monotonic()

    def _note(self, state: CameraState, note: str) -> None:
        if state is CameraState.OPENING:
            self.opening_s = time.monotonic()

    def wait_for_a_frame(self, since_s: float, limit_s: float = 20.0) -> float:
        wait_until(lambda: self.last_s > since_s, "a frame", limit_s)
        return self.last_s - since_s


@pytest.fixture
def watched(fake_gige: FakeGige) -> Iterator[Watched]:
    one = Watched(SOURCE)
    one.supervisor.start()
    one.wait_for_a_frame(time.monotonic())
    yield one
    assert one.supervisor.stop(10.0)


def unplug_and_plug(watched: Watched, camera: FakeGige) -> tuple[float, float]:
    """Seconds from the camera's return to its first frame, and to the beginning of the opening that gave it."""
    camera.kill()
    gone = (CameraState.GONE, CameraState.WAITING)
    wait_until(lambda: watched.supervisor.status().state in gone, "the loss to be seen", 10.0)
    camera.start()
    back_s = time.monotonic()
    return watched.wait_for_a_frame(back_s), watched.opening_s - back_s


def children() -> list[int]:
    return [int(pid) for one in Path("/proc/self/task").glob("*/children") for pid in one.read_text().split()]


def in_use() -> tuple[int, int, int]:
    """File descriptors, threads and children of this process."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(children())


def test_unplugged_and_plugged_in_it_streams_again_by_itself(watched: Watched, fake_gige: FakeGige):
    assert unplug_and_plug(watched, fake_gige)[0] < 10.0
    status = watched.supervisor.status()
    assert status.reopened == 1
    assert status.options["serial"] == "GV01"


@pytest.mark.parametrize(
    "way", [signal.SIGSEGV, pytest.param(signal.SIGKILL, marks=pytest.mark.slow)], ids=["crashed", "killed"]
)
def test_a_process_that_dies_is_replaced_when_the_camera_has_missed_it(
    watched: Watched, fake_gige: FakeGige, way: signal.Signals
):
    (child,) = [pid for pid in children() if "isolate_child" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(child, way)
    took = watched.wait_for_a_frame(time.monotonic() + 0.05)
    log.info("streaming again %.2f s after %s", took, way.name)
    assert took < 10.0  # 1.5 s of heartbeat time-out and an opening, on an idle machine


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_times_unplugged(fake_gige: FakeGige):
    watched = Watched(SOURCE)
    watched.supervisor.start()
    try:
        watched.wait_for_a_frame(time.monotonic())
        took = [unplug_and_plug(watched, fake_gige) for _ in range(3)]
        before, before_kb = in_use(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        took += [unplug_and_plug(watched, fake_gige) for _ in range(97)]
        after, after_kb = in_use(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    finally:
        assert watched.supervisor.stop(10.0)
    again, waited = zip(*took, strict=True)
    log.info("frames after the return: median %.2f s, longest %.2f s", statistics.median(again), max(again))
    log.info("the opening began after: median %.2f s, longest %.2f s", statistics.median(waited), max(waited))
    log.info("descriptors, threads, children %s -> %s; peak memory %s -> %s kB", before, after, before_kb, after_kb)
    assert watched.supervisor.status().reopened == 100
    assert after == before
    assert after_kb - before_kb < 20_000
    assert max(waited) < RETURN_S


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_times_unplugged_in_this_process(fake_gige: FakeGige):
    """Without isolation: Aravis itself leaves nothing behind here."""
    camera = GenicamCamera(SOURCE)
    marks = []
    try:
        for n in range(100):
            camera.open()
            camera.read(5.0)
            fake_gige.kill()
            wait_until(lambda: not _reads(camera), "the loss to be seen", 10.0)
            camera.close()
            fake_gige.start()
            if n in (9, 99):
                tasks = len(list(Path("/proc/self/task").iterdir()))
                marks.append((in_use()[0], tasks, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
    finally:
        camera.close()
    log.info("descriptors, threads, peak memory in kB after 10 and after 100: %s", marks)
    assert marks[1][:2] == marks[0][:2]
    assert marks[1][2] - marks[0][2] < 20_000


def _reads(camera: GenicamCamera) -> bool:
    try:
        camera.read(0.2)
    except CameraTimeoutError:
        return True
    except CameraLostError:
        return False
    return True


TWO = """
import subprocess, sys
for line in ("link set lo up", "addr add 127.0.0.2/8 dev lo"):
    subprocess.run(["ip", *line.split()], check=True)
from drivers.cameras.genicam import GenicamCamera
from tests.drivers.cameras.fake_gige import FakeGige
with FakeGige("LEFT", "127.0.0.1") as left, FakeGige("RIGHT", "127.0.0.2"):
    print([one.serial for one in GenicamCamera.discover()])
    cameras = [GenicamCamera(f"{serial}?size=64x48&fps=50") for serial in ("RIGHT", "LEFT")]
    for one in cameras:
        one.open()
    print([(one.options()["serial"], one.options()["address"]) for one in cameras])
    for _ in range(20):
        assert all(one.read(5.0).pixels.shape == (48, 64) for one in cameras)
    left.kill()
    for _ in range(30):
        cameras[0].read(5.0)
    print([one.is_present() for one in cameras])
    for one in cameras:
        one.close()
"""


def test_two_cameras_are_told_apart_by_their_serial_numbers():
    need_fake()
    unshare, ip = shutil.which("unshare"), shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    own_network = [unshare or "", "--user", "--map-root-user", "--net"]
    if unshare is None or ip is None or subprocess.run([*own_network, "true"], capture_output=True).returncode:
        pytest.skip("two simulated cameras need a network of their own: unshare and ip (apt install iproute2)")
    done = subprocess.run(
        [*own_network, sys.executable, "-c", TWO],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PATH": f"{os.environ.get('PATH', '')}:{Path(ip).parent}"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "['LEFT', 'RIGHT']",
        "[('RIGHT', '127.0.0.2'), ('LEFT', '127.0.0.1')]",
        "[True, False]",
    ]
