"""What putting frames together costs, and how well they fit: streams of any rates, on one clock and on several.

    python -m benchmarks.synchronise [--seconds 120] [--json FILE]

Frames without pixels to speak of: 2 x 30, 60 and 9 Hz, and pairs from 9 to 120 Hz. Device times jitter by 0.1 ms, they
arrive 5 ms late and an exponential 2 ms more (10 and 3 ms from the thermal camera); clocks of their own drift by up to
150 ppm and begin anywhere. "skew" is the largest distance of a matched frame from its instant by the truth (when both
were taken), beside half the period of the faster stream; after 10 s, when the clocks are known. "held" is how long a
FrameSet waited after its leading frame came, for the frames that came later.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from pipeline.steps.synchronise import Synchronizer

S = 1_000_000_000
EPOCH_NS = 1_790_000_000 * S
SETTLED_S = 10.0
LATE_MS = {"thermal": (10.0, 3.0)}
PPM = {"depth": 150.0, "infrared": 150.0, "gray": -150.0, "thermal": 80.0}
KINDS = {
    "depth": StreamKind.DEPTH,
    "infrared": StreamKind.INFRARED,
    "gray": StreamKind.GRAY,
    "thermal": StreamKind.THERMAL,
}
RIGS: dict[str, dict[str, float]] = {
    "depth and infrared 30, thermal 60, gray 9": {"depth": 30, "infrared": 30, "thermal": 60, "gray": 9},
    "depth 30, thermal 9": {"depth": 30, "thermal": 9},
    "depth 9, gray 120": {"depth": 9, "gray": 120},
    "depth 120, gray 9": {"depth": 120, "gray": 9},
    "depth 30, gray 25": {"depth": 30, "gray": 25},
    "depth 60, gray 60": {"depth": 60, "gray": 60},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0, help="of frames")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs")
    print(
        "| streams, Hz | clocks | FrameSets | us a frame | of one core | skew, ms | half a period | held, ms: median | "
        "largest | of the slower stream matched |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    rows = []
    for name, rates in RIGS.items():
        for own in (False, True):
            row = {"rig": name, "clocks": "own" if own else "one", **measure(rates, own, arguments.seconds)}
            rows.append(row)
            cells = [
                name,
                row["clocks"],
                row["sets"],
                f"{row['us']:.1f}",
                f"{row['core']:.2%}",
                f"{row['skew_ms']:.2f}",
                f"{row['half_ms']:.2f}",
                f"{row['held_ms']:.1f}",
                f"{row['held_most_ms']:.1f}",
                f"{row['matched']:.1%}",
            ]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"seconds": arguments.seconds, "rigs": rows}, indent=1))


def rig(rates: dict[str, float], own: bool) -> list[StreamInfo]:
    """Depth and infrared are one camera."""
    clock = {"infrared": "depth"}
    return [
        StreamInfo(
            name,
            KINDS[name],
            4,
            3,
            "uint8" if name == "gray" else "uint16",
            fps,
            unit_m=0.001 if name == "depth" else None,
            clock=clock.get(name, name) if own else "",
        )
        for name, fps in rates.items()
    ]


def frames_of(streams: Sequence[StreamInfo], seconds: float, own: bool) -> list[tuple[Frame, int]]:
    """Frames in the order of arrival, each with the moment it was taken, on our clock."""
    out: list[tuple[Frame, int]] = []
    for k, info in enumerate(streams):
        rng = np.random.default_rng(k)
        way, jitter = LATE_MS.get(info.name, (5.0, 2.0))
        phase = {"infrared": 0.0}.get(info.name, 0.37 * k) / info.fps
        pixels = np.zeros(info.shape, info.dtype)
        # Clocks began at times of their own, and drift.
        first, ppm = (1_000.0 * sorted(KINDS).index(info.clock), PPM[info.name]) if own else (0.0, 0.0)
        came = 0
        for n in range(int(seconds * info.fps)):
            since = phase + n / info.fps + rng.normal(0, 1e-4)
            taken = EPOCH_NS + round(since * S)
            device = round((first + since * (1 + ppm * 1e-6)) * S)
            came = max(came + 1, taken + round((way + rng.exponential(jitter)) * 1e6))  # no transport changes the order
            out.append((Frame(info, pixels, n, device, came), taken))
    return sorted(out, key=lambda one: one[0].host_ns)


def measure(rates: dict[str, float], own: bool, seconds: float) -> dict[str, Any]:
    streams = rig(rates, own)
    made = frames_of(streams, seconds, own)
    taken = {id(frame): at for frame, at in made}
    sets: list[tuple[FrameSet, int]] = []
    synchronizer = Synchronizer(streams)
    spent = 0.0
    for frame, _ in made:
        began = time.perf_counter()
        done = synchronizer.push(frame)
        spent += time.perf_counter() - began
        sets += [(one, frame.host_ns) for one in done]
    settled = [(one, at) for one, at in sets if at > EPOCH_NS + SETTLED_S * S]
    leader = synchronizer.leader
    skew_ns, allowed = 0.0, 0.0
    for one, _ in settled:
        for name, frame in one.frames.items():
            if name != leader:
                apart = abs(taken[id(frame)] - taken[id(one.frames[leader])])
                half = 0.5 * S / max(rates[name], rates[leader])
                if apart / half > skew_ns / allowed if allowed else True:
                    skew_ns, allowed = float(apart), half
    held = [(at - one.frames[leader].host_ns) / 1e6 for one, at in settled]
    slower = min((name for name in rates if name != leader), key=lambda name: rates[name])
    expected = min(rates[slower], rates[leader]) * (seconds - SETTLED_S)
    return {
        "sets": len(sets),
        "us": spent / len(made) * 1e6,
        "core": spent / seconds,
        "skew_ms": skew_ns / 1e6,
        "half_ms": allowed / 1e6,
        "held_ms": float(np.median(held)),
        "held_most_ms": max(held),
        "matched": sum(slower in one.frames for one, _ in settled) / expected,
        "unmatched": dict(synchronizer.unmatched),
        "mapping": {word: state.to_json() for word, state in synchronizer.clocks().items()},
    }


if __name__ == "__main__":
    main()
