"""Render training samples into shards: ``python -m training.faces.render --out DIR --count N --seed S``.

The same arguments give the same bytes, whatever the number of workers. With ``--device cuda`` a GPU does the rendering
(the workers share it): the same truth, and pictures but for rounding. A run that was stopped goes on where it stopped:
finished shards are kept. Validation identities (number divisible by 10) are spread evenly over the shards.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from training.faces.mesh import head_like_mesh
from training.faces.model import FaceModelError, find_face_model, load_face_model
from training.faces.sample import FaceSample
from training.faces.scene import Rig
from training.faces.shards import ShardError, write_shard
from training.faces.studio import draw_clutter, draw_face, stage_clutter, stage_face
from training.faces.workers import in_processes

SHARD_SIZE = 500
IDENTITIES = 1500
SEEDS_PER_RUN = 100_000_000
"""Room between the samples of two runs with neighboring --seed."""
CLUTTER_OFFSET = SEEDS_PER_RUN // 2
TOGETHER = 50
"""Samples that a GPU renders at once; their figures lie in memory."""


@dataclass(frozen=True)
class Job:
    """One shard to render."""

    name: str
    first: int
    count: int
    faces: bool
    portraits: bool = False


def plan(count: int, clutter: int, seed: int, portraits: bool = False) -> list[Job]:
    """Return the shards for `count` faces and `clutter` samples without a face, evenly interleaved.

    Their names carry `seed`, so that runs with several seeds share a folder.
    """
    faces = [
        Job(f"faces-{seed:03d}-{i:05d}", start, min(SHARD_SIZE, count - start), True, portraits)
        for i, start in enumerate(range(0, count, SHARD_SIZE))
    ]
    without = [
        Job(f"clutter-{seed:03d}-{i:05d}", start, min(SHARD_SIZE, clutter - start), False)
        for i, start in enumerate(range(0, clutter, SHARD_SIZE))
    ]
    place = [((i + 0.5) / len(jobs), job) for jobs in (faces, without) for i, job in enumerate(jobs)]
    return [job for _, job in sorted(place, key=lambda item: item[0])]


_rigs: dict[str, Rig] = {}


def render_shard(
    job: Job, folder: Path, seed: int, model_path: str | None, identities: int, device: str = "cpu"
) -> Path:
    """Render one shard and return its folder. `model_path` None draws the small mesh made in code.

    Args:
        device: cpu draws with the compiled rasterizer, cuda or cuda:N in batches with torch on a GPU.
    """
    key = model_path or ""
    if key not in _rigs:
        _rigs[key] = Rig(load_face_model(Path(model_path)) if model_path else head_like_mesh())
    rig = _rigs[key]
    wanted = []
    for index in range(job.first, job.first + job.count):
        if job.faces:
            person = (seed - 1) * identities + index % identities  # every run brings its own people
            wanted.append((seed * SEEDS_PER_RUN + index, person))
        else:
            wanted.append((seed * SEEDS_PER_RUN + CLUTTER_OFFSET + index, -1 - index))
    if device == "cpu":
        draw = partial(draw_face, portrait=job.portraits) if job.faces else draw_clutter
        samples = [draw(rig, *numbers) for numbers in wanted]
    else:
        samples = _render_together(rig, wanted, job, device)
    return write_shard(folder, job.name, samples)


def _render_together(rig: Rig, wanted: list[tuple[int, int]], job: Job, device: str) -> list[FaceSample]:
    from training.faces.batch_render import photograph  # needs torch, which the compiled path does without

    stage = partial(stage_face, portrait=job.portraits) if job.faces else stage_clutter
    samples: list[FaceSample] = []
    for first in range(0, len(wanted), TOGETHER):
        samples += photograph([stage(rig, *numbers) for numbers in wanted[first : first + TOGETHER]], device)
    return samples


def render(
    folder: Path,
    jobs: list[Job],
    seed: int,
    model_path: str | None,
    workers: int,
    identities: int,
    device: str = "cpu",
) -> Iterator[Path]:
    """Render `jobs` with that many processes; yields every shard as it is finished."""
    calls = [(render_shard, (job, folder, seed, model_path, identities, device)) for job in jobs]
    yield from in_processes(workers, calls)


class DeviceUnavailableError(Exception):
    """The device can't be had; the message says why."""


def _check_device(name: str) -> None:
    try:
        from training.faces.batch_render import DeviceError, find_device
    except ImportError as error:
        raise DeviceUnavailableError(
            f'--device {name} needs torch, which is not installed; get it with: pip install "tapetum[train]"'
        ) from error
    try:
        find_device(name)
    except DeviceError as error:
        raise DeviceUnavailableError(str(error)) from error


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m training.faces.render", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the shards")
    parser.add_argument("--count", type=int, default=12_000, help="samples with a head")
    parser.add_argument("--background-count", type=int, default=2_500, help="samples without a head")
    parser.add_argument(
        "--portraits", action="store_true", help="faces toward the camera, by light, uncovered, sharp (eye_to_face)"
    )
    parser.add_argument("--identities", type=int, default=IDENTITIES, help="number of different people")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--device", default="cpu", help="cpu (default, compiled), or cuda or cuda:N: a GPU, with torch")
    parser.add_argument(
        "--face-model", help="ICT-FaceKit folder or its packed file (default: environment TAPETUM_FACE_MODEL)"
    )
    parser.add_argument("--mesh", action="store_true", help="use the small mesh made in code, to try things out")
    options = parser.parse_args(arguments)
    try:
        if options.device != "cpu":
            _check_device(options.device)
        model_path = None if options.mesh else str(find_face_model(options.face_model))
        options.out.mkdir(parents=True, exist_ok=True)
        jobs = [
            job
            for job in plan(options.count, options.background_count, options.seed, options.portraits)
            if not (options.out / job.name).exists()
        ]
        total, done, started = sum(job.count for job in jobs), 0, time.monotonic()
        sizes = {job.name: job.count for job in jobs}
        run = render(options.out, jobs, options.seed, model_path, options.workers, options.identities, options.device)
        for path in run:
            done += sizes[path.name]
            seconds = time.monotonic() - started
            print(f"{path.name}: {done}/{total} samples, {1000 * seconds / done:.0f} ms each", file=sys.stderr)  # noqa: T201 - progress of a command
    except (FaceModelError, ShardError, DeviceUnavailableError, OSError) as error:
        print(f"render: {error}", file=sys.stderr)  # noqa: T201 - the command's error message
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
