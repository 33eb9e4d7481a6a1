"""What signals say in passing, where the translation tools find it; pipeline/signal_words.py says it. No Qt here."""

from __future__ import annotations

from typing import Final

from gui.words import mark, tr

PHRASES: Final[tuple[str, ...]] = (
    mark("eyes closed for {s} s"),
    mark("PERCLOS {share}"),
    mark("yawns"),
    mark("looks at: {zone}"),
    mark("looks away for {s} s"),
    mark("looks away for {s} s: {zone}"),
    mark("face covered: {what}"),
    mark("face covered"),
    mark("wears glasses"),
    mark("perhaps no living face ({share})"),
    mark("comes closer, {speed} m/s"),
    mark("goes away, {speed} m/s"),
    mark("skin at the eyes {value} {unit} (corrected)"),
    mark("breathes {rate} a minute"),
)
"""As in pipeline/signal_words.py."""

MEANINGS: Final[tuple[str, ...]] = (
    mark("openness of the own right eye, personal"),
    mark("openness of the own left eye, personal"),
    mark("openness of both eyes, personal"),
    mark("1 while the eyes are closed"),
    mark("for how long the eyes have been closed"),
    mark("blinks"),
    mark("how long the last blink took"),
    mark("long blinks"),
    mark("share of time with closed eyes"),
    mark("opening of the mouth over its width"),
    mark("1 while yawning"),
    mark("yawns"),
    mark("head turned to own left"),
    mark("head raised"),
    mark("head tilted to own right"),
    mark("gaze to own left"),
    mark("gaze upward"),
    mark("zone looked at; 1 where that is on-task"),
    mark("length of the glance off the road"),
    mark("glances off the road added up over 30 s"),
    mark("what is left of the attention buffer"),
    mark("for how long the face has been there"),
    mark("from the camera"),
    mark("how fast the face comes closer"),
    mark("how fast the face moves"),
    mark("how surely the face is covered"),
    mark("how surely glasses are worn"),
    mark("skin at the inner corners of the eyes"),
    mark("skin of the forehead"),
    mark("the same, relative"),
    mark("breaths"),
    mark("how surely this is a living face"),
    mark("how well two cameras agree on it"),
    mark("how surely this is a face"),
    mark("how many faces are believed"),
    mark("1 while the cameras show something, 0 while they are covered or silent"),
)
"""What each signal is: as in pipeline/signals/names.py."""

LABELS: Final[dict[str, str]] = {
    "road": mark("road"),
    "instruments": mark("instruments"),
    "inside mirror": mark("inside mirror"),
    "left mirror": mark("left mirror"),
    "right mirror": mark("right mirror"),
    "windscreen": mark("windscreen"),
    "left window": mark("left window"),
    "centre screen": mark("centre screen"),
    "right window": mark("right window"),
    "lap": mark("lap"),
    "screen": mark("screen"),
    "keyboard": mark("keyboard"),
    "left": mark("left side"),
    "right": mark("right side"),
    "mask": mark("mask"),
    "hand": mark("hand"),
    "unknown cover": mark("unknown cover"),
}
"""Zones of the ready sets, and covers. ``left`` alone is said of eyes, which other languages call otherwise."""

_LABELLED: Final = ("zone", "what")
"""Places in which a label stands."""


def label_words(label: str) -> str:
    """A label as the operator reads it; one from somebody's own file of zones stays as it is."""
    return tr(LABELS[label]) if label in LABELS else label


def say(text: str, /, **values: object) -> str:
    """As :func:`gui.words.tr`; of a sentence of signals the label within it, too."""
    if text in PHRASES:
        values |= {place: label_words(str(values[place])) for place in _LABELLED if place in values}
    return tr(text, **values)
