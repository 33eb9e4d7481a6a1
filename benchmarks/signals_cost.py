"""What the signals of a face cost, each and together, of one face and of three, on the bundled sessions.

python -m benchmarks.signals_cost [--repeats 7] [--session night-drive ...]

The faces are found once; then what is measured of them is measured again and again, from the start, and of each
FrameSet the quickest time of the thread's own CPU counts (every run does the same, so that what is slower was
disturbed). Beside it stands a fixed piece of NumPy, timed in the same way between the runs: it tells how quick the
machine was just then. A time over the reference's can be compared between machines, and between busy and quiet hours.

As recorded, both sessions have 9 or 10 FrameSets a second. "30 Hz" shows every FrameSet three times, a third of the way
to the next apart, with pictures that keep their own time: as where slow cameras stand beside a quick one.
Costly signals look some times a second, whatever the rate: the mean is what a FrameSet costs, "p99" tells whether their
looks fall on one. "One face" is the first of each FrameSet; "three" are as many as it has, or its first three times,
under three numbers.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from drivers.frame import FrameSet, Intrinsics
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.signals.config import SignalsConfig
from pipeline.signals.sight import Sight, Signal
from pipeline.signals.table import make_signals
from pipeline.steps.register import View
from pipeline.steps.signals import FaceSmoother, SignalStep
from recordings.observation import Face, Landmarks, SignalValue
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session

REFERENCE_LOOPS = 400
SMALL = np.arange(136.0).reshape(68, 2)


@dataclass(frozen=True, eq=False)
class Call:
    """What the step of the signals was given for one FrameSet."""

    frame_set: FrameSet
    view: View
    intrinsics: Intrinsics
    faces: Sequence[Face]
    elsewhere: Mapping[int, Mapping[str, Face]]

    def given(self) -> tuple[FrameSet, View, Intrinsics, Sequence[Face]]:
        """In the order in which the step takes it."""
        return self.frame_set, self.view, self.intrinsics, self.faces


class Recorder:
    """Stands in the place of the signals' step and keeps what it is given."""

    serving: Mapping[int, frozenset[str]] = {}
    wanting: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __call__(
        self,
        frame_set: FrameSet,
        view: View,
        lens: Intrinsics,
        faces: Sequence[Face],
        *,
        elsewhere: Mapping[int, Mapping[str, Face]],
    ) -> tuple[Face, ...]:
        self.calls.append(Call(frame_set, view, lens, tuple(faces), elsewhere))
        return tuple(faces)

    def reset(self) -> None:
        """Nothing is remembered."""

    def forget(self, numbers: Collection[int]) -> None:
        """Nor of anybody."""


def recorded(name: str) -> list[Call]:
    """What the signals are given of a bundled session."""
    config = PipelineConfig()
    models = load_models(config.engines.policy, 1)
    recorder = Recorder()
    try:
        with SessionReader(bundled_session(name)) as reader:
            process = Process(reader.streams, models, config)
            process._signals = recorder  # type: ignore[assignment]  # kept in place of being measured
            for frame_set in all_frame_sets(reader, reader.streams, config.synchronize):
                process.look(frame_set)
    finally:
        models.close()
    return [call for call in recorder.calls if call.faces]


def with_faces(calls: Sequence[Call], count: int) -> list[Call]:
    """The same FrameSets with so many faces each."""
    out = []
    for call in calls:
        faces = list(call.faces)[:count]
        number = 1000
        while len(faces) < count:
            number += 1
            faces.append(replace(faces[0], id=number))
        out.append(replace(call, faces=tuple(faces)))
    return out


def three_times(calls: Sequence[Call]) -> list[Call]:
    """Each FrameSet three times, evenly up to the next."""
    out = []
    for index, call in enumerate(calls):
        now = call.frame_set.device_ns
        after = calls[index + 1].frame_set.device_ns if index + 1 < len(calls) else now + 100_000_000
        for part in range(3):
            moved = replace(call.frame_set, device_ns=now + (after - now) * part // 3)
            out.append(replace(call, frame_set=moved))
    return out


def reference_us() -> float:
    """One round of the fixed piece of NumPy, microseconds of this thread's CPU."""
    points = SMALL
    begin = time.thread_time_ns()
    for _ in range(REFERENCE_LOOPS):
        about = points - points.mean(axis=0)
        points = about + (about * about).sum(axis=1, keepdims=True) * 1e-6
    return (time.thread_time_ns() - begin) / REFERENCE_LOOPS / 1e3


class Clock:
    """Times of parts, FrameSet after FrameSet; the quickest of several runs for each."""

    def __init__(self) -> None:
        self._runs: dict[str, list[list[int]]] = {}
        self._now: dict[str, int] = {}

    def timed(self, name: str, what: Callable[[], Any]) -> Any:
        """Its answer; the time is added to the part's of this FrameSet."""
        begin = time.thread_time_ns()
        answer = what()
        self._now[name] = self._now.get(name, 0) + time.thread_time_ns() - begin
        return answer

    def begin_run(self) -> None:
        for runs in self._runs.values():
            runs.append([])

    def end_frame_set(self, run: int) -> None:
        for name, spent in self._now.items():
            runs = self._runs.setdefault(name, [[] for _ in range(run + 1)])
            runs[run].append(spent)
        self._now = {}

    def best_us(self) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
        """Of each part the quickest time of every FrameSet."""
        return {name: np.array(runs).min(axis=0) / 1e3 for name, runs in self._runs.items()}


class Timed:
    """A signal whose steps are timed."""

    def __init__(self, signal: Signal, clock: Clock) -> None:
        self._signal, self._clock = signal, clock
        self._name = type(signal).__name__

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        found: Mapping[str, SignalValue] = self._clock.timed(self._name, lambda: self._signal.step(sight, known))
        return found


class TimedSmoother(FaceSmoother):
    """The smoother, timed."""

    def __init__(self, config: SignalsConfig, clock: Clock) -> None:
        super().__init__(config.smoothing)
        self._clock = clock

    def landmarks(self, device_ns: int, face: Face) -> Landmarks | None:
        found: Landmarks | None = self._clock.timed(
            "smooth landmarks", lambda: super(TimedSmoother, self).landmarks(device_ns, face)
        )
        return found

    def signals(self, device_ns: int, signals: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        found: Mapping[str, SignalValue] = self._clock.timed(
            "smooth signals", lambda: super(TimedSmoother, self).signals(device_ns, signals)
        )
        return found


def measured(make: Callable[[Clock], SignalStep], calls: Sequence[Call], repeats: int) -> tuple[Clock, float]:
    """All runs on one clock, and the reference's quickest time, microseconds."""
    clock, reference = Clock(), reference_us()
    for run in range(repeats):
        clock.begin_run()
        step = make(clock)
        for call in calls:
            clock.timed("all", partial(step, *call.given(), elsewhere=call.elsewhere))
            clock.end_frame_set(run)
        reference = min(reference, reference_us())
    return clock, reference


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--session", nargs="*", default=list(BUNDLED), choices=list(BUNDLED))
    args = parser.parse_args()
    config = PipelineConfig().signals
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; thread CPU time, quickest of {args.repeats} runs")
    for name in args.session:
        found = recorded(name)
        span_s = (found[-1].frame_set.device_ns - found[0].frame_set.device_ns) / 1e9
        rate = (len(found) - 1) / span_s
        for label, every in ((f"{rate:.0f} Hz, as recorded", found), (f"{3 * rate:.0f} Hz", three_times(found))):
            print(f"\n{name}, {label}: microseconds a FrameSet")
            print(f"{'':18s} {'mean':>8s} {'p99':>8s} {'reference':>10s} {'over it':>8s}")
            for count in (1, 3):
                calls = with_faces(every, count)
                clock, reference = measured(
                    lambda _: SignalStep(
                        lambda: make_signals(config, looks_twice=True), lambda: FaceSmoother(config.smoothing)
                    ),
                    calls,
                    args.repeats,
                )
                spent = clock.best_us()["all"]
                mean, late = float(spent.mean()), float(np.percentile(spent, 99))
                what = "one face" if count == 1 else "three faces"
                print(f"{what:18s} {mean:8.0f} {late:8.0f} {reference:10.1f} {mean / reference:8.1f}")
            clock, reference = measured(
                lambda clock: SignalStep(
                    lambda: [Timed(signal, clock) for signal in make_signals(config, looks_twice=True)],
                    lambda: TimedSmoother(config, clock),
                ),
                with_faces(every, 1),
                args.repeats,
            )
            each = clock.best_us()
            whole = each.pop("all")
            each["what is around"] = whole - sum(each.values())
            for part, spent in sorted(each.items(), key=lambda told: -float(told[1].mean())):
                mean, late = float(spent.mean()), float(np.percentile(spent, 99))
                print(f"  {part:16s} {mean:8.1f} {late:8.0f} {'':10s} {mean / reference:8.2f}")


if __name__ == "__main__":
    main()
