"""Alarms that are told, and how a test waits for it."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable
from typing import Any

from pipeline.delivery.deliver import AlarmDelivery, DeliveryStatus
from pipeline.rules.model import Rule
from pipeline.rules.run import Change, Kind
from recordings.event import Event, Evidence
from recordings.observation import SignalValue
from tests.pipeline.delivery.servers import PATIENCE_S

RULE = Rule.model_validate(
    {"name": "asleep", "text": "Asleep", "severity": "alarm", "when": {"signal": "perclos", "above": 0.5}}
)
QUICK: dict[str, Any] = {"backoff_s": 0.01, "longest_backoff_s": 0.05, "timeout_s": 10.0}


def change(number: int = 0, severity: str = "alarm", kind: Kind = "begun", note: str = "Asleep") -> Change:
    evidence = (Evidence("perclos", SignalValue(0.6, "", 0.9), ((-0.1, 0.4), (0.0, 0.6))),)
    return Change(kind, Event("asleep", number, None, 3, note, severity, evidence), RULE)


def until(status: Callable[[], DeliveryStatus], holds: Callable[[DeliveryStatus], bool]) -> DeliveryStatus:
    """Wait for the thing itself."""
    end = time.monotonic() + PATIENCE_S
    while not holds(status()):
        assert time.monotonic() < end, status()
        time.sleep(0.005)
    return status()


Deliveries = Callable[..., AlarmDelivery]


def python(code: str, *arguments: object) -> str:
    return shlex.join([sys.executable, "-c", code, *map(str, arguments)])
