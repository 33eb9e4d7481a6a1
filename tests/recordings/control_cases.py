"""A recording that is played under control, for tests."""

from __future__ import annotations

from pathlib import Path

from drivers.frame import Frame
from recordings.event import Event
from recordings.virtual import VirtualCamera
from recordings.writer import SessionWriter
from tests.recordings.sessions import DEPTH, EPOCH, INFRARED, MS, THERMAL, frame_of, info_of
from tests.recordings.still_pace import all_frames

STEP = 33 * MS
Key = tuple[str, int, int]


def key(frame: Frame) -> Key:
    return frame.stream, frame.number, frame.device_ns


class Recorded:
    """A session of three streams with a pause in it, after which the cameras count from zero on clocks that began
    anew, with events; and what it holds, in its order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        frames = []
        for part, (begin_ms, count) in enumerate(((0, 12), (4_000, 9))):
            for n in range(count):
                at = EPOCH + (begin_ms + 33 * n) * MS
                device_ns = (5_000 - 4_000 * part) * MS + n * STEP
                frames.append(frame_of(DEPTH, n, host_ns=at, device_ns=device_ns, seed=n))
                frames.append(frame_of(INFRARED, n, host_ns=at, device_ns=device_ns + 1, seed=n))
                if n % 3 == 0:
                    frames.append(frame_of(THERMAL, n // 3, host_ns=at + MS, device_ns=device_ns + 2))
        frames.sort(key=lambda f: f.host_ns)
        with SessionWriter(path, info_of([DEPTH, INFRARED, THERMAL])) as writer:
            for frame in frames:
                writer.write_frame(frame)
            writer.write_event(Event("eyes closed", 5_000 * MS + 4 * STEP, 5_000 * MS + 6 * STEP))
            writer.write_event(Event("phone & hand", 1_000 * MS + 2 * STEP - 5, None))
            writer.write_event(Event("eyes closed", 1_000 * MS + 5 * STEP))
            writer.write_event(Event("long ago", -(10**10)))
        order = {DEPTH.name: 0, INFRARED.name: 1, THERMAL.name: 2}
        frames.sort(key=lambda f: (f.host_ns, order[f.stream]))
        self.keys = [key(f) for f in frames]
        self.offsets = [f.host_ns - EPOCH for f in frames]

    def place(self, stream: str, number: int, occurrence: int = 1) -> int:
        return [i for i, k in enumerate(self.keys) if k[:2] == (stream, number)][occurrence - 1]

    def place_at(self, time_s: float) -> int:
        return next(i for i, t in enumerate(self.offsets) if t >= round(time_s * 1e9))


def rest(camera: VirtualCamera) -> list[Key]:
    return [key(f) for f in all_frames(camera)]
