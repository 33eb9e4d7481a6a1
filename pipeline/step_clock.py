"""How long the steps of a FrameSet took, and the models within them. The only clock that the steps ask."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

STEPS = ("register", "find", "track", "crop", "landmarks", "pose", "follow", "signals", "generate", "models")
"""What is counted: the steps without the models, and the models."""


class StepClock:
    """Attributes:
    seconds: that each step took on this FrameSet, of :data:`STEPS`.
    model_seconds: that each model took that may rest.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = dict.fromkeys(STEPS, 0.0)
        self.model_seconds: dict[str, float] = {}

    def begin(self, models: Iterable[str]) -> None:
        """Another FrameSet: what was counted until now is whose it was, and counted no more."""
        self.seconds = dict.fromkeys(STEPS, 0.0)
        self.model_seconds = dict.fromkeys(models, 0.0)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """While this lasts, it is this step's time."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] += time.perf_counter() - start

    def to_models(self, step: str, model: str, seconds: float) -> None:
        """What a model took within a step is the models' time."""
        self.seconds[step] -= seconds
        self.seconds["models"] += seconds
        self.model_seconds[model] = seconds
