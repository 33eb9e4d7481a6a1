"""How a network is trained: the settings of a run, when a discriminator joins, and what changed since a run began."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from training.networks.registry import NetworkSpec

NEVER = 1.0
ADVERSARY_FROM = {"depth_to_color-plus": 0.6, "eye_to_face-plus": 0.6}
"""Share of a run after which the discriminator joins: ours come late, so that they sharpen what fits already."""
PAPER_ADVERSARY_FROM = 0.0
"""The papers train against their discriminators from the first step."""


@dataclass(frozen=True)
class TrainSettings:
    """How long and how to train. The run ends at `seconds` of training time or `steps`, whichever comes first."""

    seconds: float = 3600.0
    """Infinite where `steps` alone says how long; only then does the schedule not hang on the clock."""
    steps: int = 1_000_000
    batch_size: int | None = None
    """None: the task's own."""
    learning_rate: float | None = None
    """None: the task's own."""
    seed: int = 0
    threads: int = 2
    device: str = "cpu"
    """cpu, cuda, cuda:N, or auto: cuda where it works."""
    workers: int | None = None
    """Processes that make batches; 0 makes them in a thread, None: 0 on the CPU, some on a GPU."""
    mixed_precision: bool = True
    adversary_from: float | None = None
    """Share of the run after which the discriminator joins (1: never, 0: from the start; None: see adversary_from)."""
    checkpoint_s: float = 120.0
    log_every: int = 50


def adversary_from(spec: NetworkSpec, settings: TrainSettings) -> float:
    """Share of the run, 0..1, after which the discriminator of `spec` joins; 1 where there is none."""
    if spec.critic is None:
        return NEVER
    if settings.adversary_from is not None:
        return settings.adversary_from
    return PAPER_ADVERSARY_FROM if spec.preset == "seed" else ADVERSARY_FROM.get(spec.key, NEVER)


def changed(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What differs between the facts of the run that was begun and those of now, as sentences' parts.

    Facts that either side lacks (an older checkpoint) are left out.
    """
    told = []
    for name, value in now.items():
        was = before.get(name, value)
        if was != value:
            told.append(f"{name} {_words(was)} then, {_words(value)} now")
    return told


def limit(value: float) -> float | None:
    """A number for JSON, which knows no infinity: None stands for it."""
    return None if math.isinf(value) else value


def _words(value: object) -> str:
    if value is None:
        return "unlimited"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
