"""Sessions to damage, and what of them must come back."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from mcap.reader import make_reader
from mcap.records import Channel, Chunk, Message
from mcap.stream_reader import StreamReader, breakup_chunk

from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from recordings.errors import SessionFormatError
from recordings.event import Event
from recordings.losses import RecoverReport
from recordings.observation import Box, Face, Observation
from recordings.reader import SessionReader
from recordings.recover import recover_session
from recordings.session import ScheduleEntry
from recordings.writer import SessionWriter
from tests.recordings.sessions import EPOCH, MS, K, info_of

COLOR: Final = StreamInfo("color", StreamKind.COLOR, 32, 24, "uint8", 30.0)
DEPTH: Final = StreamInfo("depth", StreamKind.DEPTH, 64, 48, "uint16", 30.0, unit_m=0.001)
INFRARED: Final = StreamInfo("cabin/infrared", StreamKind.INFRARED, K.width, K.height, "uint16", 30.0, intrinsics=K)
THERMAL: Final = StreamInfo("thermal", StreamKind.THERMAL, 40, 30, "uint16", 15.0, kelvin=KelvinMap(0.01, 0.0))
STREAMS: Final = (COLOR, DEPTH, INFRARED, THERMAL)
SETS: Final = 40
RUN: Final = {"models": {"finder": "1.0"}}

LAYOUTS: Final[dict[str, dict[str, Any]]] = {
    "zstd": {"layout": "viewable"},
    "lz4": {"layout": "viewable", "compression": "lz4"},
    "compact": {"layout": "compact"},
    "raw": {"layout": "viewable", "compression": "none"},
}


def smooth_pixels(info: StreamInfo, seed: int) -> Any:
    """Pixels as sensors have them: a gradient, noise, many zeros in depth."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: info.height, : info.width]
    image = 40.0 * np.sin(x / 9 + seed) + 3.0 * y + rng.normal(0, 3, (info.height, info.width)) + 100
    if info.dtype == "uint16":
        image *= 20
    if info.kind is StreamKind.DEPTH:
        image[rng.random(image.shape) < 0.3] = 0
    out = np.clip(image, 0, 255 if info.dtype == "uint8" else 65535).astype(info.dtype)
    return np.dstack([out, out[::-1], out[:, ::-1]]).copy() if info.kind is StreamKind.COLOR else out


def write_damageable(path: Path, layout: str) -> Path:
    """Forty FrameSets of four streams in ten chunks, with results; half of thermal's numbers were never recorded."""
    with SessionWriter(path, info_of(STREAMS), **LAYOUTS[layout]) as writer:
        writer.write_run(RUN)
        for n in range(SETS):
            for info in STREAMS:
                if info is THERMAL and n % 2:
                    continue
                flags = FrameFlag.DROPPED_BEFORE if n % 8 == 0 else FrameFlag.NONE
                host_ns = EPOCH + n * 33 * MS + STREAMS.index(info)
                pixels = smooth_pixels(info, n)
                encoded = None
                if info is COLOR:
                    encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()
                    pixels = cv2.cvtColor(cv2.imdecode(np.frombuffer(encoded, np.uint8), 1), cv2.COLOR_BGR2RGB)
                writer.write_frame(Frame(info, pixels, n, 5_000 * MS + n * 33 * MS, host_ns, flags), encoded=encoded)
            face = Face(1, "depth", Box(3.25, 4.5, 20.0, 22.0 + n), 0.75)
            seen = {"depth": n, "color": n}
            writer.write_observation(
                Observation(n, 5_000 * MS + n * 33 * MS, EPOCH + n * 33 * MS + 1, 5, seen, (face,))
            )
            writer.write_schedule(ScheduleEntry(n, seen, {"finder": {"backend": "openvino", "batch": 1}}))
            if n % 7 == 0:
                writer.write_event(Event("blink", 5_000 * MS + n * 33 * MS, None, 1, f"number {n}"))
            if n % 4 == 3:
                writer.flush(sync=False)
        writer.write_attachment("calibration.yml", "text/yaml", b"fx: 20.0\n")
    return path


@dataclass(frozen=True)
class ChunkTruth:
    """A chunk of the whole file: its bytes, and topic and log time of its messages."""

    data: bytes
    messages: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Truth:
    """What the whole file holds, read by the mcap package and by the reader."""

    data: bytes
    chunks: tuple[ChunkTruth, ...]
    frames: dict[tuple[str, int], Frame]
    observations: frozenset[bytes]
    events: int
    schedule: int
    description: bytes
    has_checksum: bool

    @classmethod
    def of(cls, path: Path) -> Truth:
        data = path.read_bytes()
        summary = make_reader(io.BytesIO(data)).get_summary()
        assert summary is not None
        topics = {c.id: c.topic for c in summary.channels.values()}
        said_of_it = next(r.metadata for r in make_reader(io.BytesIO(data)).iter_metadata() if "session" in r.name)
        chunks = []
        for index in summary.chunk_indexes:
            raw = data[index.chunk_start_offset : index.chunk_start_offset + index.chunk_length]
            chunk = next(iter(StreamReader(io.BytesIO(raw), skip_magic=True, emit_chunks=True).records))
            assert isinstance(chunk, Chunk)
            found = breakup_chunk(chunk, validate_crc=True)
            topics |= {c.id: c.topic for c in found if isinstance(c, Channel)}
            said = frozenset((topics[m.channel_id], m.log_time) for m in found if isinstance(m, Message))
            chunks.append(ChunkTruth(raw, said))
        with SessionReader(path) as session:
            return cls(
                data,
                tuple(chunks),
                {(f.stream, f.host_ns): f for f in session.frames()},
                frozenset(session.observation_bytes()),
                session.event_count(),
                session.schedule_count(),
                said_of_it["json"].encode(),
                "checksum" in said_of_it,
            )

    def whole_messages(self, damaged: bytes) -> set[tuple[str, int]]:
        """Topic and time of every message in a chunk that is still whole somewhere in the damaged file."""
        out: set[tuple[str, int]] = set()
        for chunk in self.chunks:
            if chunk.data in damaged:
                out |= chunk.messages
        return out

    def frames_in(self, messages: set[tuple[str, int]]) -> set[tuple[str, int]]:
        return {
            (stream, time)
            for stream, time in self.frames
            if (f"/{stream}/image", time) in messages and (f"/{stream}/frame", time) in messages
        }


def damage(data: bytes, rng: random.Random) -> bytes:
    """One to three accidents."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        kind = rng.choice(("flip", "flip", "zero", "remove", "truncate", "repeat"))
        at = rng.randrange(max(1, len(out)))
        length = rng.choice((1, 40, 512, 4096, 30_000, 120_000))
        if kind == "flip":
            # half of them where everything depends on it
            if rng.random() < 0.5:
                at = rng.choice((rng.randrange(400), max(0, len(out) - 1 - rng.randrange(3000))))
            if at < len(out):
                out[at] ^= 1 << rng.randrange(8)
        elif kind == "zero":
            out[at : at + length] = bytes(len(out[at : at + length]))
        elif kind == "remove":
            del out[at : at + length]
        elif kind == "truncate":
            del out[at:]
        else:
            out[at:at] = out[at : at + length]
    return bytes(out)


def recover_and_check(damaged: bytes, truth: Truth, folder: Path) -> RecoverReport | None:
    """Recover, and compare the result and the report with the truth; None when nothing was saved."""
    path, out = folder / "damaged.mcap", folder / "saved.mcap"
    path.write_bytes(damaged)
    whole = truth.whole_messages(damaged)
    must = truth.frames_in(whole)
    try:
        report = recover_session(path, out, overwrite=True)
    except SessionFormatError:
        assert not must, f"{len(must)} frames were in whole chunks"
        assert not out.exists()
        return None
    assert sorted(p.name for p in folder.iterdir()) == ["damaged.mcap", "saved.mcap"]
    # one copy of the description that is whole is enough; damage in a number of it is only noticed by its checksum
    description = truth.description in damaged and (truth.has_checksum or not report.unsaid)
    with SessionReader(out) as session:
        saved = {(f.stream, f.host_ns): f for f in session.frames()}
        observations = list(session.observation_bytes())
        events, schedule = session.event_count() - 1, session.schedule_count()
        run = session.run()
    assert run is not None or report.unsaid or report.broken
    if run is not None:
        assert {k: v for k, v in run.items() if k not in ("replayable", "not_replayable")} == RUN
        # without the promise only where something was lost
        assert "replayable" not in run or not report.is_whole
    for key, frame in saved.items():
        original = truth.frames[key]
        np.testing.assert_array_equal(frame.pixels, original.pixels)
        assert (frame.number, frame.device_ns, frame.flags) == (original.number, original.device_ns, original.flags)
        if description:
            assert frame.info == original.info
    assert not must - set(saved), f"not saved although whole: {sorted(must - set(saved))}"
    assert len(set(observations)) == len(observations)
    assert truth.observations.issuperset(observations)
    observed = {time for topic, time in whole if topic == "/tapetum/observations"}
    assert len(observations) >= len(observed)
    check_counts(report, truth, saved)
    for name, count, total in (
        ("observations", len(observations), len(truth.observations)),
        ("events", events, truth.events),
        ("schedule entries", schedule, truth.schedule),
    ):
        if name in report.messages:
            said = report.messages[name]
            assert said.saved == count
            assert said.saved + said.lost == total if said.is_exact else said.saved + said.lost <= total
        else:
            assert count == 0
    if report.is_whole and report.is_ended:
        assert len(saved) == len(truth.frames)
        assert (len(observations), events, schedule) == (len(truth.observations), truth.events, truth.schedule)
    return report


def check_counts(report: RecoverReport, truth: Truth, saved: dict[tuple[str, int], Frame]) -> None:
    for name, loss in report.streams.items():
        total = sum(stream == name for stream, _ in truth.frames)
        assert loss.count.saved == sum(stream == name for stream, _ in saved)
        said = loss.count.saved + loss.count.lost
        assert said == total if loss.count.is_exact else said <= total, (name, loss, total)
        lost = [time for stream, time in truth.frames if stream == name and (stream, time) not in saved]
        for gap in loss.gaps:
            between = [t for t in lost if (gap.after_ns or 0) < t < (gap.before_ns or 1 << 62)]
            assert gap.frames <= len(between), (name, gap, len(between))
