"""What `tapetum evaluate` does: the shipped ONNX files, run as the program runs them, on held-out data.

Needs no torch. Synthetic measures use identities that training never saw; real ones use the development data, which
training never sees at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.card import Measured, load_card
from engines.library import WEIGHTS
from engines.models.depth_to_color import DepthToColor
from engines.models.face_landmarks import FaceLandmarks, LandmarkResult
from engines.models.gray_to_depth import GrayToDepth
from engines.normalise import HALF_RANGE_MM, encode_depth
from engines.select import select_backend
from training.augment import View, center_distance
from training.faces.sample import Tag
from training.feed import FaceStore
from training.metrics import aligned, area_under_errors, failure_rate, intersection_over_union, mean_absolute, nme
from training.networks.registry import find_network
from training.real_data import KINECT_AWAY, KINECT_TOWARD, RealSample, head_ellipse, kinect_person, rap3df
from training.truth import DARKEST_LUMA, person_luma, person_on_backdrop, relief_truth, shrink

MODALITIES = ("gray", "nir", "depth", "thermal")
LUMA = np.array([[0.299, 0.587, 0.114]], np.float32)


class EvaluationError(Exception):
    """There is nothing to evaluate on, or no model of this name can be evaluated."""


def evaluate(
    name: str,
    preset: str = "plus",
    faces: Path | None = None,
    real: Path | None = None,
    weights: Path = WEIGHTS,
    count: int = 400,
) -> list[Measured]:
    """Measure a shipped model on rendered samples (`faces`) and on real recordings (`real`); either may be None.

    Args:
        count: at most so many held-out samples of each sort.

    Raises:
        UnknownNetworkError: there is no such network.
        EvaluationError: it has no evaluation, or neither folder was given.
        EngineError: the model is missing or torn.
        ShardError, RealDataError: a folder is not what was expected.
    """
    spec = find_network(name, preset)
    measures: dict[str, tuple[Callable[..., list[Measured]], Callable[..., list[Measured]]]] = {
        "face_landmarks": (_landmarks_synthetic, _landmarks_real),
        "gray_to_depth": (_relief_synthetic, _relief_real),
        "depth_to_color": (_color_synthetic, _color_real),
    }
    if preset != "plus" or name not in measures:
        raise EvaluationError(f"{spec.key} ships no weights, so there is nothing to evaluate yet.")
    if faces is None and real is None:
        raise EvaluationError("Nothing to evaluate on: name a folder of rendered samples, of real recordings, or both.")
    synthetic, recorded = measures[name]
    model = load_model(name, preset, weights)
    try:
        result: list[Measured] = []
        if faces is not None:
            result += synthetic(model, FaceStore(faces), count)
        if real is not None:
            result += recorded(model, real)
        return result
    finally:
        model.close()


def load_model(name: str, preset: str = "plus", weights: Path = WEIGHTS) -> FaceLandmarks | GrayToDepth | DepthToColor:
    """The model of a card `NAME-PRESET.json` in `weights`, on the backend that this machine prefers.

    Raises:
        EngineError: the card or the model is missing or torn.
    """
    card = load_card(weights / f"{name}-{preset}.json")
    backend, _ = select_backend(card, None, None)
    kinds = {"face_landmarks": FaceLandmarks, "gray_to_depth": GrayToDepth, "depth_to_color": DepthToColor}
    return kinds[name](backend, card)


def _measured(metric: str, value: float, unit: str, on: str, name: str, real: bool) -> Measured:
    where = "--real DATA" if real else "--faces SAMPLES"
    return Measured(
        metric=metric, value=round(float(value), 4), unit=unit, on=on, command=f"tapetum evaluate {name} {where}"
    )


def _some(indices: NDArray, count: int) -> NDArray:
    return indices[np.random.default_rng(0).permutation(len(indices))[:count]]


# --- face_landmarks


def landmark_input(store: FaceStore, index: int, modality: str) -> tuple[NDArray, NDArray[np.bool_] | None]:
    """The 128 px crop of one sample in one modality, and which of its pixels are valid (None: all)."""
    view = View(128)
    if modality == "depth":
        depth = view.labels(store.get("depth_sensor", index)).astype(np.float32)
        code = encode_depth(depth, center_distance(depth))
        return code, code > 0
    if modality == "thermal":
        return view.image(store.get("thermal", index)), None
    if modality == "nir":
        return view.image(store.get("nir", index)), None
    return view.image(cv2.transform(np.ascontiguousarray(store.get("color", index)), LUMA)), None


def _landmarks_synthetic(model: FaceLandmarks, store: FaceStore, count: int) -> list[Measured]:
    faces = store.held_out_faces
    toward = _some(faces[store.toward[faces] == 1], count)
    away = np.concatenate(
        [_some(faces[store.toward[faces] == 0], count // 2), _some(store.held_out_clutter, count // 2)]
    )
    if len(toward) == 0:
        raise EvaluationError("There are no held-out faces (identities divisible by ten) among these samples.")
    on = f"{len(toward)} rendered faces of held-out identities, |yaw| <= 65 deg"
    on_all = f"{on}; {len(away)} averted heads and clutter"
    result: list[Measured] = []
    for modality in MODALITIES:
        errors, eye_errors, hits = [], [], []
        for index in toward:
            found = model(*landmark_input(store, int(index), modality))
            truth = View(128).points(store.get("landmarks", int(index)))
            errors.append(nme(found.points, truth))
            eye_errors += list(np.abs(found.openness - store.get("openness", int(index))))
            hits.append(found.presence > 0.5)
        wrong = [model(*landmark_input(store, int(i), modality)).presence > 0.5 for i in away]
        result += [
            _measured(f"NME by eye distance, {modality}", float(np.mean(errors)), "1", on, "face_landmarks", False),
            _measured(f"median NME, {modality}", float(np.median(errors)), "1", on, "face_landmarks", False),
            _measured(
                f"failures (NME > 0.10), {modality}",
                failure_rate(np.array(errors), 0.10),
                "1",
                on,
                "face_landmarks",
                False,
            ),
            _measured(
                f"AUC at 0.08, {modality}", area_under_errors(np.array(errors)), "1", on, "face_landmarks", False
            ),
            _measured(
                f"presence accuracy, {modality}",
                float(np.mean(hits + [not w for w in wrong])),
                "1",
                on_all,
                "face_landmarks",
                False,
            ),
        ]
        if modality in ("gray", "nir"):
            result.append(
                _measured(f"openness MAE, {modality}", float(np.mean(eye_errors)), "1", on, "face_landmarks", False)
            )
    return result


def kinect_landmarks(model: FaceLandmarks, real: Path) -> list[tuple[RealSample, LandmarkResult, LandmarkResult]]:
    """Every frame of kinect_person with what the model says of its gray and its depth crop."""
    return [(sample, model(sample.gray(128)), model(*_coded(sample))) for sample in kinect_person(real)]


def _coded(sample: RealSample) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    code = sample.code(128)
    return code, code > 0


def _landmarks_real(model: FaceLandmarks, real: Path) -> list[Measured]:
    frames = kinect_landmarks(model, real)
    result: list[Measured] = []
    for position, modality in ((1, "gray"), (2, "depth")):
        seen = np.array([frame[position].presence > 0.5 for frame in frames])
        result += [
            _measured(
                f"presence where the face looks toward the camera, {modality}",
                float(seen[list(KINECT_TOWARD)].mean()),
                "1",
                f"kinect_person, {len(KINECT_TOWARD)} frames",
                "face_landmarks",
                True,
            ),
            _measured(
                f"presence where it looks away, {modality}",
                float(seen[list(KINECT_AWAY)].mean()),
                "1",
                f"kinect_person, {len(KINECT_AWAY)} frames",
                "face_landmarks",
                True,
            ),
        ]
    apart = [nme(frame[2].points, frame[1].points) for i, frame in enumerate(frames) if i in KINECT_TOWARD]
    result.append(
        _measured(
            "distance between the points found in gray and in depth, by eye distance",
            float(np.mean(apart)),
            "1",
            f"kinect_person, {len(KINECT_TOWARD)} frames",
            "face_landmarks",
            True,
        )
    )
    return result


# --- gray_to_depth


def _relief_synthetic(model: GrayToDepth, store: FaceStore, count: int) -> list[Measured]:
    chosen = _some(store.held_out_faces, count)
    if len(chosen) == 0:
        raise EvaluationError("There are no held-out faces (identities divisible by ten) among these samples.")
    on = f"{len(chosen)} rendered heads of held-out identities"
    result: list[Measured] = []
    for modality in ("gray", "nir"):
        errors, flat, overlaps = [], [], []
        for index in chosen:
            truth = relief_truth(store, int(index), View(96))
            source = (
                store.get("nir", int(index))
                if modality == "nir"
                else cv2.transform(np.ascontiguousarray(store.get("color", int(index))), LUMA)
            )
            found = model(np.clip(np.rint(shrink(source, View(96), cv2.BORDER_REFLECT_101)), 0, 255).astype(np.uint8))
            both = truth.counts & np.isfinite(found.relief_mm)
            wanted = (truth.code - 1) * (HALF_RANGE_MM / 127) - HALF_RANGE_MM
            errors.append(mean_absolute(found.relief_mm, wanted, both))
            flat.append(mean_absolute(np.zeros_like(wanted), wanted, both))
            known = View(96).labels(store.get("foreground", int(index))) % 255 == 0
            overlaps.append(intersection_over_union((found.foreground >= 0.5) & known, truth.person & known))
        result += [
            _measured(
                f"depth MAE inside the found person, {modality}",
                float(np.nanmean(errors)),
                "mm",
                on,
                "gray_to_depth",
                False,
            ),
            _measured(
                f"the same for a flat face (z = D), {modality}",
                float(np.nanmean(flat)),
                "mm",
                on,
                "gray_to_depth",
                False,
            ),
            _measured(f"foreground IoU, {modality}", float(np.mean(overlaps)), "1", on, "gray_to_depth", False),
        ]
    return result


def _relief_real(model: GrayToDepth, real: Path) -> list[Measured]:
    ellipse = head_ellipse(96)
    samples = list(rap3df(real))
    depths = np.stack([s.depth(96).astype(np.float64) for s in samples])
    distance = np.array([s.head.distance_mm for s in samples])
    offset = depths - distance[:, None, None]
    counts = (depths > 0) & (np.abs(offset) <= HALF_RANGE_MM) & ellipse
    subject = np.array([s.subject for s in samples])
    rows: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for who in np.unique(subject):
        others = subject != who
        n = counts[others].sum(0)
        mean = np.where(n > 0, np.where(counts[others], offset[others], 0).sum(0) / np.maximum(n, 1), 0)
        for i in np.flatnonzero(~others):
            if counts[i].sum() <= 200:
                continue
            result = model(samples[i].gray(96))
            # the program shows relief on the found person only; outside it the head's own distance stands
            found = np.where(np.isfinite(result.relief_mm), -result.relief_mm, 0.0)
            truth, m = offset[i], counts[i]
            for key in ("all", samples[i].pose):
                rows[key]["model"].append(mean_absolute(found, truth, m))
                rows[key]["model, scale and shift fitted"].append(mean_absolute(aligned(found[m], truth[m]), truth[m]))
                rows[key]["flat (z = D)"].append(mean_absolute(0 * truth, truth, m))
                rows[key]["flat, shift fitted"].append(mean_absolute(np.full(m.sum(), truth[m].mean()), truth[m]))
                rows[key]["mean of other people"].append(mean_absolute(mean, truth, m))
                rows[key]["mean of other people, scale and shift fitted"].append(
                    mean_absolute(aligned(mean[m], truth[m]), truth[m])
                )
    return [
        _measured(
            f"depth MAE in the head's ellipse, {who}",
            float(np.mean(values)),
            "mm",
            f"rap3df_set2, pose {pose}, {len(values)} crops",
            "gray_to_depth",
            True,
        )
        for pose, row in rows.items()
        for who, values in row.items()
    ]


# --- depth_to_color


def _color_synthetic(model: DepthToColor, store: FaceStore, count: int) -> list[Measured]:
    faces = store.held_out_faces
    daylight = _some(faces[(store.tags[faces] & Tag.NIGHT) == 0], count)
    chosen = [int(index) for index in daylight if person_luma(store, int(index)) >= DARKEST_LUMA]
    if len(chosen) == 0:
        raise EvaluationError("There are no held-out faces in good light among these samples.")
    errors = []
    for index in chosen:
        depth = View(64).labels(store.get("depth_sensor", int(index))).astype(np.float32)
        person, color = person_on_backdrop(store, int(index), View(64))
        found = model(encode_depth(depth, center_distance(depth, half=3))).color
        errors.append(mean_absolute(found, color, np.broadcast_to((person > 0.5)[..., None], color.shape)))
    on = f"{len(chosen)} rendered heads of held-out identities in good light, evenly exposed"
    return [_measured("L1 on the person, 0..255", float(np.nanmean(errors)), "levels", on, "depth_to_color", False)]


def _color_real(model: DepthToColor, real: Path) -> list[Measured]:
    ellipse = np.broadcast_to(head_ellipse(64)[..., None], (64, 64, 3))
    samples = list(rap3df(real))
    colors = np.stack([s.head.cut(s.color, 64) for s in samples]).astype(np.float64)
    subject = np.array([s.subject for s in samples])
    errors: dict[str, list[float]] = defaultdict(list)
    for who in np.unique(subject):
        mean = colors[subject != who].mean(0)
        for i in np.flatnonzero(subject == who):
            errors["model"].append(mean_absolute(model(samples[i].code(64)).color, colors[i], ellipse))
            errors["mean colour of other people"].append(mean_absolute(mean, colors[i], ellipse))
    return [
        _measured(
            f"L1 in the head's ellipse, 0..255, {who}",
            float(np.mean(values)),
            "levels",
            f"rap3df_set2, {len(values)} crops",
            "depth_to_color",
            True,
        )
        for who, values in errors.items()
    ]
