"""Many sessions without a screen: find them, share them out to workers, isolate failures, tell what became of each.

A worker is a child process that loads the models once; a session that fails, or even kills its worker, is one row
in the report and no more.
"""

from __future__ import annotations

import glob
import hashlib
import multiprocessing
import os
import queue
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.errors import EngineError
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.errors import BatchError, PipelineError
from pipeline.offline import (
    OutputOptions,
    SessionResult,
    fingerprint,
    finished,
    process_session,
    working_folder,
)
from pipeline.wanted_models import load_wanted
from recordings.errors import RecordingError

SUFFIX = ".mcap"


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One session and the folder that its result goes to."""

    session: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class ItemReport:
    """What became of one item: ``done``, ``skipped`` (was finished before) or ``failed`` with its error."""

    item: BatchItem
    outcome: str
    result: SessionResult | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """Of a whole batch, in the order of the items."""

    items: tuple[ItemReport, ...]
    seconds: float
    interrupted: bool = False

    @property
    def failed(self) -> tuple[ItemReport, ...]:
        return tuple(i for i in self.items if i.outcome == "failed")

    def to_json(self) -> dict[str, Any]:
        return {
            "sessions": len(self.items),
            "done": sum(i.outcome == "done" for i in self.items),
            "skipped": sum(i.outcome == "skipped" for i in self.items),
            "failed": [{"session": str(i.item.session), "error": i.error} for i in self.failed],
            "frame_sets": sum(i.result.frame_sets for i in self.items if i.result),
            "faces": sum(i.result.faces for i in self.items if i.result),
            "seconds": round(self.seconds, 3),
            "interrupted": self.interrupted,
            "results": [i.result.to_json() for i in self.items if i.result],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """A worker's word on its item: FrameSets done of those expected."""

    item: int
    done: int
    expected: int


@dataclass(slots=True)
class _Shared:
    """What the threads that feed the workers share."""

    todo: queue.SimpleQueue[int]
    reports: dict[int, ItemReport] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def collect(paths: Sequence[str | Path], out: Path) -> list[BatchItem]:
    """The sessions that files, folders (searched for ``*.mcap``) and globs name, each once, in the order of names.

    Raises:
        BatchError: a path names nothing, or nothing at all is left to do.
    """
    found: dict[Path, None] = {}
    for given in paths:
        text = str(given)
        path = Path(text)
        if path.is_dir():
            inside = sorted(path.rglob(f"*{SUFFIX}"))
            if not inside:
                raise BatchError(
                    f"the folder {path} holds no session (*{SUFFIX}); import one with `tapetum session import`"
                )
            matches = inside
        elif path.exists():
            matches = [path]
        else:
            matches = sorted(Path(p) for p in glob.glob(text, recursive=True) if Path(p).is_file())  # noqa: PTH207 - users give absolute patterns too
            if not matches:
                raise BatchError(f"there is no file, folder or match for {text}")
        found.update((m.resolve(), None) for m in matches)
    if not found:
        raise BatchError("no session was given")
    names: dict[str, int] = {}
    for session in found:
        names[session.stem] = names.get(session.stem, 0) + 1
    return [BatchItem(session, out / _folder_name(session, names[session.stem] > 1)) for session in found]


def run_batch(
    items: Sequence[BatchItem],
    config: PipelineConfig | None = None,
    options: OutputOptions | None = None,
    workers: int = 1,
    again: bool = False,
    weights: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_item: Callable[[int, ItemReport], None] | None = None,
) -> BatchReport:
    """Process the items with so many worker processes.

    Args:
        items: see :func:`collect`.
        config, options: of the pipeline and the output.
        workers: child processes; each computes with ``config.engines.threads`` threads, whatever their number, so
            that the result does not depend on it.
        again: process finished ones too.
        weights: folder of models in place of the shipped ones.
        on_progress, on_item: called in the caller's threads; must not block for long.

    Raises:
        BatchError: the number of workers is below one, or the output folder can't be made.
    """
    if workers < 1:
        raise BatchError(f"a batch needs at least one worker, found {workers}")
    config, options = config or PipelineConfig(), options or OutputOptions()
    for item in items:
        try:
            item.folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BatchError(
                f"cannot make the output folder {item.folder.parent}: {error.strerror or error}"
            ) from error
    workers = min(workers, max(len(items), 1))
    started = time.perf_counter()
    shared = _Shared(queue.SimpleQueue())
    for index in range(len(items)):
        shared.todo.put(index)
    context = multiprocessing.get_context("spawn")
    stop = threading.Event()
    feeders = [
        threading.Thread(
            target=_feed,
            args=(shared, items, context, stop, (config, options, again, weights), on_progress, on_item),
            name=f"tapetum-worker-{n}",
        )
        for n in range(workers)
    ]
    for feeder in feeders:
        feeder.start()
    interrupted = False
    try:
        for feeder in feeders:
            while feeder.is_alive():
                feeder.join(0.2)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        # Whatever ended the waiting ends the workers, too; what they had begun goes with its working folder.
        stop.set()
        for feeder in feeders:
            feeder.join()
        for item in items:
            shutil.rmtree(working_folder(item.folder), ignore_errors=True)
    if not interrupted:
        for index, item in enumerate(items):
            never = ItemReport(item, "failed", error="it was never worked on: its worker could not be started")
            shared.reports.setdefault(index, never)
    ordered = tuple(shared.reports[i] for i in sorted(shared.reports))
    return BatchReport(ordered, time.perf_counter() - started, interrupted)


def _folder_name(session: Path, ambiguous: bool) -> str:
    """The session's name; where two files share it, with a few digits of where they lie."""
    if not ambiguous:
        return session.stem
    return f"{session.stem}-{hashlib.sha256(str(session.parent).encode()).hexdigest()[:6]}"


def _drain(progress: Any, on_progress: Callable[[Progress], None] | None) -> None:
    """Pass on what a worker said of its progress, without waiting."""
    while True:
        try:
            update = progress.get_nowait()
        except queue.Empty:
            return
        if on_progress is not None:
            on_progress(update)


def _feed(
    shared: _Shared,
    items: Sequence[BatchItem],
    context: Any,
    stop: threading.Event,
    settings: tuple[PipelineConfig, OutputOptions, bool, Path | None],
    on_progress: Callable[[Progress], None] | None,
    on_item: Callable[[int, ItemReport], None] | None,
) -> None:
    """One thread a worker: hands it items one by one, and gives it a successor when it dies."""
    hand = _Hand(context, settings)
    try:
        while not stop.is_set():
            try:
                index = shared.todo.get_nowait()
            except queue.Empty:
                return
            try:
                report = hand.work(index, items[index], stop, on_progress)
            except BrokenProcessPool:
                hand.drop()
                error = "the worker process died while it worked on this session (killed, out of memory, or a crash)"
                report = ItemReport(items[index], "failed", error=error)
            except Exception as error:  # noqa: BLE001 - whatever it was, it is this item's failure and no other's
                hand.drop()
                report = ItemReport(items[index], "failed", error=f"{type(error).__name__}: {error}")
            if report is None:
                return
            with shared.lock:
                shared.reports[index] = report
            if on_item is not None:
                on_item(index, report)
    finally:
        hand.drop(kill=stop.is_set())


class _Hand:
    """One worker process and the queue of its progress, made when there is work and made anew after :meth:`drop`.

    Each worker has a queue of its own: one that dies while it holds the queue's lock must not hold up the others.
    """

    def __init__(self, context: Any, settings: tuple[PipelineConfig, OutputOptions, bool, Path | None]) -> None:
        self._context = context
        self._settings = settings
        self._pool: ProcessPoolExecutor | None = None
        self._progress: Any = None

    def work(
        self,
        index: int,
        item: BatchItem,
        stop: threading.Event,
        on_progress: Callable[[Progress], None] | None,
    ) -> ItemReport | None:
        """The worker's report; None when the batch was interrupted meanwhile."""
        if self._pool is None:
            self._progress = self._context.Queue()
            self._pool = ProcessPoolExecutor(
                1, mp_context=self._context, initializer=_begin_worker, initargs=(self._progress, *self._settings)
            )
        future = self._pool.submit(_work, index, item)
        while not stop.is_set():
            _drain(self._progress, on_progress)
            try:
                return future.result(timeout=0.2)
            except TimeoutError:
                continue
        return None

    def drop(self, kill: bool = False) -> None:
        """End the worker, at once with ``kill``."""
        if self._pool is None:
            return
        if kill:
            for process in list((self._pool._processes or {}).values()):
                process.terminate()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._progress.close()
        self._progress.cancel_join_thread()
        self._pool = self._progress = None


@dataclass(slots=True)
class _Worker:
    """What a child process keeps between its items."""

    progress: Any
    config: PipelineConfig
    options: OutputOptions
    again: bool
    weights: Path | None
    models: Models | None = None


_worker: _Worker | None = None


def _begin_worker(
    progress: Any, config: PipelineConfig, options: OutputOptions, again: bool, weights: Path | None
) -> None:
    import signal

    import cv2

    # Ctrl-C reaches the whole group; the parent decides what becomes of its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    progress.cancel_join_thread()
    # A parent that is killed cannot end its workers: they watch it, and go with it.
    threading.Thread(target=_die_with_parent, name="tapetum-parent", daemon=True).start()
    cv2.setNumThreads(max(1, config.engines.threads))
    global _worker
    _worker = _Worker(progress, config, options, again, weights)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(index: int, item: BatchItem) -> ItemReport:
    assert _worker is not None
    worker = _worker
    try:
        if worker.models is None:
            worker.models = load_wanted(worker.config, worker.weights)
        if not item.session.is_file():
            raise BatchError(f"{item.session} is not there any more")
        expected = fingerprint(item.session, worker.models, worker.config, worker.options)
        if not worker.again and finished(item.folder, expected):
            return ItemReport(item, "skipped")
        result = process_session(
            item.session,
            item.folder,
            worker.models,
            worker.config,
            worker.options,
            on_progress=lambda done, of: worker.progress.put(Progress(index, done, of)),
        )
        return ItemReport(item, "done", result)
    except (RecordingError, PipelineError, EngineError, OSError) as error:
        return ItemReport(item, "failed", error=str(error))
    except Exception as error:  # noqa: BLE001 - one session must never take the others with it
        return ItemReport(item, "failed", error=f"unexpected {type(error).__name__}: {error}")
