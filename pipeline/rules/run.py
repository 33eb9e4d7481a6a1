"""One rule at work on one face, or on the scene: from a condition that holds to an event, and to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pipeline.rules.condition import Condition, Ranges, Values
from pipeline.rules.known_time import KnownTime
from pipeline.rules.model import Rule, RulesFile, condition_of
from pipeline.rules.tiers import circumstances
from pipeline.rules.trace import Trace
from pipeline.signals.timing import Stopwatch
from recordings.event import Clip, Event

Kind = Literal["begun", "updated", "ended"]

LEAST_SPAN_S: Final = 2.0
"""Over at least so much time before an event its condition must have been known."""
SETTLE_S: Final = 0.2
"""So long a face, or the scene, must have been looked at without interruption before anything begins."""
_PATIENCE_S: Final = 0.2

LOST: Final = "the face is gone"
UNKNOWN: Final = "not known any more"
LEAPT: Final = "the camera's clock leapt"
NO_PICTURE: Final = "no picture came for a while"
ANOTHER: Final = "another face has its number now"
CHANGED: Final = "the rule was changed"
REMOVED: Final = "the rule was taken away"
NOT_HERE: Final = "the rule does not apply any more"
STOPPED: Final = "nobody looks any more"


@dataclass(frozen=True, slots=True)
class Change:
    """An event began, changed, or ended.

    Attributes:
        event: as it is now.
        rule: of the event.
        why: of an end that is not the condition's; ''.
    """

    kind: Kind
    event: Event
    rule: Rule
    why: str = ""


@dataclass(slots=True)
class Moment:
    """What a rule is given at one instant. ``age_ns``: for how long there has been no interruption."""

    device_ns: int
    values: Values
    trace: Trace
    age_ns: int


class RulePlan:
    """A rule made ready: its conditions, and those of its tiers. All faces share it.

    Attributes:
        here: condition, for_s and severity in the context that was looked at last; None where the rule is off.
        context: that one, and tier: which of the rule's tiers counts in it, from 1; 0 for the rule as it is written.
    """

    __slots__ = (
        "_base",
        "_confidences",
        "_tiers",
        "bridges",
        "clear_s",
        "context",
        "here",
        "least_share",
        "lost_ns",
        "mute_ns",
        "rule",
        "signals",
        "span_ns",
        "tier",
    )

    def __init__(self, rule: Rule, file: RulesFile) -> None:
        self.rule = rule
        base = Condition(rule, file.min_confidence)
        self._base = (base, rule.for_s, rule.severity.value)
        self.here: tuple[Condition, float, str] | None = self._base
        self.context: Mapping[str, float] = {}
        self.tier = 0
        self._tiers = tuple(
            (
                Ranges(tier),
                None
                if tier.off
                else (
                    base if condition_of(tier) is None else Condition(tier, file.min_confidence),
                    rule.for_s if tier.for_s is None else tier.for_s,
                    (tier.severity or rule.severity).value,
                ),
            )
            for tier in rule.tier
        )
        conditions = [base, *(made[0] for _, made in self._tiers if made is not None)]
        self.signals = tuple(dict.fromkeys(name for condition in conditions for name in condition.signals))
        self._confidences = tuple(condition.confidences for condition in conditions)
        longest = max([rule.for_s, *(made[1] for _, made in self._tiers if made is not None)])
        self.span_ns = round(max(longest, LEAST_SPAN_S) * 1e9)
        self.clear_s = rule.clear_for_s
        self.bridges = rule.reset_s > 0
        self.mute_ns = round(rule.mute_s * 1e9)
        self.lost_ns = round(file.lost_s * 1e9)
        self.least_share = file.min_valid_share

    def look(self, context: Mapping[str, float]) -> None:
        """A context, for the steps that follow."""
        self.context = context
        for number, (ranges, made) in enumerate(self._tiers, 1):
            if ranges.fit(context):
                self.here, self.tier = made, number
                return
        self.here, self.tier = self._base, 0

    def is_same(self, other: RulePlan) -> bool:
        """Whether what one began the other may go on with."""
        mine, its = (self.rule, self._tunes()), (other.rule, other._tunes())
        return mine == its

    def _tunes(self) -> tuple[object, ...]:
        return self.lost_ns, self.least_share, self._confidences


class RuleRun:
    """A rule's memory of one face, or of the scene.

    Attributes:
        event: the one that goes on; None between events.
    """

    __slots__ = ("_clear", "_clear_ns", "_held", "_known", "_known_ns", "_muted_until_ns", "event", "plan")

    def __init__(self, plan: RulePlan) -> None:
        self.plan = plan
        self.event: Event | None = None
        self._muted_until_ns: int | None = None
        self._known_ns = 0
        self._clear_ns = 0
        self.interrupt()

    def interrupt(self) -> None:
        """What was before this is not joined to what comes: timers begin anew, an event goes on."""
        self._held = Stopwatch(max(_PATIENCE_S, self.plan.rule.reset_s))
        self._clear = Stopwatch(_PATIENCE_S)
        self._known = KnownTime(self.plan.span_ns)

    def step(self, moment: Moment) -> Change | None:
        """What comes of this instant."""
        made = self.plan.here
        now = moment.device_ns
        if made is None:
            self._held.step(now, False)
            self._known.add(now, True)
            return self.end(now, NOT_HERE)
        condition, for_s, severity = made
        starts = condition.ask(moment.values)
        self._known.add(now, starts is not None)
        held = self._held.step(now, None if starts is False and self.plan.bridges else starts)
        if self.event is None:
            if starts and held >= for_s and self._may_begin(moment):
                return self._begin(moment, condition, severity)
            return None
        return self._go_on(now, condition.ask(moment.values, True), severity)

    def _may_begin(self, moment: Moment) -> bool:
        if moment.age_ns < SETTLE_S * 1e9 or self._known.share() < self.plan.least_share:
            return False
        return self._muted_until_ns is None or moment.device_ns >= self._muted_until_ns

    def _begin(self, moment: Moment, condition: Condition, severity: str) -> Change:
        now, rule = moment.device_ns, self.plan.rule
        evidence = moment.trace.evidence(now, moment.values, condition.signals)
        evidence += circumstances(rule, self.plan.tier, self.plan.context)
        self._clear = Stopwatch(_PATIENCE_S)
        self._known_ns = now
        self.event = Event(rule.name, now, None, None, rule.text, severity, evidence, clip=_clip(rule, now))
        return Change("begun", self.event, rule)

    def _go_on(self, now: int, holds: bool | None, severity: str) -> Change | None:
        assert self.event is not None
        over = self._clear.step(now, None if holds is None else not holds)
        if holds is None:
            return self.end(self._known_ns, UNKNOWN) if now - self._known_ns > self.plan.lost_ns else None
        self._known_ns = now
        if not holds:
            if over == 0.0:
                self._clear_ns = now
            return self.end(self._clear_ns) if over >= self.plan.clear_s else None
        if severity != self.event.severity:
            self.event = replace(self.event, severity=severity)
            return Change("updated", self.event, self.plan.rule)
        return None

    def end(self, device_ns: int, why: str = "") -> Change | None:
        """The event, if there is one, is over since then."""
        if self.event is None:
            return None
        note = f"{self.event.note} ({why})" if why else self.event.note
        ended = replace(self.event, end_ns=max(device_ns, self.event.begin_ns), note=note)
        self.event = None
        return Change("ended", ended, self.plan.rule, why)

    def acknowledge(self, by: str, device_ns: int) -> Change | None:
        """Somebody has seen the event: nothing new begins here for the rule's ``mute_s``."""
        self._muted_until_ns = device_ns + self.plan.mute_ns
        if self.event is None or self.event.acknowledged_ns is not None:
            return None
        self.event = replace(self.event, **seen(self.plan.rule, by, device_ns))
        return Change("updated", self.event, self.plan.rule)


def seen(rule: Rule, by: str, device_ns: int, mutes: bool = True) -> dict[str, Any]:
    """What an event says of who has seen it, and of the mute that follows where the rule has one."""
    told: dict[str, Any] = {"acknowledged_by": by, "acknowledged_ns": device_ns}
    if mutes and rule.mute_s:
        told |= {"muted_by": by, "muted_until_ns": device_ns + round(rule.mute_s * 1e9)}
    return told


def _clip(rule: Rule, begin_ns: int) -> Clip | None:
    """The stretch that the rule wants to be kept; whoever keeps it says where."""
    if rule.clip_s is None:
        return None
    before_s, after_s = rule.clip_s
    return Clip(begin_ns - round(before_s * 1e9), begin_ns + round(after_s * 1e9))
