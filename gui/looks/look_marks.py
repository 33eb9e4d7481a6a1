"""What a look paints over a picture: spots, areas and followers with their readings, and what is done to the picture,
in words. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.frame import Frame, FrameFlag, StreamKind
from gui.looks.look import Beyond, Look
from gui.looks.scale import NOTHING, Scale, words
from gui.looks.spots import Area, Reading, followers, read
from gui.words import tr
from pipeline.labels import BLUE, GRAY, ORANGE, WHITE, Color
from pipeline.primitives import Edge, Line, Primitive, Rank, Rectangle, Text

_CROSS = 0.024  # of the picture's height: from the middle of a spot's cross to its ends
_LINE = 3.0  # points of width
_GAP = 0.35  # of that: what stays free, so that the pixel is seen


def readings(frame: Frame, look: Look, scale: Scale) -> list[Reading]:
    """What all marks and followers of a look read in a frame."""
    return [
        *(read(frame, scale, mark) for mark in look.marks),
        *followers(frame, scale, look.hottest, look.coldest),
    ]


def reading_words(reading: Reading, unit: str, temperatures: str, age: str = "") -> str:
    """A reading for people, ``Sp1 36.4 °C`` or ``Ar1 30.1 – 34.0 – 36.4 °C`` (min, mean, max); a dash with the reason
    where nothing can be read, and the age of what is old."""
    if reading.why:
        return f"{follower_word(reading.name)} {NOTHING} {reading.why}"
    if reading.is_area:
        low, mean = (words(v, unit, temperatures, False) for v in (reading.low, reading.mean))
        said = f"{low} / {mean} / {words(reading.high, unit, temperatures)}"
    else:
        said = words(reading.mean, unit, temperatures)
    old = tr(" ({age} old)", age=age) if age else ""
    return f"{follower_word(reading.name)} {said}{old}"


def follower_word(name: str) -> str:
    """A mark's name; those of followers translated."""
    return {"max": tr("max"), "min": tr("min")}.get(name, name)


def look_words(frame: Frame, look: Look, scale: Scale, why_no_degrees: str, temperatures: str) -> str:
    """What is done to a picture, and what is not measured in it, for its corner; empty where there is nothing to say.

    Args:
        why_no_degrees: see :func:`gui.looks.scale.why_no_degrees`.
    """
    said = [why_no_degrees] if why_no_degrees else []
    if frame.flags & FrameFlag.SHUTTER:
        said.append(tr("shutter closed"))
    if frame.kind in (StreamKind.GRAY, StreamKind.INFRARED):
        if look.clahe:
            said.append(tr("CLAHE"))
        if look.gamma != 1.0:
            said.append(f"γ {look.gamma:.1f}")
    if look.isotherm is not None and look.holds_in(scale.unit) and frame.kind in _WITH_ISOTHERM:
        said.append(isotherm_words(look, scale, temperatures))
    return "   ".join(said)


_WITH_ISOTHERM = (StreamKind.DEPTH, StreamKind.THERMAL)


def isotherm_words(look: Look, scale: Scale, temperatures: str) -> str:
    """Which values are painted: ``≥ 37.0 °C``."""
    it = look.isotherm
    if it is None:
        return ""
    high = words(it.high, scale.unit, temperatures)
    if it.beyond is Beyond.ABOVE:
        return f"≥ {words(it.low, scale.unit, temperatures)}"
    return f"≤ {high}" if it.beyond is Beyond.BELOW else f"{words(it.low, scale.unit, temperatures, False)} … {high}"


def look_marks(
    frame: Frame,
    look: Look,
    scale: Scale,
    found: Sequence[Reading],
    chosen: str,
    temperatures: str,
    age: str,
    said: str,
) -> list[Primitive]:
    """The primitives of a look's marks.

    Args:
        found: what :func:`readings` gave.
        chosen: name of the mark that is chosen; empty for none.
        age: of the frame, in words, where it is old; empty where it is not.
        said: what :func:`look_words` gave.
    """
    name, (h, w) = frame.stream, frame.pixels.shape[:2]
    out: list[Primitive] = []
    texts: list[Primitive] = []
    by_name = {r.name: r for r in found}
    arm = max(2.0, _CROSS * h)
    for mark in look.marks:
        reading = by_name[mark.name]
        color = BLUE if mark.name == chosen else GRAY if reading.why or age else WHITE
        text = reading_words(reading, scale.unit, temperatures, age)
        if isinstance(mark, Area):
            if mark.x0 >= w or mark.y0 >= h:
                continue
            size = (mark.x1 - mark.x0 + 1.0, mark.y1 - mark.y0 + 1.0)
            out.append(Rectangle(name, mark.x0 - 0.5, mark.y0 - 0.5, *size, color, 2.0, Edge.WHOLE))
            texts.append(Text(name, mark.x0, mark.y0 - 1.0, text, color, Rank.SIDE, upward=True, stays=True))
        elif mark.x < w and mark.y < h:
            out += cross(name, mark.x, mark.y, arm, color)
            texts.append(Text(name, mark.x + arm, mark.y, text, color, Rank.MAIN, stays=True))
    for reading in found:
        if reading.name in ("max", "min") and reading.mean is not None:
            x, y = reading.at[0]
            out += triangle(name, x, y, 0.8 * arm, reading.name == "max", ORANGE if reading.name == "max" else BLUE)
            text = reading_words(reading, scale.unit, temperatures, age)
            below = y - arm < 0.12 * h if reading.name == "max" else y + arm < 0.88 * h
            place = y + (1.2 * arm if below else -1.2 * arm)
            color = GRAY if age else WHITE
            texts.append(Text(name, x, place, text, color, Rank.SIDE, upward=not below, align="center", stays=True))
    if said:
        texts.append(Text(name, w - 1.0, h - 1.0, said, ORANGE, Rank.SIDE, upward=True, align="right", stays=True))
    return [*out, *texts]


def cross(stream: str, x: float, y: float, arm: float, color: Color) -> list[Primitive]:
    """A cross round a pixel that leaves it free."""
    gap = _GAP * arm
    return [
        Line(stream, x - arm, y, x - gap, y, color, _LINE),
        Line(stream, x + gap, y, x + arm, y, color, _LINE),
        Line(stream, x, y - arm, x, y - gap, color, _LINE),
        Line(stream, x, y + gap, x, y + arm, color, _LINE),
    ]


def triangle(stream: str, x: float, y: float, arm: float, points_down: bool, color: Color) -> list[Primitive]:
    """A triangle that points at a pixel: down from above at the highest value, up from below at the lowest."""
    side = -arm if points_down else arm
    corners = ((x, y + 0.25 * side), (x - 0.6 * arm, y + side), (x + 0.6 * arm, y + side))
    return [Line(stream, *corners[i], *corners[(i + 1) % 3], color, _LINE) for i in range(3)]
