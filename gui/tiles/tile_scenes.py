"""What tiles show, with what they say of it. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from drivers.frame import Frame
from gui.looks.look import Look
from gui.looks.scale import CELSIUS, Scale
from gui.tiles.rendering import FrameContent, RgbContent
from gui.tiles.scene import Scene
from pipeline.colormap import CountRange, Rgb
from pipeline.primitives import Primitive


@dataclass(frozen=True, slots=True)
class Shades:
    """How a stream's pixels become colours.

    Attributes:
        counts: of the first and the last colour; None for colour streams.
        scale: what its counts mean; None for that of the stream.
        temperatures: the unit in which they are written.
    """

    counts: CountRange | None = None
    look: Look = field(default_factory=Look)
    scale: Scale | None = None
    temperatures: str = CELSIUS


@dataclass(frozen=True, eq=False, kw_only=True)
class FrameScene(Scene):
    """A frame of a stream, and its colours."""

    frame: Frame
    shades: Shades


@dataclass(frozen=True, eq=False, kw_only=True)
class FaceScene(Scene):
    """A picture of a face, the frame that it was made from, and whose it is."""

    frame: Frame
    name: str


def frame_scene(frame: Frame, shades: Shades, plan: Sequence[Primitive]) -> FrameScene:
    """A frame in its colours, with what is painted over it, in its px."""
    content = FrameContent(frame, shades.counts, shades.look)
    return FrameScene(content, plan, shades.look.red, frame=frame, shades=shades)


def face_scene(rgb: Rgb, frame: Frame, name: str, red: bool) -> FaceScene:
    """A picture of a face, uint8 (H, W, 3) RGB, made from a frame."""
    return FaceScene(RgbContent(rgb), (), red, frame=frame, name=name)
