"""Find heads and faces, whatever the cameras give.

The model FaceFinder looks at pictures, depth and thermal images alike. Depth is also asked for shapes of heads
(heads.py), which is cheap, says the distance, and sees heads from all sides. Where the model is not loaded, pictures
are searched by Haar cascades (search.py), and a thermal image alone for warm heads (warm.py), since cascades that were
trained on visible light find one face in a hundred there. What comes out are candidates: whether one is a face, the
landmark model has the last word.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Intrinsics
from engines.models.face_finder import FaceFinder, FoundFace
from pipeline.beside import Beside, in_turn
from pipeline.steps.crop import CropFailure, head_distance
from pipeline.steps.haar import HaarHit, Look
from pipeline.steps.heads import HEAD_WIDTH_MM, find_heads
from pipeline.steps.search import HAAR_FACE_MM, ImageSearch, head_of
from pipeline.steps.warm import WarmHead, find_warm_heads
from recordings.observation import Box

Gray = NDArray[np.uint8]
Depth = NDArray[np.uint16]

SQUARE_MM = 160.0
"""Width of the model's square on an adult's face."""


class FindConfig(BaseModel):
    """How heads and faces are looked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    near_mm: float = Field(250.0, gt=0, description="nearest distance of a head in depth")
    far_mm: float = Field(4500.0, gt=0, description="farthest distance of a head in depth")
    search_width_px: int = Field(214, ge=64, le=1024, description="depth is thinned to at most this width")
    head_score: float = Field(0.75, ge=0, le=1, description="least share of a head's shape that must be there")
    max_heads: int = Field(12, ge=1, le=64, description="most candidates of one frame")
    model_every: int = Field(
        4, ge=1, le=60, description="while faces are followed, FaceFinder looks at every n-th FrameSet only"
    )
    model_score: float = Field(0.3, ge=0, le=1, description="least confidence of a face that FaceFinder finds")
    haar_width_px: int = Field(320, ge=80, le=1280, description="width at which Haar searches whole images")
    haar_every: int = Field(
        8, ge=1, le=60, description="with depth, Haar searches the whole image at every n-th FrameSet only"
    )
    haar_neighbors: int = Field(4, ge=1, le=20, description="overlapping hits that make a detection")
    haar_scale_step: float = Field(1.2, gt=1.01, le=1.5, description="ratio of one Haar scale to the next")


class Source(enum.StrEnum):
    """What found a detection."""

    MODEL = "face finder"
    DEPTH = "depth shape"
    HAAR = "haar cascade"
    WARM = "warm shape"


class Called(enum.StrEnum):
    """What the model saw a face in."""

    PICTURE = "picture"
    DEPTH = "depth"


@dataclass(frozen=True, slots=True)
class Detection:
    """A head or face found in one frame.

    Attributes:
        center_px: the head centre (x, y) in px of the stream.
        box: round the face, px of the stream.
        score: 0..1 within its source; scores of different sources do not compare.
        source: what found it.
        distance_mm: of the surface there; None without depth.
        look: which way it seems to look.
        called: in what the model saw a face there, whatever found the head.
    """

    center_px: tuple[float, float]
    box: Box
    score: float
    source: Source
    distance_mm: float | None = None
    look: Look = Look.FRONTAL
    called: Called | None = None


class Finder:
    """Finds candidates in one View after another; remembers only which part of the image search is due."""

    def __init__(
        self, config: FindConfig | None = None, model: FaceFinder | None = None, beside: Beside | None = None
    ) -> None:
        """
        Args:
            model: takes the place of the cascades and of warm shapes; None leaves it to them.
            beside: the model runs beside the search for shapes where there is one.
        """
        self.config = config or FindConfig()
        self._model = model
        self._both = beside or in_turn
        self.search = ImageSearch(self.config.haar_width_px, self.config.haar_scale_step, self.config.haar_neighbors)
        self._turn = 0

    def reset(self) -> None:
        """Forget everything, as if newly made."""
        self._turn = 0

    def __call__(
        self,
        gray: Gray | None,
        depth_mm: Depth | None,
        intrinsics: Intrinsics,
        thermal: NDArray[np.uint16] | None = None,
        *,
        busy: bool = False,
    ) -> list[Detection]:
        """Candidates of one frame: heads by depth first, best first, then faces that are not among them.

        Args:
            gray: uint8 (H, W), or None when there is no picture.
            depth_mm: uint16 (H, W) on the same grid, or None.
            intrinsics: of the grid (a guess will do: it sets the size of the head's shape).
            thermal: uint16 (H, W) counts, asked for only where there is neither picture nor depth.
            busy: faces are being followed already: the search for others may take its time.

        Raises:
            EngineError: the model failed.
        """
        turn, self._turn = self._turn, self._turn + 1
        out: list[Detection] = []
        model = self._model
        if model is not None and self._is_due(turn, busy):
            called = self._looks_at(turn, busy, gray is not None, depth_mm is not None)
            out, faces = self._both(
                lambda: self._heads(depth_mm, intrinsics),
                lambda: self._faces(model, gray, depth_mm, thermal, called),
            )
        else:
            out, faces, called = self._heads(depth_mm, intrinsics), (), Called.PICTURE
        if model is not None:
            for found in (_found(face, depth_mm, intrinsics, called) for face in faces):
                if found is None:
                    continue
                there = [i for i, other in enumerate(out) if _same_head(found, other)]
                for i in there:
                    out[i] = replace(out[i], called=found.called)
                if not there:
                    out.append(found)
            return _faces_first(out, self.config.max_heads)
        if depth_mm is None and gray is None and thermal is not None:
            out = [_warm(head) for head in find_warm_heads(thermal, turn or None, self.config.max_heads)]
        if gray is not None:
            for hit in self._hits(gray, turn, depth_mm is not None, busy):
                found = _detection(hit, depth_mm, intrinsics)
                if found is not None and not any(_same_head(found, other) for other in out):
                    out.append(found)
        return out[: self.config.max_heads]

    def _heads(self, depth_mm: Depth | None, intrinsics: Intrinsics) -> list[Detection]:
        if depth_mm is None:
            return []
        shapes = find_heads(
            depth_mm,
            intrinsics,
            near_mm=self.config.near_mm,
            far_mm=self.config.far_mm,
            width_px=self.config.search_width_px,
            least_score=self.config.head_score,
            most=self.config.max_heads,
        )
        out = []
        for shape in shapes:
            box = head_box(shape.center_px, shape.distance_mm, intrinsics)
            out.append(Detection(shape.center_px, box, shape.score, Source.DEPTH, shape.distance_mm))
        return out

    def _every(self, busy: bool) -> int:
        return self.config.model_every if busy else 1

    def _is_due(self, turn: int, busy: bool) -> bool:
        """Whether the model looks at this FrameSet."""
        return turn % self._every(busy) == 0

    def _looks_at(self, turn: int, busy: bool, has_picture: bool, has_depth: bool) -> Called:
        """The picture and depth by turns, where there are both."""
        look = turn // self._every(busy)
        return Called.DEPTH if has_depth and (not has_picture or look % 2) else Called.PICTURE

    def _faces(
        self,
        model: FaceFinder,
        gray: Gray | None,
        depth_mm: Depth | None,
        thermal: NDArray[np.uint16] | None,
        at: Called,
    ) -> Sequence[FoundFace]:
        """What the model finds in this FrameSet."""
        if at is Called.DEPTH and depth_mm is not None:
            return model.depth(depth_mm, self.config.model_score, self.config.max_heads)
        picture = gray if gray is not None else thermal
        return () if picture is None else model.picture(picture, None, self.config.model_score, self.config.max_heads)

    def _hits(self, gray: Gray, turn: int, has_depth: bool, busy: bool) -> list[HaarHit]:
        """The share of the image search that this FrameSet does."""
        if has_depth:
            every = self.config.haar_every
            return self.search.frontal_part(gray, turn // every) if turn % every == 0 else []
        if turn == 0:
            return self.search.whole(gray)
        if busy:
            return self.search.part(gray, turn // 2) if turn % 2 == 0 else []
        return self.search.part(gray, turn)


def head_box(center_px: tuple[float, float], distance_mm: float, intrinsics: Intrinsics) -> Box:
    """The box of an average face (150 x 200 mm) round a head centre, px."""
    w = HEAD_WIDTH_MM * intrinsics.fx / distance_mm
    h = 200.0 * intrinsics.fy / distance_mm
    return Box(center_px[0] - w / 2, center_px[1] - h / 2, w, h)


def _faces_first(found: list[Detection], most: int) -> list[Detection]:
    """At most so many, in their order: where they are too many, shapes that no face was seen in are left out first."""
    if len(found) <= most:
        return found
    kept = sorted(range(len(found)), key=lambda i: (found[i].called is None, i))[:most]
    return [found[i] for i in sorted(kept)]


def _warm(head: WarmHead) -> Detection:
    w = head.width_px
    x, y = head.center_px
    return Detection(head.center_px, Box(x - w / 2, y - w * 2 / 3, w, w * 4 / 3), head.score, Source.WARM)


def _found(face: FoundFace, depth_mm: Depth | None, intrinsics: Intrinsics, called: Called) -> Detection | None:
    """What the model found as a detection; None when depth says that a face there cannot have that size."""
    w = face.side * HEAD_WIDTH_MM / SQUARE_MM
    box = Box(face.head[0] - w / 2, face.head[1] - w * 2 / 3, w, w * 4 / 3)
    distance = None if depth_mm is None else head_distance(depth_mm, face.head)
    if distance is None or isinstance(distance, CropFailure):
        return Detection(face.head, box, face.confidence, Source.MODEL, called=called)
    if not 0.5 < face.side * distance.mm / intrinsics.fx / SQUARE_MM < 1.8:
        return None
    return Detection(face.head, box, face.confidence, Source.MODEL, distance.mm, called=called)


def _detection(hit: HaarHit, depth_mm: Depth | None, intrinsics: Intrinsics) -> Detection | None:
    """A hit as a detection; None when depth says that a face there cannot have that size."""
    center = head_of(hit)
    score = min(hit.neighbors / 20.0, 1.0)
    side = hit.box.w * 150.0 / HAAR_FACE_MM[hit.look]
    box = Box(center[0] - side / 2, center[1] - side * 2 / 3, side, side * 4 / 3)
    if depth_mm is None:
        return Detection(center, box, score, Source.HAAR, None, hit.look)
    distance = head_distance(depth_mm, center)
    if isinstance(distance, CropFailure):
        return Detection(center, box, score, Source.HAAR, None, hit.look)
    width_mm = hit.box.w * distance.mm / intrinsics.fx
    if not 0.6 < width_mm / HAAR_FACE_MM[hit.look] < 1.5:
        return None
    return Detection(center, box, score, Source.HAAR, distance.mm, hit.look)


def _same_head(a: Detection, b: Detection) -> bool:
    far = max(a.box.w, b.box.w)
    return math.hypot(a.center_px[0] - b.center_px[0], a.center_px[1] - b.center_px[1]) < far
