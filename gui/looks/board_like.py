"""What the looks ask of the pictures, so that each can be tested without the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from drivers.frame import Frame
from gui.looks.looks import Looks
from pipeline.primitives import Primitive


class TileLike(Protocol):
    """What is asked of a tile of the board."""

    tool: Any

    @property
    def frame_shown(self) -> Frame | None: ...


class Board(Protocol):
    """What is asked of the pictures."""

    tile_made: Any
    marks: Callable[[Frame], Sequence[Primitive]] | None

    def use_looks(self, looks: Looks) -> None: ...
