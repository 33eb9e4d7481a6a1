"""Depth on another camera's grid, beside ``rs.align`` on a software device: where things lie, and how long it takes.

    python -m benchmarks.registration [--repeat 40] [--picture FILE.png] [--json FILE]

"place" is how far things lie from where ``rs.align`` has them: of 22 upright bars, each at its own distance from 0.6 to
3 m, the middle in every row; the median, and its 95th percentile. The rest is of a scene that is cast (a wall, a board,
a ball), so that the truth is known for every pixel of both cameras; the depth camera's noise is 0.4 % of the distance.
"off" is how far the board and the ball lie from the truth, "wider" by how much they are too wide. "of nothing" is the
share of pixels that the depth camera cannot see (2 px and more from those it can) that got a reading all the same;
"missing" the share of those that it sees that got none. Both get the same pixels in turns; ``rs.align`` is timed
without the copying in and out.

``rs.align`` keeps the distance from the depth camera, ours is the distance from the other one. It does not distort by
plain Brown-Conrady coefficients (its image is the same with them and without), so there it is not where the truth is.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamInfo
from pipeline.steps.reproject import DepthProjector
from tests.drivers.cameras.software_realsense import SdkAligner
from tests.pipeline.cast_scene import bar_distances, bars, camera, look, visible

NOISE = 0.004
BEFORE_THE_WALL_MM = 1700
BARREL = (-0.05, 0.06, 0.0003, -0.0004, -0.02)

COLUMNS = (
    "ours, ms: median",
    "best",
    "rs.align, ms: median",
    "rs.align best",
    "ours / rs.align, best",
    "place, px",
    "place, 95 %",
    "off, px",
    "rs.align off",
    "wider, px",
    "rs.align wider",
    "of nothing, %",
    "rs.align of nothing",
    "missing, %",
    "rs.align missing",
)

RIGS: dict[str, tuple[StreamInfo, StreamInfo]] = {
    "640x480 on 640x480": (camera("depth", 640, 480, 600), camera("color", 640, 480, 600, at=(0.015, 0, 0))),
    "640x480 on 1280x720": (camera("depth", 640, 480, 600), camera("color", 1280, 720, 920, at=(0.015, 0, 0))),
    "640x480 on 640x480, 60 mm apart, turned": (
        camera("depth", 640, 480, 600),
        camera("color", 640, 480, 610, at=(0.06, 0.01, 0.005), turn_deg=(0.5, -1, 1)),
    ),
    "640x480 on 640x480, colour distorts": (
        camera("depth", 640, 480, 600),
        camera("color", 640, 480, 600, at=(0.015, 0, 0), distortion=BARREL),
    ),
    "640x480 on thermal 160x120": (camera("depth", 640, 480, 600), camera("color", 160, 120, 160, at=(0.05, 0, 0))),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--picture", type=Path, metavar="FILE.png", help="truth, ours and rs.align's of the third rig")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    rows = []
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    print("| " + " | ".join(["depth, on", *COLUMNS]) + " |")
    print("|---" * (1 + len(COLUMNS)) + "|")
    for number, (name, (depth, to)) in enumerate(RIGS.items()):
        row, images = measure(depth, to, arguments.repeat)
        rows.append({"rig": name, **row})
        print(f"| {name} | " + " | ".join(f"{row[column]:.2f}" for column in COLUMNS) + " |", flush=True)
        if arguments.picture is not None and number == 2:
            picture(arguments.picture, images)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"repeat": arguments.repeat, "rigs": rows}, indent=1))


def measure(depth: StreamInfo, to: StreamInfo, repeat: int) -> tuple[dict[str, Any], list[NDArray[np.uint16]]]:
    """One rig's row, and its images: the truth, ours, the SDK's."""
    rng = np.random.default_rng(0)
    seen, true = look(depth), look(to)
    clean = seen.depth()
    frames = [np.rint(clean * (1 + NOISE * rng.standard_normal(clean.shape))).astype(np.uint16) for _ in range(4)]
    projector = DepthProjector(depth, to)
    ours_ms, sdk_ms = [], []
    sdk = SdkAligner(depth, to)
    try:
        for i in range(repeat):  # in turns, so that a busy machine is busy for both
            began = time.perf_counter()
            ours = projector(frames[i % len(frames)])
            ours_ms.append((time.perf_counter() - began) * 1e3)
            theirs = sdk(frames[i % len(frames)])
            sdk_ms.append(sdk.process_s * 1e3)
        places = bar_distances(projector(bars(depth)), sdk(bars(depth)))
    finally:
        sdk.close()
    shared = visible(true.points, depth, seen)
    kernel = np.ones((5, 5), np.uint8)
    inside = np.asarray(cv2.erode(shared.astype(np.uint8), kernel)) > 0
    outside = np.asarray(cv2.erode((~shared).astype(np.uint8), kernel)) > 0
    off, wider = against(true.depth(), ours)
    sdk_off, sdk_wider = against(true.depth(), theirs)
    row = {
        "ours, ms: median": float(np.median(ours_ms)),
        "best": min(ours_ms),
        "rs.align, ms: median": float(np.median(sdk_ms)),
        "rs.align best": min(sdk_ms),
        "ours / rs.align, best": min(ours_ms) / min(sdk_ms),
        "place, px": float(np.median(places)),
        "place, 95 %": float(np.percentile(places, 95)),
        "off, px": off,
        "rs.align off": sdk_off,
        "wider, px": wider,
        "rs.align wider": sdk_wider,
        "of nothing, %": 100 * float(np.mean(ours[outside] > 0)),
        "rs.align of nothing": 100 * float(np.mean(theirs[outside] > 0)),
        "missing, %": 100 * float(np.mean(ours[inside] == 0)),
        "rs.align missing": 100 * float(np.mean(theirs[inside] == 0)),
    }
    return row, [np.where(shared, true.depth(), 0).astype(np.uint16), ours, theirs]


def against(true: NDArray[np.uint16], found: NDArray[np.uint16]) -> tuple[float, float]:
    """How far the near things lie from the truth, and how much wider they are: means over all rows, px."""
    moved: list[float] = []
    wider: list[float] = []
    near = [np.asarray(cv2.medianBlur(((x > 0) & (x < BEFORE_THE_WALL_MM)).astype(np.uint8), 3)) for x in (true, found)]
    for row_a, row_b in zip(*near, strict=True):
        edges_a, edges_b = (np.flatnonzero(np.diff(row.astype(np.int8), prepend=0)) for row in (row_a, row_b))
        if len(edges_a) == len(edges_b) and len(edges_a) and len(edges_a) % 2 == 0:
            apart = (edges_b - edges_a).reshape(-1, 2)
            moved += np.abs(apart.mean(axis=1)).tolist()
            wider += (apart[:, 1] - apart[:, 0]).tolist()
    return (float(np.mean(moved)), float(np.mean(wider))) if moved else (float("nan"), float("nan"))


def picture(path: Path, images: list[NDArray[np.uint16]]) -> None:
    """Truth, ours and the SDK's, near red, far blue, nothing black."""
    shown = []
    for image in images:
        scaled = np.clip((image.astype(np.float32) - 500) / 2400 * 255, 0, 255).astype(np.uint8)
        color = np.asarray(cv2.applyColorMap(255 - scaled, cv2.COLORMAP_TURBO))
        color[image == 0] = 0
        shown.append(color)
    cv2.imwrite(str(path), np.hstack(shown))


if __name__ == "__main__":
    main()
