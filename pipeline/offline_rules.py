"""Rules over a recorded session: the events that they make of its observations, each once, with its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from drivers.frame import Frame, FrameSet
from pipeline.rules.engine import RuleEngine, key_of
from pipeline.rules.load import RuleSet
from pipeline.rules.picture import PictureWatch
from pipeline.rules.run import Change
from pipeline.session_context import SessionContext
from recordings.event import Event
from recordings.observation import Observation, SignalValue

PICTURE = "picture"
"""The signal that is made of the frames; all others stand in the observations."""


class OfflineRules:
    """Give it the observations in order, then :meth:`close` it.

    Args:
        rules: what counts.
        context: what is known beside the pictures.
        put: takes each event when it is over.
    """

    def __init__(self, rules: RuleSet, context: SessionContext, put: Callable[[Event], None]) -> None:
        self._engine = RuleEngine(rules)
        self._context = context
        self._put = put
        self._picture = PictureWatch()
        self.counts: Counter[str] = Counter()
        """Rule -> its events."""

    @property
    def asked(self) -> frozenset[str]:
        """The signals that the rules ask for."""
        return self._engine.asked

    def step(self, observation: Observation, frame_set: FrameSet) -> None:
        """What is said of a FrameSet, and its frames: whether they show anything at all is for rules, too."""
        self.see(observation, frame_set.frames)

    def see(self, observation: Observation, frames: Mapping[str, Frame]) -> None:
        """The same, where there are only the frames; they are looked at where a rule asks what they show."""
        if PICTURE in self._engine.asked:
            self.hear(observation, self.picture(observation, frames))
        else:
            self.hear(observation)

    def picture(self, observation: Observation, frames: Mapping[str, Frame]) -> SignalValue:
        """Whether the cameras show anything at the instant of an observation; in the order of the instants."""
        return self._picture.step(frames, observation.device_ns)

    def hear(self, observation: Observation, picture: SignalValue | None = None) -> None:
        """What is said of a FrameSet, and what its frames show, where that is known."""
        scene = {} if picture is None else {PICTURE: picture}
        self._take(self._engine.step(observation, self._context.at(observation.host_ns), scene))

    def close(self) -> None:
        """The session is over: so is what went on."""
        self._take(self._engine.stop())

    def _take(self, changes: list[Change]) -> None:
        for change in changes:
            if change.kind == "ended":
                self.counts[key_of(change.event)[0]] += 1
                self._put(change.event)
