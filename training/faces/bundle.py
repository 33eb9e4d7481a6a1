"""Writes the bundled sessions: the night drive and the night street, each as one MCAP file with its truth inside.

python -m training.faces.bundle --face-model ictface.npz --out recordings/samples [--only night-street]
"""

from __future__ import annotations

import argparse
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, KelvinMap, StreamInfo, StreamKind
from recordings.samples import BUNDLED, NIGHT_DRIVE
from recordings.samples.truth import MEDIA_TYPE, TRUTH, EventTruth, FrameTruth, SessionTruth
from recordings.session import SessionInfo
from recordings.writer import SessionWriter
from training.faces import night_drive, night_street, street_people
from training.faces.model import FaceModel, find_face_model, load_face_model
from training.faces.night import Camera

START_NS = 1_767_225_600_000_000_000
CREATED_UTC = "2026-01-01T00:00:00Z"
"""A rendering has no time of its own."""
DELAY_NS = {StreamKind.THERMAL: 3_000_000, StreamKind.COLOR: 1_000_000}
"""These cameras run on their own, a little behind."""
JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Scene:
    """A session to render: frames as (stream name -> pixels, truth), and what describes them."""

    title: str
    frame_rate: float
    kelvin_step: float
    cameras: Callable[[], dict[str, Camera]]
    frames: Callable[[FaceModel, int, int], Iterator[tuple[dict[str, NDArray[Any]], FrameTruth]]]
    count: int
    events: Callable[[], Sequence[EventTruth]]


def _drive(model: FaceModel, seed: int, count: int) -> Iterator[tuple[dict[str, NDArray[Any]], FrameTruth]]:
    for f in night_drive.frames(model, seed, count):
        yield {"depth": f.depth, "infrared": f.infrared, "thermal": f.thermal}, f.truth


def _street(model: FaceModel, seed: int, count: int) -> Iterator[tuple[dict[str, NDArray[Any]], FrameTruth]]:
    for f in night_street.frames(model, seed, count):
        yield {"depth": f.depth, "infrared": f.infrared, "thermal": f.thermal, "color": f.color}, f.truth


SCENES = dict(
    zip(
        BUNDLED,
        (
            Scene(
                "Synthetic night drive",
                night_drive.FRAME_RATE,
                night_drive.KELVIN_STEP,
                night_drive.cameras,
                _drive,
                night_drive.FRAMES,
                night_drive.events,
            ),
            Scene(
                "Synthetic night street",
                night_street.FRAME_RATE,
                night_street.KELVIN_STEP,
                night_street.cameras,
                _street,
                night_street.FRAMES,
                street_people.events,
            ),
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written."""

    session: Path
    frames: int
    session_bytes: int


def streams(scene: Scene) -> tuple[StreamInfo, ...]:
    """The streams of a scene's cameras, with calibration."""
    of_kind: dict[StreamKind, dict[str, Any]] = {
        StreamKind.DEPTH: {"dtype": "uint16", "unit_m": 0.001},
        StreamKind.INFRARED: {"dtype": "uint8"},
        StreamKind.THERMAL: {"dtype": "uint16", "kelvin": KelvinMap(scene.kelvin_step)},
        StreamKind.COLOR: {"dtype": "uint8"},
    }
    return tuple(
        StreamInfo(
            name,
            StreamKind(name),
            camera.intrinsics.width,
            camera.intrinsics.height,
            fps=scene.frame_rate,
            intrinsics=camera.intrinsics,
            extrinsics=camera.extrinsics,
            camera=scene.title[0].lower() + scene.title[1:],
            **of_kind[StreamKind(name)],
        )
        for name, camera in scene.cameras().items()
    )


def write_bundle(
    face_model: FaceModel, folder: Path, seed: int, name: str = NIGHT_DRIVE, count: int | None = None
) -> Bundle:
    """Render a scene and write ``NAME.mcap`` into ``folder``; the same model and seed give the same bytes.

    Args:
        count: number of frames; None renders all.
    """
    scene = SCENES[name]
    folder.mkdir(parents=True, exist_ok=True)
    session = folder / f"{name}.mcap"
    infos = streams(scene)
    info = SessionInfo.create(
        infos,
        title=scene.title,
        source=f"training.faces.bundle, {name}, seed {seed}",
        clock="synthetic",
        notes={
            "synthetic": "rendered, no real person; face model: ICT-FaceKit (MIT)",
            "truth": f"attachment {TRUTH}",
        },
    )
    # The same every time: neither the clock nor chance is in the file.
    info = replace(info, id=uuid.uuid5(uuid.NAMESPACE_OID, f"tapetum {name} {seed}").hex, created_utc=CREATED_UTC)
    truths: list[FrameTruth] = []
    with SessionWriter(session, info, layout="compact", overwrite=True) as writer:
        for pictures, truth in scene.frames(face_model, seed, scene.count if count is None else count):
            at = START_NS + round(truth.time_s * 1e9)
            for stream in infos:
                pixels, encoded = pictures[stream.name], None
                if stream.kind is StreamKind.COLOR:
                    pixels, encoded = _jpeg(pixels)
                when = at + DELAY_NS.get(stream.kind, 0)
                writer.write_frame(Frame(stream, pixels, truth.number, when, when + 1_000_000), encoded)
            truths.append(truth)
        events = tuple(e for e in scene.events() if truths and e.begin_s <= truths[-1].time_s)
        writer.write_attachment(TRUTH, MEDIA_TYPE, SessionTruth(tuple(truths), events).to_bytes())
    return Bundle(session, len(truths), session.stat().st_size)


def _jpeg(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], bytes]:
    """What the colour camera sends, and its decoding (H, W, 3 RGB)."""
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8), data.tobytes()


def main() -> None:
    """Render both sessions, or the one that --only names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--face-model", type=Path, default=None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=BUNDLED, help="render this one alone")
    arguments = parser.parse_args()
    model = load_face_model(find_face_model(arguments.face_model))
    for name in [arguments.only] if arguments.only else BUNDLED:
        bundle = write_bundle(model, arguments.out, arguments.seed, name)
        print(f"{bundle.session}: {bundle.frames} frames, {bundle.session_bytes / 1e6:.2f} MB")  # noqa: T201 - what was written


if __name__ == "__main__":
    main()
