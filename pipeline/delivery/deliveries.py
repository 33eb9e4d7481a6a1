"""Alarms told to several targets, none of which waits for another."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.delivery.deliver import AlarmDelivery, DeliveryConfig, DeliveryStatus
from pipeline.delivery.target import Target
from pipeline.rules.run import Change


class Deliveries:
    """Each target has its own queue and threads.

    Args:
        targets: where to; none twice.
        config, session: as of :class:`AlarmDelivery`.
    """

    def __init__(self, targets: Sequence[Target], config: DeliveryConfig | None = None, session: str = "") -> None:
        self._each = [AlarmDelivery(target, config, session) for target in dict.fromkeys(targets)]
        self._config = config or DeliveryConfig()

    def offer(self, change: Change, clip: Path | None = None) -> bool:
        """Hand over what a rule told; whether somebody is to be told. Never waits for anybody."""
        return any([delivery.offer(change, clip) for delivery in self._each])  # noqa: C419 - to each

    @property
    def status(self) -> DeliveryStatus:
        """The counts of all together (an alarm for two targets is two), and a problem that one of them has."""
        told = [delivery.status for delivery in self._each]
        worst = next((one for one in told if one.problem), DeliveryStatus())
        return DeliveryStatus(
            sum(one.delivered for one in told),
            sum(one.failed for one in told),
            sum(one.dropped for one in told),
            sum(one.waiting for one in told),
            worst.problem,
            worst.target,
        )

    def begin_to_close(self, within_s: float | None = None) -> None:
        """Take nothing more; what waits has so long. Returns at once."""
        end = time.monotonic() + (self._config.close_s if within_s is None else within_s)
        for delivery in self._each:
            delivery.begin_to_close(max(0.0, end - time.monotonic()))

    def close(self, within_s: float | None = None) -> DeliveryStatus:
        """End all of them within the time of one. Safe to call twice."""
        self.begin_to_close(within_s)
        for delivery in self._each:
            delivery.close()
        return self.status
