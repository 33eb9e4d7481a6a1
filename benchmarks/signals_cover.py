"""How well the signals `face_covered` and `glasses` tell masks, hands and spectacles, by each kind of camera.

python -m benchmarks.signals_cover --faces SAMPLES [SAMPLES ...] [--most 2500] [--fit]

SAMPLES are folders of rendered faces (python -m training.faces.render). Points and confidences are those of the
shipped landmark model in the near-infrared picture; `thermal` and `depth_sensor` are what the rig's sensors gave.
People with an even number fit the weights (--fit prints them for pipeline/signals/cover.py), the others measure. A face
counts as covered where a mask, a hand or cloth lies on 60 % of what the true landmarks bound from nose to chin, as free
where on less than 5 %.

Then the bundled sessions, run through the pipeline: one of the street's three people wears a mask, and the driver puts
glasses on.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, Intrinsics, KelvinMap, StreamInfo, StreamKind
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.signals import cover_clues
from pipeline.signals.cover import Cover
from pipeline.signals.sight import OtherView, Points, Sight
from pipeline.signals.warm_look import WarmLook, warm_look
from pipeline.steps.register import Registrar
from recordings.observation import Box, Face, HeadPose, Landmarks, SignalValue
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from recordings.samples.truth import PersonTruth, read_truth
from tests.helpers.truth import match
from training.faces.materials import Material
from training.faces.sample import SIZE, FaceSample, Tag
from training.faces.shards import ShardSet

CROP = 128
EDGE = (SIZE - CROP) // 2


def _same(points: Points) -> Points:
    return points


def sight_of(sample: FaceSample, points: NDArray[np.float32], sure: NDArray[np.float32]) -> Sight:
    """What the signals are given of a rendered sample."""
    fx, fy, cx, cy = (float(v) for v in sample.intrinsics)
    lens = Intrinsics(SIZE, SIZE, fx, fy, cx, cy)
    marks = Landmarks(points, sure)
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    yaw, pitch, roll = (float(a) for a in sample.pose_deg)
    face = Face(
        1,
        "infrared",
        Box(left, top, right - left, bottom - top),
        0.9,
        distance_m=float(sample.distance_mm) / 1000.0,
        landmarks=marks,
        pose=HeadPose(yaw, pitch, roll),
    )
    info = StreamInfo("infrared", StreamKind.INFRARED, SIZE, SIZE, "uint8", intrinsics=lens)
    warm = StreamInfo("thermal", StreamKind.THERMAL, SIZE, SIZE, "uint16", kelvin=KelvinMap(0.01), intrinsics=lens)
    view = OtherView(Frame(warm, np.asarray(sample.thermal), 1, 1, 2), _same)
    return Sight(
        1_000_000_000,
        face,
        marks,
        info,
        lens,
        gray=np.ascontiguousarray(sample.nir),
        depth_mm=np.ascontiguousarray(sample.depth_sensor),
        others={"thermal": view},
    )


def truth_of(sample: FaceSample) -> tuple[float, float, bool]:
    """Share of the lower face under a mask, under a hand or cloth, and whether there are spectacles."""
    outline = np.concatenate([sample.landmarks[4:13], sample.landmarks[[35, 33, 31]]]).round().astype(np.int32)
    inside = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillPoly(inside, [outline], 1)
    here = sample.material[inside > 0]
    if not here.size:
        return 0.0, 0.0, False
    mask = float((here == Material.MASK).mean())
    hand = float(((here == Material.HAND) | (here == Material.CLOTH)).mean())
    return mask, hand, bool(int(sample.tags) & (Tag.GLASSES | Tag.SUNGLASSES))


def collect(folders: list[Path], most: int) -> list[tuple[int, tuple[float, float, bool], Sight]]:
    """Samples that look toward the camera: (identity, truth, sight); all that are covered and a share of the others."""
    models = load_models("onnxruntime", threads=1, names=["face_landmarks"])
    assert models.face_landmarks is not None
    rng = np.random.default_rng(5)
    out: list[tuple[int, tuple[float, float, bool], Sight]] = []
    try:
        for folder in folders:
            store = ShardSet(folder)
            tags, poses, toward = (store.column(n) for n in ("tags", "pose_deg", "toward_camera"))
            good = (toward == 1) & (np.abs(poses[:, 0]) < 45) & (np.abs(poses[:, 1]) < 30)
            covered = (tags & (Tag.MASK | Tag.HAND)) != 0
            wanted = np.flatnonzero(good & (covered | (rng.random(len(tags)) < 0.2)))
            rng.shuffle(wanted)
            for index in wanted[: most // len(folders)].tolist():
                sample = store.read(index)
                crop = np.ascontiguousarray(sample.nir[EDGE : EDGE + CROP, EDGE : EDGE + CROP])
                read = models.face_landmarks.many([crop], [None])[0]
                if read.presence < 0.3 or not np.isfinite(read.points).all():
                    continue
                points = (read.points + EDGE).astype(np.float32)
                out.append((int(sample.identity), truth_of(sample), sight_of(sample, points, read.confidence)))
    finally:
        models.close()
    return out


def clues_of(sight: Sight) -> dict[str, tuple[float, ...] | None]:
    look = warm_look(sight)
    warm = cover_clues.warm_clues(look) if isinstance(look, WarmLook) else None
    depth = cover_clues.depth_clues(sight)
    assert sight.landmarks is not None
    return {
        "cover sure": cover_clues.sure_clues(sight.landmarks),
        "cover picture": cover_clues.picture_clues(sight),
        "cover warm": None if warm is None else warm[0],
        "cover depth": None if depth is None else depth[0],
        "hand sure": cover_clues.sure_clues(sight.landmarks),
        "hand warm": None if warm is None else warm[0],
        "hand depth": None if depth is None else depth[0],
        "glasses picture": cover_clues.frame_clues(sight),
        "glasses warm": None if warm is None else warm[1],
        "glasses depth": None if depth is None else depth[1],
    }


def logistic(x: NDArray[np.float64], y: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights (columns, then the constant) by Newton's method with a small ridge; both classes count the same."""
    columns = np.column_stack([x, np.ones(len(x))])
    weight = np.where(y, 0.5 / max(y.mean(), 1e-6), 0.5 / max(1 - y.mean(), 1e-6))
    w = np.zeros(columns.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(columns @ w, -30, 30)))
        slope = columns.T @ (weight * (p - y)) + 0.5 * w
        curve = (columns * (weight * p * (1 - p))[:, None]).T @ columns + 0.5 * np.eye(len(w))
        w = w - np.linalg.solve(curve, slope)
    return w


def auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Chance that a positive one scores higher."""
    if not len(positive) or not len(negative):
        return float("nan")
    order = np.concatenate([positive, negative]).argsort().argsort()
    return float(
        (order[: len(positive)].sum() - len(positive) * (len(positive) - 1) / 2) / len(positive) / len(negative)
    )


def rates(
    name: str, value: NDArray[np.float64], sure: NDArray[np.float64], y: NDArray[np.bool_], told: NDArray[np.bool_]
) -> None:
    for least in (0.0, 0.3, 0.5):
        use = told & (sure >= least)
        hit = value[use] >= 0.5
        print(
            f"  {name}, confidence >= {least:.1f}: told {100 * use.mean():5.1f} %,"
            f" found {100 * hit[y[use]].mean():5.1f} % of {y[use].sum()}, false {100 * hit[~y[use]].mean():5.1f} % of"
            f" {(~y[use]).sum()},"
            f" AUC {auc(value[use & y], value[use & ~y]):.3f}"
        )


def projector(source: StreamInfo, target: StreamInfo, distance_m: float) -> Callable[[Points], Points]:
    """Pixels of one stream to those of another, for points at a distance from the first."""
    here, there = source.intrinsics, target.intrinsics
    assert here is not None
    assert there is not None

    def project(points: Points) -> Points:
        placed = source.extrinsics.to_rig(here.back_project(points, distance_m, undistort=True))
        return there.project(target.extrinsics.from_rig(placed), distort=True)

    return project


def recorded(name: str) -> dict[int, list[tuple[PersonTruth, dict[str, SignalValue]]]]:
    """What is told of each person of a bundled session, with what is true then."""
    path = bundled_session(name)
    models = load_models("onnxruntime", threads=1)
    out: dict[int, list[tuple[PersonTruth, dict[str, SignalValue]]]] = defaultdict(list)
    covers: dict[int, Cover] = defaultdict(Cover)
    try:
        with SessionReader(path) as reader:
            truth = read_truth(reader)
            assert truth is not None
            config = PipelineConfig()
            process, registrar = Process(reader.streams, models, config), Registrar(reader.streams)
            for frame_truth, frames in zip(
                truth.frames, all_frame_sets(reader, reader.streams, config.synchronize), strict=True
            ):
                view = registrar(frames)
                observation = process(frames)
                if view is None or view.thermal is None or view.intrinsics is None:
                    continue
                matched, _ = match(frame_truth, observation.faces, view.stream)
                for person in frame_truth.people:
                    face = matched.get(person.id)
                    if face is None:
                        continue
                    project = (
                        projector(view.frame.info, view.thermal.info, face.distance_m) if face.distance_m else None
                    )
                    sight = Sight(
                        frames.device_ns,
                        face,
                        None if "landmarks" in face.invalid else face.landmarks,
                        view.frame.info,
                        view.intrinsics,
                        gray=view.gray,
                        depth_mm=view.depth_mm,
                        others={view.thermal.stream: OtherView(view.thermal, project, 1.0)},
                    )
                    out[person.id].append((person, dict(covers[face.id].step(sight, {}))))
    finally:
        models.close()
    return out


def print_recorded(name: str) -> None:
    for number, told in sorted(recorded(name).items()):
        for key, true in (("face_covered", "masked"), ("glasses", "glasses")):
            for what in (True, False):
                values = [v[key] for person, v in told if getattr(person, true) is what]
                known = [v for v in values if v.is_valid]
                if not values:
                    continue
                share = np.mean([v.value >= 0.5 for v in known]) if known else float("nan")
                sure = np.mean([v.confidence for v in known]) if known else 0.0
                words = sorted({v.label for v in known if v.label})
                print(
                    f"  {name}, person {number}, {true} {what}: {len(known)} of {len(values)} frames told, {key} in"
                    f" {100 * share:.0f} %, mean confidence {sure:.2f}, labels {words}"
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, nargs="+", default=[])
    parser.add_argument("--most", type=int, default=2500)
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    if not arguments.faces:
        for session in BUNDLED:
            print_recorded(session)
        return
    samples = collect(arguments.faces, arguments.most)
    identity = np.array([s[0] for s in samples])
    mask, hand = np.array([s[1][0] for s in samples]), np.array([s[1][1] for s in samples])
    glasses = np.array([s[1][2] for s in samples])
    covered, free = (mask + hand) > 0.6, (mask + hand) < 0.05
    fits, tests = identity % 2 == 0, identity % 2 == 1
    if arguments.fit:
        clues = [clues_of(s[2]) for s in samples]
        for name in clues[0]:
            known = np.array([c[name] is not None for c in clues])
            y, among = {
                "glasses": (glasses, free),
                "hand": (hand > mask, covered),
                "cover": (covered, covered | free),
            }[name.split()[0]]
            use = known & among
            x = np.array([c[name] for c, u in zip(clues, use, strict=True) if u], np.float64)
            train = fits[use]
            w = logistic(x[train], y[use][train])
            score = np.column_stack([x, np.ones(len(x))]) @ w
            test = ~train
            print(
                f"{name}: {tuple(round(float(v), 2) for v in w)} known {known.mean():.2f}, AUC"
                f" {auc(score[test & y[use]], score[test & ~y[use]]):.3f}"
            )
    for title, keep in (
        ("all cameras", ("gray", "depth_mm", "others")),
        ("near infrared alone", ("gray",)),
        ("near infrared and depth", ("gray", "depth_mm")),
        ("near infrared and thermal", ("gray", "others")),
    ):
        gone = {name: ({} if name == "others" else None) for name in ("gray", "depth_mm", "others") if name not in keep}
        told = [Cover().step(replace(s[2], **gone), {}) for s in samples]
        print(title)
        for name, y, use in (
            ("face_covered, masks", mask > 0.6, tests & ((mask > 0.6) | free)),
            ("face_covered, hands", hand > 0.6, tests & ((hand > 0.6) | free)),
            ("glasses", glasses, tests & free),
        ):
            key = name.split(",")[0]
            value = np.array([t[key].value for t in told])[use]
            sure = np.array([t[key].confidence for t in told])[use]
            rates(name, value, sure, y[use], np.array([t[key].is_valid for t in told])[use])
        labels = [t["face_covered"].label for t in told]
        for name, y in (("mask", mask > 0.6), ("hand", hand > 0.6)):
            them = [label for label, m, t in zip(labels, y, tests, strict=True) if m and t and label]
            print(f"  labels of {name}s: " + ", ".join(f"{w} {them.count(w)}" for w in sorted(set(them))))
    for session in BUNDLED:
        print_recorded(session)


if __name__ == "__main__":
    main()
