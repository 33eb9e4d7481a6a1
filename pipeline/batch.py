"""Many sessions without a screen: find them, share them out to workers, isolate failures, tell what became of each.

A worker is a child process that loads the models once; a session that fails, or even kills its worker, is one row
in the report and no more.
"""

from __future__ import annotations

import glob
import hashlib
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engines.errors import EngineError
from engines.library import Models, load_models
from pipeline.config import PipelineConfig
from pipeline.errors import BatchError, PipelineError
from pipeline.offline import OutputOptions, SessionResult, fingerprint, finished, process_session
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
    progress: Any = context.Queue()
    stop = threading.Event()
    feeders = [
        threading.Thread(
            target=_feed,
            args=(shared, items, context, progress, stop, (config, options, again, weights), on_item),
            name=f"tapetum-worker-{n}",
        )
        for n in range(workers)
    ]
    for feeder in feeders:
        feeder.start()
    interrupted = False
    try:
        while any(f.is_alive() for f in feeders):
            _drain(progress, on_progress)
    except KeyboardInterrupt:
        interrupted = True
        stop.set()
    finally:
        for feeder in feeders:
            feeder.join()
        progress.close()
        progress.join_thread()
    ordered = tuple(shared.reports[i] for i in sorted(shared.reports))
    return BatchReport(ordered, time.perf_counter() - started, interrupted)


def _folder_name(session: Path, ambiguous: bool) -> str:
    """The session's name; where two files share it, with a few digits of where they lie."""
    if not ambiguous:
        return session.stem
    return f"{session.stem}-{hashlib.sha256(str(session.parent).encode()).hexdigest()[:6]}"


def _drain(progress: Any, on_progress: Callable[[Progress], None] | None) -> None:
    try:
        update = progress.get(timeout=0.1)
    except queue.Empty:
        return
    if on_progress is not None:
        on_progress(update)


def _feed(
    shared: _Shared,
    items: Sequence[BatchItem],
    context: Any,
    progress: Any,
    stop: threading.Event,
    settings: tuple[PipelineConfig, OutputOptions, bool, Path | None],
    on_item: Callable[[int, ItemReport], None] | None,
) -> None:
    """One thread a worker: hands it items one by one, and gives it a successor when it dies."""
    pool: ProcessPoolExecutor | None = None
    try:
        while not stop.is_set():
            try:
                index = shared.todo.get_nowait()
            except queue.Empty:
                return
            if pool is None:
                pool = ProcessPoolExecutor(
                    1, mp_context=context, initializer=_begin_worker, initargs=(progress, *settings)
                )
            try:
                report = _wait(pool, index, items[index], stop)
            except BrokenProcessPool:
                pool.shutdown(wait=True)
                pool = None
                error = "the worker process died while it worked on this session (killed, out of memory, or a crash)"
                report = ItemReport(items[index], "failed", error=error)
            if report is None:
                return
            with shared.lock:
                shared.reports[index] = report
            if on_item is not None:
                on_item(index, report)
    finally:
        if pool is not None:
            if stop.is_set():
                for process in list((pool._processes or {}).values()):
                    process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)


def _wait(pool: ProcessPoolExecutor, index: int, item: BatchItem, stop: threading.Event) -> ItemReport | None:
    """The worker's report; None when the batch was interrupted meanwhile."""
    future = pool.submit(_work, index, item)
    while not stop.is_set():
        try:
            return future.result(timeout=0.2)
        except TimeoutError:
            continue
    return None


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
    cv2.setNumThreads(max(1, config.engines.threads))
    global _worker
    _worker = _Worker(progress, config, options, again, weights)


def _work(index: int, item: BatchItem) -> ItemReport:
    assert _worker is not None
    worker = _worker
    try:
        if worker.models is None:
            worker.models = load_models(
                worker.config.engines.policy, worker.config.engines.threads, weights_dir=worker.weights
            )
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
