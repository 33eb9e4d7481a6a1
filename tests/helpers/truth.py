"""Observations of the bundled sessions against the truth inside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from drivers.frame import Extrinsics, StreamInfo
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from recordings.observation import Box, Face, HeadPose, Observation
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from recordings.samples.truth import FrameTruth, MarksTruth, PersonTruth, SessionTruth, read_truth

INNER = slice(17, 68)
"""The landmarks without the jaw line."""
TOWARD_DEG = 60.0
FRONTAL_DEG = 30.0
SEEN_SHARE = 0.5


@dataclass(frozen=True)
class PersonReport:
    """Errors of one person over a session; means, NaN where nothing was read.

    ``due`` frames are those in which the person must be found: turned by less than 60 degrees, half of the inner
    landmarks visible (under a mask: of those that it leaves free), no point of the face outside the picture. ``nme``
    is the mean distance of the visible points over that of the outer eye corners (0-based 36 and 45), in frames with
    |yaw| below 30 degrees, where that distance is not foreshortened; pose and openness are over the same frames.
    ``wide_pose_deg`` is over all due frames.
    """

    person: int
    due: int
    found: int
    ids: int
    distance_m: float
    """Of the person, on average."""
    eye_px: float
    """Between the outer eye corners, in frontal frames."""
    nme: float
    points_px: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    wide_pose_deg: float
    openness: float
    openness_correlation: float
    distance_cm: float
    center_mm: float


@dataclass(frozen=True)
class TruthReport:
    """One session, seen through one set of streams."""

    session: str
    streams: tuple[str, ...]
    frames: int
    false_boxes: int
    """Faces reported where nobody is, over all frames."""
    people: tuple[PersonReport, ...]
    observations: tuple[Observation, ...] = field(repr=False, default=())
    truth: SessionTruth = field(repr=False, default=SessionTruth((), ()))

    def lines(self) -> list[str]:
        """A table, a row a person."""
        out = [
            f"{self.session}, {' + '.join(self.streams)}: {self.frames} frames, {self.false_boxes} false boxes",
            "  person  at m  eyes px  found      ids  nme %    px  yaw  pitch  roll  all  open  corr  dist cm  centre",
        ]
        for p in self.people:
            out.append(
                f"  {p.person:6} {p.distance_m:5.2f} {p.eye_px:8.1f} {p.found:5}/{p.due:<5}{p.ids:4} {100 * p.nme:6.2f}"
                f" {p.points_px:5.2f} {p.yaw_deg:4.1f} {p.pitch_deg:6.1f} {p.roll_deg:5.1f} {p.wide_pose_deg:4.1f}"
                f" {p.openness:5.3f} {p.openness_correlation:5.2f} {p.distance_cm:8.1f} {p.center_mm:7.1f}"
            )
        return out


def observe(session: Path, weights: Path | None = None, streams: Sequence[str] | None = None) -> list[Observation]:
    """Every observation of a session with the shipped models, of all its streams or of the named ones alone."""
    models = load_models(weights_dir=weights)
    try:
        with SessionReader(session) as reader:
            config = PipelineConfig()
            chosen = [s for s in reader.streams if streams is None or s.name in streams]
            steps = Process(chosen, models, config)
            return [steps(s) for s in all_frame_sets(reader, chosen, config.synchronize)]
    finally:
        models.close()


def compare(
    name: str = "night-drive",
    streams: Sequence[str] | None = None,
    marks_in: str = "infrared",
    weights: Path | None = None,
) -> TruthReport:
    """Run the shipped models over a bundled session and measure.

    Args:
        streams: which streams the pipeline gets; None is all.
        marks_in: the stream in whose pixels it then reports faces.
    """
    return compare_session(bundled_session(name), streams, marks_in, weights)


def compare_session(
    session: Path, streams: Sequence[str] | None = None, marks_in: str = "infrared", weights: Path | None = None
) -> TruthReport:
    """The same for any session that carries such a truth."""
    with SessionReader(session) as reader:
        truth = read_truth(reader)
        info = next(s for s in reader.streams if s.name == marks_in)
        used = tuple(s.name for s in reader.streams if streams is None or s.name in streams)
    assert truth is not None, f"{session} carries no truth"
    observations = observe(session, weights, streams)
    assert len(observations) == len(truth.frames)
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    false_boxes = 0
    for frame, seen in zip(truth.frames, observations, strict=True):
        matched, false = match(frame, seen.faces, marks_in)
        false_boxes += false
        for person in frame.people:
            tallies[person.id].add(person, person.marks[marks_in], matched.get(person.id), info)
    people = tuple(tallies[number].report(number) for number in sorted(tallies))
    return TruthReport(session.stem, used, len(truth.frames), false_boxes, people, tuple(observations), truth)


def match(frame: FrameTruth, faces: Sequence[Face], stream: str) -> tuple[dict[int, Face], int]:
    """Each person's face, the nearest whose box has its centre in the true one enlarged by half; and faces of nobody.

    Several faces on one person count as false but for the first; a face on somebody who is turned away or hidden is
    not false.
    """
    pairs = []
    for person in frame.people:
        box = person.marks[stream].box
        for index, face in enumerate(faces):
            away = _away(face.box, box)
            if away <= 1.0:
                pairs.append((away, person.id, index))
    matched: dict[int, Face] = {}
    taken: set[int] = set()
    for _, number, index in sorted(pairs):
        if number not in matched and index not in taken:
            matched[number] = faces[index]
            taken.add(index)
    return matched, len(faces) - len(taken)


def must_be_found(person: PersonTruth, marks: MarksTruth, info: StreamInfo) -> bool:
    """Whether a finder that works finds this person."""
    x, y = marks.points.T
    inside = (x.min() >= 0) & (y.min() >= 0) & (x.max() <= info.width - 1) & (y.max() <= info.height - 1)
    free = marks.visible[17:48] if person.masked else marks.visible[INNER]
    return bool(inside and abs(person.pose.yaw_deg) < TOWARD_DEG and free.mean() >= SEEN_SHARE)


def pose_in(pose: HeadPose, extrinsics: Extrinsics) -> HeadPose:
    """A pose in the rig's axes, in those of one camera."""
    return HeadPose.from_rotation(extrinsics.matrix().T @ pose.rotation())


def _away(box: Box, true: Box) -> float:
    """Distance of the centres, in half sides of the true box enlarged by half."""
    dx = abs(box.center[0] - true.center[0]) / (0.75 * true.w)
    dy = abs(box.center[1] - true.center[1]) / (0.75 * true.h)
    return max(dx, dy)


class _Tally:
    """Collects what is measured of one person."""

    def __init__(self) -> None:
        self.due = 0
        self.ids: set[int] = set()
        self.found = 0
        self.values: dict[str, list[float]] = defaultdict(list)
        self.angles: list[np.ndarray] = []

    def add(self, person: PersonTruth, marks: MarksTruth, face: Face | None, info: StreamInfo) -> None:
        if face is not None:
            self.ids.add(face.id)
        if not must_be_found(person, marks, info):
            return
        self.due += 1
        put = self.values
        put["away_m"].append(person.distance_m)
        frontal = abs(person.pose.yaw_deg) < FRONTAL_DEG
        if frontal:
            put["eye_px"].append(float(np.linalg.norm(marks.points[36] - marks.points[45])))
        if face is None:
            return
        self.found += 1
        if face.landmarks is not None:
            error = float(np.linalg.norm(face.landmarks.points - marks.points, axis=1)[marks.visible].mean())
            put["px"].append(error)
            if frontal:
                put["nme"].append(error / put["eye_px"][-1])
        if face.pose is not None:
            true = pose_in(person.pose, info.extrinsics or Extrinsics())
            off = np.abs(
                [
                    face.pose.yaw_deg - true.yaw_deg,
                    face.pose.pitch_deg - true.pitch_deg,
                    face.pose.roll_deg - true.roll_deg,
                ]
            )
            put["wide"].append(float(off.mean()))
            if frontal:
                self.angles.append(off)
        if face.head_center_m is not None:
            # Ours lies on the surface of the face, the truth inside the head: compare across the line of sight.
            true_center = (info.extrinsics or Extrinsics()).from_rig(np.array([person.head_center_m]))[0]
            put["center"].append(float(np.linalg.norm(np.array(face.head_center_m)[:2] - true_center[:2])) * 1000)
        if face.distance_m is not None:
            put["distance"].append(100 * abs(face.distance_m - person.distance_m))
        if face.eyes is not None and frontal:
            put["open"].append((face.eyes.right + face.eyes.left) / 2)
            put["truly_open"].append(float(np.mean(person.openness)))

    def report(self, number: int) -> PersonReport:
        yaw, pitch, roll = np.mean(self.angles, axis=0) if self.angles else (np.nan,) * 3
        mine, true = np.array(self.values["open"]), np.array(self.values["truly_open"])
        varies = len(mine) > 2 and mine.std() > 0 and true.std() > 0
        return PersonReport(
            person=number,
            due=self.due,
            found=self.found,
            ids=len(self.ids),
            distance_m=self._mean("away_m"),
            eye_px=self._mean("eye_px"),
            nme=self._mean("nme"),
            points_px=self._mean("px"),
            yaw_deg=float(yaw),
            pitch_deg=float(pitch),
            roll_deg=float(roll),
            wide_pose_deg=self._mean("wide"),
            openness=float(np.abs(mine - true).mean()) if len(mine) else float("nan"),
            openness_correlation=float(np.corrcoef(mine, true)[0, 1]) if varies else float("nan"),
            distance_cm=self._mean("distance"),
            center_mm=self._mean("center"),
        )

    def _mean(self, name: str) -> float:
        return float(np.mean(self.values[name])) if self.values[name] else float("nan")
