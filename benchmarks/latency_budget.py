"""What a latency budget costs and gives: faces followed where the landmark model rests.

python -m benchmarks.latency_budget [SESSION...] [--slow-ms 40] [--budget-ms 80 50 30] [--weights DIR]

First, on sessions that carry a truth: landmarks and pose with the landmark model on every n-th FrameSet, of all faces
and of those alone that were followed. Then the time: the same steps with a landmark model that takes so many
milliseconds more per crop (it waits, so that a busy machine does not stretch it), n fixed, and chosen from a budget.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from drivers.frame import Extrinsics, FrameSet, StreamInfo
from engines.loading import Models, load_models
from pipeline.config import PipelineConfig
from pipeline.pacing import Pacer
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from recordings.observation import Face, Observation
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from recordings.samples.truth import FrameTruth, MarksTruth, PersonTruth, read_truth
from tests.helpers.truth import match, must_be_found, pose_in

EVERY = (1, 2, 3, 4, 8)
LANDMARKS = frozenset({"face_landmarks"})
CAMERAS: tuple[tuple[tuple[str, ...] | None, str], ...] = (
    (None, "infrared"),
    (("color",), "color"),
    (("thermal",), "thermal"),
)

Rests = Callable[[int], frozenset[str]]


class SlowLandmarks:
    """The landmark model with so many seconds more per crop: slow as a paper-size network, with the shipped results."""

    def __init__(self, model: Any, seconds: float) -> None:
        self._model, self._seconds = model, seconds
        self.size, self.card, self.crops = model.size, model.card, 0

    def many(self, crops: Sequence[Any], valids: Sequence[Any]) -> Any:
        self.crops += len(crops)
        time.sleep(self._seconds * len(crops))
        return self._model.many(crops, valids)


@dataclass
class Errors:
    """Of faces that must be found: read by the model, or followed."""

    due: int = 0
    found: int = 0
    followed: int = 0
    nme: list[float] = field(default_factory=list)
    nme_followed: list[float] = field(default_factory=list)
    pose: list[float] = field(default_factory=list)
    pose_followed: list[float] = field(default_factory=list)
    eyes: int = 0

    def add(self, person: PersonTruth, marks: MarksTruth, face: Face | None, info: StreamInfo) -> None:
        if not must_be_found(person, marks, info):
            return
        self.due += 1
        if face is None:
            return
        self.found += 1
        self.eyes += face.eyes is not None
        followed = "followed for" in face.invalid.get("landmarks", "")
        self.followed += followed
        frontal = abs(person.pose.yaw_deg) < 30.0
        if face.landmarks is not None and frontal:
            error = np.linalg.norm(face.landmarks.points - marks.points, axis=1)[marks.visible].mean()
            nme = float(error / np.linalg.norm(marks.points[36] - marks.points[45]))
            self.nme.append(nme)
            if followed:
                self.nme_followed.append(nme)
        if face.pose is not None and frontal:
            true = pose_in(person.pose, info.extrinsics or Extrinsics())
            off = float(
                np.abs(
                    [
                        face.pose.yaw_deg - true.yaw_deg,
                        face.pose.pitch_deg - true.pitch_deg,
                        face.pose.roll_deg - true.roll_deg,
                    ]
                ).mean()
            )
            self.pose.append(off)
            if followed:
                self.pose_followed.append(off)

    def row(self, every: int) -> str:
        return (
            f"{every:5} {self.found:4}/{self.due:<4} {self.followed:8} {100 * _mean(self.nme):7.2f}"
            f" {100 * _mean(self.nme_followed):9.2f} {_mean(self.pose):7.2f}"
            f" {_mean(self.pose_followed):9.2f} {self.eyes:6}"
        )


def run(
    frame_sets: Sequence[FrameSet], streams: Sequence[StreamInfo], models: Models, rests: Rests
) -> list[Observation]:
    """The observations of a session whose models rest as told."""
    steps = Process(streams, models, PipelineConfig())
    return [steps(one, rests(index)) for index, one in enumerate(frame_sets)]


def every_nth(n: int) -> Rests:
    """The landmark model on every n-th FrameSet."""
    return lambda index: frozenset() if index % n == 0 else LANDMARKS


def accuracy(path: Path, streams: Sequence[str] | None, marks_in: str, models: Models) -> None:
    """One table: a row for each n, over all people of a session."""
    with SessionReader(path) as reader:
        truth = read_truth(reader)
        if truth is None:
            print(f"{path}: carries no truth")
            return
        chosen = [s for s in reader.streams if streams is None or s.name in streams]
        info = next(s for s in reader.streams if s.name == marks_in)
        frame_sets = list(all_frame_sets(reader, chosen, PipelineConfig().synchronize))
    print(f"\n{path.stem}, {' + '.join(s.name for s in chosen)}: {len(frame_sets)} FrameSets")
    print("every  found     followed   nme %  followed    pose  followed   eyes")
    for n in EVERY:
        errors, false = Errors(), 0
        for frame, seen in zip(truth.frames, run(frame_sets, chosen, models, every_nth(n)), strict=True):
            false += _add(errors, frame, seen, marks_in, info)
        print(errors.row(n) + (f"  ({false} false)" if false else ""))


def _add(errors: Errors, frame: FrameTruth, seen: Observation, marks_in: str, info: StreamInfo) -> int:
    matched, false = match(frame, seen.faces, marks_in)
    for person in frame.people:
        errors.add(person, person.marks[marks_in], matched.get(person.id), info)
    return false


def speed(path: Path, models: Models, slow_ms: float, budgets_ms: Sequence[float]) -> None:
    """Mean processing time with a slow landmark model, n fixed and chosen from a budget."""
    assert models.face_landmarks is not None
    with SessionReader(path) as reader:
        streams, config = reader.streams, PipelineConfig()
        frame_sets = list(all_frame_sets(reader, streams, config.synchronize))
    slow = SlowLandmarks(models.face_landmarks, slow_ms / 1000.0)
    slowed = replace(models, face_landmarks=slow)  # type: ignore[arg-type]  # it stands in for the model, whole
    print(f"\n{path.stem}: landmarks take {slow_ms:g} ms more a crop, {len(frame_sets)} FrameSets")
    print("  every   mean ms  p95 ms  landmarks  follow  generate  crops")
    run(frame_sets[:20], streams, slowed, every_nth(1))
    for n in EVERY:
        steps, slow.crops = Process(streams, slowed, config), 0
        spent: dict[str, list[float]] = defaultdict(list)
        for index, one in enumerate(frame_sets):
            steps(one, every_nth(n)(index))
            _note(spent, steps)
        print(f"  {n:5} {_times(spent)} {slow.crops:6}", flush=True)
    for budget in budgets_ms:
        steps, pacer, spent, note = Process(streams, slowed, config), Pacer(budget), defaultdict(list), ""
        for turn in range(2):  # the first time is for measuring
            spent.clear()
            steps.reset()
            slow.crops = 0
            for one in frame_sets:
                pace = pacer.plan(steps.paced)
                steps(one, pace.rests)
                pacer.took(steps.timings, steps.model_seconds)
                _note(spent, steps)
                note = pace.note if turn else note
        print(f"  {budget:3g} ms {_times(spent)} {slow.crops:6}  {note}", flush=True)


def _note(spent: dict[str, list[float]], steps: Process) -> None:
    spent["all"].append(sum(steps.timings.values()))
    spent["landmarks"].append(steps.model_seconds["face_landmarks"])
    spent["follow"].append(steps.timings["follow"])
    spent["generate"].append(sum(s for name, s in steps.model_seconds.items() if name != "face_landmarks"))


def _times(spent: dict[str, list[float]]) -> str:
    mean = {name: 1e3 * float(np.mean(values)) for name, values in spent.items()}
    p95 = 1e3 * float(np.percentile(spent["all"], 95))
    return f"{mean['all']:9.2f} {p95:7.2f} {mean['landmarks']:10.2f} {mean['follow']:7.2f} {mean['generate']:9.2f}"


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="*", type=Path, help="sessions that carry a truth; default: the bundled ones")
    parser.add_argument("--slow-ms", type=float, default=40.0, help="added per landmark crop; 0: no speed")
    parser.add_argument("--budget-ms", type=float, nargs="*", default=[80.0, 50.0, 30.0], help="budgets to try")
    parser.add_argument("--weights", type=Path, help="folder with other weights than the shipped ones")
    arguments = parser.parse_args()
    models = load_models(weights_dir=arguments.weights)
    try:
        for path in arguments.sessions or [bundled_session(name) for name in BUNDLED]:
            with SessionReader(path) as reader:
                names = {stream.name for stream in reader.streams}
            for streams, marks_in in CAMERAS:
                if marks_in in names:
                    accuracy(path, streams, marks_in, models)
            if arguments.slow_ms > 0:
                speed(path, models, arguments.slow_ms, arguments.budget_ms)
    finally:
        models.close()


if __name__ == "__main__":
    main()
