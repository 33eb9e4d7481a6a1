"""One model's engine in words and numbers, as the screen and the log tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engines.build import BuildProgress
from engines.build_times import BuildTime


@dataclass(frozen=True, slots=True)
class EngineState:
    """One model's engine, for the screen and the log.

    Attributes:
        model: its name.
        wish: the backend and precision that run now, as a policy spells them.
        device: what really computes.
        precision: that it computes in.
        is_fallback: whether the policy puts something else first.
        reasons: why each of the others does not run.
        retried: calls that the engine failed and the fallback computed.
        failed: calls that nothing could compute.
        fault: the last fault of an engine, in words; or empty.
        swaps: engines that took over at a frame boundary.
        coming: what is being loaded or built to take over; or empty.
        build: its progress, while something is built.
        trouble: why what was asked for last did not come; or empty.
        given_up: what was asked for last and somebody cancelled; or empty. That is no trouble.
        note: what whoever trusts the engine must know; or empty.
        configured: the policy that it was loaded by, before anybody asked for another engine.
        asked: the number of what was asked for it last; 0 before anything was.
        build_times: recipe -> what such builds took here; without those that nobody measured.
    """

    model: str
    wish: str
    device: str
    precision: str
    is_fallback: bool
    reasons: dict[str, str]
    retried: int = 0
    failed: int = 0
    fault: str = ""
    swaps: int = 0
    coming: str = ""
    build: BuildProgress | None = None
    trouble: str = ""
    note: str = ""
    given_up: str = ""
    configured: str = ""
    asked: int = 0
    build_times: Mapping[str, BuildTime] = field(default_factory=dict)
