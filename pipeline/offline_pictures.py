"""What a batch draws: overlay.mp4, and a contact sheet of evenly spaced moments."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameSet
from pipeline.errors import BatchError
from pipeline.panel import Panel, contact_sheet
from recordings.observation import Observation

SHEET_PICTURES: Final = 12


class Pictures:
    """overlay.mp4 and a contact sheet of evenly spaced moments."""

    def __init__(self, folder: Path, size: tuple[int, int], expected: int, fps: float) -> None:
        self._folder = folder
        self._panel = Panel(size)
        self._size = (self._panel.width, self._panel.height)
        self._wanted = set(np.linspace(0, max(expected - 1, 0), SHEET_PICTURES).round().astype(int).tolist())
        self._sheet: list[NDArray[np.uint8]] = []
        self._titles: list[str] = []
        self._count = 0
        path = folder / "overlay.mp4"
        self._video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, self._size)
        if not self._video.isOpened():
            raise BatchError(f"OpenCV cannot write MPEG-4 video to {path}; use --no-video to do without")

    def add(self, frame_set: FrameSet, observation: Observation) -> None:
        picture = self._panel.compose(frame_set, observation)
        self._video.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        if self._count in self._wanted:
            width = min(640, self._size[0])
            height = round(self._size[1] * width / self._size[0])
            self._sheet.append(np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
            self._titles.append(f"frame {frame_set.number}")
        self._count += 1

    def close(self) -> None:
        """Finish both files.

        Raises:
            BatchError: one of them is not whole; OpenCV itself tells nobody.
        """
        self._video.release()
        video = self._folder / "overlay.mp4"
        written = cv2.VideoCapture(str(video))
        frames = int(written.get(cv2.CAP_PROP_FRAME_COUNT))
        written.release()
        if frames != self._count:
            raise BatchError(f"{video.name} holds {frames} of {self._count} pictures; is the disk full?")
        if self._sheet:
            sheet = contact_sheet(self._sheet, 3, self._titles)
            path = self._folder / "contact_sheet.png"
            if not cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR)):
                raise BatchError(f"{path.name} could not be written; is the disk full?")
