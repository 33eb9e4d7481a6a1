"""Depth that froze or went away says nothing of now: what was measured is not said again, and the face is kept."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet
from engines.loading import load_models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from pipeline.signals.presence import BY_SIZE
from recordings.observation import Face
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from tests.pipeline.process_cases import DEPTH, FRAME_NS, GRAY, frame_set
from tests.pipeline.scenes import KINECT_2, picture, room, stub_models

SURFACE_M = 0.095
"""Of the scenes' heads, before their centre."""


def shown(number: int, z: float, depth_z: float | None, flags: FrameFlag = FrameFlag.NONE) -> FrameSet:
    """Somebody at z metres in gray, and where depth has him; without depth where that is None."""
    gray = (GRAY, picture(KINECT_2, [(0.0, -0.05, z)]))
    if depth_z is None:
        return frame_set(number, gray)
    made = frame_set(number, gray, (DEPTH, room(KINECT_2, [(0.0, -0.05, depth_z)])))
    return replace(made, frames={**made.frames, "depth": replace(made.frames["depth"], flags=flags)})


def only(process: Process, now: FrameSet) -> Face:
    (face,) = process(now).faces
    return face


def test_a_frozen_depth_picture_is_not_measured_as_if_it_were_live() -> None:
    """Somebody walks up to the camera while depth has frozen."""
    process = Process([GRAY, DEPTH], stub_models())
    face = only(process, shown(0, 1.2, 1.2))
    assert face.distance_m == pytest.approx(1.2 - SURFACE_M, abs=0.01)
    for n in range(1, 40):
        face = only(process, shown(n, 1.2 - 0.01 * n, 1.2, FrameFlag.STALE))
        assert (face.distance_m, face.head_center_m) == (None, None)
        assert face.invalid["distance_m"] == face.invalid["head_center_m"] == "the depth picture is old"
    distance = face.signals["distance"]
    assert distance.label == BY_SIZE
    assert distance.value == pytest.approx(0.81 - SURFACE_M, abs=0.08), "as large as he looks now"
    assert distance.confidence < 0.5
    assert "color" not in [image.name for image in face.generated], "nothing is made of old depth either"
    assert "the depth picture is old" in face.signals["liveness"].reason


def test_depth_that_moves_again_is_measured_again() -> None:
    process = Process([GRAY, DEPTH], stub_models())
    for n in range(30):
        only(process, shown(n, 1.2, 1.2, FrameFlag.STALE if n > 5 else FrameFlag.NONE))
    assert only(process, shown(30, 1.2, 1.2)).distance_m == pytest.approx(1.2 - SURFACE_M, abs=0.01)


def test_a_frozen_depth_camera_alone_gives_no_faces() -> None:
    process = Process([DEPTH], stub_models(depth_shows=True))
    pixels = room(KINECT_2, [(0.0, -0.05, 1.2)])
    assert process(frame_set(0, (DEPTH, pixels))).status == "ok"
    assert process(frame_set(1, (DEPTH, pixels), flags=FrameFlag.STALE)).status == "stale"


def test_where_depth_went_away_the_crop_is_as_large_as_the_face_looks() -> None:
    """Somebody walks away from 1.0 to 1.6 m; depth goes at the beginning and is back at the end."""
    process = Process([GRAY, DEPTH], stub_models())
    for n in range(10):
        face = only(process, shown(n, 1.0, 1.0))
    last = face.crop
    assert last is not None
    for n in range(10, 110):
        z = 1.0 + 0.6 * min((n - 10) / 90, 1.0)
        face = only(process, shown(n, z, None))
        assert face.crop is not None
        if (n - 9) * FRAME_NS > 0.5e9:
            assert face.crop.w == pytest.approx(KINECT_2.fx * 0.32 / (z - SURFACE_M), rel=0.12)
        else:
            assert face.crop.w == pytest.approx(last.w), "a short gap changes nothing"
    face = only(process, shown(110, 1.6, 1.6))
    assert face.distance_m == pytest.approx(1.6 - SURFACE_M, abs=0.01), "what it was before is not waited for"
    assert face.id == 1


def nearer(pixels: NDArray[np.generic], times: float, middle: tuple[float, float]) -> NDArray[np.uint8]:
    """A picture enlarged round a point."""
    x, y = middle
    grow = np.array(((times, 0.0, x - times * x), (0.0, times, y - times * y)))
    size = pixels.shape[1], pixels.shape[0]
    return np.asarray(cv2.warpAffine(np.asarray(pixels), grow, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def test_the_driver_who_leans_to_the_camera_after_depth_went_is_kept_to_the_end() -> None:
    """The bundled drive's infrared, enlarged 2.2 times within three seconds, with the models that are shipped."""
    models = load_models(threads=1, names=["face_landmarks", "face_finder"])
    with SessionReader(bundled_session("night-drive")) as session:
        source = all_frame_sets(session, session.streams, PipelineConfig().synchronize)
        drive = [now for now, _ in zip(source, range(12), strict=False)]
        process = Process(session.streams, models)
    step_ns, middle = 66_666_667, (160.0, 120.0)
    for n in range(90):
        seen, at = drive[min(n, 11)].frames, n * step_ns
        pixels = np.asarray(seen["infrared"].pixels)
        if n >= len(drive):
            pixels = nearer(pixels, 2.2 ** min((n - 11) / 45, 1.0), middle)
        frames = {"infrared": Frame(seen["infrared"].info, pixels, n, at, at)}
        if n < len(drive):
            frames["depth"] = Frame(seen["depth"].info, seen["depth"].pixels, n, at, at)
        looked = process.look(FrameSet(n, at, frames))
        assert [face.id for face, _ in looked.faces] == [1], f"FrameSet {n}"
        face = looked.faces[0][0]
        middle = face.box.center if n < len(drive) else middle
        assert face.crop is not None
        assert face.crop.w > 1.6 * face.box.w, "the crop holds the whole head"
    assert face.landmarks is not None
    assert "landmarks" not in face.invalid
    assert face.confidence > 0.95
