"""Render whole frames with people into shards: ``python -m training.faces.crowd_render --out DIR --shards N --seed S``.

The same arguments give the same bytes, whatever the number of workers. A run that was stopped goes on where it
stopped: finished shards are kept.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from training.faces.crowd import draw_cast, draw_crowd
from training.faces.crowd_shards import shard_name, write_crowd_shard
from training.faces.mesh import head_like_mesh
from training.faces.model import FaceModelError, find_face_model, load_face_model
from training.faces.scene import Rig
from training.faces.shards import ShardError
from training.faces.workers import in_processes

PEOPLE, PLACES, FRAMES = 36, 20, 120
"""People and places that a shard draws, and frames that it makes of them."""
SHARDS_PER_RUN = 100_000

_rigs: dict[str, Rig] = {}


def render_crowd_shard(folder: Path, number: int, seed: int, model_path: str | None, frames: int) -> Path:
    """Render one shard and return its folder. `model_path` None draws the small mesh made in code."""
    key = model_path or ""
    if key not in _rigs:
        _rigs[key] = Rig(load_face_model(Path(model_path)) if model_path else head_like_mesh())
    run = (seed - 1) * SHARDS_PER_RUN + number
    people, places = max(2, round(PEOPLE * frames / FRAMES)), max(2, round(PLACES * frames / FRAMES))
    cast = draw_cast(_rigs[key], np.random.default_rng([seed, 21, number]), run * PEOPLE, people, places)
    samples = [
        draw_crowd(cast, np.random.default_rng([seed, 22, number, frame]), run * FRAMES + frame)
        for frame in range(frames)
    ]
    return write_crowd_shard(folder, shard_name(seed, number), samples)


def render(
    folder: Path, numbers: list[int], seed: int, model_path: str | None, workers: int, frames: int
) -> Iterator[Path]:
    """Render the shards `numbers` with that many processes; yields every shard as it is finished."""
    yield from in_processes(
        workers, [(render_crowd_shard, (folder, number, seed, model_path, frames)) for number in numbers]
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.faces.crowd_render", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--shards", type=int, default=100, help=f"shards of {FRAMES} frames")
    parser.add_argument("--frames", type=int, default=FRAMES, help="frames a shard")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument(
        "--face-model", help="ICT-FaceKit folder or its packed file (default: environment TAPETUM_FACE_MODEL)"
    )
    parser.add_argument("--mesh", action="store_true", help="use the small mesh made in code, to try things out")
    options = parser.parse_args(arguments)
    try:
        model_path = None if options.mesh else str(find_face_model(options.face_model))
        options.out.mkdir(parents=True, exist_ok=True)
        numbers = [n for n in range(options.shards) if not (options.out / shard_name(options.seed, n)).exists()]
        started = time.monotonic()
        shards = render(options.out, numbers, options.seed, model_path, options.workers, options.frames)
        for done, path in enumerate(shards, 1):
            each = 1000 * (time.monotonic() - started) / (done * options.frames)
            print(f"{path.name}: {done}/{len(numbers)} shards, {each:.0f} ms a frame", file=sys.stderr)  # noqa: T201 - progress of a command
    except (FaceModelError, ShardError, OSError) as error:
        print(f"crowd_render: {error}", file=sys.stderr)  # noqa: T201 - the command's error message
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
