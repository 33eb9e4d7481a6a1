"""Engines that were asked for, now or at an earlier start: what became of each, and what is remembered. No Qt here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engines.engine_state import EngineState
from engines.errors import EngineError, PolicyError
from engines.policy import OVERRIDE, parse_policy
from gui.feed import FeedStatus, Phase
from gui.status.engine_memory import EngineMemory
from gui.status.engine_words import given_up_words, model_title, wish_title
from gui.words import tr

Swap = Callable[[str, str], None]
"""Model and policy; returns at once."""


@dataclass(slots=True)
class _Order:
    """One that was not answered yet.

    ``before``: what was remembered until then. ``was_asked``: the number that the model's state had. ``from_memory``:
    nobody asked for it today.
    """

    policy: str
    before: str
    was_asked: int
    from_memory: bool = False
    is_seen: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it, in words."""

    words: str = ""
    warn: bool = False


class EngineOrders:
    """Asks for engines, waits for what becomes of them, remembers those that came, and says what did not.

    Args:
        swap: lets another engine take over; None where that is not possible, as in a replay.
    """

    def __init__(self, swap: Swap | None, memory: EngineMemory) -> None:
        self.swap = swap
        self.memory = memory
        self._open: dict[str, _Order] = {}
        self._answers: dict[str, Answer] = {}
        self._lasting: dict[str, str] = {}
        self._has_begun = False

    @property
    def overridden(self) -> bool:
        """The environment says what runs: then nothing remembered is asked for."""
        return bool(os.environ.get(OVERRIDE, "").strip())

    @property
    def trouble(self) -> str:
        """What was remembered and does not run, a line each; stands until something else is asked for."""
        return "\n".join(self._lasting.values())

    def answer(self, model: str) -> Answer:
        """To what was asked for a model last."""
        return self._answers.get(model, Answer())

    def ask(self, states: Iterable[EngineState], wish: str) -> None:
        """Let something run these models, and remember it. Where it cannot, what was remembered before comes back."""
        for state in states:
            before = self.memory.of(state.model)
            if self._order(state, wish, before):
                self.memory.keep(state.model, wish)
                asked, runs = wish_title(wish), wish_title(state.wish)
                words = tr("Asked for {asked}; {runs} runs until it is there.", asked=asked, runs=runs)
                self._answers[state.model] = Answer(words)

    def as_configured(self, states: Iterable[EngineState]) -> None:
        """Forget what is remembered of these models; what is configured runs again."""
        for state in states:
            self.memory.keep(state.model, "")
            self._lasting.pop(state.model, None)
            first = _first(state.configured)
            if not first or (first == state.wish and not state.coming):
                words = tr("Nothing is remembered any more; {runs} runs.", runs=wish_title(state.wish))
            elif self._order(state, state.configured, ""):
                words = tr("Asked for what is configured ({policy}).", policy=state.configured)
            else:
                continue
            self._answers[state.model] = Answer(words)

    def follow(self, status: FeedStatus) -> None:
        """A few times a second, whether anybody looks or not."""
        if not self._has_begun and status.phase is Phase.RUNNING and status.engines and self.swap is not None:
            self._has_begun = True
            self._begin(status.engines)
        for state in status.engines if self._open else ():
            order = self._open.get(state.model)
            if order is not None and self._is_answered(order, state):
                del self._open[state.model]

    def _begin(self, states: Iterable[EngineState]) -> None:
        """Ask for what is remembered."""
        for state in states:
            if self.overridden or state.model in self._answers or not self.memory.is_there(state.model):
                continue  # whoever asked for something else already wants that
            name, runs = model_title(state.model), wish_title(state.wish)
            wish = self.memory.of(state.model)
            if not wish:
                self._lasting[state.model] = tr(
                    "{model}: what was remembered of its engine makes no sense ({why}); {runs} runs, as configured.",
                    model=name,
                    why=self.memory.problem(state.model),
                    runs=runs,
                )
            elif wish != state.wish and self._order(state, wish, wish, from_memory=True):
                words = tr("Asked for {asked}, as it is remembered.", asked=wish_title(wish))
                self._answers[state.model] = Answer(words)

    def _order(self, state: EngineState, policy: str, before: str, from_memory: bool = False) -> bool:
        if self.swap is None:
            return False
        try:
            self.swap(state.model, policy)
        except EngineError as error:
            self._open.pop(state.model, None)
            self._answers[state.model] = Answer(str(error), True)
            return False
        pending = self._open.get(state.model)
        if pending is not None:  # it never came: what it took the place of does
            before = pending.before
        self._open[state.model] = _Order(policy, before, state.asked, from_memory)
        self._lasting.pop(state.model, None)
        return True

    def _is_answered(self, order: _Order, state: EngineState) -> bool:
        """Whether it is known what became of it. A status may be older than the order."""
        order.is_seen |= bool(state.coming or state.build is not None or state.asked > order.was_asked)
        if state.coming or state.build is not None:
            return False
        runs = wish_title(state.wish)
        wishes = _wishes(order.policy)
        if state.wish == next(iter(wishes), "") or (
            order.is_seen and state.wish in wishes and not _came_to_nothing(state)
        ):
            self._answers[state.model] = Answer(tr("{engine} runs now.", engine=runs))
            return True
        if not order.is_seen or not _came_to_nothing(state):
            return False
        if state.given_up:
            self._answers[state.model] = Answer(given_up_words(state))
        else:
            words = tr("{runs} goes on. {why}", runs=runs, why=state.trouble)
            self._answers[state.model] = Answer(words, True)
            if order.from_memory:
                self._lasting[state.model] = tr(
                    "{model}: {wish}, which is remembered, cannot run now; {runs} runs. {why}",
                    model=model_title(state.model),
                    wish=wish_title(order.policy),
                    runs=runs,
                    why=state.trouble,
                )
        if not order.from_memory and self.memory.of(state.model) == order.policy:
            self.memory.keep(state.model, order.before)
        return True


def _came_to_nothing(state: EngineState) -> bool:
    return bool(state.trouble or state.given_up)


def _wishes(policy: str) -> list[str]:
    try:
        return [wish.text() for wish in parse_policy(policy).wishes]
    except PolicyError:  # what was configured by another version
        return []


def _first(policy: str) -> str:
    return next(iter(_wishes(policy)), "") if policy else ""
