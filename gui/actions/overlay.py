"""What is drawn over the pictures."""

from __future__ import annotations

from gui.actions.row import Action
from gui.words import mark
from pipeline.overlay import OverlayOptions

_MENU = "Overlay"


def _switch(key: str, text: str, tip: str, icon: str, shortcut: str, toolbar: bool = False) -> Action:
    """A switch of one part; its key is the option's name."""
    at_first = getattr(OverlayOptions(), key)
    return Action(key, text, tip, icon, _MENU, "set_overlay", (shortcut,), checked=at_first, toolbar=toolbar)


ROWS = (
    Action(
        "overlays",
        mark("All overlays"),
        mark("Take everything off the pictures, or put back what was on."),
        "overlays",
        _MENU,
        "set_overlays",
        ("H",),
        checked=True,
    ),
    _switch("box", mark("Box"), mark("Show the box round each face."), "box", "B", True),
    _switch("id", mark("Label"), mark("Show the number of each face."), "label", "L", True),
    _switch("distance", mark("Distance"), mark("Show how far each face is, in metres."), "distance", "D"),
    _switch("confidence", mark("Confidence"), mark("Show how sure it is that this is a face."), "confidence", "F"),
    _switch(
        "landmarks", mark("Points"), mark("Show the 68 landmarks; unsure ones are hollow."), "landmarks", "P", True
    ),
    _switch("axes", mark("Pose"), mark("Show the head's axes and its yaw, pitch and roll."), "axes", "A", True),
    _switch("eyes", mark("Eyes"), mark("Show whether each eye is open, and how far."), "eye", "E", True),
    _switch(
        "temperature",
        mark("Temperature"),
        mark("Show the warmest skin of each face (95th percentile), where a radiometric camera looks at it."),
        "temperature",
        "T",
    ),
    _switch("signals", mark("Signals"), mark("Show what is measured of each person over time."), "signals", "S"),
    _switch("reasons", mark("Reasons"), mark("Say why something is not known."), "reasons", "R", True),
    _switch(
        "generated",
        mark("Generated"),
        mark("Show the generated images beside each face. They always carry the word GENERATED."),
        "generated",
        "G",
        True,
    ),
)
