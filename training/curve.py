"""The curve of a run as a picture: the loss, its parts, and what was measured on held-out people, on log axes.

Parts and measures differ a thousandfold among each other: they are drawn as multiples of their first value, and the
legend says what they are now.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.run_log import HELD_OUT, NOT_LOSSES, Series, read_log

Picture = NDArray[np.uint8]
Color = tuple[int, int, int]

WIDTH, HEIGHT = 1200, 1000
LEFT, RIGHT, TOP, GAP, BOTTOM = 80, 300, 45, 45, 35
"""Margins of the panels in px; the legends are in the right one."""
COLORS: tuple[Color, ...] = (
    (180, 119, 31),
    (14, 127, 255),
    (44, 160, 44),
    (40, 39, 214),
    (189, 103, 148),
    (75, 86, 140),
    (194, 119, 227),
    (127, 127, 127),
    (34, 189, 188),
    (207, 190, 23),
)
"""BGR."""
INK, GRID, WHITE = (40, 40, 40), (225, 225, 225), (255, 255, 255)
MOST_LINES = 14
SMOOTHED = 0.06
"""A line's thick part is averaged over so much of its points."""
LEAST_DECADES = 0.2
SMALLEST = 1e-30


def draw_curve(log: Path, picture: Path, title: str) -> None:
    """Draw the log of a run (RunLog) to a PNG file, which is replaced as a whole.

    Raises:
        OSError: the log can't be read or the picture can't be written.
    """
    image = curve_image(read_log(log), title)
    ok, data = cv2.imencode(".png", image)
    if not ok:
        raise OSError(f"{picture} can't be written: the picture could not be encoded")
    temporary = picture.with_name(picture.name + ".tmp")
    try:
        temporary.write_bytes(data.tobytes())
        temporary.replace(picture)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def panels() -> list[tuple[int, int]]:
    """First and last row of the three panels: loss, parts, held-out."""
    each = (HEIGHT - TOP - BOTTOM - 2 * GAP) // 3
    return [(TOP + i * (each + GAP), TOP + i * (each + GAP) + each) for i in range(3)]


def curve_image(series: Mapping[str, Series], title: str) -> Picture:
    """(HEIGHT, WIDTH, 3) uint8 BGR: the picture of a log's values."""
    loss = {"loss": series["loss"]} if "loss" in series else {}
    parts = {n: s for n, s in series.items() if n != "loss" and not n.startswith(HELD_OUT) and n not in NOT_LOSSES}
    held_out = {n.removeprefix(HELD_OUT): s for n, s in series.items() if n.startswith(HELD_OUT)}
    joined = series["adversary"].steps[0] if "adversary" in series else None
    steps = [step for one in series.values() for step in one.steps]
    span = (min(steps), max(steps)) if steps else (0, 1)
    image = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    _text(image, title, (LEFT, 28), 0.6)
    loss_rows, part_rows, held_out_rows = panels()
    _panel(image, loss_rows, span, loss, "loss", joined)
    _panel(image, part_rows, span, parts, "parts, as multiples of their first value", joined, relative=True)
    heading = "on held-out people, as multiples of the first value"
    _panel(image, held_out_rows, span, held_out, heading, joined, relative=True, marks=True)
    return image


def first_of(one: Series) -> float:
    """The first value that a log axis can show; 1 where there is none."""
    return next((value for value in one.values if fits_axis(value)), 1.0)


def fits_axis(value: float) -> bool:
    """Whether a log axis is to show it: finite, above zero, and not of a run that has long diverged."""
    return SMALLEST < value < 1 / SMALLEST


def _panel(
    image: Picture,
    rows: tuple[int, int],
    span: tuple[int, int],
    lines: Mapping[str, Series],
    heading: str,
    joined: int | None,
    relative: bool = False,
    marks: bool = False,
) -> None:
    """One panel between the given rows, with its axes, lines and legend."""
    top, bottom = rows
    right = WIDTH - RIGHT
    shown = dict(list(lines.items())[:MOST_LINES])
    unit = {name: first_of(one) if relative else 1.0 for name, one in shown.items()}
    positive = [v / unit[name] for name, one in shown.items() for v in one.values if fits_axis(v / unit[name])]
    low, high = (math.log10(min(positive)), math.log10(max(positive))) if positive else (-1.0, 0.0)
    spare = max(LEAST_DECADES, high - low) * 0.08 + max(0.0, LEAST_DECADES - (high - low)) / 2
    low, high = low - spare, high + 2 * spare  # room for the heading
    width_steps = max(span[1] - span[0], 1)

    def column(step: float) -> int:
        return round(LEFT + (right - LEFT) * (step - span[0]) / width_steps)

    def row(value: float) -> int:
        return round(bottom - (bottom - top) * (math.log10(value) - low) / (high - low))

    for value in ticks(low, high):
        y = row(value)
        cv2.line(image, (LEFT, y), (right, y), GRID, 1)
        _text(image, f"{value:.4g}", (8, y + 4), 0.42)
    for step in step_ticks(*span):
        x = column(step)
        cv2.line(image, (x, top), (x, bottom), GRID, 1)
        _text(image, f"{step:,}", (x - 16, bottom + 18), 0.42)
    cv2.rectangle(image, (LEFT, top), (right, bottom), INK, 1)
    _text(image, heading, (LEFT + 6, top + 18), 0.5)
    if joined is not None:
        cv2.line(image, (column(joined), top), (column(joined), bottom), (40, 39, 214), 1, cv2.LINE_AA)
        _text(image, "discriminator joins", (column(joined) + 4, bottom - 8), 0.42)
    for number, (name, one) in enumerate(shown.items()):
        color = COLORS[number % len(COLORS)]
        scaled = Series(one.steps, [value / unit[name] for value in one.values])
        left_out = _line(image, scaled, color, column, row, marks)
        last = f"{one.values[-1]:.4g}" if one.values else ""
        y = top + 12 + 20 * number
        cv2.line(image, (right + 14, y - 4), (right + 38, y - 4), color, 2, cv2.LINE_AA)
        _text(image, f"{name[:24]} {last}{' (partly <= 0)' if left_out else ''}", (right + 44, y), 0.42)
    if not shown:
        _text(image, "nothing yet", (LEFT + 6, top + 40), 0.5)


def _line(image: Picture, one: Series, color: Color, column, row, marks: bool) -> bool:  # type: ignore[no-untyped-def]  # two functions of a number
    """Draw one series; returns whether values were left out that a log axis can't show."""
    points = [(step, value) for step, value in zip(one.steps, one.values, strict=True) if fits_axis(value)]
    if not points:
        return bool(one.values)
    pixels = np.array([(column(step), row(value)) for step, value in points], np.int32)
    if marks:
        cv2.polylines(image, [pixels], False, color, 1, cv2.LINE_AA)
        for x, y in pixels[-400:]:
            cv2.circle(image, (int(x), int(y)), 4, color, -1, cv2.LINE_AA)
    else:
        pale = tuple((value + 2 * 255) // 3 for value in color)
        cv2.polylines(image, [pixels], False, pale, 1, cv2.LINE_AA)
        smooth = smoothed([math.log10(value) for _, value in points])
        thick = [(column(step), row(10**value)) for (step, _), value in zip(points, smooth, strict=True)]
        cv2.polylines(image, [np.array(thick, np.int32)], False, color, 2, cv2.LINE_AA)
    return len(points) < len(one.values)


def smoothed(values: list[float]) -> list[float]:
    """Running mean over SMOOTHED of the points, at least one, centred; as long as `values`."""
    half = int(len(values) * SMOOTHED / 2)
    total = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    first, last = np.maximum(index - half, 0), np.minimum(index + half + 1, len(values))
    return [float(v) for v in (total[last] - total[first]) / (last - first)]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers (1, 2, 5 times a power of ten; tenths of them where few fit) between 10^low and 10^high."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    for factors in (
        (1.0,),
        (1.0, 3.0),
        (1.0, 2.0, 5.0),
        tuple(np.arange(1.0, 10.0, 0.5)),
        tuple(np.arange(1, 10, 0.1)),
    ):
        found = [f * 10.0**d for d in decades for f in factors if low <= math.log10(f) + d <= high]
        if len(found) >= 3:
            break
    return found[:: max(1, len(found) // 7)]


def step_ticks(first: int, last: int) -> list[int]:
    """Round steps between first and last, at most about eight."""
    wide = max(last - first, 1)
    size = next(f * 10**e for e in range(12) for f in (1, 2, 5) if f * 10**e * 8 >= wide)
    return list(range(-(-first // size) * size, last + 1, size))


def _text(image: Picture, words: str, at: tuple[int, int], size: float) -> None:
    cv2.putText(image, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, INK, 1, cv2.LINE_AA)
