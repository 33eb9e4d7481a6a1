"""What finds faces: the steps of the program, Haar alone, the model FaceFinder, and the peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import cv2.data
import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameSet, Intrinsics, StreamInfo, StreamKind
from engines.loading import Models
from pipeline.config import PipelineConfig
from pipeline.process import Process
from recordings.observation import Face
from training.real.detection import Boxes

if TYPE_CHECKING:
    from engines.models.face_finder import FaceFinder

SHOWN = 3
"""A still is shown to the steps so many times in a row: they are made for video, and look closer at every frame."""

STEP_NS = 33_333_333


@dataclass(frozen=True)
class Picture:
    """One instant: a picture in RGB, gray or counts of its kind, with depth on the same grid where there is one."""

    kind: StreamKind
    pixels: NDArray
    depth_mm: NDArray[np.uint16] | None = None


def faces_of_stills(
    pictures: Sequence[Picture], models: Models, intrinsics: Intrinsics | None = None
) -> list[list[Face]]:
    """The faces that the steps report of each picture, seen by itself.

    Args:
        intrinsics: of the pictures; None: nobody calibrated the camera.
    """
    return [_last(_process(picture, models, intrinsics), picture, intrinsics) for picture in pictures]


def faces_of_video(
    pictures: Sequence[Picture], models: Models, intrinsics: Intrinsics | None = None
) -> list[list[Face]]:
    """The faces that the steps report of pictures that follow one another; all of one size and kind."""
    process = _process(pictures[0], models, intrinsics)
    return [_faces(process, _frame_set(p, i, intrinsics)) for i, p in enumerate(pictures)]


def boxes_of(faces: Sequence[Face]) -> Boxes:
    """(M, 4) left, top, right, bottom."""
    rows = [(f.box.x, f.box.y, f.box.x + f.box.w, f.box.y + f.box.h) for f in faces]
    return np.array(rows, float).reshape(-1, 4)


def _process(picture: Picture, models: Models, intrinsics: Intrinsics | None) -> Process:
    return Process([frame.info for frame in _frames(picture, 0, intrinsics)], models, PipelineConfig())


def _last(process: Process, picture: Picture, intrinsics: Intrinsics | None) -> list[Face]:
    faces: list[Face] = []
    for i in range(SHOWN):
        faces = _faces(process, _frame_set(picture, i, intrinsics))
    return faces


def _faces(process: Process, frame_set: FrameSet) -> list[Face]:
    """Without the generated images, which nobody asks for here."""
    return [face for face, _ in process.look(frame_set).faces]


def _frame_set(picture: Picture, number: int, intrinsics: Intrinsics | None) -> FrameSet:
    frames = {frame.info.name: frame for frame in _frames(picture, number, intrinsics)}
    return FrameSet(number, number * STEP_NS, frames)


def _frames(picture: Picture, number: int, intrinsics: Intrinsics | None) -> list[Frame]:
    height, width = picture.pixels.shape[:2]
    unit = 0.001 if picture.kind is StreamKind.DEPTH else None
    info = StreamInfo(
        "picture", picture.kind, width, height, picture.pixels.dtype.name, unit_m=unit, intrinsics=intrinsics
    )
    time = number * STEP_NS
    frames = [Frame(info, np.ascontiguousarray(picture.pixels), number, time, time)]
    if picture.depth_mm is not None:
        depth = StreamInfo(
            "depth",
            StreamKind.DEPTH,
            width,
            height,
            "uint16",
            unit_m=0.001,
            intrinsics=intrinsics,
            registered_to="picture",
        )
        frames.append(Frame(depth, np.ascontiguousarray(picture.depth_mm), number, time, time))
    return frames


def finder_boxes(model: FaceFinder, picture: Picture, is_thermal: bool = False) -> Boxes:
    """What the model FaceFinder says of one picture: (M, 4) left, top, right, bottom.

    Args:
        is_thermal: a thermal camera took it, whatever colours it was painted in.
    """
    pixels = picture.pixels
    if picture.kind is StreamKind.DEPTH:
        faces = model.depth(pixels)
    else:
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if picture.kind is StreamKind.COLOR else pixels
        look = model.thermal if is_thermal or picture.kind is StreamKind.THERMAL else model.picture
        faces = look(gray)
    rows = [(f.x - f.side / 2, f.y - f.side / 2, f.x + f.side / 2, f.y + f.side / 2) for f in faces]
    return np.array(rows, float).reshape(-1, 4)


class HaarAlone:
    """OpenCV's frontal cascade over whole pictures, enlarged `scale` times: the baseline that everybody has."""

    def __init__(self, scale: int = 1) -> None:
        self._scale = scale
        self._cascade = cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_frontalface_default.xml")

    def __call__(self, image: NDArray[np.uint8]) -> Boxes:
        """Boxes in a gray or BGR picture."""
        gray = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        if self._scale != 1:
            gray = cv2.resize(gray, None, fx=self._scale, fy=self._scale, interpolation=cv2.INTER_CUBIC)
        hits = self._cascade.detectMultiScale(gray, 1.1, 3)
        return np.array([(x, y, x + w, y + h) for x, y, w, h in hits], float).reshape(-1, 4) / self._scale
