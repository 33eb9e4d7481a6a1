"""How right eyes, blinks, PERCLOS and yawns are: on rendered people whom no training saw, and on the bundled sessions.

python -m benchmarks.signals_eyes render FOLDER [--face-model ictface.npz] [--people 12]   (some 35 s a person)
python -m benchmarks.signals_eyes measure FOLDER                                     (the shipped models read them)
python -m benchmarks.signals_eyes bundled
python -m benchmarks.signals_eyes speed

Each person is rendered for 24 s at 10 frames/s, by night in near infrared and by day in gray, with 39 and with 20 px
between the outer eye corners: blinks, talking, laughing, a look into the mirror, a look down at the instruments, a
yawn, a long blink, a yawn behind a hand, a microsleep with a nod. Every third one wears glasses. The moments differ
from person to person by parts of a frame.

Ten minutes of blinks are not rendered but simulated: a script of true openness, read as the models read the rendered
frames: what they said of that person at about that openness, drawn at random, and as alike from one moment to the next
as they were there.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.signals_eyes_people import CLOSED, FPS, LENSES, VIEWS, YAWNS, render
from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from engines.loading import EYE_STATE, FINDER, load_models
from pipeline.process import Process
from pipeline.signals.blinks import NAMES as BLINKS
from pipeline.signals.blinks import Blinks
from pipeline.signals.eyes import NAMES as EYES
from pipeline.signals.eyes import Eyes
from pipeline.signals.mouth import NAMES as MOUTH
from pipeline.signals.mouth import Mouth
from pipeline.signals.sight import Sight
from pipeline.signals.timing import Window
from pipeline.steps.eye_state import EyeReader, blended
from pipeline.steps.register import View, gray_of
from recordings.observation import EyeOpenness, Face, SignalValue
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from recordings.samples.truth import read_truth
from tests.helpers.truth import match, observe
from tests.pipeline.signals.faces import sight_at

# ---- reading ----


@dataclass(frozen=True)
class Reading:
    """One person in one view: what the models said of each frame, and the truth."""

    number: int
    view: str
    info: StreamInfo
    faces: list[Face | None]
    openness: NDArray[np.float32]
    """(N,) of both eyes."""
    time_s: NDArray[np.float64]
    points: NDArray[np.float32]


def read(folder: Path, views: tuple[str, ...] = VIEWS, weights: Path | None = None) -> list[Reading]:
    """All people in all views, as the models in ``weights`` see them (None: the shipped ones), eyes by the landmark
    model; :func:`by_single_eyes` has them read by the other one.
    """
    models = load_models(names=["face_landmarks", FINDER], weights_dir=weights)
    readings = []
    for file in sorted((f for f in folder.glob("*.npz") if f.stem.isdigit()), key=lambda f: int(f.stem)):
        stored = np.load(file)
        for view in views:
            lens = LENSES[view[-2:]]
            kind = StreamKind.INFRARED if view.startswith("nir") else StreamKind.GRAY
            info = StreamInfo(kind.value, kind, lens.width, lens.height, "uint8", FPS, intrinsics=lens)
            steps = Process([info], models)
            faces: list[Face | None] = []
            for k, picture in enumerate(stored[view]):
                at_ns = 1_000_000_000 + round(k / FPS * 1e9)
                looked = steps.look(FrameSet(k, at_ns, {info.name: Frame(info, picture, k, at_ns, at_ns)}))
                faces.append(looked.faces[0][0] if looked.faces else None)
            truth = stored["openness"].mean(axis=1), stored["time_s"], stored["points"]
            readings.append(Reading(int(file.stem), view, info, faces, *truth))
    models.close()
    return readings


def by_single_eyes(folder: Path, readings: list[Reading], weights: Path | None = None) -> list[Reading]:
    """The same with EyeState asked as well, about the same landmarks: nothing else in the process hangs on it.

    Raises:
        ValueError: there is no such model.
    """
    models = load_models(names=[EYE_STATE], weights_dir=weights)
    if models.eye_state is None:
        raise ValueError(f"no model of single eyes: {models.missing}")
    eyes, told = EyeReader(models.eye_state), []
    for reading in readings:
        pictures = np.load(folder / f"{reading.number}.npz")[reading.view]
        faces: list[Face | None] = []
        for picture, face in zip(pictures, reading.faces, strict=True):
            if face is not None and face.eyes is not None and face.landmarks is not None:
                frame = Frame(reading.info, picture, 0, 0, 0)
                view = View(frame, gray_of(frame), None, reading.info.intrinsics)
                (seen,) = eyes.many([(view, face.landmarks.points)])
                assert seen is not None
                both = blended(seen, (face.eyes.right, face.eyes.left))
                face = replace(face, eyes=EyeOpenness(*both, seen.sure))
            faces.append(face)
        told.append(replace(reading, faces=faces))
    models.close()
    return told


# ---- measuring ----


def signals_of(
    reading: Reading, rounds: int = 2, times_s: NDArray[np.float64] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Name -> value of each frame, NaN where it is not known, in the last of some rounds that follow each other."""
    parts = Eyes(), Blinks(), Mouth()
    told: dict[str, list[float]] = {name: [] for name in (*EYES, *BLINKS, *MOUTH, "confidence")}
    for index in range(rounds * len(reading.faces)):
        face = reading.faces[index % len(reading.faces)]
        known: dict[str, SignalValue] = {}
        if face is not None:
            at_s = index / FPS if times_s is None else float(times_s[index])
            at_ns = round((at_s + 1.0) * 1e9)
            believed = None if "landmarks" in face.invalid else face.landmarks
            sight = Sight(at_ns, face, believed, reading.info, reading.info.intrinsics or LENSES["40"])
            for part in parts:
                known.update(part.step(sight, known))
        for name, values in told.items():
            value = known.get("eye_openness" if name == "confidence" else name)
            fit = value is not None and value.is_valid
            values.append((value.confidence if name == "confidence" else value.value) if value and fit else np.nan)
    return {name: np.array(values[-len(reading.faces) :]) for name, values in told.items()}


def f1(found: NDArray[np.bool_], true: NDArray[np.bool_]) -> float:
    hits, wrong = np.count_nonzero(found & true), np.count_nonzero(found ^ true)
    return 2 * hits / max(2 * hits + wrong, 1)


def measure(folder: Path, weights: Path | None = None) -> None:
    readings = read(folder, weights=weights)
    print("== eyes read by the landmark model alone")
    tell(readings)
    print("== eyes read by the model of single eyes as well")
    tell(by_single_eyes(folder, readings, weights))


def tell(readings: list[Reading]) -> None:
    print("closed (true openness < 0.2) or open, a frame; 'clear' leaves out frames between 0.2 and 0.5")
    for view in VIEWS:
        of_view = [r for r in readings if r.view == view]
        for rounds, words in ((2, "learned"), (1, "at first sight")):
            told = [signals_of(r, rounds) for r in of_view]
            closed = [t["eyes_closed"] == 1 for t in told]
            true = [r.openness < CLOSED for r in of_view]
            each = [f1(c, t) for c, t in zip(closed, true, strict=True)]
            sure = [float(np.nanmean(t["confidence"])) for t in told]
            off = [float(np.nanmean(t["eyes_closed"]) - y.mean()) for t, y in zip(told, true, strict=True)]
            one, other = np.concatenate(closed), np.concatenate(true)
            clear = np.concatenate([(r.openness < CLOSED) | (r.openness > 0.5) for r in of_view])
            sure_of = np.concatenate([t["confidence"] >= 0.5 for t in told])
            print(
                f"  {view:6} {words:14} F1 {f1(one, other):.3f}, clear {f1(one[clear], other[clear]):.3f}, "
                f"of the {100 * sure_of.mean():.0f} % believed {f1(one[sure_of], other[sure_of]):.3f}, each "
                f"{' '.join(f'{e:.2f}' for e in each)}; share of closed time off by "
                f"{' '.join(f'{o:+.3f}' for o in off)}; confidence {' '.join(f'{s:.2f}' for s in sure)}"
            )
    print("blinks counted in 24 s, of 8, each person")
    for view in VIEWS:
        lengths = [signals_of(r)["blink_s"] for r in readings if r.view == view]
        print(f"  {view:6} {' '.join(str(_changes(b)) for b in lengths)}")
    print("yawns: [seen, hidden behind a hand] found of people; false ones")
    for view in VIEWS:
        hits, false = [0, 0], 0
        of_view = [r for r in readings if r.view == view]
        for r in of_view:
            yawning = signals_of(r)["yawn"] == 1
            hits = [h + bool(yawning[_during(r.time_s, s, 1.0)].any()) for h, s in zip(hits, YAWNS, strict=True)]
            false += _runs(yawning & ~_during(r.time_s, YAWNS[0], 1.0) & ~_during(r.time_s, YAWNS[1], 1.0))
        seen, missed = sum(hits), 2 * len(of_view) - sum(hits)
        score = hits[0] / max(hits[0] + 0.5 * (false + len(of_view) - hits[0]), 1)
        both = seen / max(seen + 0.5 * (false + missed), 1)
        print(f"  {view:6} {hits} of {len(of_view)}, false {false}; F1 seen {score:.2f}, with the hidden {both:.2f}")
    simulate(readings)


def bundled() -> None:
    """The same of the bundled sessions, by all streams and by each camera alone."""
    print("bundled sessions: closed or open, a frame, in one pass from the first picture on")
    for name in BUNDLED:
        session = bundled_session(name)
        with SessionReader(session) as reader:
            truth, infos = read_truth(reader), {s.name: s for s in reader.streams}
        assert truth is not None
        for streams, stream in ((None, "infrared"), (("infrared",), "infrared"), (("thermal",), "thermal")):
            seen: dict[int, list[Face | None]] = {p.id: [] for p in truth.frames[0].people}
            for frame, observation in zip(truth.frames, observe(session, None, streams), strict=True):
                matched, _ = match(frame, observation.faces, stream)
                for person in frame.people:
                    seen[person.id].append(matched.get(person.id))
            for number, faces in seen.items():
                people = [next(p for p in f.people if p.id == number) for f in truth.frames]
                marks = np.array([p.marks[stream].points for p in people])
                openness = np.array([np.mean(p.openness) for p in people], np.float32)
                time_s = np.array([f.time_s for f in truth.frames])
                told = signals_of(Reading(number, stream, infos[stream], faces, openness, time_s, marks), 1, time_s)
                known = np.isfinite(told["eyes_closed"])
                closed, true = told["eyes_closed"] == 1, openness < CLOSED
                yawns = _runs(told["yawn"] == 1)
                pixels = float(np.linalg.norm(marks[:, 36] - marks[:, 45], axis=1).max())
                off = float(closed[known].mean() - true[known].mean()) if known.any() else math.nan
                sure = told["confidence"][np.isfinite(told["confidence"])]
                print(
                    f"  {name} {'all' if streams is None else stream:8} person {number}, {pixels:.0f} px: told in "
                    f"{known.sum()} of {len(known)}, F1 {f1(closed[known], true[known]):.3f}, share of closed time off "
                    f"by {off:+.3f}, blinks {_changes(told['blink_s'])}, yawns {yawns}, "
                    f"confidence {sure.mean() if sure.size else 0.0:.2f}"
                )
        for event in truth.events:
            print(f"    true: {event.kind} of {event.person}, {event.begin_s:.2f}..{event.end_s:.2f} s")


def speed() -> None:
    """Processor time of a step of each part, best of some, for a face as the models tell it."""
    sights = [sight_at(i / 30, openness=0.9, yaw=5.0) for i in range(3000)]
    for name, part in (("eyes", Eyes()), ("blinks", Blinks()), ("mouth", Mouth())):
        known: dict[str, SignalValue] = {}
        if name != "eyes":
            known = dict(Eyes().step(sights[0], {}))
        best = math.inf
        for first in range(0, len(sights), 300):
            begin = time.process_time()
            for sight in sights[first : first + 300]:
                part.step(sight, known)
            best = min(best, (time.process_time() - begin) / 300)
        print(f"  a step of {name}: {1e6 * best:.0f} us")


def _during(time_s: NDArray[np.float64], span: tuple[float, float], more_s: float = 0.0) -> NDArray[np.bool_]:
    return np.asarray((time_s >= span[0]) & (time_s < span[1] + more_s))


def _changes(values: NDArray[np.float64]) -> int:
    """How often a new number is told."""
    return int(np.count_nonzero((np.diff(values) != 0) & np.isfinite(values[1:])))


def _runs(on: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(on[1:] & ~on[:-1]) + on[0])


# ---- ten minutes, simulated ----


def simulate(readings: list[Reading]) -> None:
    """Blinks and PERCLOS over ten minutes: true openness from a script, read as the models read the rendered frames."""
    print("ten minutes, simulated: blinks counted of true ones; PERCLOS off by, mean and worst over the minutes")
    for view in VIEWS:
        for fps in (10.0, 30.0, 120.0) if view == VIEWS[0] else (10.0, 30.0):
            of_view = [r for r in readings if r.view == view]
            rows = [_ten_minutes(r, fps) for r in (of_view if fps < 100 else of_view[:2])]
            found, true = sum(r[0] for r in rows), sum(r[1] for r in rows)
            each = " ".join(f"{a}/{b}" for a, b, *_ in rows)
            print(
                f"  {view:6} {fps:3.0f}/s {found} of {true} ({100 * (found / true - 1):+.1f} %), each {each}; "
                f"PERCLOS {np.mean([r[2] for r in rows]):.3f}, worst of each {' '.join(f'{r[3]:.3f}' for r in rows)}"
            )


def _ten_minutes(reading: Reading, fps: float, minutes: float = 10.0) -> tuple[int, int, float, float]:
    """Blinks found and true; mean and worst error of PERCLOS once it is told."""
    rng = np.random.default_rng([reading.number, 77])
    time_s = np.arange(round(60 * minutes * fps)) / fps
    true, count = _drowsy(time_s, rng)
    pool = [
        (float(o), f.eyes)
        for o, f in zip(reading.openness, reading.faces, strict=True)
        if f is not None and f.eyes is not None and f.pose is not None and abs(f.pose.yaw_deg) < 15
    ]
    pool.sort(key=lambda one: (one[0], one[1].right, one[1].left))
    levels = np.array([o for o, _ in pool])
    face = next(f for f in reading.faces if f is not None and f.eyes is not None)
    eyes, blinks = Eyes(), Blinks()
    found, errors, luck = 0, [], 0.0
    last: float | None = None
    keep = _alike(reading) ** (FPS / fps)
    window = Window(60.0)
    for now, openness in zip(time_s, true, strict=True):
        luck = keep * luck + float(np.sqrt(1 - keep * keep)) * float(rng.normal())
        low, high = np.searchsorted(levels, (openness - 0.05, openness + 0.05))
        if high - low < 5:
            middle = int(np.searchsorted(levels, openness))
            low, high = max(middle - 3, 0), min(middle + 3, len(pool))
        near = sorted((p for _, p in pool[low:high]), key=lambda p: (p.right, p.left))
        shown = near[min(int(0.5 * (1 + math.erf(luck / math.sqrt(2))) * len(near)), len(near) - 1)]
        at_ns = round((float(now) + 1.0) * 1e9)
        sight = Sight(
            at_ns, replace(face, eyes=shown), face.landmarks, reading.info, reading.info.intrinsics or LENSES["40"]
        )
        known = dict(eyes.step(sight, {}))
        told = blinks.step(sight, known)
        if told["blink_s"].is_valid and told["blink_s"].value != last:
            last, found = told["blink_s"].value, found + 1
        window.add(at_ns, float(openness < CLOSED))
        mean = window.mean()
        if told["perclos"].is_valid and mean is not None and now % 1.0 < 1.0 / fps:
            errors.append(abs(told["perclos"].value - mean))
    return found, count, float(np.mean(errors)) if errors else math.nan, float(np.max(errors)) if errors else math.nan


def _alike(reading: Reading) -> float:
    """How alike what the models say of open eyes is from one rendered frame to the next: correlation, 0.05..0.98."""
    read = np.array(
        [f.eyes.right + f.eyes.left if f is not None and f.eyes is not None else np.nan for f in reading.faces]
    )
    fit = (reading.openness > 0.8) & np.isfinite(read)
    pairs = fit[1:] & fit[:-1]
    return float(np.clip(np.corrcoef(read[1:][pairs], read[:-1][pairs])[0, 1], 0.05, 0.98))


def _drowsy(time_s: NDArray[np.float64], rng: np.random.Generator) -> tuple[NDArray[np.float64], int]:
    """True openness, and how many blinks of at most a second are in it: they grow longer and come with microsleeps."""
    shut = np.zeros(len(time_s))
    now, count, end = 1.0, 0, float(time_s[-1])
    while now < end - 4.0:
        drowsy = now / end
        closing, opening = 0.09 + 0.05 * rng.random(), 0.14 + 0.1 * rng.random()
        closed = 0.05 + 0.06 * rng.random()
        if rng.random() < 0.15 * drowsy:
            closed = 0.3 + 0.35 * rng.random()
        if rng.random() < 0.05 * drowsy:
            closed = 1.2 + 1.3 * rng.random()
        else:
            count += 1
        knots = now + np.cumsum([0.0, closing, closed, opening])
        shut = np.maximum(shut, np.interp(time_s, knots, (0.0, 1.0, 1.0, 0.0)))
        now = float(knots[-1]) + 0.6 + rng.exponential(2.9)
    droop = 0.06 * (1 + np.sin(2 * np.pi * time_s / 47)) * np.linspace(0, 1, len(time_s))
    return np.clip(1 - np.maximum(shut, droop), 0, 1), count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("render", "measure", "bundled", "speed"))
    parser.add_argument("folder", type=Path, nargs="?", default=Path("eyes"))
    parser.add_argument("--face-model", type=Path)
    parser.add_argument("--people", type=int, default=12)
    parser.add_argument("--first", type=int, default=0, help="number of the first person that is rendered (0)")
    parser.add_argument("--weights", type=Path, help="folder of other models than the shipped ones")
    arguments = parser.parse_args()
    if arguments.what == "render":
        render(arguments.folder, arguments.face_model, arguments.people, arguments.first)
    elif arguments.what == "measure":
        measure(arguments.folder, arguments.weights)
    elif arguments.what == "bundled":
        bundled()
    else:
        speed()


if __name__ == "__main__":
    main()
