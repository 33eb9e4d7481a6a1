"""Deliveries that are closed at the end of a test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pipeline.delivery.deliver import AlarmDelivery, DeliveryConfig
from pipeline.delivery.target import CommandTarget, PostTarget, parse_target
from tests.pipeline.delivery.delivery_cases import QUICK


@pytest.fixture
def deliveries() -> Iterator[Callable[..., AlarmDelivery]]:
    """Makes deliveries that are closed at the end, and leave no thread."""
    made: list[AlarmDelivery] = []

    def make(target: str | CommandTarget | PostTarget, **config: Any) -> AlarmDelivery:
        where = parse_target(target) if isinstance(target, str) else target
        made.append(AlarmDelivery(where, DeliveryConfig(**{**QUICK, **config}), "night"))
        return made[-1]

    yield make
    for delivery in made:
        delivery.close(0.0)
    assert not [t for t in threading.enumerate() if t.name == "tapetum-alarms"]
