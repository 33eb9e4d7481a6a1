"""How right skin temperature and breathing are, against the skin map of the rig's people.

python -m benchmarks.signals_skin [--people 40] [--face-model ictface.npz]

Temperature: people of the rig (pose up to 15 degrees, rooms of 16 to 28 degC) before a thermal camera of 160x120 with
lenses of 57 to 18 degrees and of 320x240, its noise 0.03 K, its optics blurred by 0.6 px, no error of its own in
temperature; emissivity and reflected temperature are known. Truth: the 95th percentile of the surface's temperature
within 5 mm of an inner eye corner (the warmer of the two), and its median on the bare skin 0.2 to 0.6 eye distances
above the brows (people with less than a fifth of it bare are counted apart), both from a map of 0.9 mm a pixel.
Landmarks are the true ones with an error of 3 % of the eye distance. Each person is seen for a second, at 10 pictures a
second.

Breathing: such people whose skin under the nose warms and cools by a sine of 6 to 30 a minute, 0.05 to 0.5 K, with
a head that sways by 3 mm and landmarks that jitter by 2 %; the camera gives 9 pictures a second for 40 s. And the same
without any breath.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, Intrinsics, KelvinMap, StreamInfo, StreamKind
from pipeline.signals.breathing import Breathing
from pipeline.signals.sight import OtherView, Points, Sight
from pipeline.signals.skin import Skin, SkinConfig
from recordings.observation import Box, Face, HeadPose, Landmarks
from training.faces.expression import Expression
from training.faces.identity import draw_identity
from training.faces.light import Shaded, see, shade
from training.faces.materials import Material
from training.faces.model import find_face_model, load_face_model
from training.faces.night import NO_LIGHT, read_thermal
from training.faces.rasterizer import project
from training.faces.scene import Figure, Outfit, Rig

FINE = Intrinsics(1280, 960, 1176.0, 1176.0, 639.5, 479.5)
LENSES = ((160, 120, 57.0), (160, 120, 40.0), (160, 120, 24.0), (160, 120, 18.0), (320, 240, 57.0), (320, 240, 24.0))
STEP_K = 0.01


def pinhole(lens: Intrinsics) -> NDArray[np.float32]:
    return np.array([lens.fx, lens.fy, lens.cx, lens.cy], np.float32)


def person(rig: Rig, number: int) -> tuple[Figure, HeadPose, float]:
    """Somebody at 1 m with bare skin; the pose, and the room's temperature."""
    rng = np.random.default_rng([81, number])
    who = draw_identity(8_300_000 + 7 * number, len(rig.model.identity_modes))
    pose = (float(rng.uniform(-15, 15)), float(rng.uniform(-8, 8)), float(rng.uniform(-6, 6)))
    ambient = float(rng.uniform(16, 28))
    center = np.array([*rng.uniform(-40, 40, 2), 1090.0])
    figure = rig.pose_person(who, Expression({}, (0.0, 0.0)), Outfit(), pose, center, ambient, number)
    return figure, HeadPose(*pose), ambient


def truth_of(figure: Figure) -> tuple[float, float]:
    """Canthus and forehead, degrees Celsius."""
    fine = shade(figure, pinhole(FINE), FINE.height, FINE.width, NO_LIGHT, 1)
    celsius = fine.celsius / np.maximum(fine.cover, 1e-3)
    points = project(figure.landmarks_mm, pinhole(FINE))[:, :2].astype(np.float64)
    mm_px = 1000.0 / FINE.fx
    v, u = np.mgrid[0 : FINE.height, 0 : FINE.width]
    near = [celsius[np.hypot(u - points[m, 0], v - points[m, 1]) * mm_px < 5.0] for m in (39, 42)]
    along = points[45] - points[36]
    eyes = float(np.linalg.norm(along))
    right = along / eyes
    up = np.array([right[1], -right[0]])
    middle = points[17:27].mean(axis=0) + 0.475 * eyes * up
    across, above = ((u - middle[0]) * a[0] + (v - middle[1]) * a[1] for a in (right, up))
    seen = see(figure, pinhole(FINE), FINE.height, FINE.width).nearest
    bare = (seen >= 0) & (figure.material[np.maximum(seen, 0)] == Material.SKIN)
    band = (np.abs(across) < 0.22 * eyes) & (above > -0.28 * eyes) & (above < 0.125 * eyes)
    patch = celsius[bare & band]
    return max(float(np.percentile(part, 95)) for part in near), float(
        np.median(patch)
    ) if patch.size > 0.2 * band.sum() else math.nan


def _same(points: Points) -> Points:
    return points


def sight_of(
    counts: NDArray[np.uint16], info: StreamInfo, points: NDArray[np.float64], pose: HeadPose, ns: int, number: int
) -> Sight:
    lens = info.intrinsics
    assert lens is not None
    marks = Landmarks(points.astype(np.float32), np.full(68, 0.8, np.float32))
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    face = Face(1, "thermal", Box(left, top, right - left, bottom - top), 0.9, landmarks=marks, pose=pose)
    view = OtherView(Frame(info, counts, number, ns, ns), _same)
    return Sight(ns, face, marks, info, lens, others={"thermal": view})


def info_of(lens: Intrinsics) -> StreamInfo:
    return StreamInfo(
        "thermal", StreamKind.THERMAL, lens.width, lens.height, "uint16", kelvin=KelvinMap(STEP_K), intrinsics=lens
    )


def read(shaded: Shaded, celsius: NDArray[np.float32], ambient: float, rng: np.random.Generator) -> NDArray[np.uint16]:
    return read_thermal(celsius, shaded.cosine, shaded.cover, rng, ambient, 5, STEP_K)


def temperatures(people: list[tuple[Figure, HeadPose, float]]) -> None:
    truths = [truth_of(figure) for figure, _, _ in people]
    print(
        "lens, canthus: px, mm a px; told; bias K, spread K (plain pixels: bias, spread); forehead: told, bias, spread"
    )
    for width, height, fov in LENSES:
        lens = Intrinsics.from_fov(width, height, fov)
        info = info_of(lens)
        errors: dict[str, list[float]] = {"canthus": [], "plain": [], "forehead": []}
        labels, sure, under_hair = [], [], 0
        for number, ((figure, pose, ambient), truth) in enumerate(zip(people, truths, strict=True)):
            rng = np.random.default_rng([82, number])
            shaded = shade(figure, pinhole(lens), height, width, NO_LIGHT, 1)
            celsius = (shaded.celsius + ambient * (1 - shaded.cover)).astype(np.float32)
            points = project(figure.landmarks_mm, pinhole(lens))[:, :2].astype(np.float64)
            jitter = 0.03 * float(np.linalg.norm(points[45] - points[36]))
            both = {
                "canthus": Skin(SkinConfig(reflected_c=ambient)),
                "plain": Skin(SkinConfig(reflected_c=ambient, canthus_blur_k_mm=0.0)),
            }
            for look in range(11):
                counts = read(shaded, celsius, ambient, rng)
                seen = points + rng.normal(0, jitter, (1, 2)) + rng.normal(0, 0.3 * jitter, (68, 2))
                sight = sight_of(counts, info, seen, pose, look * 100_000_000, look)
                told = {name: skin.step(sight, {}) for name, skin in both.items()}
            for name in both:
                value = told[name]["canthus_temperature"]
                if value.is_valid:
                    errors[name].append(value.value - truth[0])
                    if name == "canthus":
                        labels.append(value.label)
                        sure.append(value.confidence)
            forehead = told["canthus"]["forehead_temperature"]
            if forehead.is_valid and math.isfinite(truth[1]):
                errors["forehead"].append(forehead.value - truth[1])
            elif forehead.is_valid:
                under_hair += 1

        def bias(name: str, errors: dict[str, list[float]] = errors) -> str:
            e = np.array(errors[name])
            return f"{e.mean():+.2f}, {e.std():.2f}" if e.size else "none"

        pixels = sorted(labels, key=lambda t: float(t.split()[3]))[len(labels) // 2] if labels else "-"
        print(
            f"  {width}x{height}, {fov:g} degrees: {pixels}; {len(errors['canthus'])} of {len(people)};"
            f" {bias('canthus')} ({bias('plain')}), confidence {np.mean(sure) if sure else 0:.2f};"
            f" forehead {len(errors['forehead'])} (and {under_hair} under hair), {bias('forehead')}"
        )


def breaths(people: list[tuple[Figure, HeadPose, float]]) -> None:
    lens = Intrinsics.from_fov(160, 120, 40.0)
    info = info_of(lens)
    print("breathing, 160x120, 40 degrees, 1 m, 9 Hz, 40 s: amplitude K; told; mean and worst error a minute")
    for amplitude in (0.0, 0.05, 0.1, 0.2, 0.5):
        errors, told_count, shown = [], 0, 0
        for number, (figure, pose, ambient) in enumerate(people):
            rng = np.random.default_rng([83, number, round(100 * amplitude)])
            per_min = float(rng.uniform(6.5, 30))
            shaded = shade(figure, pinhole(lens), lens.height, lens.width, NO_LIGHT, 1)
            still = (shaded.celsius + ambient * (1 - shaded.cover)).astype(np.float32)
            points = project(figure.landmarks_mm, pinhole(lens))[:, :2].astype(np.float64)
            eyes = float(np.linalg.norm(points[45] - points[36]))
            warm = _under_nose(lens, points)
            phase = rng.uniform(0, 2 * np.pi, 3)
            breathing = Breathing()
            value = None
            for look in range(360):
                t = look / 9.0
                celsius = still + np.float32(amplitude * math.sin(2 * math.pi * per_min / 60 * t + phase[0])) * warm
                sway = 0.003 * lens.fx * np.array([math.sin(0.7 * t + phase[1]), 0.5 * math.sin(1.1 * t + phase[2])])
                move = np.float32([[1, 0, sway[0]], [0, 1, sway[1]]])
                celsius = cv2.warpAffine(celsius, move, (lens.width, lens.height), borderMode=cv2.BORDER_REPLICATE)
                counts = read(shaded, celsius, ambient, rng)
                seen = points + sway + rng.normal(0, 0.02 * eyes, (1, 2)) * 0.5 + rng.normal(0, 0.01 * eyes, (68, 2))
                ns = round(t * 1e9)
                value = breathing.step(sight_of(counts, info, seen, pose, ns, look), {})["breathing_rate"]
            assert value is not None
            shown += 1
            if value.is_valid:
                told_count += 1
                errors.append(abs(value.value - per_min))
        text = f"{np.mean(errors):.2f}, {np.max(errors):.2f}" if errors else "-"
        print(
            f"  {amplitude:.2f} K: told {told_count} of {shown}; {text}"
            + (" (no breath at all)" if not amplitude else "")
        )


def _under_nose(lens: Intrinsics, points: NDArray[np.float64]) -> NDArray[np.float32]:
    """(H, W) 0..1: where breath warms the skin."""
    middle = points[[33, 51]].mean(axis=0)
    wide = float(np.linalg.norm(points[35] - points[31]))
    v, u = np.mgrid[0 : lens.height, 0 : lens.width]
    out: NDArray[np.float32] = np.exp(
        -(((u - middle[0]) / (0.6 * wide)) ** 2) - ((v - middle[1]) / (0.4 * wide)) ** 2
    ).astype(np.float32)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--face-model")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    rig = Rig(load_face_model(find_face_model(arguments.face_model)))
    people = [person(rig, number) for number in range(arguments.people)]
    jobs: tuple[Callable[[list[tuple[Figure, HeadPose, float]]], None], ...] = (temperatures, breaths)
    for job in jobs:
        job(people)


if __name__ == "__main__":
    main()
