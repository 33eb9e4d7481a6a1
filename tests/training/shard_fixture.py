"""A tiny folder of samples drawn with a few ellipses: enough to run training on, in milliseconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.faces import crowd_sample, eye_sample, eye_shards
from training.faces.crowd_sample import HEAD_FIELDS, HEIGHT, MOST_PEOPLE, WIDTH, CrowdSample
from training.faces.crowd_shards import SUBFOLDER, shard_name, write_crowd_shard
from training.faces.eye_sample import EyeSample
from training.faces.sample import LAYOUT, OCCLUDER, PERSON, SIZE, FaceSample, Tag
from training.faces.shards import write_shard


def drawn_sample(identity: int, head: bool) -> FaceSample:
    """An ellipse as a head (or noise without one), in every modality."""
    rng = np.random.default_rng(identity & 0xFFFF)
    y, x = np.mgrid[:SIZE, :SIZE].astype(np.float32) - (SIZE - 1) / 2
    inside = (x / 45) ** 2 + (y / 60) ** 2 < 1
    bulge = np.where(inside, 900 + (x**2 + y**2) / 60, 1500)
    foreground = np.where(inside & head, PERSON, 0).astype(np.uint8)
    foreground[:10, :10] = OCCLUDER
    values = {
        "color": rng.integers(0, 255, (SIZE, SIZE, 3)),
        "nir": rng.integers(0, 255, (SIZE, SIZE)),
        "depth_clean": bulge,
        "depth_sensor": bulge,
        "thermal": 29315 + 1000 * inside + rng.integers(0, 50, (SIZE, SIZE)),
        "foreground": foreground,
        "material": np.where(inside & head, 0, 255),
        "landmarks": 50 + 60 * rng.random((68, 2)) if head else np.full((68, 2), -1),
        "visible": np.full(68, head),
        "pose_deg": np.zeros(3),
        "openness": rng.random(2),
        "gaze_deg": np.zeros(2),
        "head_center_mm": np.array([0, 0, 950]),
        "distance_mm": np.array(900),
        "intrinsics": np.array([360, 360, 79.5, 79.5]),
        "identity": np.array(identity),
        "seed": np.array(identity),
        "tags": np.array(0 if head else int(Tag.FACELESS)),
        "toward_camera": np.array(int(head)),
    }
    return FaceSample(**{name: np.asarray(values[name]).astype(dtype)[()] for name, (_, dtype) in LAYOUT.items()})


def write_samples(folder: Path) -> Path:
    """22 heads and pairs of eyes (0, 10, 20 are held out), 6 pieces of clutter, 3 + 3 whole frames (3 held out)."""
    folder.mkdir(parents=True, exist_ok=True)
    write_shard(folder, "faces-00000", [drawn_sample(i, True) for i in range(22)])
    write_shard(folder, "clutter-00000", [drawn_sample(-i, False) for i in range(5, 11)])
    for number in (0, 11):
        frames = [drawn_frame(number + i) for i in range(3)]
        write_crowd_shard(folder / SUBFOLDER, shard_name(1, number), frames)
    eyes = [drawn_eyes(i) for i in range(22)]
    eye_shards.write_eye_shard(folder / eye_shards.SUBFOLDER, eye_shards.shard_name(1, 0), eyes)
    return folder


def drawn_frame(seed: int) -> CrowdSample:
    """One ellipse as a head somewhere in a noisy frame, in every modality."""
    rng = np.random.default_rng(seed)
    x, y, side = rng.uniform(80, 240), rng.uniform(70, 170), rng.uniform(30, 90)
    row, column = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    inside = ((column - x) / (0.45 * side)) ** 2 + ((row - y) / (0.6 * side)) ** 2 < 1
    heads = np.full((MOST_PEOPLE, len(HEAD_FIELDS)), np.nan)
    heads[0] = (x, y, x, y + side * 15 / 160, side, 0, 0, 0, 160 * 300 / side, 1, 1, seed)
    values = {
        "gray": 60 + 90 * inside + rng.integers(0, 20, (HEIGHT, WIDTH)),
        "nir": 40 + 120 * inside + rng.integers(0, 20, (HEIGHT, WIDTH)),
        "depth_mm": np.where(inside, 160 * 300 / side, 3000),
        "thermal": 29315 + 1000 * inside + rng.integers(0, 50, (HEIGHT, WIDTH)),
        "owner": inside,
        "heads": heads,
        "seed": np.array(seed),
    }
    return CrowdSample(
        **{name: np.asarray(values[name]).astype(dtype)[()] for name, (_, dtype) in crowd_sample.LAYOUT.items()}
    )


def drawn_eyes(identity: int) -> EyeSample:
    """Two dark ellipses, as high as they are open, in a noisy face."""
    rng = np.random.default_rng(identity)
    high, wide = eye_sample.HEIGHT, eye_sample.WIDTH
    openness = rng.random(2)
    row, column = np.mgrid[:high, :wide].astype(np.float32)
    light = np.full((high, wide), 0.5) + 0.02 * rng.random((high, wide))
    points = np.zeros((68, 2))
    points[27:34] = [[wide / 2, high / 2 + 7 * k] for k in range(7)]
    for first, x, open_ in ((36, 64, openness[0]), (42, 128, openness[1])):
        light[((column - x) / 14) ** 2 + ((row - high / 2) / (1 + 6 * open_)) ** 2 < 1] = 0.1
        points[first : first + 6, 0] = x + np.array([-15, -6, 6, 15, 6, -6])
        points[first : first + 6, 1] = high / 2 + open_ * np.array([0, -6, -6, 0, 6, 6])
    values = {
        "gray": light,
        "nir": 1.3 * light,
        "glass": np.where(identity % 2 and np.hypot(column - 64, row - 48) < 25, 255, 0) * np.ones((high, wide)),
        "cover": np.full((high, wide), 255),
        "landmarks": points,
        "openness": openness,
        "pose_deg": np.zeros(3),
        "identity": np.array(identity),
        "seed": np.array(identity),
    }
    layout = eye_sample.LAYOUT.items()
    return EyeSample(**{name: np.asarray(values[name]).astype(dtype)[()] for name, (_, dtype) in layout})
