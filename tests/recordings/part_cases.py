"""Sessions to cut and to merge, and what of two of them must be equal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from drivers.frame import StreamInfo
from recordings.event import Event
from recordings.observation import Box, Face, Observation
from recordings.reader import SessionReader
from recordings.session import ScheduleEntry, SessionInfo
from recordings.stored import StoredFrame
from recordings.writer import SessionWriter
from tests.recordings.sessions import COLOR, DEPTH, EPOCH, MS, frame_of, info_of

STEP = 33 * MS
RUN = {"models": {"finder": "1.0"}, "configuration": {}}


def host(n: int) -> int:
    """Host time of frame ``n`` of the first stream."""
    return EPOCH + n * STEP


def device(n: int) -> int:
    return 5_000 * MS + n * STEP


def observation(n: int, *, stream: str = "depth", host_ns: int | None = None) -> Observation:
    face = Face(1, stream, Box(1.0, 2.0, 3.0, 4.0 + n), 0.5)
    return Observation(n, device(n), host(n) + 1 if host_ns is None else host_ns, 1, {"depth": n, "color": n}, (face,))


def entry(n: int) -> ScheduleEntry:
    return ScheduleEntry(n, {"depth": n, "color": n}, {"finder": {"backend": "openvino", "batch": 1}})


def write_live(
    path: Path,
    count: int = 12,
    streams: Sequence[StreamInfo] = (COLOR, DEPTH),
    *,
    first: int = 0,
    info: SessionInfo | None = None,
    run: dict[str, Any] | None = RUN,
    events: Iterable[Event] = (),
    **options: Any,
) -> Path:
    """A session as a live run writes it: each FrameSet's frames, then what was said of the one before it."""
    with SessionWriter(path, info or info_of(streams), **options) as writer:
        if run is not None:
            writer.write_run(run)
        for n in range(first, first + count):
            for k, stream in enumerate(streams):
                writer.write_frame(frame_of(stream, n, host_ns=host(n) + k))
            if run is not None and n > first:
                writer.write_schedule(entry(n - 1))
                writer.write_observation(observation(n - 1))
        if run is not None:
            writer.write_schedule(entry(first + count - 1))
            writer.write_observation(observation(first + count - 1))
        for event in events:
            writer.write_event(event)
    return path


def stored(path: Path, streams: Iterable[str] | None = None) -> list[StoredFrame]:
    """Every frame as it lies in the file, in the order of its time."""
    with SessionReader(path) as session:
        return [session.stored(name, index) for name, index in session.order(None if streams is None else [*streams])]


def others(path: Path) -> dict[str, Any]:
    """What is no frame, in an order of its own."""
    with SessionReader(path) as session:
        return {
            "observations": list(session.observation_bytes()),
            "schedule": [e.frame_set for e in session.schedule()],
            "events": sorted(session.events(), key=lambda e: (e.begin_ns, e.name)),
            "run": session.run(),
        }


def topic_counts(path: Path) -> dict[str, int]:
    """Messages by topic, by the mcap package."""
    from mcap.reader import make_reader

    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    assert summary.statistics is not None
    counts = summary.statistics.channel_message_counts
    return {c.topic: counts[c.id] for c in summary.channels.values() if counts.get(c.id)}
