"""Samples rendered while a network trains on those that are there: what `tapetum train --faces NUMBER` asks for.

The folder's name says how many samples of what kind it gets, and carries a fingerprint of the rig and the face model:
the same number finds the same samples again, and never those of another rig.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import training.faces
from engines.folders import OVERRIDE as CACHE_VARIABLE
from training.faces.crowd_render import FRAMES, render_crowd_shard
from training.faces.crowd_shards import shard_name
from training.faces.eye_render import SHARD_SIZE as EYES
from training.faces.eye_render import render_eye_shard
from training.faces.eye_shards import shard_name as eye_shard_name
from training.faces.mesh import head_like_mesh
from training.faces.model import FaceModelError, find_face_model, load_face_model
from training.faces.people import PEOPLE_PER_SHARD, PeopleError, draw_views, write_people
from training.faces.render import plan, render_shard
from training.faces.scene import Rig
from training.faces.shards import ShardError
from training.networks.registry import NetworkSpec

SEED = 1
ENOUGH = 2_000
"""Samples that must be there before training starts (all, where fewer were asked for)."""
FACES_PER_PERSON = 10
CLUTTER_SHARE = 0.2
"""Samples without a face, beside each face."""
VIEWS_PER_PERSON = 12
FIRST_PERSON = 1_000_000
"""Number of the first person drawn by people.py, beyond those of the samples."""


class RenderAheadError(Exception):
    """Samples can't be rendered; the message says why and what to do."""


@dataclass(frozen=True)
class Job:
    """One shard: its folder's name, how to make it, and how many samples it has."""

    name: str
    function: Callable[..., Path]
    arguments: tuple[Any, ...]
    samples: int


def plan_samples(
    spec: NetworkSpec, count: int, cache: Path, model_path: Path | None, device: str = "cpu"
) -> tuple[Path, list[Job]]:
    """The folder in `cache` and the shards for `count` samples that `spec` learns from.

    Whole frames for the finder, depth views of people for the verifier, eyes for eye_state, faces and clutter for all
    others.

    Args:
        model_path: the packed face model; None draws the small mesh made in code.
        device: what faces are shaded on; frames and people are always made on the CPU.
    """
    model = str(model_path) if model_path else None
    kind = {"face_finder": "frames", "face_verifier": "people", "eye_state": "eyes"}.get(spec.name, "faces")
    folder = cache / f"{kind}-{count}-{fingerprint(model_path)}"
    if kind == "frames":
        return folder, _frames(folder, count, model)
    if kind == "people":
        return folder, _people(folder, count, model)
    if kind == "eyes":
        return folder, _eyes(folder, count, model)
    return folder, _faces(folder, count, model, device)


def fingerprint(model_path: Path | None) -> str:
    """Ten hexadecimal digits that change with the rig's program and with the face model."""
    total = hashlib.blake2b(digest_size=5)
    for source in sorted(Path(training.faces.__path__[0]).glob("*.py")):
        total.update(source.read_bytes())
    if model_path is not None:
        total.update(model_path.read_bytes())
    return total.hexdigest()


def face_model() -> Path:
    """The packed face model that samples are rendered with.

    Raises:
        RenderAheadError: it is not there.
    """
    try:
        found: Path = find_face_model()
    except FaceModelError as error:
        raise RenderAheadError(
            f"To render samples the face model is needed: {error}; or name a folder of rendered samples with --faces"
        ) from error
    return found


def _faces(folder: Path, count: int, model: str | None, device: str) -> list[Job]:
    people = max(FACES_PER_PERSON, count // FACES_PER_PERSON)
    return [
        Job(job.name, render_shard, (job, folder, SEED, model, people, device), job.count)
        for job in plan(count, round(CLUTTER_SHARE * count), SEED)
    ]


def _frames(folder: Path, count: int, model: str | None) -> list[Job]:
    frames = min(count, FRAMES)
    return [
        Job(shard_name(SEED, number), render_crowd_shard, (folder, number, SEED, model, frames), frames)
        for number in range(-(-count // frames))
    ]


def _eyes(folder: Path, count: int, model: str | None) -> list[Job]:
    sizes = [min(EYES, count - first) for first in range(0, count, EYES)]
    return [
        Job(eye_shard_name(SEED, number), render_eye_shard, (folder, number, SEED, model, size), size)
        for number, size in enumerate(sizes)
    ]


def _people(folder: Path, count: int, model: str | None) -> list[Job]:
    people = max(2, -(-count // VIEWS_PER_PERSON))  # the first one is held out
    starts = range(FIRST_PERSON, FIRST_PERSON + people, PEOPLE_PER_SHARD)
    return [
        Job(
            f"people-{start:08d}",
            draw_people_shard,
            (folder, start, min(PEOPLE_PER_SHARD, FIRST_PERSON + people - start), model),
            VIEWS_PER_PERSON * min(PEOPLE_PER_SHARD, FIRST_PERSON + people - start),
        )
        for start in starts
    ]


_rigs: dict[str, Rig] = {}


def draw_people_shard(folder: Path, first: int, people: int, model_path: str | None) -> Path:
    """Draw one shard of views of `people` people from number `first` on; returns its folder."""
    key = model_path or ""
    if key not in _rigs:
        _rigs[key] = Rig(load_face_model(Path(model_path)) if model_path else head_like_mesh())
    numbers = range(first, first + people)
    views = [view for number in numbers for view in draw_views(_rigs[key], number, VIEWS_PER_PERSON)]
    written: Path = write_people(folder, f"people-{first:08d}", views)
    return written


class RenderAhead:
    """Makes the shards that are missing, in processes of its own; use it as a context manager.

    Raises:
        RenderAheadError: on entering, the folder can't be made or written into.
    """

    def __init__(self, folder: Path, jobs: list[Job], workers: int | None = None) -> None:
        self.folder = folder
        self._jobs = jobs
        self._workers = workers or max(1, (os.cpu_count() or 2) // 2)
        self._processes: list[Any] = []
        self._failures: Any = None
        self._failure = ""
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> RenderAhead:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RenderAheadError(f"{self.folder} can't be made ({error}); set {CACHE_VARIABLE}") from error
        self._begin()
        return self

    def _begin(self) -> None:
        """Start the processes, unless they run, nothing is missing, or another training renders into the folder."""
        missing = [job for job in self._jobs if not (self.folder / job.name).exists()]
        if self._lock is not None or not missing:
            return
        try:
            lock = (self.folder / "render.lock").open("ab")
        except OSError as error:
            raise RenderAheadError(f"{self.folder} can't be written into ({error}); set {CACHE_VARIABLE}") from error
        if not _lock(lock):
            lock.close()
            return
        self._lock = lock
        context = multiprocessing.get_context("spawn")
        self._failures = context.SimpleQueue()
        for first in range(min(self._workers, len(missing))):
            jobs = missing[first :: self._workers]
            process = context.Process(target=_make, args=(jobs, self._failures), daemon=True)
            process.start()
            self._processes.append(process)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()  # what it was writing lies under NAME.tmp, which the next renderer deletes
        for process in self._processes:
            process.join()
            process.close()
        self._processes = []
        if self._failures is not None:
            self._failures.close()
            self._failures = None
        if self._lock is not None:
            self._lock.close()  # and with it the lock is gone
            self._lock = None

    @property
    def total(self) -> int:
        """Samples that there will be."""
        return sum(job.samples for job in self._jobs)

    @property
    def done(self) -> int:
        """Samples that are there."""
        return sum(job.samples for job in self._jobs if (self.folder / job.name).exists())

    def failure(self) -> str:
        """Why rendering stopped before its end; empty while it goes on or where it is done."""
        if not self._failure and self._failures is not None and not self._failures.empty():
            self._failure = self._failures.get()
        if not self._failure:
            ended = [p.exitcode for p in self._processes if p.exitcode not in (None, 0)]
            self._failure = f"a process that renders ended with {ended[0]}" if ended else ""
        return self._failure

    def describe(self) -> str:
        """How far it is, for a line of a log."""
        self._begin()  # where another training rendered, it may have ended
        done, total = self.done, self.total
        failed = self.failure()
        if failed:
            return f"{done} of {total} samples, rendering stopped: {failed}"
        return f"{done} samples" if done >= total else f"{done} of {total} samples, the others are being rendered"

    def wait(
        self,
        report: Callable[[str], None],
        stop: Callable[[], bool] = lambda: False,
        enough: int = ENOUGH,
        tell_every_s: float = 15.0,
    ) -> bool:
        """Wait until `enough` samples are there (or all); False where `stop` ended the waiting.

        Raises:
            RenderAheadError: rendering failed before that.
        """
        needed, told = min(enough, self.total), -tell_every_s
        while (done := self.done) < needed:
            if stop():
                return False
            self._begin()
            failed = self.failure()
            if failed:
                raise RenderAheadError(f"Rendering samples into {self.folder} failed: {failed}")
            if time.monotonic() - told > tell_every_s:
                told = time.monotonic()
                report(f"rendering into {self.folder}: {done} of {self.total} samples, training starts at {needed}")
            time.sleep(0.2)
        return True


def _lock(file: IO[bytes]) -> bool:
    """Whether this process alone holds the lock on `file` now; it is gone when the file is closed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _make(jobs: list[Job], failures: Any) -> None:
    """The work of one process. Ctrl-C is for the process that trains, which ends this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    try:
        for job in jobs:
            if parent is not None and not parent.is_alive():
                return  # nobody waits for the others
            job.function(*job.arguments)
    except (FaceModelError, ShardError, PeopleError, OSError) as error:
        failures.put(str(error))
