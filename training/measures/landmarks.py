"""face_landmarks: points, openness and presence."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.card import Measured
from engines.models.face_landmarks import FaceLandmarks, LandmarkResult
from engines.normalise import encode_depth
from training.augment import View, center_distance
from training.close_look import close_view
from training.feed import FaceStore
from training.measures.report import EvaluationError, Report, some
from training.metrics import accuracy, area_under_errors, failure_rate, nme
from training.real_data import KINECT_AWAY, KINECT_TOWARD, RealSample, kinect_person, rap3df
from training.truth import LUMA

MODALITIES = ("gray", "nir", "depth", "thermal")
FRONTAL_DEG = 30.0
LIDS_SEEN = ("gray", "nir")
BLINK_CLOSED, BLINK_OPEN = 0.3, 0.7
CONFIDENT_PX = 4.0

Crop = tuple[NDArray, NDArray[np.bool_] | None]


def crop_of(store: FaceStore, index: int, modality: str, view: View | None = None) -> Crop:
    """The 128 px crop of one sample in one modality, and which of its pixels are valid (None: all)."""
    view = view or View(128)
    if modality == "depth":
        depth = view.labels(store.get("depth_sensor", index)).astype(np.float32)
        code = encode_depth(depth, center_distance(depth))
        return code, code > 0
    if modality == "thermal":
        return view.image(store.get("thermal", index)), None
    if modality == "nir":
        return view.image(store.get("nir", index)), None
    return view.image(cv2.transform(np.ascontiguousarray(store.get("color", index)), LUMA[None])), None


def read_closely(
    model: FaceLandmarks, store: FaceStore, index: int, modality: str, first: NDArray
) -> tuple[NDArray, NDArray]:
    """Points and truth (68, 2) of the look that follows one with the points `first`, in px of its closer crop."""
    matrix = View(128).matrix()
    in_sample = (first - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    view = close_view(in_sample, None)
    return model(*crop_of(store, index, modality, view)).points, view.points(store.get("landmarks", index))


def synthetic(model: FaceLandmarks, store: FaceStore, count: int) -> list[Measured]:
    """Point error, openness and presence in each modality on held-out identities. Raises EvaluationError."""
    faces = store.held_out_faces
    toward = some(faces[store.toward[faces] == 1], count)
    averted = some(store.held_out_averted, count // 2)
    away = np.concatenate([averted, some(store.held_out_clutter, count // 2)])
    if len(toward) == 0:
        raise EvaluationError("There are no held-out faces (identities divisible by ten) among these samples.")
    report = Report("face_landmarks", real=False)
    frontal = np.abs(store.pose[toward, 0]) <= FRONTAL_DEG
    on = f"{len(toward)} rendered faces of held-out identities, |yaw| <= 65 deg"
    truth = [View(128).points(store.get("landmarks", int(i))) for i in toward]
    openness = np.array([store.get("openness", int(i)) for i in toward])
    for modality in MODALITIES:
        found = [model(*crop_of(store, int(i), modality)) for i in toward]
        refused = [model(*crop_of(store, int(i), modality)).presence for i in away]
        errors = np.array([nme(f.points, t) for f, t in zip(found, truth, strict=True)])
        report.add(f"NME by eye distance, {modality}", errors.mean(), "1", on)
        report.add(f"median NME, {modality}", float(np.median(errors)), "1", on)
        if frontal.any():
            near = f"{frontal.sum()} of these with |yaw| <= {FRONTAL_DEG:.0f} deg"
            report.add(f"NME by eye distance, {modality}", errors[frontal].mean(), "1", near)
            report.add(f"failures (NME > 0.10), {modality}", failure_rate(errors[frontal], 0.10), "1", near)
            report.add(f"AUC at 0.08, {modality}", area_under_errors(errors[frontal]), "1", near)
        again = [read_closely(model, store, int(i), modality, f.points) for i, f in zip(toward, found, strict=True)]
        closely = np.array([nme(points, true) for points, true in again])
        report.add(f"NME by eye distance, read again closely, {modality}", closely.mean(), "1", on)
        if frontal.any():
            report.add(f"NME by eye distance, read again closely, {modality}", closely[frontal].mean(), "1", near)
        scores = np.array([f.presence for f in found] + refused)
        is_face = np.arange(len(scores)) < len(found)
        everything = f"{len(toward)} such faces; {len(away)} averted heads and pieces of clutter"
        report.add(f"presence accuracy, {modality}", accuracy(scores, is_face), "1", everything)
        distance = np.array([np.linalg.norm(f.points - t, axis=1) for f, t in zip(found, truth, strict=True)])
        confidence = np.array([f.confidence for f in found])
        report.add(f"mean confidence, {modality}", confidence.mean(), "1", on)
        report.add(f"points within {CONFIDENT_PX:.0f} px, {modality}", (distance < CONFIDENT_PX).mean(), "1", on)
        if modality in LIDS_SEEN:
            _add_openness(report, modality, np.array([f.openness for f in found]), openness, on)
    return report.values


def _add_openness(report: Report, modality: str, found: NDArray, truth: NDArray, on: str) -> None:
    report.add(f"openness MAE, {modality}", np.abs(found - truth).mean(), "1", on)
    report.add(f"the same for always the median, {modality}", np.abs(np.median(truth) - truth).mean(), "1", on)
    closed, open_ = found[truth < BLINK_CLOSED], found[truth > BLINK_OPEN]
    if closed.size and open_.size:
        right = (np.mean(closed < 0.5) + np.mean(open_ >= 0.5)) / 2
        eyes = f"{closed.size} closed and {open_.size} open eyes of these"
        report.add(f"closed from open eyes at 0.5, balanced accuracy, {modality}", float(right), "1", eyes)


def kinect_frames(model: FaceLandmarks, data: Path) -> list[tuple[RealSample, LandmarkResult, LandmarkResult]]:
    """Every frame of kinect_person with what the model says of its gray and of its depth crop."""
    return [(sample, model(sample.gray(128)), model(*_coded(sample))) for sample in kinect_person(data)]


def _coded(sample: RealSample) -> Crop:
    code = sample.code(128)
    return code, code > 0


def real(model: FaceLandmarks, data: Path) -> list[Measured]:
    """Presence on kinect_person and rap3df_set2, and how far gray and depth disagree. Raises RealDataError."""
    report = Report("face_landmarks", real=True)
    frames = kinect_frames(model, data)
    toward, away = f"kinect_person, {len(KINECT_TOWARD)} frames", f"kinect_person, {len(KINECT_AWAY)} frames"
    for position, modality in ((1, "gray"), (2, "depth")):
        seen = np.array([frame[position].presence > 0.5 for frame in frames])
        report.add(
            f"face found where it looks toward the camera, {modality}", seen[list(KINECT_TOWARD)].mean(), "1", toward
        )
        report.add(f"face found where it looks away, {modality}", seen[list(KINECT_AWAY)].mean(), "1", away)
    apart = [nme(frames[i][2].points, frames[i][1].points) for i in KINECT_TOWARD]
    report.add("points in gray and in depth apart, by eye distance", float(np.mean(apart)), "1", toward)
    heads = list(rap3df(data))
    on = f"rap3df_set2, {len(heads)} crops, most turned aside, up or down"
    report.add("face found, gray", float(np.mean([model(s.gray(128)).presence > 0.5 for s in heads])), "1", on)
    report.add("face found, depth", float(np.mean([model(*_coded(s)).presence > 0.5 for s in heads])), "1", on)
    return report.values
