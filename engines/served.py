"""One model while the program runs: a failed call is computed again elsewhere, and its engine can be changed.

A :class:`ServedBackend` is the Backend that a model holds. Behind it stands the engine that runs now, and where the
policy allows one, a fallback. Another engine (a build that has ended, another precision) is offered from any thread
and taken at a frame boundary, by :meth:`ServedBackend.turn`, so that one FrameSet is never computed by two on purpose.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engines.backend import Arrays, Backend, BackendStatus
from engines.card import ModelCard
from engines.errors import DeviceLostError, EngineError, InferenceError, InputError
from engines.select import Selection

log = logging.getLogger(__name__)

FAILURES_TO_LEAVE = 3
"""So many failed calls in a row, and the fallback is no longer a fallback: it runs."""

ATTEMPTS = 8
"""So many engines are asked for one call before it gives up."""

HOPELESS_S = 2.0
"""So long nobody looks for a fallback again after none was found: looking takes long, and frames wait."""

MakeFallback = Callable[[Mapping[str, str]], tuple[Backend, Selection]]
"""Select another backend, without those that are named (each with the reason)."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a call ran on: these decide its bytes."""

    backend: str
    engine_key: str
    batch: int
    retried: bool = False


@dataclass(frozen=True, slots=True)
class ServedHealth:
    """What happened to one model's engine since it was loaded.

    Attributes:
        calls: that gave a result.
        retried: of these, computed by the fallback since the engine failed.
        failed: calls that gave no result at all.
        last_fault: of the engine, in words; empty when there was none.
        swaps: engines that took over at a frame boundary.
        left: the engine that failed too often and no longer runs, with its fault; or empty.
    """

    calls: int = 0
    retried: int = 0
    failed: int = 0
    last_fault: str = ""
    swaps: int = 0
    left: str = ""


class _Engine:
    """A loaded backend, how it was chosen, and how many calls are in it: it is closed when the last has left."""

    def __init__(self, backend: Backend, selection: Selection) -> None:
        self.backend = backend
        self.selection = selection
        self.calls = 0
        self.retired = False
        self.closed = False

    def taken(self) -> _Engine:
        """For one more call, which leaves with :meth:`ServedBackend._leave`. Call it with the model's lock held."""
        self.calls += 1
        return self

    def to_close(self) -> bool:
        """Whether it is time to close it: true once only. Call it with the model's lock held."""
        now = self.retired and self.calls == 0 and not self.closed
        self.closed = self.closed or now
        return now


class ServedBackend:
    """Args:
    card: of the model.
    backend: loaded, and how it was selected.
    make_fallback: selects another one when it fails; None where the policy allows no other.
    """

    def __init__(
        self, card: ModelCard, backend: Backend, selection: Selection, make_fallback: MakeFallback | None = None
    ) -> None:
        self._card = card
        self._make_fallback = make_fallback
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._engine = _Engine(backend, selection)
        self._standby: _Engine | None = None
        self._offered: _Engine | None = None
        self._barred: dict[str, str] = {}
        self._hopeless, self._hopeless_until = "", 0.0
        self._in_a_row = 0
        self._health = ServedHealth()
        self._ran: Ran | None = None
        self._closed = False

    @property
    def name(self) -> str:
        return self._engine.backend.name

    @property
    def selection(self) -> Selection:
        """How the engine that runs now was chosen, and why not the others."""
        return self._engine.selection

    @property
    def health(self) -> ServedHealth:
        return self._health

    def load(self, card: ModelCard, onnx_path: Path) -> None:
        raise EngineError(f"{card.title}: a served model is loaded already; offer it another engine instead")

    def infer(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """As :meth:`engines.backend.Backend.infer`; a call that fails is computed again by the fallback.

        Raises:
            InputError: the inputs are at fault; nothing is tried again.
            InferenceError: the engine failed, and so did the fallback, or there is none.
        """
        with self._use() as engine:
            try:
                outputs = engine.backend.infer(inputs)
            except InputError:
                raise
            except InferenceError as error:
                fault = error
            else:
                self._note(engine, inputs, retried=False)
                return outputs
        return self._again(engine, inputs, fault)

    def warm_up(self) -> None:
        with self._use() as engine:
            engine.backend.warm_up()

    def status(self) -> BackendStatus:
        return self._engine.backend.status()

    def offer(self, backend: Backend, selection: Selection) -> None:
        """Hand over a loaded engine; it runs from the next :meth:`turn` on. May be called from any thread."""
        with self._lock:
            if not self._closed:
                passed, self._offered = self._offered, _Engine(backend, selection)
            else:
                passed = _Engine(backend, selection)
        if passed is not None:
            passed.backend.close()

    def turn(self) -> bool:
        """At a frame boundary: let what was offered run from now on. True when an engine was changed."""
        with self._lock:
            if self._offered is None or self._closed:
                return False
            old, self._engine, self._offered = self._engine, self._offered, None
            self._in_a_row = 0
            self._health = replace(self._health, swaps=self._health.swaps + 1, left="")
            standby, self._standby = self._standby, None  # made for the old one's faults
            self._barred.clear()
        log.info("%s: %s now runs instead of %s", self._card.title, self._engine.backend.name, old.backend.name)
        self._retire(old)
        if standby is not None and standby is not old:
            self._retire(standby)
        return True

    def prepare(self) -> None:
        """Make the fallback now, so that no frame waits for it when the engine fails. May be called from any thread.

        Raises:
            EngineError: there is none, or it could not be made; the model goes on without.
        """
        self._leave(self._fallback(self._engine, None))

    def ran(self) -> Ran | None:
        """What the calls since the last question ran on: the newest, or one that was retried; None without a call."""
        with self._lock:
            ran, self._ran = self._ran, None
        return ran

    def close(self) -> None:
        with self._lock:
            self._closed = True
            engines = [e for e in (self._engine, self._standby, self._offered) if e is not None]
            self._standby, self._offered = None, None
        for engine in dict.fromkeys(engines):
            self._retire(engine)

    # -- engines come and go ------------------------------------------------------------------------------------------

    @contextmanager
    def _use(self) -> Iterator[_Engine]:
        """The engine that runs now, which is not closed before the call has left it."""
        with self._lock:
            engine = self._engine.taken()
        try:
            yield engine
        finally:
            self._leave(engine)

    def _leave(self, engine: _Engine) -> None:
        with self._lock:
            engine.calls -= 1
            last = engine.to_close()
        if last:
            engine.backend.close()

    def _retire(self, engine: _Engine) -> None:
        with self._lock:
            engine.retired = True
            idle = engine.to_close()
        if idle:
            engine.backend.close()

    # -- a call failed ------------------------------------------------------------------------------------------------

    def _again(self, engine: _Engine, inputs: Mapping[str, NDArray[Any]], fault: InferenceError) -> Arrays:
        """Compute on a fallback what the engine could not; where that fails too, on the next one."""
        self._fault(engine, fault)
        told = str(fault)
        with self._lock:
            failed_before = set(self._barred)
        for _ in range(ATTEMPTS):
            try:
                standby = self._fallback(engine, fault)
            except EngineError as error:
                if self._forgive(failed_before):
                    continue
                self._give_up(error)
                raise type(fault)(f"{told}; and there is no other to compute it: {error}") from fault
            try:
                outputs = standby.backend.infer(inputs)
                self._note(standby, inputs, retried=True)
                failed = None
            except InferenceError as error:
                failed = error
            finally:
                self._leave(standby)
            if failed is None:
                self._maybe_leave(engine, standby, fault)
                return outputs
            told = f"{told}; then {standby.backend.name}: {failed}"
            if isinstance(failed, InputError):
                break
            with self._lock:
                moved = standby is self._engine  # engines were changed while this call was failing
            if moved:
                engine, fault = standby, failed
                self._fault(engine, fault)
            else:
                self._drop(standby, failed)
        self._count_failed()
        raise type(failed or fault)(told) from fault

    def _fault(self, engine: _Engine, fault: InferenceError) -> None:
        told = f"{engine.backend.name}: {fault}"
        with self._lock:
            self._in_a_row += 1
            self._health = replace(self._health, last_fault=told)
            in_a_row = self._in_a_row
        if in_a_row <= FAILURES_TO_LEAVE:
            log.warning("%s failed on %s; the frame is computed again elsewhere", self._card.title, told)

    def _fallback(self, engine: _Engine, fault: InferenceError | None) -> _Engine:
        """The standby, taken for a call; made where there is none. What runs, where the engine was left meanwhile."""
        with self._making:
            with self._lock:
                if self._closed:
                    raise InferenceError(f"{self._card.title} was closed")
                if self._engine is not engine:
                    return self._engine.taken()
                if self._standby is not None:
                    return self._standby.taken()
                barred = dict(self._barred)
            if self._make_fallback is None:
                raise InferenceError("the policy allows no other backend")
            if self._is_hopeless():
                raise InferenceError(self._hopeless)
            why = "it runs" if fault is None else f"failed: {fault}"
            backend, selection = self._make_fallback({**barred, engine.selection.wish.text(): why})
            standby = _Engine(backend, selection)
            if self._keep(standby):
                return standby
            backend.close()
            raise InferenceError(f"{self._card.title} was closed")

    def _forgive(self, failed_before: set[str]) -> bool:
        """Where no other is left, what failed in an earlier call gets another chance, once a call. True: ask again."""
        with self._lock:
            if not failed_before or self._closed or self._is_hopeless():
                return False
            for wish in failed_before:
                self._barred.pop(wish, None)
            failed_before.clear()
            return True

    def _is_hopeless(self) -> bool:
        return time.monotonic() < self._hopeless_until

    def _give_up(self, error: EngineError) -> None:
        """Nothing could compute the call: for a while no other frame waits for the same search."""
        if not self._is_hopeless():
            self._hopeless, self._hopeless_until = str(error), time.monotonic() + HOPELESS_S
        self._count_failed()

    def _keep(self, standby: _Engine) -> bool:
        """Remember the standby and take it, unless the model was closed while it was being made."""
        with self._lock:
            if self._closed:
                return False
            self._standby = standby.taken()
            return True

    def _drop(self, standby: _Engine, failed: InferenceError) -> None:
        """A fallback that failed is none: the next call for one makes another."""
        with self._lock:
            if standby.retired:  # it was let go while the call was in it, and is not to blame
                return
            if standby is self._engine:  # another call made it the one that runs: what it fails at, the next call tells
                return
            self._barred[standby.selection.wish.text()] = f"failed: {failed}"
            if self._standby is standby:
                self._standby = None
        self._retire(standby)

    def _maybe_leave(self, engine: _Engine, standby: _Engine, fault: InferenceError) -> None:
        """Let the fallback run for good when the device is gone, or the engine failed too often in a row."""
        with self._lock:
            enough = isinstance(fault, DeviceLostError) or self._in_a_row >= FAILURES_TO_LEAVE
            if not enough or self._engine is not engine or standby is engine or standby.retired or self._closed:
                return
            wish, why = engine.selection.wish.text(), f"failed: {fault}"
            self._barred[wish] = why
            chosen = standby.selection
            standby.selection = replace(chosen, reasons={**chosen.reasons, **self._barred}, is_fallback=True)
            self._engine, self._standby = standby, None
            self._in_a_row = 0
            told = f"{engine.backend.name}: {fault}"
            self._health = replace(self._health, left=told)
        log.error("%s no longer runs on %s; %s runs instead", self._card.title, told, standby.backend.name)
        self._retire(engine)

    # -- what ran -----------------------------------------------------------------------------------------------------

    def _note(self, engine: _Engine, inputs: Mapping[str, NDArray[Any]], *, retried: bool) -> None:
        status = engine.backend.status()
        faces = len(next(iter(inputs.values())))
        ran = Ran(status.name, status.engine_key, status.batch_of(faces), retried)
        with self._lock:
            if not retried and engine is self._engine:
                self._in_a_row = 0
            health = self._health
            self._health = replace(health, calls=health.calls + 1, retried=health.retried + retried)
            if self._ran is None or not self._ran.retried:
                self._ran = ran

    def _count_failed(self) -> None:
        with self._lock:
            self._health = replace(self._health, failed=self._health.failed + 1)
