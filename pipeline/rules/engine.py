"""Rules at work: what the observations of a rig say, instant by instant, becomes events.

A deterministic state machine on the camera's clock, without threads: the same observations, context and
acknowledgements in the same order give the same events. Two times are those of an event: it begins at the instant at
which its condition has held for long enough, and ends at the first instant of the stretch in which it was over for long
enough (the evidence tells what was before).
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from pipeline.rules.identity import is_another
from pipeline.rules.load import RuleSet
from pipeline.rules.model import RulesFile
from pipeline.rules.reading import of_face, of_scene
from pipeline.rules.run import (
    ANOTHER,
    CHANGED,
    LEAPT,
    LOST,
    NO_PICTURE,
    REMOVED,
    STOPPED,
    Change,
    Moment,
    RulePlan,
    RuleRun,
    seen,
)
from pipeline.rules.trace import Trace
from pipeline.signals.names import BY_NAME
from pipeline.signals.timing import GAP_S
from recordings.event import Event
from recordings.observation import Box, Face, Observation, SignalValue

EventKey: TypeAlias = tuple[str, int | None, int]
"""Name, face and beginning: what an event is known by while it goes on and afterwards."""

REMEMBERED: Final = 256
"""Events that are over and can still be acknowledged."""
_GAP_NS: Final = round(GAP_S * 1e9)
NOTHING: Final[Mapping[str, float]] = {}


def key_of(event: Event) -> EventKey:
    """What an event is known by."""
    return event.name, event.face, event.begin_ns


class _Subject:
    """A face, or the scene: its rules' memories."""

    def __init__(self, face: int | None, plans: tuple[RulePlan, ...], device_ns: int) -> None:
        self.face = face
        self.seen_ns = device_ns
        self.since_ns = device_ns
        self.runs = {plan.rule.name: RuleRun(plan) for plan in plans}
        self.trace = Trace(name for plan in plans for name in plan.signals)

    def use(self, plans: tuple[RulePlan, ...], device_ns: int) -> list[Change]:
        """Other rules: those that are the same go on."""
        changes, old = [], self.runs
        self.runs = {}
        for plan in plans:
            was = old.pop(plan.rule.name, None)
            if was is not None and was.plan.is_same(plan):
                was.plan = plan
                self.runs[plan.rule.name] = was
                continue
            if was is not None:
                changes.append(was.end(device_ns, CHANGED))
            self.runs[plan.rule.name] = RuleRun(plan)
        changes += [run.end(device_ns, REMOVED) for run in old.values()]
        self.trace = Trace(name for plan in plans for name in plan.signals)
        return self.named(changes)

    def interrupt(self, device_ns: int) -> None:
        self.since_ns = device_ns
        self.trace.clear()
        for run in self.runs.values():
            run.interrupt()

    def end(self, why: str) -> list[Change]:
        return self.named([run.end(self.seen_ns, why) for run in self.runs.values()])

    def named(self, changes: Sequence[Change | None]) -> list[Change]:
        """Changes, with the face's number on their events."""
        return [replace(c, event=replace(c.event, face=self.face)) for c in changes if c is not None]


class RuleEngine:
    """The rules of one rig. It belongs to one thread; :meth:`acknowledge` may be called from any.

    Args:
        rules: those that count; other ones that are put into a set are taken at the next step.
    """

    def __init__(self, rules: RuleSet | RulesFile) -> None:
        self._set = rules if isinstance(rules, RuleSet) else RuleSet(rules)
        self._faces: dict[int, _Subject] = {}
        self._scene: _Subject | None = None
        self._places: dict[int, tuple[str, Box]] = {}
        self._last_ns: int | None = None
        self._orders: queue.SimpleQueue[tuple[EventKey, str, int | None]] = queue.SimpleQueue()
        self._over: deque[Change] = deque(maxlen=REMEMBERED)
        self._take(self._set.rules)

    @property
    def rules(self) -> RulesFile:
        """Those of the last step."""
        return self._rules

    @property
    def asked(self) -> frozenset[str]:
        """The signals that the rules of the last step ask for."""
        return self._asked

    def use(self, rules: RuleSet) -> None:
        """Other rules count from the next step on; what is the same in both goes on. Any thread may ask for it."""
        self._set = rules

    @property
    def running(self) -> tuple[Event, ...]:
        """The events that go on, the scene's first."""
        subjects = [*([self._scene] if self._scene else []), *self._faces.values()]
        return tuple(
            replace(run.event, face=subject.face)
            for subject in subjects
            for run in subject.runs.values()
            if run.event is not None
        )

    def acknowledge(self, key: EventKey, by: str, device_ns: int | None = None) -> None:
        """Somebody has seen an event, at a time of the camera's clock, or at the next step. It is told by that step."""
        self._orders.put((key, by, device_ns))

    def step(
        self,
        observation: Observation,
        context: Mapping[str, float] = NOTHING,
        scene: Mapping[str, SignalValue] | None = None,
    ) -> list[Change]:
        """What began, changed and ended at this instant.

        Args:
            context: series beside the pictures at this instant, e.g. ``speed_kmh``; absent where not known.
            scene: signals that are of no face, by name; ``faces`` is counted where it is not given.
        """
        now = observation.device_ns
        if self._last_ns is not None and now == self._last_ns:
            return []  # the same instant again, or a clock that stands: no time passes, so nothing can come of it
        changes = self._reloaded(now)
        changes += self._leap(now)
        for plan in (*self._scene_plans, *self._face_plans):
            plan.look(context)
        told = of_scene(observation, scene or {})
        if self._scene is None:
            self._scene = _Subject(None, self._scene_plans, now)
        values = {name: told.get(name) for name in self._scene_signals}
        changes += self._look(self._scene, now, values)
        for face in observation.faces:
            changes += self._face(face, now, told)
        changes += self._vanished(now)
        changes += self._acknowledged(now)
        self._places = {face.id: (face.stream, face.box) for face in observation.faces}
        self._last_ns = now
        self._over.extend(change for change in changes if change.kind == "ended")
        return changes

    def stop(self) -> list[Change]:
        """The session ends, or is left for another place in it: all events end, everything is forgotten."""
        changes = [] if self._last_ns is None else self._acknowledged(self._last_ns)
        changes += [] if self._scene is None else self._scene.end(STOPPED)
        for subject in self._faces.values():
            changes += subject.end(STOPPED)
        self._faces.clear()
        self._scene, self._last_ns, self._places = None, None, {}
        return changes

    # -- one subject --------------------------------------------------------------------------------------------------

    def _face(self, face: Face, now: int, told: Mapping[str, SignalValue]) -> list[Change]:
        subject = self._faces.get(face.id)
        changes: list[Change] = []
        if subject is not None and is_another(face, self._places):
            changes = subject.end(ANOTHER)
            subject = None
        if subject is None:
            subject = self._faces[face.id] = _Subject(face.id, self._face_plans, now)
        values: dict[str, SignalValue | None] = {
            name: told.get(name) if of_it else of_face(face, name) for name, of_it in self._face_signals
        }
        return changes + self._look(subject, now, values)

    def _look(
        self,
        subject: _Subject,
        now: int,
        values: Mapping[str, SignalValue | None],
    ) -> list[Change]:
        if now - subject.seen_ns > _GAP_NS:
            subject.interrupt(now)
        subject.seen_ns = now
        subject.trace.add(now, values)
        moment = Moment(now, values, subject.trace, now - subject.since_ns)
        changes = [change for run in subject.runs.values() if (change := run.step(moment)) is not None]
        return subject.named(changes) if changes else []

    # -- what happens beside the faces --------------------------------------------------------------------------------

    def _leap(self, now: int) -> list[Change]:
        """A clock that goes back, or far ahead, ends what went on before it."""
        if self._last_ns is None or 0 < now - self._last_ns <= max(self._lost_ns, _GAP_NS):
            return []
        back = now < self._last_ns
        subjects = [*([self._scene] if self._scene else []), *self._faces.values()]
        changes = [change for subject in subjects for change in subject.end(LEAPT if back else NO_PICTURE)]
        self._faces.clear()
        self._places = {}
        if self._scene is not None:
            self._scene = _Subject(None, self._scene_plans, now)
        return changes

    def _vanished(self, now: int) -> list[Change]:
        gone = [n for n, subject in self._faces.items() if now - subject.seen_ns > self._lost_ns]
        return [change for number in gone for change in self._faces.pop(number).end(LOST)]

    def _acknowledged(self, now: int) -> list[Change]:
        changes: list[Change] = []
        while True:
            try:
                key, by, device_ns = self._orders.get_nowait()
            except queue.Empty:
                return changes
            at = now if device_ns is None else device_ns
            subject = self._scene if key[1] is None else self._faces.get(key[1])
            run = None if subject is None else subject.runs.get(key[0])
            if subject is not None and run is not None and run.event is not None and run.event.begin_ns == key[2]:
                changes += subject.named([run.acknowledge(by, at)])
                continue
            changes += self._acknowledged_late(key, by, at, run)

    def _acknowledged_late(self, key: EventKey, by: str, at: int, run: RuleRun | None) -> list[Change]:
        """Of an event that is over."""
        for index, change in enumerate(self._over):
            if key_of(change.event) == key and change.event.acknowledged_ns is None:
                mutes = run is not None and run.event is None
                event = replace(change.event, **seen(change.rule, by, at, mutes))
                self._over[index] = replace(change, event=event)
                if run is not None and mutes:
                    run.acknowledge(by, at)
                return [replace(change, kind="updated", event=event)]
        return []

    # -- rules --------------------------------------------------------------------------------------------------------

    def _reloaded(self, now: int) -> list[Change]:
        rules = self._set.rules
        if rules is self._rules:
            return []
        self._take(rules)
        changes = [] if self._scene is None else self._scene.use(self._scene_plans, now)
        for subject in self._faces.values():
            changes += subject.use(self._face_plans, now)
        return changes

    def _take(self, rules: RulesFile) -> None:
        self._rules = rules
        plans = tuple(RulePlan(rule, rules) for rule in rules.rule)
        self._face_plans = tuple(plan for plan in plans if plan.rule.per == "face")
        self._scene_plans = tuple(plan for plan in plans if plan.rule.per == "scene")
        names = dict.fromkeys(name for plan in self._face_plans for name in plan.signals)
        self._asked = frozenset(name for plan in plans for name in plan.signals)
        self._face_signals = tuple((name, BY_NAME[name].of == "scene") for name in names)
        self._scene_signals = tuple(dict.fromkeys(name for plan in self._scene_plans for name in plan.signals))
        self._lost_ns = round(rules.lost_s * 1e9)
