"""Observations of the bundled session against its ground truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from recordings.observation import Observation
from recordings.reader import SessionReader
from recordings.samples import bundled_session


@dataclass(frozen=True)
class TruthReport:
    """Errors over the frames of the bundled session.

    ``nme`` is the mean distance of the visible points over that of the outer eye corners (0-based 36 and 45), in
    frames with |yaw| below 30 degrees, where that distance is not foreshortened; ``points_px`` is over all frames.
    """

    frames: int
    with_one_face: int
    ids: int
    nme: float
    points_px: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    center_mm: float
    openness: float
    openness_correlation: float
    eyes_valid: int

    def lines(self) -> list[str]:
        return [f"{name}: {value:.4g}" if isinstance(value, float) else f"{name}: {value}" for name, value in
                self.__dict__.items()]  # fmt: skip


def observe(session: Path, weights: Path | None = None) -> list[Observation]:
    """Every observation of a session with the shipped models."""
    models = load_models(weights_dir=weights)
    try:
        with SessionReader(session) as reader:
            config = PipelineConfig()
            steps = Process(reader.streams, models, config)
            return [steps(s) for s in all_frame_sets(reader, reader.streams, config.synchronize)]
    finally:
        models.close()


def compare(weights: Path | None = None) -> TruthReport:
    """Run the shipped models over the bundled session and measure."""
    session = bundled_session()
    truth: list[dict[str, Any]] = json.loads(session.with_suffix("").with_suffix(".truth.json").read_text())["frames"]
    observations = observe(session, weights)
    nme, px, angles, center, opened = [], [], [], [], []
    ids: set[int] = set()
    one = 0
    for true, seen in zip(truth, observations, strict=True):
        ids |= {f.id for f in seen.faces}
        if len(seen.faces) != 1:
            continue
        one += 1
        face = seen.faces[0]
        points, visible = np.array(true["landmarks"]), np.array(true["visible"], bool)
        if face.landmarks is not None:
            away = np.linalg.norm(face.landmarks.points - points, axis=1)[visible]
            px.append(away.mean())
            if abs(true["yaw_pitch_roll_deg"][0]) < 30:
                nme.append(away.mean() / np.linalg.norm(points[36] - points[45]))
        if face.pose is not None:
            mine = np.array([face.pose.yaw_deg, face.pose.pitch_deg, face.pose.roll_deg])
            angles.append(np.abs(mine - true["yaw_pitch_roll_deg"]))
        if face.head_center_m is not None:
            # Ours lies on the surface of the face, the truth inside the head: compare across the line of sight.
            offset = (np.array(face.head_center_m) - true["head_center_m"])[:2]
            center.append(np.linalg.norm(offset) * 1000)
        if face.eyes is not None:
            opened.append(((face.eyes.right + face.eyes.left) / 2, float(np.mean(true["openness_right_left"]))))
    eyes = np.array(opened) if len(opened) > 1 else np.full((2, 2), np.nan)
    yaw, pitch, roll = np.mean(angles, axis=0) if angles else (np.nan,) * 3
    return TruthReport(
        frames=len(truth),
        with_one_face=one,
        ids=len(ids),
        nme=float(np.mean(nme)),
        points_px=float(np.mean(px)),
        yaw_deg=float(yaw),
        pitch_deg=float(pitch),
        roll_deg=float(roll),
        center_mm=float(np.mean(center)),
        openness=float(np.abs(eyes[:, 0] - eyes[:, 1]).mean()),
        openness_correlation=float(np.corrcoef(eyes.T)[0, 1]),
        eyes_valid=len(opened),
    )
