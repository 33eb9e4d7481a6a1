"""The clocks of a virtual camera, and its only way to wait."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from drivers.host_clock import now_ns


class Pace(Protocol):
    """The machine's clocks are :class:`RealPace`; tests bring their own."""

    def monotonic_ns(self) -> int: ...

    def wall_ns(self) -> int:
        """Nanoseconds since 1970, by the clock of drivers/host_clock.py."""
        ...

    def wait(self, wake: threading.Event, seconds: float) -> None:
        """Wait so long or until ``wake`` is set."""
        ...


class RealPace:
    """The machine's clocks."""

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        return now_ns()

    def wait(self, wake: threading.Event, seconds: float) -> None:
        wake.wait(seconds)
