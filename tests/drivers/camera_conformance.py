"""What every camera promises (drivers/camera.py), as tests: inherit, say how to make one, done.

class TestMyCamera(CameraConformance):
    def make(self) -> Camera: ...
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from drivers.camera import Camera, CameraState
from drivers.errors import CameraError, CameraLostError, CameraTimeoutError, EndOfStream
from drivers.frame import Frame
from drivers.host_clock import now_ns

READ_S = 5.0


class CameraConformance:
    """Inherit as ``TestX`` and define :meth:`make`. A camera that ends must have at least ``frames`` frames."""

    frames = 8
    ends = False

    def make(self) -> Camera:
        raise NotImplementedError

    @pytest.fixture
    def camera(self, request: pytest.FixtureRequest) -> Iterator[Camera]:
        made = self.make()
        yield made
        made.close()

    def read(self, camera: Camera, count: int) -> list[Frame]:
        return [camera.read(READ_S) for _ in range(count)]

    def test_it_is_a_camera_with_a_source(self, camera: Camera) -> None:
        assert isinstance(camera, Camera)
        assert ":" in camera.source

    def test_before_opening_it_is_closed_and_harmless(self, camera: Camera) -> None:
        assert camera.health().state is CameraState.CLOSED
        with pytest.raises(CameraError):
            camera.read(0.01)
        camera.close()
        assert camera.health().state is CameraState.CLOSED

    def test_once_open_it_knows_its_streams_and_options(self, camera: Camera) -> None:
        camera.open()
        names = [s.name for s in camera.streams()]
        assert names
        assert len(set(names)) == len(names)
        assert camera.health().state is CameraState.STREAMING
        assert all(isinstance(k, str) and isinstance(v, str) for k, v in camera.options().items())
        assert set(camera.health().frames) == set(names) == set(camera.health().dropped)

    def test_frames_are_those_of_its_streams_and_frozen(self, camera: Camera) -> None:
        camera.open()
        infos = {s.name: s for s in camera.streams()}
        for frame in self.read(camera, self.frames):
            assert frame.info == infos[frame.stream]
            assert not frame.pixels.flags.writeable

    def test_numbers_and_times_only_rise(self, camera: Camera) -> None:
        before = now_ns()
        camera.open()
        last: dict[str, Frame] = {}
        for frame in self.read(camera, self.frames):
            assert before <= frame.host_ns <= now_ns() + self.frames, "host time is the time of arrival"
            if previous := last.get(frame.stream):
                assert frame.number > previous.number
                assert frame.device_ns >= previous.device_ns
                assert frame.host_ns > previous.host_ns
            last[frame.stream] = frame

    def test_it_counts_what_it_gave(self, camera: Camera) -> None:
        camera.open()
        given = Counter(frame.stream for frame in self.read(camera, self.frames))
        counted = camera.health().frames
        assert {name: counted[name] for name in given} == dict(given)

    def test_an_impatient_read_gives_a_frame_or_says_timeout(self, camera: Camera) -> None:
        camera.open()
        for _ in range(5):
            with contextlib.suppress(CameraTimeoutError):
                assert isinstance(camera.read(0.0), Frame)
        assert isinstance(camera.read(READ_S), Frame)

    def test_it_can_be_closed_twice_and_opened_again(self, camera: Camera) -> None:
        camera.open()
        first = camera.read(READ_S)
        camera.close()
        camera.close()
        assert camera.health().state in (CameraState.CLOSED, CameraState.ENDED)
        with pytest.raises(CameraLostError):
            camera.read(0.01)
        camera.open()
        again = camera.read(READ_S)
        assert again.host_ns > first.host_ns
        assert camera.health().frames[again.stream] == 1

    def test_closing_from_another_thread_ends_a_read(self, camera: Camera) -> None:
        camera.open()
        reading = threading.Event()
        ended: list[str] = []

        def read_on() -> None:
            try:
                while True:
                    camera.read(0.2)
                    reading.set()
            except CameraTimeoutError:
                ended.append("timeout")
            except CameraError as error:
                ended.append(type(error).__name__)

        thread = threading.Thread(target=read_on)
        thread.start()
        assert reading.wait(READ_S)
        camera.close()
        thread.join(READ_S)
        assert not thread.is_alive()
        assert ended

    def test_at_its_end_it_says_so_again_and_again(self, camera: Camera) -> None:
        if not self.ends:
            pytest.skip("this camera has no end")
        camera.open()
        seen = 0
        with contextlib.suppress(EndOfStream):
            while seen < 100_000:
                camera.read(READ_S)
                seen += 1
        assert self.frames <= seen < 100_000
        assert camera.health().state is CameraState.ENDED
        with pytest.raises(EndOfStream):
            camera.read(READ_S)
