"""How right head pose, gaze, time off the road, distance and approach are, against the rig's truth.

python -m benchmarks.signals_attention bundled
python -m benchmarks.signals_attention faces SHARDS...          head pose by yaw, held-out people
python -m benchmarks.signals_attention drive --face-model ictface.npz [--people 4] [--first 0] [--keep FILE]
python -m benchmarks.signals_attention lag                      of the smoothing
python -m benchmarks.signals_attention cost                     microseconds a step

"drive" renders drivers who glance at the road, mirrors, instruments, screen and lap, each with an own share of head and
eyes, in near infrared at 10 frames/s, seen by a camera that stands 6 degrees aside and 8 below, and runs the shipped
landmark model and the signals on them. Their eyes turn as people's do (peoples_eyes.py), or with --rigs-eyes as those
of the bundled sessions. Values were settled on drivers 0 and 1; drivers 20 to 23 measure.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.signals_drives import CAMERA, LENS, RATE_HZ, read_faces, render
from drivers.frame import Intrinsics, StreamInfo, StreamKind
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.signals.attention import Attention
from pipeline.signals.gaze import Gaze, GazeConfig, angles, direction
from pipeline.signals.head import Head
from pipeline.signals.presence import Presence, PresenceConfig
from pipeline.signals.sight import Sight
from pipeline.signals.smoothing import LandmarkSmoother, SmoothingConfig, landmark_lag_ms, signal_lag_ms
from pipeline.signals.straight import HeadConfig
from pipeline.signals.zones import ZoneFinder, ZoneSet, load_zones
from pipeline.steps.crop import crop_at, cut
from pipeline.steps.pose import solve_pose
from pipeline.steps.register import Registrar
from recordings.observation import Face, Landmarks, SignalValue
from recordings.reader import SessionReader
from recordings.samples import BUNDLED, bundled_session
from recordings.samples.truth import PersonTruth, read_truth
from tests.helpers.truth import match, pose_in

# -- scores ----------------------------------------------------------------------------------------------------------


def f1(truth: Sequence[str], told: Sequence[str]) -> tuple[float, dict[str, tuple[float, int]]]:
    """Mean F1 over the zones that hold at least 1 % of the truth, and that of each with its frames."""
    pairs = list(zip(truth, told, strict=True))
    each = {}
    for name in sorted(set(truth)):
        hits = sum(a == name == b for a, b in pairs)
        wrong = sum((a == name) != (b == name) for a, b in pairs)
        count = sum(a == name for a in truth)
        if count >= 0.01 * len(pairs):
            each[name] = (2 * hits / max(2 * hits + wrong, 1), count)
    return float(np.mean([score for score, _ in each.values()])), each


def _listed(each: Mapping[str, tuple[float, int]]) -> str:
    return ", ".join(f"{name} {score:.2f} ({count})" for name, (score, count) in each.items())


def off_f1(zones: ZoneSet, truth: Sequence[str], told: Sequence[str]) -> float:
    """F1 of "off the task"."""
    pairs = [(zones.role(a) == "off", zones.role(b) == "off") for a, b in zip(truth, told, strict=True)]
    hits = sum(a and b for a, b in pairs)
    return 2 * hits / max(2 * hits + sum(a != b for a, b in pairs), 1)


PEOPLES_EYES = GazeConfig(eyeball_mm=10.5, behind_mm=6.0)
"""The configuration's own suit the face model's eyeballs, half as large again as people's (peoples_eyes.py)."""
WAYS = ("eyes", "people's eyes", "head")


# -- bundled sessions ------------------------------------------------------------------------------------------------


def bundled() -> None:
    for name in BUNDLED:
        _bundled(name)


def _bundled(name: str) -> None:
    zones = load_zones("car-left-hand-drive")
    models = load_models()
    people: dict[int, dict[str, Any]] = {}
    with SessionReader(bundled_session(name)) as reader:
        truth = read_truth(reader)
        assert truth is not None
        config = PipelineConfig()
        streams = reader.streams
        infrared = next(s for s in streams if s.name == "infrared")
        process, registrar = Process(streams, models, config), Registrar(streams)
        for frame, frame_set in zip(truth.frames, all_frame_sets(reader, streams, config.synchronize), strict=True):
            seen, view = process(frame_set), registrar(frame_set)
            assert view is not None
            matched, _ = match(frame, seen.faces, "infrared")
            for person in frame.people:
                face = matched.get(person.id)
                if face is None:
                    continue
                sight = Sight(
                    seen.device_ns, face, face.landmarks, view.frame.info, view.intrinsics or LENS,
                    view.intrinsics is not None, view.gray, view.depth_mm,
                )  # fmt: skip
                kept = people.setdefault(person.id, _chain(zones))
                _one(kept, sight, person, infrared, frame.time_s)
    models.close()
    print(name)
    for number, kept in sorted(people.items()):
        _report_bundled(number, kept, zones)


def _chain(zones: ZoneSet) -> dict[str, Any]:
    config = HeadConfig(learn=False)
    return {
        "eyes": [Head(config, zones), Gaze(GazeConfig(), zones)],
        "people's eyes": [Head(config, zones), Gaze(PEOPLES_EYES, zones)],
        "head": [Head(config, zones), Gaze(GazeConfig(use_eyes=False), zones)],
        "presence": Presence(),
        "by size": Presence(PresenceConfig()),
        "smoother": LandmarkSmoother(),
        "rows": [],
        "names": ZoneFinder(zones, 0.0),
    }


def _one(kept: dict[str, Any], sight: Sight, person: PersonTruth, info: StreamInfo, time_s: float) -> None:
    pose = pose_in(person.pose, info.extrinsics) if info.extrinsics is not None else person.pose
    toward = pose.rotation() @ direction(*person.gaze_deg)
    yaw, pitch = angles(toward)
    row: dict[str, Any] = {
        "t": time_s,
        "pose": pose,
        "gaze": (yaw, pitch),
        "range": float(np.linalg.norm(person.head_center_m)),
    }
    row["distance"], row["center"] = person.distance_m, person.head_center_m
    row["zone"] = ZoneFinder(kept["names"]._zones).step(yaw, pitch).name
    row["openness"] = min(person.openness)
    for way in WAYS:
        known: dict[str, SignalValue] = {}
        for signal in kept[way]:
            known |= signal.step(sight, known)
        row[way] = known
    row["presence"] = kept["presence"].step(sight, {})
    bare = dataclasses.replace(sight.face, distance_m=None, head_center_m=None)
    row["by size"] = kept["by size"].step(dataclasses.replace(sight, face=bare, depth_mm=None), {})
    smooth, raw = kept["smoother"].step(sight.device_ns, sight.face), sight.face.landmarks
    marks = person.marks["infrared"]
    if smooth is not None and raw is not None and abs(pose.yaw_deg) < 30:
        eyes_px = float(np.linalg.norm(marks.points[36] - marks.points[45]))
        row["nme"] = [
            float(np.linalg.norm(found.points - marks.points, axis=1)[17:].mean()) / eyes_px for found in (raw, smooth)
        ]
        row["points"] = (raw.points, smooth.points, marks.points)
    kept["rows"].append(row)


def _report_bundled(number: int, kept: dict[str, Any], zones: ZoneSet) -> None:
    rows = kept["rows"]
    print(f" person {number}: {len(rows)} frames with the face")
    for low, high in ((0, 15), (15, 30), (30, 45), (45, 65)):
        errors = [
            [r["eyes"][f"head_{a}"].value - getattr(r["pose"], f"{a}_deg") for a in ("yaw", "pitch", "roll")]
            for r in rows
            if r["eyes"]["head_yaw"].is_valid and low <= abs(r["pose"].yaw_deg) < high
        ]
        if errors:
            yaw, pitch, roll = np.abs(errors).mean(axis=0)
            print(f"  head, yaw {low}-{high}: {len(errors)} frames, yaw {yaw:.1f} pitch {pitch:.1f} roll {roll:.1f}")
    for way in WAYS:
        _report_gaze(way, rows, zones)
    for way in ("presence", "by size"):
        _report_presence(way, rows)
    _report_landmarks(rows)


def _report_gaze(way: str, rows: list[dict[str, Any]], zones: ZoneSet) -> None:
    good = [r for r in rows if r[way]["gaze_zone"].is_valid and r["openness"] > 0.3]
    if not good:
        return
    off = [(r[way]["gaze_yaw"].value - r["gaze"][0], r[way]["gaze_pitch"].value - r["gaze"][1]) for r in good]
    yaw, pitch = np.abs(off).mean(axis=0)
    truth, told = [r["zone"] for r in good], [r[way]["gaze_zone"].label for r in good]
    score, each = f1(truth, told)
    labels = sum(r[way]["gaze_yaw"].label == "eyes" for r in good)
    print(f"  gaze by {way}: {len(good)} frames ({labels} with eyes), yaw {yaw:.1f} pitch {pitch:.1f}", end="")
    print(f", zone F1 {score:.3f}, off-task F1 {off_f1(zones, truth, told):.3f}: {_listed(each)}")


def _report_presence(way: str, rows: list[dict[str, Any]]) -> None:
    good = [r for r in rows if r[way]["distance"].is_valid]
    if not good:
        return
    error = 100 * np.array([r[way]["distance"].value - r["distance"] for r in good])
    print(
        f"  distance ({way}): {len(good)} frames, mean error {np.abs(error).mean():.1f} cm, bias {error.mean():.1f} cm"
    )
    times = np.array([r["t"] for r in rows])
    for what in ("approach", "motion"):
        errors, trusts = [], []
        for row in rows:
            if not row[way][what].is_valid:
                continue
            last = (times > row["t"] - 1.0) & (times <= row["t"])
            where = np.array([[*rows[k]["center"], rows[k]["range"]] for k in np.flatnonzero(last)])
            slope = np.polyfit(times[last], where, 1)[0]
            true = -slope[3] if what == "approach" else float(np.linalg.norm(slope[:3]))
            errors.append(abs(row[way][what].value - true))
            trusts.append(row[way][what].confidence)
        if errors:
            print(f"   {what}: {len(errors)} frames, mean error {np.mean(errors):.3f} m/s", end="")
            print(f", 95 % {np.percentile(errors, 95):.3f}, mean confidence {np.mean(trusts):.2f}")


def _report_landmarks(rows: list[dict[str, Any]]) -> None:
    nme = np.array([r["nme"] for r in rows if "nme" in r])
    if not len(nme):
        return
    jitter = []
    for a, b in pairwise(rows):
        if "points" in a and "points" in b and b["t"] - a["t"] < 0.2:
            moved = b["points"][2] - a["points"][2]
            both = [(b["points"][k] - a["points"][k] - moved)[17:] for k in (0, 1)]
            jitter.append([float(np.sqrt((one**2).sum(axis=1).mean())) for one in both])
    raw, smooth = np.mean(jitter, axis=0)
    print(f"  landmarks: NME raw {100 * nme[:, 0].mean():.2f} %, smoothed {100 * nme[:, 1].mean():.2f} %", end="")
    print(f"; jitter from frame to frame {raw:.2f} px, smoothed {smooth:.2f} px")


# -- faces rendered one by one ---------------------------------------------------------------------------------------


def faces(shards: Sequence[Path]) -> None:
    """Head pose of held-out people, in near infrared, by yaw."""
    from training.faces.sample import Tag

    models = load_models()
    model = models.face_landmarks
    assert model is not None
    errors: list[tuple[float, tuple[float, float, float]]] = []
    failed = 0
    for shard in shards:
        held = np.load(shard / "identity.npy")
        tags = np.load(shard / "tags.npy")
        nir, poses = np.load(shard / "nir.npy", mmap_mode="r"), np.load(shard / "pose_deg.npy")
        lenses, centers, distances = (
            np.load(shard / f"{n}.npy") for n in ("intrinsics", "head_center_mm", "distance_mm")
        )
        bad = int(Tag.FACELESS | Tag.HAND | Tag.MASK | Tag.SUNGLASSES)
        for i in np.flatnonzero((held % 10 == 0) & (held >= 0) & ((tags & bad) == 0) & (np.abs(poses[:, 0]) < 65)):
            fx, fy, cx, cy = (float(v) for v in lenses[i])
            lens = Intrinsics(160, 160, fx, fy, cx, cy)
            x, y = lens.project(centers[i][None] / 1000.0)[0]
            box = crop_at((float(x), float(y)), float(distances[i]), lens, 320.0)
            shown = cut(np.ascontiguousarray(nir[i]), box, model.size)
            read = model.many([shown.pixels], [None if shown.inside.all() else shown.inside])[0]
            points = (read.points + 0.5) * (box.w / model.size, box.h / model.size) + (box.x, box.y)
            solved = solve_pose(Landmarks(points.astype(np.float32), read.confidence), lens)
            if isinstance(solved, str):
                failed += 1
                continue
            p = solved.pose
            yaw, pitch, roll = (float(a) for a in poses[i])
            errors.append((abs(yaw), (abs(p.yaw_deg - yaw), abs(p.pitch_deg - pitch), abs(p.roll_deg - roll))))
    models.close()
    print(f"{len(errors)} faces, {failed} without a pose")
    for low, high in ((0, 15), (15, 30), (30, 45), (45, 55), (55, 65)):
        told = np.array([e for yaw, e in errors if low <= yaw < high])
        if len(told):
            mean = told.mean(axis=0)
            print(
                f" yaw {low}-{high}: {len(told)}, yaw {mean[0]:.1f} pitch {mean[1]:.1f} roll {mean[2]:.1f}"
                f", all {told.mean():.1f}, median {np.median(told):.1f}"
            )


# -- rendered drives -------------------------------------------------------------------------------------------------


def drive(
    face_model: Path | None, people: int, seconds: float, keep: Path | None, first: int = 0, rigs_eyes: bool = False
) -> None:
    if keep is not None and keep.exists():
        data = dict(np.load(keep))
    else:
        assert face_model is not None, "--face-model is needed to render"
        begin = time.perf_counter()
        data = render(face_model, people, seconds, first, rigs_eyes)
        print(f"rendered {len(data['nir'])} pictures in {time.perf_counter() - begin:.0f} s")
        if keep is not None:
            np.savez_compressed(keep, **data)
    zones = load_zones("car-left-hand-drive")
    measured = zones.model_copy(
        update={
            "camera": zones.camera.model_copy(
                update={"yaw_deg": CAMERA.yaw_deg, "pitch_deg": CAMERA.pitch_deg, "measured": True}
            )
        }
    )
    read = read_faces(data)
    for title, which, gaze, skip_s in (
        ("camera measured, with eyes", measured, GazeConfig(), 0.0),
        ("camera measured, head alone", measured, GazeConfig(use_eyes=False), 0.0),
        ("camera not measured, learned, with eyes, after 40 s", zones, GazeConfig(), 40.0),
        ("camera not measured, learned, head alone, after 40 s", zones, GazeConfig(use_eyes=False), 40.0),
    ):
        _drive(title, data, read, which, gaze, skip_s)


def _drive(
    title: str,
    data: Mapping[str, NDArray[Any]],
    read: Sequence[Face],
    zones: ZoneSet,
    config: GazeConfig,
    skip_s: float,
) -> None:
    info = StreamInfo("infrared", StreamKind.INFRARED, LENS.width, LENS.height, "uint8", RATE_HZ, intrinsics=LENS)
    truth, told, clear_truth, clear_told, off, surest = [], [], [], [], [], []
    timer_errors = []
    for who in np.unique(data["who"]):
        head, gaze = Head(HeadConfig(), zones), Gaze(config, zones)
        attention, true_attention = Attention(zones=zones), Attention(zones=zones)
        index = np.flatnonzero(data["who"] == who)
        true_zones = [ZoneFinder(zones).step(*map(float, data["gaze"][i])).name for i in index]
        for k, i in enumerate(index):
            time_s = k / RATE_HZ
            sight = Sight(round(time_s * 1e9), read[i], read[i].landmarks, info, LENS, gray=data["nir"][i])
            eyes = read[i].eyes
            assert eyes is not None
            openness = (eyes.right + eyes.left) / 2
            known = {
                "eye_openness": SignalValue(openness, "", 0.8),
                "eyes_closed": SignalValue(float(openness < 0.2), "", 0.8),
            }
            known |= head.step(sight, known)
            known |= gaze.step(sight, known)
            known |= attention.step(sight, known)
            true = {
                "gaze_zone": SignalValue(1.0, "", 1.0, label=true_zones[k]),
                "eyes_closed": SignalValue(float(data["open"][i] < 0.2), "", 1.0),
            }
            timers = true_attention.step(sight, true)
            if time_s < skip_s or data["open"][i] < 0.3:
                continue
            zone = known["gaze_zone"]
            if zone.is_valid:
                truth.append(true_zones[k])
                told.append(zone.label)
                surest.append(zone.confidence)
                off.append(
                    (known["gaze_yaw"].value - data["gaze"][i][0], known["gaze_pitch"].value - data["gaze"][i][1])
                )
                near = true_zones[max(k - 2, 0) : k + 3]
                if len(set(near)) == 1:
                    clear_truth.append(true_zones[k])
                    clear_told.append(zone.label)
            if known["off_road_s"].is_valid and timers["off_road_s"].is_valid:
                timer_errors.append(known["off_road_s"].value - timers["off_road_s"].value)
    score, _ = f1(truth, told)
    clear, each = f1(clear_truth, clear_told)
    yaw, pitch = np.abs(off).mean(axis=0)
    print(f"{title}: {len(truth)} frames, yaw {yaw:.1f} pitch {pitch:.1f} degrees")
    print(f"   zone F1 {score:.3f}, away from changes {clear:.3f}: {_listed(each)}")
    print(f"   off-task F1 {off_f1(zones, truth, told):.3f}", end="")
    print(f", away from changes {off_f1(zones, clear_truth, clear_told):.3f}", end="")
    print(f"; off_road_s mean error {np.abs(timer_errors).mean():.2f} s")
    right = np.array([a == b for a, b in zip(truth, told, strict=True)])
    sure = np.array(surest)
    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        chosen = (sure >= low) & (sure < high)
        if chosen.sum() >= 10:
            share = 100 * right[chosen].mean()
            print(f"   confidence {low:.1f}-{min(high, 1.0):.1f}: {int(chosen.sum())} frames, {share:.0f} % right")


# -- lag and cost ----------------------------------------------------------------------------------------------------


def lag() -> None:
    config = SmoothingConfig()
    for rate in (10.0, 30.0, 60.0, 120.0):
        marks = ", ".join(f"{v:g} px/s {landmark_lag_ms(config, rate, v):.0f} ms" for v in (0.0, 10.0, 50.0, 200.0))
        yaws = ", ".join(f"{v:g} deg {signal_lag_ms(config, 'head_yaw', rate, v):.0f} ms" for v in (2.0, 10.0, 40.0))
        print(f"{rate:g} Hz: landmarks in motion {marks}; half of a step of head_yaw: {yaws}")


def cost() -> None:
    from tests.pipeline.signals.faces import sight_at

    rng = np.random.default_rng(0)
    gray = rng.integers(40, 120, (480, 640), np.uint8).astype(np.uint8)
    sights = [sight_at(k / 30, yaw=8 * np.sin(k / 20), noise_px=0.4, seed=k, gray=gray) for k in range(600)]
    head, gaze, attention, presence = Head(), Gaze(), Attention(), Presence()
    smoother = LandmarkSmoother()
    known: dict[str, SignalValue] = {}
    steps: dict[str, Callable[[Sight], object]] = {
        "smoothing": lambda s: smoother.step(s.device_ns, s.face),
        "head": lambda s: known.update(head.step(s, known)),
        "gaze": lambda s: known.update(gaze.step(s, known)),
        "attention": lambda s: known.update(attention.step(s, known)),
        "presence": lambda s: presence.step(s, known),
    }
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for sight in sights:
        for name, step in steps.items():
            begin = time.thread_time()
            step(sight)
            spent[name].append(1e6 * (time.thread_time() - begin))
    for name, times in spent.items():
        print(f"{name}: median {np.median(times):.0f} us, 95 % {np.percentile(times, 95):.0f} us")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("bundled", "faces", "drive", "lag", "cost"))
    parser.add_argument("shards", nargs="*", type=Path)
    parser.add_argument("--face-model", type=Path)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--first", type=int, default=0, help="number of the first driver: others are other people")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rigs-eyes", action="store_true", help="eyeballs as large as the face model's")
    parser.add_argument("--keep", type=Path, help="pictures are stored here, or read where the file is there")
    arguments = parser.parse_args()
    if arguments.what == "bundled":
        bundled()
    elif arguments.what == "faces":
        faces(arguments.shards)
    elif arguments.what == "drive":
        a = arguments
        drive(a.face_model, a.people, a.seconds, a.keep, a.first, a.rigs_eyes)
    elif arguments.what == "lag":
        lag()
    else:
        cost()


if __name__ == "__main__":
    main()
