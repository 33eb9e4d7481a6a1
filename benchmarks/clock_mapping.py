"""How well and how fast a device's clock is mapped to ours: on simulated drift, jitter and jumps, and on sessions.

    python -m benchmarks.clock_mapping [--seeds 20] [--json FILE] [SESSION.mcap ...]

Simulated: a clock that drifts by 200 ppm (half of the runs to either side), jitter of 2 ms, and after 30 s a jump of a
second (half of them back). The error is the mapped time of a frame against the moment it was taken; of every run the
largest in a stretch of time, and of all runs the median and the largest. Jitter that only makes frames late is told by
its edge; "normal" jitter goes to both sides, which no camera's transport does, and is taken for lateness, too, until
256 frames (or 64 over 5 s) have shown what it is. Frames arrive in the order in which they were taken, as a transport
gives them.

A session's frames are pushed as they came, and the mapping is held against the line that
``recordings.clock_fit`` finds when the recording is complete.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.clock import ClockMap
from recordings.clock_fit import fit_clock
from recordings.reader import SessionReader

IntArray = NDArray[np.int64]

S = 1_000_000_000
EPOCH_NS = 1_790_000_000 * S
DRIFT_PPM, JITTER_MS, JUMP_S, JUMP_AT_S, LENGTH_S = 200.0, 2.0, 1.0, 30.0, 90.0
RATES_HZ = (9, 30, 60, 120)
STRETCHES_S = ((0.0, 1.0), (1.0, 3.0), (3.0, 10.0), (10.0, 30.0), (30.0, 31.0), (31.0, 40.0), (40.0, 90.0))
KINDS = ("exponential", "half a normal", "even to 2 ms", "even to 4 ms", "gamma", "normal")


@dataclass(frozen=True)
class Simulated:
    true: IntArray  # when a frame was taken, on our clock
    device: IntArray
    host: IntArray
    ppm: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", type=Path, nargs="*", metavar="SESSION.mcap")
    parser.add_argument("--seeds", type=int, default=20, help="runs of each kind and rate")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    rows = errors(arguments.seeds)
    costs = [cost(hz) for hz in RATES_HZ]
    print("\n| frames a second | us a frame | us a state |\n|---|---|---|")
    for one in costs:
        print(f"| {one['hz']} | {one['push_us']:.1f} | {one['state_us']:.0f} |")
    told = [row for path in arguments.sessions for row in session(path)]
    if told:
        print("\n| session, stream | frames | from the fit, ms: median | after 10 s | drift, ppm | fit's | jumps |")
        print("|---|---|---|---|---|---|---|")
        for row in told:
            print(
                f"| {row['stream']} | {row['frames']} | {row['median_ms']:.3f} | {row['largest_ms']:.3f} | "
                f"{row['ppm']} | {row['fit_ppm']} | {row['jumps']} |"
            )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"simulated": rows, "cost": costs, "sessions": told}, indent=1))


def simulate(kind: str, hz: float, seed: int) -> Simulated:
    """Frames of a camera with that jitter, in the order in which they were taken."""
    rng = np.random.default_rng([KINDS.index(kind), round(hz), seed])
    since = np.arange(int(LENGTH_S * hz)) / hz
    count, ms = len(since), JITTER_MS
    late_ms = {
        "exponential": lambda: rng.exponential(ms, count),
        "half a normal": lambda: np.abs(rng.normal(0, ms, count)),
        "even to 2 ms": lambda: rng.uniform(0, ms, count),
        "even to 4 ms": lambda: rng.uniform(0, 2 * ms, count),
        "gamma": lambda: rng.gamma(3, ms / 3, count),
        "normal": lambda: rng.normal(0, ms, count),
    }[kind]()  # type: ignore[no-untyped-call]  # lambdas have no annotations
    ppm = DRIFT_PPM if seed % 2 else -DRIFT_PPM
    jump = JUMP_S if seed // 2 % 2 else -JUMP_S
    true = EPOCH_NS + np.asarray(since * S, np.int64)
    device = np.asarray((5.0 + since * (1 + ppm * 1e-6) + jump * (since >= JUMP_AT_S)) * S, np.int64)
    return Simulated(true, device, true + np.asarray(late_ms * 1e6, np.int64), ppm)


def errors(seeds: int) -> list[dict[str, Any]]:
    """Print and give the errors of each kind and rate."""
    names = [f"{begin:g}-{end:g} s" for begin, end in STRETCHES_S]
    print("\nlargest error, ms: median of the runs / of the worst run; the jump is at 30 s\n")
    print(f"| jitter | Hz | {' | '.join(names)} | drift off by, ppm | error within its uncertainty |")
    print("|---" * (len(names) + 4) + "|")
    rows = []
    for kind in KINDS:
        for hz in RATES_HZ:
            runs, off, inside = [], [], 0
            for seed in range(seeds):
                made = simulate(kind, hz, seed)
                clock = ClockMap()
                told = np.array(
                    [
                        clock.push(d, h, n)
                        for n, (d, h) in enumerate(zip(made.device.tolist(), made.host.tolist(), strict=True))
                    ]
                )
                error_ms = np.abs(told - made.true) / 1e6
                since = (made.true - EPOCH_NS) / S
                runs.append([float(error_ms[(since >= a) & (since < b)].max()) for a, b in STRETCHES_S])
                state = clock.state()
                off.append(abs((state.drift_ppm or 0.0) - made.ppm))
                inside += error_ms[-1] * 1e6 <= state.uncertainty_ns
                if state.jumps != 1 or not (np.diff(told) > 0).all():
                    raise SystemExit(f"{kind}, {hz} Hz, seed {seed}: {state.jumps} jumps, or times that fall")
            middle, worst = np.median(runs, axis=0), np.max(runs, axis=0)
            cells = " | ".join(f"{m:.2f} / {w:.2f}" for m, w in zip(middle, worst, strict=True))
            print(f"| {kind} | {hz} | {cells} | {np.median(off):.1f} | {inside} of {seeds} |", flush=True)
            rows.append(
                {
                    "jitter": kind,
                    "hz": hz,
                    "median_ms": dict(zip(names, middle.tolist(), strict=True)),
                    "worst_ms": dict(zip(names, worst.tolist(), strict=True)),
                    "drift_off_ppm": float(np.median(off)),
                    "inside": inside / seeds,
                }
            )
    return rows


def cost(hz: float) -> dict[str, float]:
    """Of a frame, and of asking for the state, at their best of five."""
    made = simulate("exponential", hz, 0)
    frames = list(zip(made.device.tolist(), made.host.tolist(), range(len(made.true)), strict=True))
    push, state = [], []
    for _ in range(5):
        clock = ClockMap()
        began = time.perf_counter()
        for device_ns, host_ns, number in frames:
            clock.push(device_ns, host_ns, number)
        push.append((time.perf_counter() - began) / len(frames) * 1e6)
        began = time.perf_counter()
        for _ in range(200):
            clock.state()
        state.append((time.perf_counter() - began) / 200 * 1e6)
    return {"hz": hz, "push_us": min(push), "state_us": min(state)}


def session(path: Path) -> list[dict[str, Any]]:
    """Each stream of a recording against its fit."""
    rows = []
    with SessionReader(path) as reader:
        for stream in reader.streams:
            times = reader.times(stream.name)
            fit = fit_clock(times.device_ns, times.host_ns)
            if fit is None or fit.drift_ppm is None:
                continue
            clock = ClockMap()
            columns = (times.device_ns.tolist(), times.host_ns.tolist(), times.number.tolist())
            told = np.array([clock.push(*one) for one in zip(*columns, strict=True)])
            since = (times.host_ns - times.host_ns[0]) / S
            # The same line as the fit's: its slope, and as high as the earliest frame allows.
            line = (times.device_ns - times.device_ns[0]) / (1 + fit.drift_ppm * 1e-6)
            line += ((times.host_ns - times.host_ns[0]) - line).min()
            apart_ms = np.abs((told - times.host_ns[0]) - line)[since > 10] / 1e6
            state = clock.state()
            rows.append(
                {
                    "stream": f"{path.stem}, {stream.name}",
                    "frames": len(told),
                    "median_ms": float(np.median(apart_ms)),
                    "largest_ms": float(apart_ms.max()),
                    "ppm": None if state.drift_ppm is None else round(state.drift_ppm, 1),
                    "fit_ppm": round(fit.drift_ppm, 1),
                    "jumps": state.jumps,
                }
            )
    return rows


if __name__ == "__main__":
    main()
