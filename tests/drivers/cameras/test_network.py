"""Network cameras, against a real RTSP server on loopback."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.camera import Camera, CameraState, Findable
from drivers.cameras import network_link
from drivers.cameras.network import RtspCamera
from drivers.cameras.network_pictures import pixels_of
from drivers.errors import (
    CameraError,
    CameraLostError,
    CameraNotFoundError,
    CameraOpenError,
    CameraTimeoutError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.frame import Frame, FrameFlag, Pixels, StreamKind
from drivers.host_clock import now_ns
from drivers.supervisor import Patience, Supervisor
from tests.drivers.camera_conformance import CameraConformance
from tests.drivers.cameras.rtsp_server import FPS, HEIGHT, WIDTH, RtspServer, free_port, missing
from tests.drivers.fake_camera import wait_until

needs_server = pytest.mark.skipif(bool(missing()), reason=missing())  # the reason names the apt packages

OPEN_S = 20.0


@pytest.fixture(scope="module")
def server() -> Iterator[RtspServer]:
    with RtspServer() as running:
        yield running


@pytest.fixture
def camera(server: RtspServer) -> Iterator[RtspCamera]:
    made = RtspCamera(server.rest("/mjpeg"))
    yield made
    made.close()


def opened(server: RtspServer, rest: str) -> RtspCamera:
    made = RtspCamera(server.rest(rest))
    made.open()
    return made


def drain(camera: Camera, timeout_s: float) -> None:
    """Read until that fails."""
    while True:
        camera.read(timeout_s)


@needs_server
class TestRtspCamera(CameraConformance):
    path = "/mjpeg"

    @pytest.fixture(autouse=True)
    def _server(self, server: RtspServer) -> None:
        self.running = server

    def make(self) -> Camera:
        return RtspCamera(self.running.rest(self.path))


@pytest.mark.slow
@needs_server
class TestRtspCameraOfH264OverUdp(TestRtspCamera):
    path = "/h264#transport=udp"


@needs_server
@pytest.mark.parametrize(
    ("rest", "kind", "transport", "pixel"),
    [
        ("/h264", StreamKind.COLOR, "tcp", (255, 0, 0)),
        ("/mjpeg", StreamKind.COLOR, "tcp", (0, 0, 255)),
        pytest.param(
            "/with-sound#transport=udp", StreamKind.COLOR, "udp", (0, 255, 0), marks=pytest.mark.slow, id="sound"
        ),
        ("/h264#kind=gray&transport=tcp&size=160x120@30", StreamKind.GRAY, "tcp", 76),
        ("/mjpeg#kind=infrared&name=night", StreamKind.INFRARED, "tcp", 29),
    ],
)
def test_pictures_come_decoded_with_their_times(
    server: RtspServer, rest: str, kind: StreamKind, transport: str, pixel: tuple[int, ...] | int
):
    camera = opened(server, rest)
    try:
        (info,) = camera.streams()
        assert (info.kind, info.width, info.height, info.fps) == (kind, WIDTH, HEIGHT, FPS)
        assert camera.options()["transport"] == transport
        frames = [camera.read(5.0) for _ in range(6)]
        for frame in frames:
            assert FrameFlag.LOSSY in frame.flags
            assert abs(frame.pixels[HEIGHT // 2, WIDTH // 2].astype(int) - pixel).max() < 20
        spans = {
            round((b.device_ns - a.device_ns) / (b.number - a.number) / 1e6) for a, b in itertools.pairwise(frames)
        }
        assert spans == {round(1000 / FPS)}, "numbers and the camera's own times belong together"
    finally:
        camera.close()


@pytest.mark.slow
@pytest.mark.skipif(bool(missing("x265enc")), reason=missing("x265enc"))  # the reason names the apt packages
def test_h265_is_decoded_too(server: RtspServer):
    camera = opened(server, "/h265")
    try:
        assert abs(camera.read(5.0).pixels[HEIGHT // 2, WIDTH // 2].astype(int) - (0, 0, 255)).max() < 20
        assert camera.options()["codec"] == "hevc"
    finally:
        camera.close()


@needs_server
@pytest.mark.parametrize(
    ("rest", "kind", "words"),
    [
        ("/nothing-here", CameraNotFoundError, ("404", "/nothing-here")),
        ("/sound", UnusableSourceError, ("no video track",)),
        ("/unknown", UnusableSourceError, ("known codec",)),
        ("/h264#size=640x480", UnsupportedFeatureError, ("160x120@30", "640x480", "another path")),
    ],
)
def test_what_a_server_does_not_give_is_said(
    server: RtspServer, rest: str, kind: type[CameraError], words: tuple[str, ...]
):
    camera = RtspCamera(server.rest(rest))
    with pytest.raises(kind) as caught:
        camera.open()
    for word in words:
        assert word in str(caught.value)
    assert camera.health().state is CameraState.CLOSED


@pytest.mark.parametrize(
    ("rest", "kind", "words"),
    [
        ("//127.0.0.1:PORT/x", CameraNotFoundError, ("refused", "127.0.0.1")),
        ("//no.such.camera.invalid/x", CameraNotFoundError, ("no.such.camera.invalid", "not known")),
    ],
)
def test_nobody_there_is_said_at_once(rest: str, kind: type[CameraError], words: tuple[str, ...]):
    camera = RtspCamera(rest.replace("PORT", str(free_port())))
    with pytest.raises(kind) as caught:
        camera.open()
    for word in words:
        assert word in str(caught.value)
    assert camera.is_present() is not True


@needs_server
def test_a_server_that_says_nothing_keeps_nobody_waiting():
    with RtspServer() as silent:
        camera = RtspCamera(silent.rest("/mjpeg#open_s=1.5&read_s=0.3"))
        silent.freeze()
        began = time.monotonic()
        with pytest.raises(CameraOpenError, match="does not answer"):
            camera.open()
        assert time.monotonic() - began < OPEN_S
        silent.thaw()


@needs_server
def test_closing_ends_an_opening_that_hangs():
    with RtspServer() as silent:
        camera = RtspCamera(silent.rest("/mjpeg#open_s=2&read_s=0.3"))
        silent.freeze()
        ended: list[str] = []

        def open_it() -> None:
            try:
                camera.open()
            except CameraError as error:
                ended.append(str(error))

        thread = threading.Thread(target=open_it, name="opener")
        thread.start()
        wait_until(lambda: camera.health().state is CameraState.OPENING, "the opening to begin")
        camera.close()
        thread.join(OPEN_S)
        assert not thread.is_alive()
        assert ended
        silent.thaw()


@needs_server
def test_a_stream_that_freezes_times_out_then_is_lost_and_comes_back():
    with RtspServer() as server:
        camera = RtspCamera(server.rest("/mjpeg#read_s=0.5&open_s=4"))
        camera.open()
        camera.read(5.0)
        server.freeze()
        with pytest.raises(CameraTimeoutError):
            drain(camera, 0.1)
        with pytest.raises(CameraLostError):
            drain(camera, 10.0)
        assert camera.health().state is CameraState.GONE
        server.thaw()
        camera.open()
        assert camera.read(5.0).pixels.shape == (HEIGHT, WIDTH, 3)
        camera.close()


@needs_server
def test_a_server_that_dies_is_lost_at_once_and_found_again():
    with RtspServer() as server:
        camera = RtspCamera(server.rest("/mjpeg"))
        assert isinstance(camera, Findable)
        assert camera.is_present() is True
        camera.open()
        camera.read(5.0)
        server.kill()
        with pytest.raises(CameraLostError):
            drain(camera, 10.0)
        assert camera.is_present() is False
        camera.close()
        server.start()
        assert camera.is_present() is True
        camera.open()
        assert camera.read(5.0).pixels.shape == (HEIGHT, WIDTH, 3)
        camera.close()


@needs_server
def test_under_supervision_it_streams_again_after_its_server_was_restarted():
    with RtspServer() as server:
        frames: list[Frame] = []
        states: list[CameraState] = []
        supervisor = Supervisor(
            RtspCamera(server.rest("/mjpeg#read_s=0.5")),
            [frames.append],
            lambda state, _: states.append(state),
            Patience(read_s=0.05, back_off_s=0.05, back_off_limit_s=0.5),
        )
        supervisor.start()
        try:
            wait_until(lambda: len(frames) > 3, "the first frames", OPEN_S)
            server.restart()
            seen = len(frames)
            wait_until(lambda: supervisor.status().reopened == 1, "the camera to be opened again", OPEN_S)
            wait_until(lambda: len(frames) > seen + 3, "frames after the restart", OPEN_S)
        finally:
            assert supervisor.stop(10.0)
        assert CameraState.GONE in states or CameraState.WAITING in states


@needs_server
def test_a_reader_that_is_too_slow_sees_the_newest_and_the_lost_are_counted(camera: RtspCamera):
    camera.open()
    first = camera.read(5.0)
    wait_until(
        lambda: camera.health().dropped_by_us["color"] > FPS // 3, "more pictures than wait for a reader", OPEN_S
    )
    late = [camera.read(5.0) for _ in range(3)]
    assert late[0].number - first.number > FPS // 3, "the oldest went, not the newest"
    health = camera.health()
    assert health.dropped_by_us["color"] >= late[0].number - first.number - 1
    assert health.dropped["color"] == 0
    behind_s = (now_ns() - late[0].host_ns) / 1e9
    assert behind_s < 1.0


@pytest.mark.slow
@needs_server
def test_a_machine_that_is_too_slow_drops_pictures_and_stays_live(camera: RtspCamera, monkeypatch: pytest.MonkeyPatch):
    def slow(frame: Any, kind: StreamKind) -> Pixels:
        time.sleep(2.5 / FPS)
        return pixels_of(frame, kind)

    monkeypatch.setattr(network_link, "pixels_of", slow)
    camera.open()
    first = camera.read(5.0)
    last = first
    while last.host_ns - first.host_ns < 4e9:
        last = camera.read(5.0)
    behind_s = ((last.host_ns - first.host_ns) - (last.device_ns - first.device_ns)) / 1e9
    assert behind_s < 1.0, "without dropping it would be 2.4 s"
    assert camera.health().dropped_by_us["color"] > FPS
    assert camera.health().dropped["color"] == 0


@needs_server
@pytest.mark.parametrize("transport", ["tcp", pytest.param("udp", marks=pytest.mark.slow)])
def test_packets_that_are_lost_cost_frames_that_are_counted(server: RtspServer, transport: str):
    camera = opened(server, f"/lossy#transport={transport}")
    try:
        frames = [camera.read(5.0) for _ in range(30)]
        health = camera.health()
    finally:
        camera.close()
    spanned = round((frames[-1].device_ns - frames[0].device_ns) * FPS / 1e9)
    assert frames[-1].number - frames[0].number == spanned > len(frames) - 1
    waiting = 4
    assert health.dropped["color"] + health.dropped_by_us["color"] >= spanned - len(frames) + 1 - waiting
    assert "damaged on their way" in health.note


@pytest.mark.slow
@needs_server
def test_damaged_frames_are_kept_where_that_is_asked_for(server: RtspServer):
    camera = opened(server, "/lossy#damaged=keep&transport=tcp")
    try:
        frames = [camera.read(5.0) for _ in range(40)]
    finally:
        camera.close()
    spanned = round((frames[-1].device_ns - frames[0].device_ns) * FPS / 1e9)
    assert spanned < 50, "most of them came"


@pytest.mark.slow
@needs_server
def test_a_server_that_dies_again_and_again_leaves_nothing_behind():
    """Streaming again within a second of its return and its own time to open; threads and files as at the start."""
    late: list[float] = []
    arrived: list[float] = []
    with RtspServer() as server:
        supervisor = Supervisor(
            RtspCamera(server.rest("/mjpeg#read_s=0.5&open_s=4")),
            [lambda frame: arrived.append(time.monotonic())],
            patience=Patience(read_s=0.05, back_off_s=0.1, back_off_limit_s=10.0),
        )
        supervisor.start()
        try:
            wait_until(lambda: len(arrived) > 3, "the first frames", OPEN_S)
            threads, files = threading.active_count(), _open_files()
            for _ in range(20):
                server.restart()
                back = time.monotonic()
                wait_until(lambda since=back: arrived[-1] > since, "frames after a restart", OPEN_S)
                late.append(arrived[-1] - back)
            assert threading.active_count() == threads
            assert _open_files() <= files + 2
        finally:
            assert supervisor.stop(10.0)
    assert sorted(late)[len(late) // 2] < 2.5
    assert max(late) < 6.0


def _open_files() -> int:
    """File descriptors of this process; 0 where they cannot be counted."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


@needs_server
def test_every_thread_ends_with_its_camera(server: RtspServer):
    before = set(threading.enumerate())
    camera = opened(server, "/mjpeg")
    assert {t.name for t in set(threading.enumerate()) - before} == {"network 127.0.0.1"}
    camera.close()
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("", "HOST"),
        ("host/path", "HOST"),
        ("///path", "no host"),
        ("//host:0/x", "no host and port"),
        ("//host:99999/x", "no host and port"),
        ("//host/x#transport=smoke", "auto, tcp, udp"),
        ("//host/x#colour=red", "no option"),
        ("//host/x#kind=thermal", "color, gray, infrared"),
        ("//host/x#size=big", "640x480"),
        ("//host/x#open_s=-1", "0.5"),
        ("//host/x#name=a%20b", "without spaces"),
    ],
)
def test_what_is_no_address_is_refused_in_words(rest: str, words: str):
    with pytest.raises(UnsupportedFeatureError, match=words):
        RtspCamera.from_source(rest)


def test_the_cameras_own_query_stays_as_it_is():
    camera = RtspCamera("//cam/stream?channel=1&subtype=0#kind=gray")
    assert camera.source == "rtsp://cam/stream?channel=1&subtype=0#kind=gray"
    assert camera._address.opened(None) == "rtsp://cam/stream?channel=1&subtype=0"
    assert RtspCamera.discover() == []
    assert RtspCamera.why_unavailable() == ""
