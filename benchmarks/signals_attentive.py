"""False alarms of the ready set "in-car" on rendered pictures of attentive drivers.

python -m benchmarks.signals_attentive --face-model ictface.npz [--people 2] [--seconds 90] [--measured] [--keep FILE]

Near infrared, 256 x 256 px (eyes of 24 px), 10 frames/s, a camera that stands 6 degrees aside and 8 below, as in
signals_drives.py. The drivers look at the road for 2 to 6 s and then at a mirror or the instruments for 0.5 to 1.6 s,
blink for 0.1 to 0.3 s, talk for half of the time, drive under street lights and, for spells, into the sun, which stands
low at one side; every second one wears glasses. Their eyes turn as people's do (peoples_eyes.py). The pictures go
through the whole of the steps with the shipped models, as those of a camera would, and the rules count with no speed
known, which is the strictest. Whatever begins beside a notice is a false alarm. What is rendered is no day of driving:
minutes of it tell of gross errors only.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.signals_drives import CAMERA, LENS, PLACES, RATE_HZ
from drivers.frame import Frame, FrameSet, StreamInfo, StreamKind
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.rules.engine import RuleEngine
from pipeline.rules.load import RuleSet
from pipeline.signals.gaze import direction
from recordings.observation import HeadPose

GLANCES = ("instruments", "inside mirror", "left mirror")
SUN_EVERY_S, SUN_S = 25.0, 6.0


def script(rng: np.random.Generator, seconds: float) -> list[tuple[float, float, float]]:
    """Yaw and pitch of the gaze (degrees) and the head's share of it, for each frame."""
    out: list[tuple[float, float, float]] = []
    now, is_road, share = np.array([0.0, 1.0]), True, float(rng.uniform(0.4, 0.85))
    while len(out) < seconds * RATE_HZ:
        name = "road" if is_road else str(rng.choice(GLANCES))
        middle, spread = PLACES[name]
        goal = np.array([rng.normal(middle[0], spread[0]), rng.normal(middle[1], spread[1])])
        stay = rng.uniform(2.0, 6.0) if is_road else rng.uniform(0.5, 1.6)
        for k in range(max(round((0.3 + stay) * RATE_HZ), 1)):
            t = min((k + 1) / (0.3 * RATE_HZ), 1.0)
            yaw, pitch = now + (goal - now) * t * t * (3 - 2 * t) + rng.normal(0, 0.6, 2)
            out.append((float(yaw), float(pitch), share))
        now, is_road = goal, not is_road
    return out[: round(seconds * RATE_HZ)]


def render(face_model: Path, first: int, people: int, seconds: float) -> dict[str, NDArray[Any]]:
    """Pictures (N, H, W) uint8, and which driver each shows."""
    from benchmarks.peoples_eyes import with_peoples_eyes
    from training.faces.expression import Expression, both
    from training.faces.identity import draw_identity
    from training.faces.light import Lighting, see
    from training.faces.model import load_face_model
    from training.faces.night import Camera, read_infrared, shade_person
    from training.faces.scene import Outfit, Rig

    model = load_face_model(face_model)
    rig, camera, aside = Rig(model), Camera.aside(LENS, 0.0), CAMERA.rotation()
    pictures, whose = [], []
    for who in range(first, first + people):
        rng = np.random.default_rng([317, who])
        person = draw_identity(9_300_000 + 10 * who, len(model.identity_modes))
        at = np.array([rng.normal(0, 8), rng.normal(0, 8) + 10, rng.uniform(790, 900)], np.float32)
        blink_at, blink_s = float(rng.uniform(1.0, 3.0)), 0.2
        talks_from = float(rng.uniform(0.0, 10.0))
        outfit = Outfit(glasses=who % 2 == 1)
        for number, (yaw, pitch, share) in enumerate(script(rng, seconds)):
            now = number / RATE_HZ
            if now > blink_at + blink_s:
                blink_at, blink_s = now + float(rng.uniform(1.5, 5.0)), float(rng.uniform(0.1, 0.3))
            weights: dict[str, float] = {}
            if blink_at <= now <= blink_at + blink_s:
                weights |= both("eyeBlink", 1.0)
            if (now - talks_from) % 20.0 < 10.0:
                weights["jawOpen"] = float(np.clip(0.2 + 0.2 * np.sin(14.0 * now) + rng.normal(0, 0.1), 0.0, 0.6))
                weights |= both("mouthSmile", float(np.clip(0.3 * np.sin(0.9 * now), 0.0, 1.0)))
            head = HeadPose(yaw * share, pitch * share, 0.04 * yaw)
            x, y, z = (head.rotation().T @ direction(yaw, pitch)).tolist()
            eyes = (
                float(np.clip(np.degrees(np.arctan2(x, -z)), -28, 28)),
                float(np.clip(np.degrees(np.arcsin(-y)), -24, 18)),
            )
            pose = HeadPose.from_rotation(aside @ head.rotation())
            angles = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
            center = at + np.array([0.35 * yaw * share, rng.normal(0, 1), rng.normal(0, 1)], np.float32)
            figure = rig.pose_person(
                person, Expression(weights, eyes), outfit, angles, center, 22.0, who, body_turn=0.12
            )
            figure = with_peoples_eyes(figure, rig, person, angles, eyes)
            lamp = 0.25 * max(np.sin(2 * np.pi * now / 2.4), 0.0) ** 4
            sun = 1.6 if now % SUN_EVERY_S > SUN_EVERY_S - SUN_S else 0.0
            lighting = Lighting(
                directions=np.array([[0.3, -0.9, -0.3], [-0.8, -0.25, -0.55]], np.float32),
                colors=np.full((2, 3), 0.1, np.float32),
                nir=np.array([lamp, sun], np.float32),
                sky=np.full(3, 0.004, np.float32),
                ground=np.full(3, 0.002, np.float32),
                ambient_nir=0.02 + 0.05 * sun,
                ring=0.4,
            )
            seen = see(figure, camera.pinhole(), *camera.size)
            pictures.append(read_infrared(shade_person(figure, camera, seen, lighting, who).nir, rng, 450.0))
            whose.append(who)
    return {"nir": np.array(pictures), "who": np.array(whose)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--face-model", type=Path)
    parser.add_argument("--people", type=int, default=2)
    parser.add_argument("--first", type=int, default=40, help="number of the first driver: others are other people")
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--measured", action="store_true", help="the file of zones says where the camera stands")
    parser.add_argument("--keep", type=Path, help="pictures are stored here, or read where the file is there")
    arguments = parser.parse_args()
    if arguments.keep is not None and arguments.keep.exists():
        data = dict(np.load(arguments.keep))
    else:
        if arguments.face_model is None:
            parser.error("--face-model is needed to render")
        begin = time.perf_counter()
        data = render(arguments.face_model, arguments.first, arguments.people, arguments.seconds)
        print(f"rendered {len(data['nir'])} pictures in {time.perf_counter() - begin:.0f} s")
        if arguments.keep is not None:
            np.savez_compressed(arguments.keep, **data)
    models = load_models()
    info = StreamInfo("infrared", StreamKind.INFRARED, LENS.width, LENS.height, "uint8", RATE_HZ, intrinsics=LENS)
    config = PipelineConfig()
    if arguments.measured:
        zones = config.signals.zones
        place = zones.camera.model_copy(update={"yaw_deg": 6.0, "pitch_deg": 8.0, "measured": True})
        signals = config.signals.model_copy(update={"zones": zones.model_copy(update={"camera": place})})
        config = config.model_copy(update={"signals": signals})
    for who in np.unique(data["who"]):
        _drive(int(who), data["nir"][data["who"] == who], Process([info], models, config), info)
    models.close()


def _drive(who: int, pictures: NDArray[np.uint8], process: Process, info: StreamInfo) -> None:
    rules = RuleEngine(RuleSet.load("in-car"))
    begun, labels, found = [], Counter[str](), 0
    for number, picture in enumerate(pictures):
        ns = round((5.0 + number / RATE_HZ) * 1e9)
        seen = process(FrameSet(number, ns, {info.name: Frame(info, picture, number, ns, ns)}))
        found += bool(seen.faces)
        for face in seen.faces:
            labels[face.signals["gaze_zone"].label or "not known"] += 1
        for change in rules.step(seen):
            if change.kind == "begun":
                at = (change.event.begin_ns / 1e9) - 5.0
                begun.append((round(at, 1), change.event.severity, change.event.name))
    false = [one for one in begun if one[1] != "notice"]
    print(f"driver {who}{', glasses' if who % 2 else ''}: {len(pictures) / RATE_HZ:.0f} s, a face in {found} of")
    print(f"  {len(pictures)} pictures, {len(false)} false alarms and warnings {false}, notices")
    print(f"  {[one for one in begun if one[1] == 'notice']}; zones {dict(labels.most_common())}")


if __name__ == "__main__":
    main()
