"""How late smoothed signals are: what the configuration says, what steps and ramps show, and what recordings show.

    python -m benchmarks.signals_lag                          # the default configuration, and the bundled sessions
    python -m benchmarks.signals_lag night.mcap other.mcap    # of other sessions
    python -m benchmarks.signals_lag --no-sessions            # computes nothing

For each smoothed signal and the landmarks: the delay behind what hardly moves (1 / (2 pi fc) of the least cut-off),
that behind a steady usual motion and the time to follow half of a usual sudden change, at 10, 30 and 120 frames a
second. Of a session, the shift that brings the raw values (``..._raw``) nearest to the smoothed ones; and of the
landmarks, by filtering what was found, x of the tip of the nose.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.signals.lag import LANDMARKS, lags, measured_lag_ms
from pipeline.signals.names import RAW
from pipeline.signals.smoothing import LandmarkSmoother
from recordings import samples
from recordings.observation import Face, Observation
from recordings.reader import SessionReader

RATES = (10.0, 30.0, 120.0)
NOSE = 30


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sessions", nargs="*", type=Path)
    parser.add_argument("--no-sessions", action="store_true")
    asked = parser.parse_args(arguments)
    config = PipelineConfig()
    print_configured(config)
    if asked.no_sessions:
        return
    for session in asked.sessions or sorted(Path(samples.__file__).parent.glob("*.mcap")):
        print_measured(session, config)


def print_configured(config: PipelineConfig) -> None:
    """The table of what follows from the configuration."""
    print(
        "| signal | still, ms | moving | " + " | ".join(f"at {r:g} Hz" for r in RATES) + " | half of a change of | ms |"
    )
    print("|---|---|---|" + "---|" * (len(RATES) + 2))
    by_rate = {rate: lags(config.signals, rate) for rate in RATES}
    for name, lag in by_rate[30.0].items():
        moving = " | ".join(f"{by_rate[rate][name].moving_ms:.0f}" for rate in RATES)
        half = ", ".join(f"{by_rate[rate][name].half_ms:.0f}" for rate in RATES)
        unit = lag.unit or "1"
        print(f"| {name} | {lag.still_ms:.0f} | {lag.speed:g} {unit}/s | {moving} | {lag.height:g} {unit} | {half} |")


def print_measured(session: Path, config: PipelineConfig) -> None:
    """The table of one session."""
    smoothing = config.signals.smoothing
    series: dict[tuple[str, int], list[tuple[float, float, float]]] = defaultdict(list)
    smoothers: dict[int, LandmarkSmoother] = defaultdict(lambda: LandmarkSmoother(smoothing))
    told = lags(config.signals)
    for observation in _observations(session, config):
        for face in observation.faces:
            time_s = observation.device_ns / 1e9
            for name in smoothing.signals:
                if (pair := _pair(face, name)) is not None:
                    series[name, face.id].append((time_s, *pair))
            smooth = smoothers[face.id].step(observation.device_ns, face)
            if face.landmarks is not None and smooth is not None:
                x = float(face.landmarks.points[NOSE, 0]), float(smooth.points[NOSE, 0])
                series[LANDMARKS, face.id].append((time_s, *x))
    print(f"\n{session.name}, the face that is seen longest\n")
    print("| signal | measured, ms | told: still, ms | told: moving, ms | values |\n|---|---|---|---|---|")
    for name in (*smoothing.signals, LANDMARKS):
        longest = max((rows for (n, _), rows in series.items() if n == name), key=len, default=[])
        lag = measured_lag_ms(*np.array(longest, np.float64).reshape(-1, 3).T)
        measured = "–" if lag is None else f"{lag:.0f}"
        print(f"| {name} | {measured} | {told[name].still_ms:.0f} | {told[name].moving_ms:.0f} | {len(longest)} |")


def _pair(face: Face, name: str) -> tuple[float, float] | None:
    raw, smooth = face.signals.get(name + RAW), face.signals.get(name)
    if raw is None or smooth is None or not (raw.is_valid and smooth.is_valid):
        return None
    return raw.value, smooth.value


def _observations(session: Path, config: PipelineConfig) -> Iterator[Observation]:
    """Computed now: a recorded run may have smoothed otherwise."""
    models = load_models(names=["face_landmarks"])
    try:
        with SessionReader(session) as reader:
            process = Process(reader.streams, models, config)
            for frame_set in all_frame_sets(reader, reader.streams, config.synchronize):
                yield process(frame_set)
    finally:
        models.close()


if __name__ == "__main__":
    main()
