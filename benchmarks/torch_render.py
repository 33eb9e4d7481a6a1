"""What seeing and shading a face costs: compiled (one core), torch on the processor, and on a GPU where there is one.

    python benchmarks/torch_render.py [--faces 32] [--repeat 3] [--threads 1] [--face-model PACKED]

The same figures, cameras and lights go through all of them in one run, in turns; each line is the median, with the
quickest and the slowest turn. Without --face-model (or TAPETUM_FACE_MODEL) the small mesh made in code is drawn.
Figures are posed beforehand; that time is printed beside, since it limits what a GPU can be given to do.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from training.faces.batch_render import render_figures
from training.faces.expression import draw_expression
from training.faces.identity import draw_identity
from training.faces.light import Lighting, see, shade
from training.faces.mesh import head_like_mesh
from training.faces.model import FaceModelError, find_face_model, load_face_model
from training.faces.sample import REGION_MM, SIZE
from training.faces.scene import Figure, Outfit, Rig
from training.faces.studio import SITUATIONS, draw_lighting, draw_pose

Take = tuple[Figure, np.ndarray, Lighting, int]
SURFACE_MM = 900.0


def draw_takes(rig: Rig, count: int) -> list[Take]:
    """Figures in any pose, every third with glasses, with a camera and lights."""
    takes = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        person = draw_identity(seed, len(rig.model.identity_modes))
        outfit = Outfit(glasses=seed % 3 == 0, hat=seed % 7 == 0)
        center = np.array([0.0, 0.0, SURFACE_MM + 95.0])
        figure = rig.pose_person(person, draw_expression(rng), outfit, draw_pose(rng), center, 22.0, seed)
        focal = SIZE / REGION_MM * SURFACE_MM
        lighting = draw_lighting(rng, SITUATIONS[seed % len(SITUATIONS)][0], SURFACE_MM)
        takes.append((figure, np.array([focal, focal, SIZE / 2, SIZE / 2], np.float32), lighting, seed))
    return takes


def compiled(takes: list[Take]) -> None:
    for figure, camera, lighting, seed in takes:
        see(figure, camera, SIZE, SIZE)
        shade(figure, camera, SIZE, SIZE, lighting, seed)


def batched(takes: list[Take], device: str) -> None:
    figures, cameras, lightings, seeds = zip(*takes, strict=True)
    render_figures(figures, cameras, SIZE, SIZE, lightings, seeds, device)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, default=32)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="threads that torch may use on the processor")
    parser.add_argument("--face-model", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    try:
        model = load_face_model(find_face_model(options.face_model))
    except FaceModelError as error:
        print(f"the mesh made in code, since there is no face model: {error}")
        model = head_like_mesh()
    started = time.perf_counter()
    takes = draw_takes(Rig(model), options.faces)
    posing = (time.perf_counter() - started) / len(takes)
    ways: dict[str, Callable[[], None]] = {
        "compiled (numba), 1 thread": lambda: compiled(takes),
        f"torch cpu, {options.threads} thread(s)": lambda: batched(takes, "cpu"),
    }
    if torch.cuda.is_available():
        ways[f"torch cuda, {torch.cuda.get_device_name()}"] = lambda: batched(takes, "cuda")
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(options.repeat + 1):  # the first turn compiles and allocates, and doesn't count
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if turn:
                seconds[name].append(1000 * (time.perf_counter() - started) / len(takes))
    print(f"{model.name}: {options.faces} faces of {SIZE}x{SIZE}; posing one takes {1000 * posing:.1f} ms")
    print("| how | ms a face | quickest | slowest | against compiled |")
    print("|---|---|---|---|---|")
    base = float(np.median(seconds["compiled (numba), 1 thread"]))
    for name, found in seconds.items():
        median = float(np.median(found))
        print(f"| {name} | {median:.1f} | {min(found):.1f} | {max(found):.1f} | {median / base:.2f} |")


if __name__ == "__main__":
    main()
