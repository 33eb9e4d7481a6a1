"""Render eyes into shards: ``python -m training.faces.eye_render --out DIR --count N --seed S --face-model MODEL``.

The same arguments give the same bytes, whatever the number of workers. A run that was stopped goes on where it stopped:
finished shards are kept.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from training.faces.eye_sample import FIRST_PERSON, draw_eyes
from training.faces.eye_shards import shard_name, write_eye_shard
from training.faces.mesh import head_like_mesh
from training.faces.model import FaceModelError, find_face_model, load_face_model
from training.faces.scene import Rig
from training.faces.shards import ShardError
from training.faces.workers import in_processes

SHARD_SIZE = 500
SAMPLES_A_PERSON = 4
PEOPLE_A_RUN = 100_000
"""Room between the people of two runs with neighbouring --seed."""
SEEDS_A_RUN = 10_000_000

_rigs: dict[str, Rig] = {}


def render_eye_shard(folder: Path, number: int, seed: int, model_path: str | None, count: int = SHARD_SIZE) -> Path:
    """Render shard `number` of the run `seed` with `count` samples, and return its folder.

    Args:
        model_path: the packed face model; None draws the small mesh made in code.
    """
    key = model_path or ""
    if key not in _rigs:
        _rigs[key] = Rig(load_face_model(Path(model_path)) if model_path else head_like_mesh())
    first = number * SHARD_SIZE
    samples = [
        draw_eyes(
            _rigs[key], seed * SEEDS_A_RUN + index, FIRST_PERSON + seed * PEOPLE_A_RUN + index // SAMPLES_A_PERSON
        )
        for index in range(first, first + count)
    ]
    return write_eye_shard(folder, shard_name(seed, number), samples)


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.faces.eye_render", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--count", type=int, default=20_000, help="samples")
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
        calls = []
        for number in range(-(-options.count // SHARD_SIZE)):
            if not (options.out / shard_name(options.seed, number)).exists():
                count = min(SHARD_SIZE, options.count - number * SHARD_SIZE)
                calls.append((render_eye_shard, (options.out, number, options.seed, model_path, count)))
        started = time.monotonic()
        for done, path in enumerate(in_processes(options.workers, calls), 1):
            each_ms = 1000 * (time.monotonic() - started) / (done * SHARD_SIZE)
            print(f"{path.name}: {done} of {len(calls)} shards, {each_ms:.0f} ms a sample", file=sys.stderr)  # noqa: T201 - progress of a command
    except (FaceModelError, ShardError, OSError) as error:
        print(f"eye_render: {error}", file=sys.stderr)  # noqa: T201 - the command's error message
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
