"""The recorded observation as it is drawn over the pictures, beside the one computed now: dashed, hollow, yellow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gui.feed import Shown
from gui.words import tr
from pipeline.labels import YELLOW, Color
from pipeline.overlay import OverlayOptions, draw_plan
from pipeline.primitives import Dots, Edge, Line, Primitive, Rank, Rectangle, Text

RECORDED: Color = YELLOW


def recorded_plan(shown: Shown, options: OverlayOptions) -> list[Primitive]:
    """Box, landmarks and head axes of what was recorded, and a word that says what it is; nothing where there is none.

    Args:
        options: what of the overlay is switched on.
    """
    if shown.recorded is None:
        return []
    quiet = {"id": False, "distance": False, "confidence": False, "temperature": False, "signals": False}
    silent = {"eyes": False, "reasons": False, "generated": False}
    plan = draw_plan(shown.frame_set, shown.recorded, replace(options, **quiet, **silent))
    out = [drawn for p in plan if (drawn := _as_recorded(p)) is not None]
    return [*out, *_words(shown)]


def _as_recorded(p: Primitive) -> Primitive | None:
    if isinstance(p, Rectangle):
        return replace(p, color=RECORDED, width=2.0, edge=Edge.DASHED)
    if isinstance(p, Dots):
        return replace(p, color=RECORDED, filled=False, radius=p.radius + 1.2)
    if isinstance(p, Line):
        return replace(p, color=RECORDED, width=1.4, outline=False)
    return None


def _words(shown: Shown) -> Sequence[Text]:
    recorded = shown.recorded
    if recorded is None:
        return []
    return [
        Text(f.stream, f.box.x + f.box.w, f.box.y + f.box.h, tr("recorded"), RECORDED, Rank.NOTE, align="right")
        for f in recorded.faces
        if f.stream in shown.frame_set.frames
    ]
