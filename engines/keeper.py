"""The engines of a running program: builds what is missing beside the picture, and swaps at a frame boundary.

One thread of its own does what takes long: it builds, loads and checks. The thread that computes frames only asks
:meth:`EngineKeeper.turn` between two of them.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engines.backend import Backend, LoadOptions
from engines.build import Build
from engines.build_recipes import RECIPES
from engines.build_times import BuildTimes, measured_here
from engines.card import ModelCard
from engines.engine_state import EngineState as EngineState
from engines.errors import (
    BuildCancelledError,
    EngineError,
    PlanError,
    PolicyError,
    QuarantinedError,
    UnknownModelError,
)
from engines.loading import Models
from engines.policy import Policy, PolicyLike, Wish, parse_policy
from engines.registry import BACKENDS
from engines.select import DEFAULT_THREADS, Selection, load_wish, plain
from engines.served import ServedBackend
from engines.variants import variant_of

log = logging.getLogger(__name__)

MakeBuild = Callable[[str, ModelCard, LoadOptions], Build]


@dataclass(slots=True)
class _Order:
    """What was asked for one model: wishes in order, and the policy that they come from; none: its fallback."""

    model: str
    wishes: tuple[Wish, ...]
    policy: str
    number: int = 0


class EngineKeeper:
    """Keeps the engines of loaded models while a program runs. All methods may be called from any thread.

    Args:
        models: loaded; the caller closes them after :meth:`close`.
        threads: CPU threads of one call; None takes the default.
        make_build: how a build is made; tests put in their own.

    Use as ``keeper.start()``; ``keeper.turn()`` between frames; ``keeper.close()``.
    """

    def __init__(self, models: Models, threads: int | None = None, make_build: MakeBuild | None = None) -> None:
        self._models = models
        self._threads = DEFAULT_THREADS if threads is None else threads
        self._make_build = make_build or Build
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._coming: dict[str, str] = {}
        self._trouble: dict[str, str] = {}
        self._given_up: dict[str, str] = {}
        self._last_number, self._void_until = 0, -1  # of orders, and of those that somebody gave up
        self._newest: dict[str, int] = {}  # model -> the number of what was asked for it last
        self._configured = {name: served.selection.policy for name, served in models.served.items()}
        self._times = BuildTimes()
        self._build: tuple[str, Build] | None = None
        self._at_work = 0
        """The number of the order that the keeper's thread carries out."""
        self._left = {name: health.left for name, health in models.health().items()}
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, beside the picture: the fallbacks, so that no frame waits for one; and what must be built.

        Built is what the policy puts first and what only lacks an engine that was built on this machine.
        """
        for name in self._models.served:
            self._order(_Order(name, (), ""))
        for name in self._models.served:
            selection = self._models.selection(name)
            if selection is not None and selection.unbuilt:
                self._order(_Order(name, selection.unbuilt, selection.policy))

    def swap(self, model: str, policy: PolicyLike) -> None:
        """Let another engine take over, when it is loaded (and built, where it must be). Returns at once.

        Args:
            model: a model's name.
            policy: what is wanted, such as ``openvino:int8``; of several the first that can.

        Raises:
            UnknownModelError: the model is not loaded, or cannot be swapped.
            PolicyError: the policy cannot be read.
        """
        wanted: Policy = parse_policy(policy)
        if model not in self._models.served:
            there = ", ".join(self._models.served) or "none"
            raise UnknownModelError(f"there is no loaded model {model!r} to swap; there are: {there}")
        if not wanted.wishes:
            raise PolicyError("a swap needs a backend")
        self._order(_Order(model, wanted.wishes, wanted.text()))

    def turn(self) -> tuple[str, ...]:
        """Between two frames: let what is ready take over. The names of the models that changed."""
        changed = self._models.turn()
        if changed:
            with self._lock:
                for name in changed:
                    self._coming.pop(name, None)
        return changed

    def left(self) -> bool:
        """Whether a model has left its engine for its fallback since the last question."""
        left = {name: health.left for name, health in self._models.health().items()}
        changed = left != self._left
        self._left = left
        return changed

    def status(self) -> tuple[EngineState, ...]:
        """A snapshot. Never waits."""
        with self._lock:
            coming, trouble, build = dict(self._coming), dict(self._trouble), self._build
            given_up, newest, times = dict(self._given_up), dict(self._newest), self._times
        states = []
        for name, served in self._models.served.items():
            status, selection, health = served.status(), served.selection, served.health
            state = EngineState(
                model=name,
                wish=selection.wish.text(),
                device=status.device,
                precision=status.precision,
                is_fallback=selection.is_fallback,
                reasons=dict(selection.reasons),
                retried=health.retried,
                failed=health.failed,
                fault=health.last_fault,
                swaps=health.swaps,
                coming=coming.get(name, ""),
                trouble=trouble.get(name, ""),
                note=status.note,
                given_up=given_up.get(name, ""),
                asked=newest.get(name, 0),
                configured=self._configured.get(name, ""),
                build_times=times.by_recipe(RECIPES, name),
            )
            if build is not None and build[0] == name:
                state = replace(state, build=build[1].progress())
            states.append(state)
        return tuple(states)

    def cancel_build(self, with_waiting: bool = False) -> bool:
        """Give the running build up; False when there was nothing to give up.

        Args:
            with_waiting: also what was asked for and waits for its turn.
        """
        with self._lock:
            build = self._build
            waiting = with_waiting and bool(self._coming)
            if with_waiting:
                self._void_until = self._last_number
        if build is not None:
            build[1].cancel()
        return build is not None or waiting

    def close(self, deadline_s: float = 5.0) -> bool:
        """Give up what is under way. True when all of it is down within the deadline."""
        self._closing.set()
        self._orders.put(None)
        with self._lock:
            thread = self._thread
        if thread is None:
            return True
        end = time.monotonic() + deadline_s
        while thread.is_alive() and time.monotonic() < end:
            self.cancel_build()
            thread.join(0.05)
        return not thread.is_alive()

    # -- the keeper's own thread --------------------------------------------------------------------------------------

    def _order(self, order: _Order) -> None:
        with self._lock:
            if self._closing.is_set():
                return
            if order.wishes:
                self._coming[order.model] = order.wishes[0].text()
                self._trouble.pop(order.model, None)
                self._given_up.pop(order.model, None)
                self._last_number += 1
                order.number = self._newest[order.model] = self._last_number
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="tapetum-engines")
                self._thread.start()
        self._orders.put(order)

    def _run(self) -> None:
        self._measure()
        while (order := self._orders.get()) is not None and not self._closing.is_set():
            served = self._models.served[order.model]
            if not order.wishes:
                self._prepare(served)
                continue
            card = self._models.loaded()[order.model].card
            try:
                self._at_work = order.number
                if order.number <= self._void_until:
                    raise BuildCancelledError("it was given up before its turn")
                backend, wish, reasons = self._first(card, order)
                self._hand_over(served, backend, wish, order, reasons)
            except BuildCancelledError as error:
                log.info("%s goes on with %s: %s", order.model, served.name, error)
                self._close_order(order, self._given_up, order.wishes[0].text())
            except Exception as error:  # noqa: BLE001 - the edge of a thread: whatever it was must reach the status
                told = str(error) if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
                log.warning("%s goes on with %s: %s", order.model, served.name, told)
                self._close_order(order, self._trouble, told)

    def _close_order(self, order: _Order, where: dict[str, str], told: str) -> None:
        """It does not come; unless something newer was asked for the same model, that is what is told."""
        with self._lock:
            if order.number == self._newest[order.model]:
                self._coming.pop(order.model, None)
                where[order.model] = told

    def _measure(self) -> None:
        """What builds took, as far as the store knows."""
        times = measured_here()
        with self._lock:
            self._times = times

    def _prepare(self, served: ServedBackend) -> None:
        try:
            served.prepare()
        except EngineError as error:  # the policy allows none, or none can run: told when one is needed
            log.info("no fallback beside %s: %s", served.name, error)
        except Exception:  # the edge of a thread: the orders that follow must be carried out
            log.exception("the fallback beside %s", served.name)

    def _first(self, card: ModelCard, order: _Order) -> tuple[Backend, Wish, dict[str, str]]:
        """The first wish that can be fulfilled, and why those before it cannot.

        Raises:
            BuildCancelledError: somebody gave a build up: what runs goes on, and nothing after it is tried.
            EngineError: none can; the message has the reason of each.
        """
        reasons: dict[str, str] = {}
        for wish in order.wishes:
            try:
                try:
                    return load_wish(card, wish, self._threads), wish, reasons
                except QuarantinedError:
                    raise  # built anew it would fail again, until somebody repairs what is wrong
                except PlanError:  # not there, torn, or of another machine
                    self._built(card, wish)
                    return load_wish(card, wish, self._threads), wish, reasons
            except BuildCancelledError:
                raise
            except EngineError as error:
                reasons[wish.text()] = str(error)
                if self._closing.is_set():
                    break
        raise EngineError("; ".join(f"{wish}: {reason}" for wish, reason in reasons.items()))

    def _built(self, card: ModelCard, wish: Wish) -> None:
        """Build what the wish lacks, and wait for it.

        Raises:
            EngineError: it could not be built.
        """
        if not BACKENDS[wish.backend].builds:
            self._build_one("int8", card, LoadOptions(threads=self._threads))
            return
        if wish.precision != "int8" or card.precision == "int8":
            self._build_one(wish.backend, card, LoadOptions(precision=plain(wish.precision), threads=self._threads))
            return
        try:  # a plan of the int8 file, which may have to be made first
            with variant_of(card, "int8"):
                pass
        except QuarantinedError:
            raise
        except PlanError:
            self._build_one("int8", card, LoadOptions(threads=self._threads))
        with variant_of(card, "int8") as source:
            self._build_one(wish.backend, source, LoadOptions(threads=self._threads))

    def _build_one(self, recipe: str, card: ModelCard, options: LoadOptions) -> None:
        build = self._make_build(recipe, card, options)
        with self._lock:
            if self._at_work <= self._void_until:
                raise BuildCancelledError("it was given up as it began")
            self._build = (card.name, build)
        try:
            with build.start():
                if self._closing.is_set():
                    build.cancel()
                build.result()
        finally:
            with self._lock:
                self._build = None
            self._measure()

    def _hand_over(
        self, served: ServedBackend, backend: Backend, wish: Wish, order: _Order, why_not: dict[str, str]
    ) -> None:
        now = served.selection
        reasons = {**now.reasons, now.wish.text(): f"{wish.text()} runs", **why_not}
        reasons.pop(wish.text(), None)
        first = wish == parse_policy(order.policy).wishes[0]
        served.offer(backend, Selection(wish.backend, reasons, order.policy, not first, wish.precision))


def states_of(models: Models) -> Sequence[EngineState]:
    """What runs each loaded model, of a program that keeps no engines."""
    return EngineKeeper(models).status()
