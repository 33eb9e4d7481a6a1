"""A rig whose thermal camera is slower than the one that faces are found in, as FrameSets of the synchroniser."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from pipeline.signals.sight import OtherView, Sight, Signal
from pipeline.steps.synchronise import Synchronizer
from recordings.observation import SignalValue
from tests.pipeline.signals.faces import S, sight_at
from tests.pipeline.signals.warm_faces import SKIN_C, warm_sight

Told = list[tuple[float, dict[str, SignalValue]]]
"""Seconds since the first FrameSet, and what was told then."""
NINE: Mapping[str, float] = {"thermal": 9.0}


def breath(time_s: float) -> float:
    """The warmth under the nose at twelve breaths a minute, degrees Celsius."""
    return SKIN_C - 1.0 + 0.3 * math.sin(2 * math.pi * 12 / 60 * time_s)


def frame_sets(
    seconds: float,
    fps: float,
    thermal_fps: Mapping[str, float] = NINE,
    lost: Callable[[float], bool] = lambda time_s: False,
    clock_s: float | None = None,
) -> list[FrameSet]:
    """What the synchroniser gives.

    Args:
        fps: of the infrared camera.
        thermal_fps: of each thermal camera.
        lost: whether a thermal picture of that second never comes.
        clock_s: by how much a clock of the thermal cameras' own is ahead; None: all share one.
    """
    streams = [StreamInfo("infrared", StreamKind.INFRARED, 4, 3, "uint8", fps=fps)]
    clock = "" if clock_s is None else "warm"
    streams += [StreamInfo(n, StreamKind.THERMAL, 4, 3, "uint16", fps=f, clock=clock) for n, f in thermal_fps.items()]
    frames = []
    for order, info in enumerate(streams):
        for number in range(math.floor(seconds * info.fps)):
            ns = round(number / info.fps * S)
            if order == 0:
                frames.append(Frame(info, np.zeros(info.shape, info.dtype), number, ns, ns))
            elif not lost(ns / S):
                own_ns = ns + round((clock_s or 0.0) * S)
                frames.append(Frame(info, np.zeros(info.shape, info.dtype), number, own_ns, ns + order))
    synchronise = Synchronizer(streams)
    return [one for frame in sorted(frames, key=lambda f: f.host_ns) for one in synchronise.push(frame)]


def sights_of(sets: Iterable[FrameSet], not_radiometric: Collection[str] = (), **face: Any) -> Iterator[Sight]:
    """A face that breathes, found in infrared, at each FrameSet; every thermal frame shows it in a picture of its own.

    Args:
        not_radiometric: thermal cameras without a map to kelvin.
        face: of :func:`sight_at`.
    """
    for one in sets:
        views: dict[str, OtherView] = {}
        for name, frame in one.frames.items():
            if frame.kind is not StreamKind.THERMAL:
                continue
            warm = {"noise_k": 0.05, "seed": frame.number, "number": frame.number}
            at_s = frame.number / frame.info.fps
            view = warm_sight(
                at_s, own=False, radiometric=name not in not_radiometric, paint={"nose": breath(at_s)}, frame=warm
            ).others["thermal"]
            info = replace(view.info, name=name, clock=frame.info.clock)
            views[name] = replace(view, frame=replace(view.frame, info=info, device_ns=frame.device_ns))
        sight = sight_at(0.0, center_m=(0.0, 0.0, 1.0), others=views, **face)
        yield replace(sight, device_ns=one.device_ns)


def told_of(signals: Collection[Signal], sights: Iterable[Sight]) -> Told:
    """What these signals say of every sight, each knowing what those before it said."""
    out: Told = []
    begin_ns: int | None = None
    for sight in sights:
        begin_ns = sight.device_ns if begin_ns is None else begin_ns
        known: dict[str, SignalValue] = {}
        for signal in signals:
            known.update(signal.step(sight, known))
        out.append(((sight.device_ns - begin_ns) / S, known))
    return out
