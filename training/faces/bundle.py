"""Writes the bundled session: the synthetic night drive as an MCAP session, and its ground truth beside it.

python -m training.faces.bundle --face-model ictface.npz --out recordings/samples
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.frame import Frame, KelvinMap, StreamInfo, StreamKind
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from training.faces.model import FaceModel, find_face_model, load_face_model
from training.faces.night_drive import FRAME_RATE, NightFrame, cameras, frames

NAME = "night-drive"
START_NS = 1_767_225_600_000_000_000  # 2026-01-01 00:00:00 UTC: a rendering has no time of its own
THERMAL_DELAY_NS = 3_000_000  # the thermal camera runs on its own, a little behind


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written: the session, its truth, and their sizes in bytes."""

    session: Path
    truth: Path
    frames: int
    session_bytes: int


def streams() -> tuple[StreamInfo, StreamInfo, StreamInfo]:
    """Depth, infrared and thermal, with calibration."""
    rig = cameras()

    def of(kind: StreamKind, camera: str, dtype: str, **more: Any) -> StreamInfo:
        lens = rig[camera]
        return StreamInfo(
            kind.value,
            kind,
            lens.intrinsics.width,
            lens.intrinsics.height,
            dtype,
            fps=FRAME_RATE,
            intrinsics=lens.intrinsics,
            extrinsics=lens.extrinsics,
            camera="synthetic night drive",
            **more,
        )

    return (
        of(StreamKind.DEPTH, "depth", "uint16", unit_m=0.001),
        of(StreamKind.INFRARED, "infrared", "uint8"),
        of(StreamKind.THERMAL, "thermal", "uint16", kelvin=KelvinMap(0.01)),
    )


def truth_of(frame: NightFrame) -> dict[str, Any]:
    """Ground truth of one frame, in pixels of the infrared stream, degrees and metres, for JSON."""
    return {
        "number": frame.number,
        "landmarks": [[round(float(x), 2), round(float(y), 2)] for x, y in frame.landmarks],
        "visible": [int(v) for v in frame.visible],
        "yaw_pitch_roll_deg": [round(float(a), 2) for a in frame.pose_deg],
        "head_center_m": [round(float(c), 4) for c in frame.head_center_m],
        "openness_right_left": [round(float(o), 3) for o in frame.openness],
        "glasses": bool(frame.glasses),
    }


def write_bundle(face_model: FaceModel, folder: Path, seed: int) -> Bundle:
    """Render the night drive and write ``night-drive.mcap`` and ``night-drive.truth.json`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    session, truth = folder / f"{NAME}.mcap", folder / f"{NAME}.truth.json"
    depth, infrared, thermal = streams()
    info = SessionInfo.create(
        (depth, infrared, thermal),
        title="Synthetic night drive",
        source=f"training.faces.night_drive, seed {seed}",
        clock="synthetic",
        notes={
            "synthetic": "rendered, no real person; face model: ICT-FaceKit (MIT)",
            "truth": truth.name,
        },
    )
    truths = []
    with SessionWriter(session, info, codecs={s.name: "png" for s in info.streams}, overwrite=True) as writer:
        for frame in frames(face_model, seed):
            at = START_NS + round(frame.time_s * 1e9)
            for stream, pixels, delay in (
                (depth, frame.depth, 0),
                (infrared, frame.infrared, 0),
                (thermal, frame.thermal, THERMAL_DELAY_NS),
            ):
                writer.write_frame(Frame(stream, pixels, frame.number, at + delay, at + delay + 1_000_000))
            truths.append(truth_of(frame))
    document = {"session": session.name, "landmark_stream": infrared.name, "order": "iBUG 68", "frames": truths}
    truth.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    return Bundle(session, truth, len(truths), session.stat().st_size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--face-model", type=Path, default=None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    bundle = write_bundle(load_face_model(find_face_model(arguments.face_model)), arguments.out, arguments.seed)
    print(f"{bundle.session}: {bundle.frames} frames, {bundle.session_bytes / 1e6:.2f} MB")  # noqa: T201 - what was written


if __name__ == "__main__":
    main()
