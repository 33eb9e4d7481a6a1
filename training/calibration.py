"""`python -m training.calibration`: the files from which models are rounded to int8, and by which that is judged.

Crops to calibrate on are training items, as augmented as training has them; held-out ones are of people that training
never saw, with their truth. Both are network inputs in 8 bits. Nothing here depends on any weights.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.calibration import LOSSLESS, save_calibration
from engines.models.face_finder import HEIGHT, WIDTH
from engines.normalise import code_of_unit, encode_depth, stretch
from training.augment import View, center_distance
from training.faces.crowd_sample import COLUMN
from training.faces.crowd_shards import CrowdStore
from training.faces.sample import Tag
from training.faces.shards import ShardError
from training.faces.subjects import Subjects
from training.feed import FaceStore
from training.finder_augment import Cut, draw_cut
from training.measures.landmarks import MODALITIES, crop_of
from training.measures.report import some
from training.truth import DARKEST_LUMA, LUMA, person_luma, person_on_backdrop, relief_truth, shrink

PICTURE_QUALITY = 80
"""WebP quality of pictures: they look the same, at a third of the size."""
FRAMES_QUALITY = 70
POINTS_SCALE = 256
SEED = 11

Pictures = dict[str, NDArray[np.uint8]]
Made = tuple[Pictures, Pictures, dict[str, NDArray[Any]], dict[str, int]]


def face_landmarks(store: FaceStore, count: int) -> Made:
    """All four modalities alike; held-out faces look toward the camera."""
    faces = some(store.held_out_faces[store.toward[store.held_out_faces] == 1], count)
    kinds = [MODALITIES[i % 4] for i in range(len(faces))]
    # depth and pictures share the file: what a depth crop loses in WebP is less than its sensor's noise
    seen = [code_of_unit(stretch(*crop_of(store, int(i), kind))) for i, kind in zip(faces, kinds, strict=True)]
    points = np.stack([View(128).points(store.get("landmarks", int(i))) for i in faces])
    truth = {
        "points": np.rint(points * POINTS_SCALE).astype(np.int16),
        "points_scale": np.float32(POINTS_SCALE),
        "modality": np.array([MODALITIES.index(kind) for kind in kinds], np.uint8),
    }
    learnt = _items("face_landmarks", store, count, "image")
    return {"image": learnt}, {"image": np.stack(seen)[:, None]}, truth, {"image": PICTURE_QUALITY}


def face_finder(store: FaceStore, count: int) -> Made:
    """Whole frames and random cuts by turns, so faces from a few pixels to most of the picture; two thirds as many."""
    from training.tasks.finder import FinderTask, as_bytes

    crowd, task, rng = cast(CrowdStore, store), FinderTask(), np.random.default_rng(SEED)
    count = count * 2 // 3
    pictures, people = [], []
    for number, index in enumerate(some(crowd.held_out_faces, count)):
        shape, heads = crowd.get("owner", int(index)).shape, crowd.get("heads", int(index))
        if shape == (HEIGHT, WIDTH) and number % 8 < 4:
            cut = Cut(np.eye(2, 3), 1.0, 0.0, False, WIDTH, HEIGHT)
        else:
            cut = draw_cut(rng, shape, heads, WIDTH, HEIGHT)
        code, heads = task.photograph(crowd, int(index), MODALITIES[number % 4], cut, rng)
        pictures.append(as_bytes(code))
        asked = heads[heads[:, -1] != 0]
        rows = np.full((16, 4), np.nan, np.float32)
        rows[: len(asked)] = asked[:16][:, [COLUMN["box_x"], COLUMN["box_y"], COLUMN["side"], -1]]
        people.append(rows)
    learnt = _items("face_finder", store, max(count * 3 // 8, 2), "image")
    quality = {"image": FRAMES_QUALITY}
    return {"image": learnt}, {"image": np.stack(pictures)[:, None]}, {"people": np.stack(people)}, quality


def gray_to_depth(store: FaceStore, count: int) -> Made:
    """Gray and near infrared by turns."""
    view, pictures, reliefs = View(96), [], []
    for number, index in enumerate(some(store.held_out_faces, count).tolist()):
        truth = relief_truth(store, index, view)
        color = np.ascontiguousarray(store.get("color", index))
        source = store.get("nir", index) if number % 2 else cv2.transform(color, LUMA[None])
        picture = np.rint(shrink(source, view, cv2.BORDER_REFLECT_101)).clip(0, 255).astype(np.uint8)
        pictures.append(code_of_unit(stretch(picture)))
        reliefs.append(np.where(truth.counts, np.clip(np.rint(truth.code), 1, 255), 0).astype(np.uint8))
    learnt = _items("gray_to_depth", store, count, "gray")
    quality = {"gray": PICTURE_QUALITY, "relief": LOSSLESS}
    return {"gray": learnt}, {"gray": np.stack(pictures)[:, None]}, {"relief": np.stack(reliefs)}, quality


def depth_to_color(store: FaceStore, count: int) -> Made:
    """Depth by the sensor, colour evenly exposed, as training has it."""
    faces = store.held_out_faces
    daylight = some(faces[(store.tags[faces] & Tag.NIGHT) == 0], 2 * count)
    chosen = [int(i) for i in daylight if person_luma(store, int(i)) >= DARKEST_LUMA][:count]
    view, codes, colors, people = View(64), [], [], []
    for index in chosen:
        depth = view.labels(store.get("depth_sensor", index)).astype(np.float32)
        codes.append(encode_depth(depth, center_distance(depth, half=3)))
        person, color = person_on_backdrop(store, index, view)
        colors.append(color)
        people.append(np.where(person > 0.5, 255, 0).astype(np.uint8))
    learnt = _items("depth_to_color", store, count, "depth")
    truth: dict[str, NDArray[Any]] = {"color": np.stack(colors), "person": np.stack(people)}
    quality = {"depth": LOSSLESS, "color": PICTURE_QUALITY, "person": LOSSLESS}
    return {"depth": learnt}, {"depth": np.stack(codes)[:, None]}, truth, quality


def face_verifier(store: FaceStore, count: int, views: int = 6) -> Made:
    """People with several readings each; half as many crops to calibrate on."""
    subjects, rng = Subjects(store), np.random.default_rng(SEED)
    people = subjects.held_out[: max(count // views, 2)]
    codes = np.concatenate([subjects.read_several(who, views, rng) for who in people])
    learnt = np.stack([subjects.read(int(who), rng) for who in rng.choice(subjects.train, count // 2)])
    who = np.repeat(np.array(people, np.int32), views)
    return {"depth": learnt[:, None]}, {"depth": codes[:, None]}, {"who": who}, {"depth": LOSSLESS}


def eye_to_face(store: FaceStore, count: int) -> Made:
    """Eyes of frontal faces in good light; two thirds as many as of the other models."""
    from training.tasks.eye import EyeTask, fits

    task, count = EyeTask(), count * 2 // 3
    chosen = [int(i) for i in some(store.held_out_faces, len(store.held_out_faces)) if fits(store, int(i))][:count]
    items = [task.item(store, index, number % 2, None) for number, index in enumerate(chosen)]
    for item in items[1::2]:  # the network takes every eye for one on the picture's left
        item["eye"], item["face"] = item["eye"][..., ::-1], item["face"][..., ::-1]
    faces = np.stack([item["face"] for item in items]).transpose(0, 2, 3, 1)
    held = np.stack([item["eye"] for item in items])
    quality = {"eye": 95, "face": PICTURE_QUALITY}
    return {"eye": _items("eye_to_face", store, count, "eye")}, {"eye": held}, {"face": faces}, quality


def eye_state(store: FaceStore, count: int) -> Made:
    """Eyes by day and by night, small and large; twice as many, since a patch is small."""
    from engines.models.eye_state import normalised
    from training.tasks.eye_state import EyeStateTask, held_out_eyes

    def inputs(patches: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.rint((normalised(patches)[0] + 1) * 127.5).astype(np.uint8)

    task, rng = EyeStateTask(), np.random.default_rng(SEED)
    learnt = np.concatenate([task.make_item(store, rng)["eye"] for _ in range(count)])
    chosen = some(store.held_out_faces, count)
    kinds = [(scale, infrared) for scale in (0.44, 0.22) for infrared in (True, False)]
    parts = [held_out_eyes(store, chosen[k::4], *kind) for k, kind in enumerate(kinds)]
    held = np.concatenate([patches for patches, _ in parts])
    truth = {"openness": np.concatenate([openness for _, openness in parts])[:, None]}
    return {"eye": inputs(learnt)}, {"eye": inputs(held)}, truth, {"eye": 95}


MAKERS: dict[str, Callable[[FaceStore, int], Made]] = {
    "face_finder": face_finder,
    "face_landmarks": face_landmarks,
    "gray_to_depth": gray_to_depth,
    "depth_to_color": depth_to_color,
    "face_verifier": face_verifier,
    "eye_to_face": eye_to_face,
    "eye_state": eye_state,
}


def _items(name: str, store: FaceStore, count: int, key: str) -> NDArray[np.uint8]:
    """The network inputs of training items, (N, C, H, W)."""
    from training.networks.registry import find_network
    from training.train import make_task

    spec, rng = find_network(name), np.random.default_rng(SEED)
    task = make_task(spec)
    items = [task.make_item(store, rng) for _ in range(count)]
    pictures = [np.asarray(item.get(key, item.get("image"))) for item in items]
    return np.stack(pictures).astype(np.uint8).reshape(count, *spec.inputs[0].shape)


def make(name: str, faces: Path, out: Path, count: int = 96) -> Path:
    """Make the calibration file of one model from rendered samples.

    Args:
        faces: samples; for the finder those of training.faces.crowd_render.
        count: crops of each part.

    Raises:
        ShardError: `faces` is no folder of such samples.
    """
    from training.networks.registry import find_network
    from training.stores import open_store

    spec = find_network(name)
    store = open_store(spec, faces)
    if len(store.train_faces) == 0 or len(store.held_out_faces) == 0:
        raise ShardError(f"{faces} holds no faces to learn from, or none that are held out; {name} needs both")
    inputs, held_out, truth, quality = MAKERS[name](store, count)
    path = out / f"{spec.key}-calibration.npz"
    save_calibration(path, name, spec.preset, "rendered by training/faces", inputs, held_out, truth, quality)
    return path


def main(arguments: Sequence[str] | None = None, report: Callable[[str], None] = print) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.calibration", description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="samples of training.faces.batch_render")
    parser.add_argument("--crowd", type=Path, help="samples of training.faces.crowd_render; without it no face_finder")
    parser.add_argument("--eyes", type=Path, help="samples of training.faces.eye_render; without it no eye_state")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--count", type=int, default=96, help="crops of each part (96)")
    parser.add_argument("models", nargs="*", help=f"of {', '.join(MAKERS)}; all without")
    asked = parser.parse_args(arguments)
    unknown = sorted(set(asked.models) - MAKERS.keys())
    if unknown or asked.count < 12:
        parser.error(f"unknown models {unknown}" if unknown else "--count: at least 12 crops are needed")
    own = {"face_finder": asked.crowd, "eye_state": asked.eyes}
    chosen: Iterable[str] = asked.models or [name for name in MAKERS if own.get(name, asked.faces)]
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        try:
            path = make(name, own.get(name) or asked.faces, asked.out, asked.count)
        except ShardError as error:
            report(f"{name}: {error}")
            return 1
        report(f"{path}: {path.stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
