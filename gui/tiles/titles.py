"""What a tile shows, in words. No Qt here but for the words."""

from __future__ import annotations

from drivers.frame import Frame, StreamKind
from gui.tiles.face_pictures import KIND_WORDS as FACE_WORDS
from gui.tiles.layout import Source
from gui.words import mark, tr

KIND_WORDS = {
    StreamKind.COLOR: mark("color"),
    StreamKind.GRAY: mark("gray"),
    StreamKind.INFRARED: mark("infrared"),
    StreamKind.DEPTH: mark("depth"),
    StreamKind.THERMAL: mark("thermal"),
}


def title_of(source: Source) -> str:
    """What a tile shows, for its head and for menus; empty for nothing."""
    if source.is_face:
        who = tr("Nearest face") if source.face is None else tr("Face {id}", id=source.face)
        return f"{who}: {tr(FACE_WORDS[source.picture])}"
    return source.stream


def kind_words(frame: Frame) -> str:
    """Kind and size of a frame, the kind left out where the stream's name says it."""
    info = frame.info
    kind = "" if KIND_WORDS[info.kind] in info.name else f"{tr(KIND_WORDS[info.kind])}  "
    return f"{kind}{info.width} × {info.height}"


def empty_words() -> str:
    """What can be done with an empty tile."""
    return tr("Empty\nRight-click, or Shift+F10: choose what it shows.\nOr drag another tile here by its head.")
