"""What every section of the page works with: the recordings, the models, the peers, and where pictures go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import StreamKind
from recordings.observation import Face
from training.real.crops import Region, code_depth, stretched_infrared
from training.real.data import RapFaces, ThermalFaces, Turning, load_portraits, load_rap, load_thermal, load_turning
from training.real.finders import Picture, faces_of_stills
from training.real.models import Shelf
from training.real.peers import Peers

FINE = 4
"""dlib looks at small pictures enlarged so many times: its smallest face is 80 px."""


def _silent(line: str) -> None:
    """Nobody listens."""


@dataclass
class Bench:
    """Recordings are read when they are first asked for; None (or empty) where they are not there."""

    data: Path
    shelf: Shelf
    peers: Peers
    pictures: Path | None = None
    say: Callable[[str], None] = field(default=_silent)
    faces: Path | None = None
    """Rendered samples to put beside the recordings' noise."""

    @cached_property
    def rap(self) -> RapFaces | None:
        return load_rap(self.data)

    @cached_property
    def turning(self) -> Turning | None:
        return load_turning(self.data)

    @cached_property
    def thermal(self) -> ThermalFaces | None:
        return load_thermal(self.data)

    @cached_property
    def thermal_pictures(self) -> list[Picture]:
        """lepton_faces: a gray picture as the counts of a thermal camera, a coloured one as colour, which it is."""
        assert self.thermal is not None
        out = []
        for image, palette in zip(self.thermal.bgr, self.thermal.palette, strict=True):
            if palette == "gray":
                counts = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint16)
                out.append(Picture(StreamKind.THERMAL, counts))
            else:
                out.append(Picture(StreamKind.COLOR, np.ascontiguousarray(image[..., ::-1])))
        return out

    @cached_property
    def thermal_faces(self) -> list[list[Face]]:
        """What the steps report of each of them."""
        return faces_of_stills(self.thermal_pictures, self.shelf.steps)

    @cached_property
    def portraits(self) -> dict[str, NDArray[np.uint8]]:
        return load_portraits(self.data)

    @cached_property
    def rap_infrared(self) -> NDArray[np.uint8]:
        """(N, H, W) stretched infrared of rap3df."""
        assert self.rap is not None
        return np.stack([stretched_infrared(one) for one in self.rap.infrared])

    def rap_codes(self, size: int) -> NDArray[np.uint8]:
        """(N, size, size) coded depth crops."""
        assert self.rap is not None
        _, depth = self.rap.crops(size)
        return np.stack([code_depth(z, d) for z, d in zip(depth, self.rap.distance_mm, strict=True)])

    @cached_property
    def rap_regions(self) -> list[Region]:
        assert self.rap is not None
        return [Region.of(head) for head in self.rap.heads]

    @cached_property
    def rap_dlib(self) -> NDArray[np.float64] | None:
        """(N, 68, 2) dlib's points in the colour pictures (px, centres at integers), NaN where its HOG sees no face."""
        assert self.rap is not None
        answer = self.peers.ask("dlib68", self.rap.bgr, scale=FINE)
        return None if answer is None else answer["points"] - 0.5
