"""Build an engine in a child process while the program goes on: progress, cancel, limits, self-check, store."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from types import TracebackType
from typing import Any, Literal

from engines.backend import LoadOptions
from engines.build_process import BuildLimits, run_child
from engines.build_recipes import fields_of, recipe_of
from engines.build_times import BuildTime, measured_here
from engines.card import ModelCard
from engines.errors import (
    BuildCancelledError,
    BuildError,
    BuildLimitError,
    EngineError,
    PlanError,
    QuantizeError,
    QuarantinedError,
    StoreError,
)
from engines.refusals import remember_refusal
from engines.store import EngineStore
from engines.store_entry import StoredEngine

log = logging.getLogger(__name__)

State = Literal["waiting", "building", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """A snapshot of a build.

    Attributes:
        state: ``waiting``: for its turn or for another process that builds the same.
        fraction: of the work, 0 to 1; never falls.
        phase: what is being done, in words.
        seconds: since the start.
        memory_bytes: that the child held at the most so far.
        error: what went wrong, of a build that failed.
        usual: what earlier builds of the same recipe took here; None where nobody measured one.
    """

    state: State = "waiting"
    fraction: float = 0.0
    phase: str = "waiting"
    seconds: float = 0.0
    memory_bytes: int = 0
    error: str = ""
    usual: BuildTime | None = None


Done = Callable[[StoredEngine | EngineError], None]


class Build:
    """One build of one engine. All methods may be called from any thread.

    Args:
        recipe: one of :data:`engines.build_recipes.RECIPES`.
        card: of the model.
        options: what the engine is for.
        store: None takes the user's own.
        limits: of time and memory.
        on_done: called once, from the build's own thread, with the engine or with the error.
        again: build even where a sound engine is there.
        check: run the recipe's self-check.
    """

    def __init__(
        self,
        recipe: str,
        card: ModelCard,
        options: LoadOptions | None = None,
        *,
        store: EngineStore | None = None,
        limits: BuildLimits | None = None,
        on_done: Done | None = None,
        again: bool = False,
        check: bool = True,
    ) -> None:
        self._recipe = recipe_of(recipe)
        self._card = card
        self._options = options or LoadOptions()
        self._store = store or EngineStore()
        self._limits = limits or BuildLimits()
        self._on_done = on_done
        self._again = again
        self._check = check and bool(self._recipe.check)
        self._cancelled = threading.Event()
        self._finished = threading.Event()
        self._lock = threading.Lock()
        self._progress = BuildProgress()
        self._began = 0.0
        self._outcome: StoredEngine | EngineError | None = None
        self._thread: threading.Thread | None = None

    @property
    def name(self) -> str:
        """Model and kind, for people."""
        return f"{self._card.name} ({self._recipe.title})"

    def start(self) -> Build:
        """Begin, and return at once.

        Raises:
            BuildError: it was started before.
        """
        with self._lock:
            if self._thread is not None:
                raise BuildError(f"the build of {self.name} was started before; make a new one")
            self._began = time.monotonic()
            self._thread = threading.Thread(target=self._run, name=f"build {self._card.name}")
            self._thread.start()
        return self

    def progress(self) -> BuildProgress:
        """Where it is now. Never waits."""
        with self._lock:
            if self._finished.is_set() or not self._began:
                return self._progress
            return replace(self._progress, seconds=time.monotonic() - self._began)

    def cancel(self) -> None:
        """Give up: the child is ended and nothing is left of it. Returns at once; safe to call at any time."""
        self._cancelled.set()

    def result(self, timeout: float | None = None) -> StoredEngine:
        """The engine, waiting for it.

        Raises:
            TimeoutError: it is not done after ``timeout`` seconds, and goes on.
            QuarantinedError: it was built and failed its self-check.
            BuildError: it was never started; or why it failed (BuildCancelledError, BuildLimitError...).
            EngineError: why else there is none.
        """
        thread = self._thread
        if thread is None:
            raise BuildError(f"the build of {self.name} was not started")
        if not self._finished.wait(timeout):
            raise TimeoutError(f"the build of {self.name} is not done after {timeout} s")
        if thread is not threading.current_thread():
            thread.join()
        assert self._outcome is not None
        if isinstance(self._outcome, EngineError):
            raise self._outcome
        return self._outcome

    def __enter__(self) -> Build:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Cancel what is not done, and wait for its end."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        outcome: StoredEngine | EngineError
        try:
            outcome = self._made()
        except EngineError as error:
            outcome = error
        except Exception as error:  # a fault of ours: the program that waits for this build must not hang
            log.exception("the build of %s", self.name)
            outcome = BuildError(f"the build of {self.name} failed: {type(error).__name__}: {error}")
        state: State = "done"
        if isinstance(outcome, EngineError):
            state = "cancelled" if isinstance(outcome, BuildCancelledError) else "failed"
            log.info("%s: %s", self.name, outcome)  # whoever waits for it is told, and says it where it belongs
        with self._lock:
            self._outcome = outcome
            self._progress = replace(
                self._progress,
                state=state,
                fraction=1.0 if state == "done" else self._progress.fraction,
                phase=state,
                seconds=time.monotonic() - self._began,
                error=str(outcome) if isinstance(outcome, EngineError) else "",
            )
            self._finished.set()
        if self._on_done is not None:
            try:
                self._on_done(outcome)
            except Exception:  # somebody else's fault, told once; the build itself is done
                log.exception("whoever waits for the build of %s failed", self.name)

    def _made(self) -> StoredEngine:
        fields = fields_of(self._recipe.name, self._card, self._options)
        usual = measured_here(self._store).of(self._recipe.name, self._card.name)
        with self._lock:
            self._progress = replace(self._progress, usual=usual)
        self._tell(0.0, "waiting for another process that builds the same")
        try:
            with self._store.draft(fields, self._limits.time_s, self._cancelled.is_set) as draft:
                there = None if self._again else self._sound(fields)
                if there is not None:
                    return there
                scratch = draft.folder / "scratch"
                scratch.mkdir(mode=0o700)  # a child that is ended cannot delete what it put elsewhere
                request = self._request(str(draft.folder), str(scratch))
                self._tell(0.0, "starting")
                with self._lock:
                    self._progress = replace(self._progress, state="building")
                began = time.monotonic()
                answer = run_child(
                    request, self._limits, self._cancelled.is_set, self._tell, self._tell_memory, self._began
                )
                shutil.rmtree(scratch, ignore_errors=True)
                check = answer.get("check")
                wrong = "; ".join(check["failures"]) if isinstance(check, dict) else ""
                self._tell(1.0, "keeping it")
                entry = draft.commit(
                    draft.folder / str(answer["artefact"]), time.monotonic() - began, check, quarantine=wrong
                )
        except QuantizeError as error:
            remember_refusal(fields, str(error))
            raise
        except StoreError as error:
            if self._cancelled.is_set():
                raise BuildCancelledError(f"the build of {self.name} was cancelled") from error
            if time.monotonic() - self._began > self._limits.time_s:
                raise BuildLimitError(f"{error} (waited {self._limits.time_s:.0f} s)") from error
            raise
        remember_refusal(fields, "")
        if entry.meta.quarantine:
            raise QuarantinedError(
                f"{self.name} was built, but failed its self-check and is not used: {entry.meta.quarantine}"
            )
        return entry

    def _sound(self, fields: dict[str, str]) -> StoredEngine | None:
        try:
            with self._store.use(fields) as lease:
                return lease.entry
        except PlanError:  # not there, torn or quarantined: that is why it is built
            return None

    def _request(self, folder: str, scratch: str) -> dict[str, Any]:
        card = self._card
        return {
            "name": self.name,
            "run": self._recipe.run,
            "check": self._recipe.check if self._check else "",
            "card": {**card.model_dump(mode="json"), "folder": str(card.folder.resolve())},
            "options": asdict(self._options),
            "folder": folder,
            "scratch": scratch,
            "bounded_addresses": self._recipe.bounded_addresses,
        }

    def _tell(self, fraction: float, phase: str) -> None:
        with self._lock:
            self._progress = replace(self._progress, fraction=max(fraction, self._progress.fraction), phase=phase)

    def _tell_memory(self, held: int) -> None:
        with self._lock:
            self._progress = replace(self._progress, memory_bytes=max(held, self._progress.memory_bytes))
