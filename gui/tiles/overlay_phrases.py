"""The overlay's sentences where the translation tools find them; pipeline/overlay_words.py says them."""

from __future__ import annotations

from gui.words import mark

PHRASES: tuple[str, ...] = (
    mark("no real face"),
    mark("not believed"),
    mark("uncertain"),
    mark("eyes open {share} %"),
    mark("eyes CLOSED {share} %"),
    mark("eyes unknown"),
    mark("right open {right} %, left open {left} %"),
    mark("right CLOSED {right} %, left open {left} %"),
    mark("right open {right} %, left CLOSED {left} %"),
    mark("right eye unknown, left open {left} %"),
    mark("right eye unknown, left CLOSED {left} %"),
    mark("right open {right} %, left eye unknown"),
    mark("right CLOSED {right} %, left eye unknown"),
    mark("yaw {yaw}  pitch {pitch}  roll {roll}"),
    mark("hottest {value} {unit}"),
    mark("not processed: {why}"),
)
"""As in pipeline/overlay_words.py; the options of the overlay carry ``say=tr``."""
