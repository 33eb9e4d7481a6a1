"""What the numbers of the window are made from: the latency, measured where pictures are painted."""

from __future__ import annotations

from drivers.frame import Frame
from drivers.host_clock import now_ns
from gui.feed import FeedStatus, Shown
from gui.part import Desk, Part
from gui.status.latency import Latency, LatencyMeter


class TruthPart(Part):
    """Keeps the latency meter. Whoever paints a picture calls :meth:`painted` at the end of its paint event."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.meter = LatencyMeter(desk.mode)
        self.latency: Latency | None = None
        """Of the slowest stream, as it was at the last status; None before it."""
        self.each: tuple[Latency, ...] = ()

    def painted(self, frame: Frame) -> None:
        """A paint event that drew this frame ended now."""
        self.meter.painted(frame, now_ns())

    def unpainted(self, stream: str) -> None:
        """A picture of a stream could not be painted."""
        self.meter.unpainted(stream)

    def show_result(self, shown: Shown) -> None:
        self.meter.result(shown.frame_set, now_ns())

    def show_status(self, status: FeedStatus) -> None:
        now = now_ns()
        self.meter.told(status.streams, now)
        self.each = self.meter.all(now)
        self.latency = self.meter.worst(now, self.each)
