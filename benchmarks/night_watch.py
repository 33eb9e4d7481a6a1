"""What a night takes on the disk in the profile `watch`, and whether the budget for clips of faces holds.

    python -m benchmarks.night_watch [--minutes 10] [--faces 0 0.1 1] [--layouts viewable compact]
        [--lossless-gib-per-hour G] [--folder DIR]

The four streams of benchmarks/four_streams.py (74.6 MB of pixels a second) go through what a recorder does with them,
with its defaults: each frame losslessly into the ring, two a second and stream lossily into the main session, with the
observations; clips round faces and, four times an hour, round marks. Time is simulated, as fast as the machine goes;
each frame is encoded once and used again with a new number and time. Files are counted and removed when they are
finished, so that hours need little room.

Faces come and go for a given part of the time: nobody, visits of 20 s, somebody always. Ten hours are told from that:
the main session and the clips go on as they were measured, and the clips end where the budget ends, which the
benchmark looks at, too (what they took, of what it allows in that time).
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks import four_streams
from recordings.clip_budget import LosslessBudget
from recordings.clips import ClipRecorder, ClipSettings
from recordings.config import RecordConfig
from recordings.event import Event
from recordings.face_presence import FacePresence
from recordings.layout import SessionLayout
from recordings.observation import Box, EyeOpenness, Face, HeadPose, Landmarks, Observation
from recordings.ring import FrameRing
from recordings.session import SessionInfo
from recordings.stored import StoredFrame, encode_frame
from recordings.thinning import Thinner
from recordings.writer import SessionWriter

GB, GIB, MIB, S = 10**9, 1 << 30, 1 << 20, 10**9
RENDERED_S = 2.0
VISIT_S = 20.0
SEGMENT_S = 600.0
MARKS_AN_HOUR = 4
LOOKS_A_SECOND = 30


@dataclass
class Night:
    """What was written."""

    main: int = 0
    clips: int = 0
    clip_files: int = 0
    lost: int = 0
    failed: int = 0
    cut_by_budget: int = 0
    seconds: float = 0.0
    wall_s: float = 0.0
    kinds: dict[str, int] = field(default_factory=dict)

    def hourly(self, size: int) -> float:
        return size / self.seconds * 3600


def forms(codec: str) -> list[tuple[StoredFrame, StoredFrame]]:
    """Each frame of the rendered seconds as the ring has it and as the main session has it, in order of host time."""
    thinner = Thinner()
    out = []
    for frame in four_streams.frames(RENDERED_S):
        lossy = thinner.lossy(frame)
        out.append((encode_frame(frame, "compact"), encode_frame(lossy, "compact" if codec == "compact" else "raw")))
    return out


def frames(made: list[tuple[StoredFrame, StoredFrame]], seconds: float) -> Iterator[tuple[StoredFrame, StoredFrame]]:
    spans = {one.info.name: sum(other.info is one.info for other, _ in made) for one, _ in made}
    for turn in range(round(seconds / RENDERED_S)):
        shift = round(turn * RENDERED_S * S)
        for pair in made:
            number = pair[0].number + turn * spans[pair[0].info.name]
            first, second = (
                dataclasses.replace(f, number=number, device_ns=f.device_ns + shift, host_ns=f.host_ns + shift)
                for f in pair
            )
            yield first, second


def visits(part: float, seconds: float) -> list[tuple[float, float]]:
    """When somebody is there: from, to."""
    if part >= 1:
        return [(0.0, seconds)]
    rng, out, at = random.Random(1), [], 0.0
    while part > 0 and at < seconds:
        at += rng.uniform(0.5, 1.5) * VISIT_S * (1 - part) / part  # nobody
        out.append((at, at + VISIT_S))
        at += VISIT_S
    return out


def face(rng: np.random.Generator) -> Face:
    points = rng.uniform(100, 300, (68, 2)).astype(np.float32)
    sure = rng.random(68, np.float32)
    pose, eyes = HeadPose(*rng.uniform(-20, 20, 3).tolist(), error_px=1.234567), EyeOpenness(0.912345, 0.887654)
    return Face(
        1,
        "infrared",
        Box(123.4, 98.7, 77.7, 91.2),
        0.98765,
        0.7654321,
        (0.0123456, -0.0234567, 0.7654321),
        Box(90.1, 70.2, 160.3, 160.3),
        Landmarks(points, sure),
        pose,
        eyes,
    )


class Main:
    """The main session, in segments that are removed once counted."""

    def __init__(self, folder: Path, info: SessionInfo, layout: SessionLayout, night: Night) -> None:
        self._folder, self._info, self._layout, self._night = folder, info, layout, night
        self._count = 0
        self.writer = self._open()

    def _open(self) -> SessionWriter:
        self._count += 1
        return SessionWriter(self._folder / f"night-{self._count:04d}.mcap", self._info, self._layout)

    def turn(self, more: bool = True) -> None:
        self.writer.close()
        self._night.main += self.writer.path.stat().st_size
        self.writer.path.unlink()
        if more:
            self.writer = self._open()


def watch(made: list[tuple[StoredFrame, StoredFrame]], part: float, seconds: float, layout: SessionLayout) -> Night:
    config = RecordConfig(profile="watch", layout=layout, lossless_gib_per_hour=ARGUMENTS.lossless_gib_per_hour)
    hourly = round(config.lossless_gib_per_hour * GIB)
    night = Night(seconds=seconds)
    rng = np.random.default_rng(1)
    there = visits(part, seconds)
    marks = [s for n in range(1, 1000) if (s := (n - 0.5) * 3600 / MARKS_AN_HOUR) < seconds]
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=ARGUMENTS.folder) as name:
        folder = Path(name)
        info = SessionInfo.create(four_streams.STREAMS, title="night", source="benchmark")

        def told(event: Event) -> None:
            night.kinds[event.name] = night.kinds.get(event.name, 0) + 1
            if event.name == "clip":
                path = folder / event.note.split(": ")[0]
                night.clips += path.stat().st_size
                night.clip_files += 1
                path.unlink()

        settings = ClipSettings(before_s=config.before_s, after_s=config.after_s)
        ring = FrameRing(settings.ring_s, round(config.ring_mib * MIB))
        budget = LosslessBudget(hourly, burst(hourly))
        # Simulated time stands still while the machine waits for its disk: only frames tell the time.
        clips = ClipRecorder(folder, "night", info, ring, settings, budget=budget, on_event=told, clock=lambda: 0.0)
        presence, thinner = FacePresence(clips), Thinner(config.watch_hz)
        main = Main(folder, info, layout, night)
        look = turn = 0
        for ring_frame, main_frame in frames(made, seconds):
            while ring.status().behind > 2500:
                time.sleep(0.001)  # a night would give the disk more time than this
            clips.push(ring_frame)
            if thinner.decide(main_frame):
                main.writer.write_stored(main_frame)
            host_ns = ring_frame.host_ns
            at = (host_ns - four_streams.EPOCH_NS) / S
            if marks and at >= marks[0]:
                marks.pop(0)
                clips.trigger(Event("mark", ring_frame.device_ns), host_ns, host_ns)
            while look / LOOKS_A_SECOND <= at:
                look += 1
                while there and there[0][1] < at:
                    there.pop(0)
                faces = (face(rng),) if there and there[0][0] <= at else ()
                numbers = {s.name: ring_frame.number for s in four_streams.STREAMS}
                observation = Observation(look, ring_frame.device_ns, host_ns, 0, numbers, faces)
                presence.update(observation)
                clips.push_observation(observation.to_bytes(), host_ns)
                main.writer.write_observation(observation)
            if at // SEGMENT_S > turn:
                turn += 1
                main.turn()
        presence.close()
        if not clips.close(60):
            raise SystemExit("the clips were not finished within 60 s")
        main.turn(more=False)
        status = clips.status()
        night.lost, night.failed = status.lost, status.failed
    night.cut_by_budget = night.kinds.get("clip ended early", 0)
    night.wall_s = time.perf_counter() - begun
    return night


def ten_hours(night: Night, budget: int) -> float:
    """Bytes of ten such hours: what was measured goes on, but the clips never take more than the budget allows."""
    return 10 * night.hourly(night.main) + min(10 * night.hourly(night.clips), 10 * budget + burst(budget))


def burst(budget: int) -> int:
    """Bytes that may be used once beyond so many an hour, as the recorder sets it."""
    return budget // 5


def main() -> None:
    budget = round(ARGUMENTS.lossless_gib_per_hour * GIB)
    print(
        f"{ARGUMENTS.minutes:g} min each, {RecordConfig().watch_hz:g} frames/s in the main session, {MARKS_AN_HOUR} "
        f"marks an hour; clips may take {budget / GB:.1f} GB an hour and {burst(budget) / GB:.1f} GB once"
    )
    print(
        "| layout | faces | main GB/h | clips GB | of what the budget allows | clips (cut by the budget) | lost | "
        "10 h GB | times real time |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for layout in ARGUMENTS.layouts:
        made = forms(layout)
        for part in ARGUMENTS.faces:
            night = watch(made, part, ARGUMENTS.minutes * 60, layout)
            allowed = budget * night.seconds / 3600 + burst(budget)
            print(
                f"| {layout} | {part:.0%} | {night.hourly(night.main) / GB:.2f} | {night.clips / GB:.2f} | "
                f"{night.clips / allowed:.0%} | {night.clip_files} ({night.cut_by_budget}) | "
                f"{night.lost + night.failed} | {ten_hours(night, budget) / GB:.1f} | "
                f"{night.seconds / night.wall_s:.1f} |",
                flush=True,
            )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="simulated, each")
    parser.add_argument("--faces", type=float, nargs="+", default=[0.0, 0.1, 1.0], help="part of the time")
    parser.add_argument("--layouts", nargs="+", default=["viewable", "compact"], choices=["viewable", "compact"])
    usual = RecordConfig().lossless_gib_per_hour
    parser.add_argument("--lossless-gib-per-hour", type=float, default=usual, help="that clips of faces may take")
    parser.add_argument("--folder", type=Path, help="where to write; needs some GB")
    return parser.parse_args()


if __name__ == "__main__":
    ARGUMENTS = arguments()
    main()
