"""What speaks for a covered lower face or for glasses, read from one sight: numbers that cover.py weighs.

A clue that cannot be read is None. Lengths are eye distances; brightness and warmth are ratios, so that exposure,
sensor and weather matter little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame import FrameFlag, StreamKind
from pipeline.signals.sight import Sight
from pipeline.signals.warm_look import WarmLook
from recordings.observation import Landmarks

Clues = tuple[float, ...]

LEAST_CONTRAST_K: Final = 3.0
"""Skin that is hardly warmer than what is behind tells nothing: cloth and glass are as warm as both."""
_LEAST_EYES_PX: Final = 14.0
_MOST_EYES_PX: Final = 1e4
"""Points farther apart are no face's."""
_MOUTH_UNDER_EYES_MM: Final = (24.0, 75.0)
"""Of the average head: how far the mouth lies before the eyes, and below them."""


def sure_clues(marks: Landmarks) -> Clues:
    """How unsure the landmarks of mouth and nose are beside those of the eyes: what lies before them hides them.

    Logarithms of mean confidences: mouth over eyes, nose's base over eyes, jaw over eyes, mouth.
    """
    sure: list[float] = marks.confidence.tolist()
    mouth, nose, jaw, eyes = (
        sum(part) / len(part) + 0.02 for part in (sure[48:68], sure[30:36], sure[4:13], sure[36:48])
    )
    return math.log(mouth / eyes), math.log(nose / eyes), math.log(jaw / eyes), math.log(mouth)


def picture_clues(sight: Sight) -> Clues | None:
    """Texture round the mouth, darkness of the lips' line and of the nostrils, logarithms; None without a picture."""
    if sight.gray is None or sight.landmarks is None:
        return None
    xy: list[list[float]] = sight.landmarks.points.tolist()
    eyes = math.dist(xy[36], xy[45])
    if not _LEAST_EYES_PX <= eyes <= _MOST_EYES_PX:
        return None
    gray = sight.gray
    mouth = _box(gray, _mean(xy[48:60]), 0.2 * eyes)
    upper = _box(gray, _mean((xy[33], xy[51])), 0.06 * eyes)
    chin = _box(gray, _mean((xy[57], xy[8])), 0.06 * eyes)
    line = _box(gray, _mean((xy[62], xy[66])), 0.045 * eyes)
    tip = _box(gray, xy[30], 0.06 * eyes)
    nostrils = [_box(gray, xy[mark], 0.03 * eyes) for mark in (32, 34)]
    parts = (mouth, upper, chin, line, tip, *nostrils)
    if any(part.size == 0 for part in parts):
        return None
    ((mean,),), ((spread,),) = (told.tolist() for told in cv2.meanStdDev(mouth))
    level = mean + 4.0
    if level < 10.0:
        return None
    texture = math.log(spread / level + 0.02)
    around = (_mean_of(upper) + _mean_of(chin)) / 2 + 4.0
    lips = math.log((_mean_of(line) + 4.0) / around)
    dark = min(_mean_of(part) for part in nostrils) + 4.0
    return texture, lips, math.log(dark / (_mean_of(tip) + 4.0))


def frame_clues(sight: Sight) -> Clues | None:
    """Edges of spectacles in the picture: across the nose's bridge, below the eyes, and beside them, over those on the
    cheeks, logarithms; None without a picture."""
    if sight.gray is None or sight.landmarks is None:
        return None
    xy: list[list[float]] = sight.landmarks.points.tolist()
    eyes = math.dist(xy[36], xy[45])
    if not 1.5 * _LEAST_EYES_PX <= eyes <= _MOST_EYES_PX:
        return None
    ux, uy = (xy[45][1] - xy[36][1]) / eyes, (xy[36][0] - xy[45][0]) / eyes
    drop = 0.17 * eyes
    lows = [(_mean(xy[a : b + 1])) for a, b in ((40, 41), (46, 47))]
    below = [(x - drop * ux, y - drop * uy) for x, y in lows]
    aside = 0.14
    outer = [
        (xy[36][0] - aside * (xy[45][0] - xy[36][0]), xy[36][1] - aside * (xy[45][1] - xy[36][1])),
        (xy[45][0] + aside * (xy[45][0] - xy[36][0]), xy[45][1] + aside * (xy[45][1] - xy[36][1])),
    ]
    cheeks = [_mean((xy[2], xy[31])), _mean((xy[14], xy[35]))]
    gray = sight.gray
    patches = {
        "bridge": [(_box(gray, xy[27], 0.08 * eyes), 0)],
        "below": [(_box(gray, p, 0.1 * eyes), 0) for p in below],
        "outer": [(_box(gray, p, 0.09 * eyes), 1) for p in outer],
        "plain": [(_box(gray, p, 0.1 * eyes), 0) for p in cheeks],
    }
    edges: dict[str, float] = {}
    for name, them in patches.items():
        found = [_edge(patch, axis) for patch, axis in them if min(patch.shape) >= 3]
        if not found:
            return None
        edges[name] = sum(found) / len(found)
    skin = [patch for patch, _ in patches["plain"] if patch.size]
    if not skin:
        return None
    level = _mean_of(skin[0]) / 255.0 * 8.0 + 1.0
    plain = edges["plain"] + level
    return tuple(math.log((edges[name] + level) / plain) for name in ("bridge", "below", "outer"))


def warm_clues(look: WarmLook) -> tuple[Clues, Clues, float] | None:
    """Warmth of mouth, chin and nose, and of both eyes, as a share of how much warmer the face is than what is behind.

    Returns:
        (mouth, chin, nose): 0 as warm as the warmest skin, -1 as cold as the background; (colder eye, warmer eye) the
        same beside forehead and cheeks; and the contrast in kelvin (in counts where the camera is not radiometric).
        None where skin and background are as warm, or not seen.
    """
    xy, eyes = look.xy, look.eyes_px
    (rx, ry), (ux, uy) = look.right, look.up
    brows = _mean(xy[17:27])
    chin = (xy[8][0] + 0.12 * eyes * ux, xy[8][1] + 0.12 * eyes * uy)
    middle = _mean((xy[36], xy[45]))
    places = [
        (*_mean(xy[48:60]), 0.2 * eyes, 0.1 * eyes),
        (*chin, 0.12 * eyes, 0.06 * eyes),
        (xy[30][0], xy[30][1], 0.08 * eyes, 0.08 * eyes),
        (*_mean(xy[36:42]), 0.14 * eyes, 0.09 * eyes),
        (*_mean(xy[42:48]), 0.14 * eyes, 0.09 * eyes),
        (brows[0] + 0.3 * eyes * ux, brows[1] + 0.3 * eyes * uy, 0.2 * eyes, 0.08 * eyes),
        (*_mean((xy[2], xy[31])), 0.1 * eyes, 0.1 * eyes),
        (*_mean((xy[14], xy[35])), 0.1 * eyes, 0.1 * eyes),
    ]
    for across, above in ((-1.75, 0.1), (1.75, 0.1), (0.0, 2.3)):
        x, y = middle[0] + eyes * (across * rx + above * ux), middle[1] + eyes * (across * ry + above * uy)
        places.append((x, y, 0.25 * eyes, 0.25 * eyes))
    found = look.means_of(places)
    gain = 1.0 if look.kelvin is None else look.kelvin.gain
    if not all(math.isfinite(f) for f in found[:5]):
        return None
    behind = sorted(gain * f for f in found[8:] if math.isfinite(f))
    skin = [gain * f for f in found[5:8] if math.isfinite(f)]
    if not behind or not skin:
        return None
    back = behind[len(behind) // 2]
    mouth, low, nose, right, left = (gain * f for f in found[:5])
    warmest = max(right, left, *skin)
    reference = max(skin)
    contrast, plain = warmest - back, reference - back
    least = LEAST_CONTRAST_K if look.kelvin is not None else 0.0
    if not (contrast > max(least, 1e-6) and plain > 0.3 * contrast):
        return None
    lower = tuple((part - warmest) / contrast for part in (mouth, low, nose))
    upper = tuple((part - reference) / plain for part in sorted((right, left)))
    return lower, upper, contrast


def depth_clues(sight: Sight) -> tuple[Clues, Clues] | None:
    """(millimetres that mouth and chin lie nearer than a head's would, over 30; share without reading at mouth), and
    (share without reading at the eyes, the same at cheeks and nose); None without depth."""
    if sight.depth_mm is None or sight.landmarks is None or _generated_depth(sight):
        return None
    xy: list[list[float]] = sight.landmarks.points.tolist()
    eyes = math.dist(xy[36], xy[45])
    if not _LEAST_EYES_PX <= eyes <= _MOST_EYES_PX:
        return None
    depth = sight.depth_mm
    pair = [_box(depth, _mean(xy[36:42]), 0.13 * eyes), _box(depth, _mean(xy[42:48]), 0.13 * eyes)]
    skin = [
        _box(depth, xy[30], 0.1 * eyes),
        *(_box(depth, _mean((xy[a], xy[b])), 0.1 * eyes) for a, b in ((2, 31), (14, 35))),
    ]
    low = [_box(depth, _mean(xy[48:60]), 0.12 * eyes), _box(depth, _mean((xy[57], xy[8])), 0.08 * eyes)]
    if any(part.size == 0 for part in (*pair, *skin, *low)):
        return None
    holes = [1.0 - int(np.count_nonzero(part)) / part.size for part in (*pair, *skin)]
    upper = (sum(holes[:2]) / 2, sum(holes[2:]) / 3)
    height = _median((*pair, *skin[1:]))
    mouth = _median(low)
    if height is None or mouth is None:
        return None
    pose = sight.face.pose
    pitch = 0.0 if pose is None else math.radians(min(max(pose.pitch_deg, -40.0), 40.0))
    before, below = _MOUTH_UNDER_EYES_MM
    # Beside the eyes, the cheeks count: they lie between.
    expected = 0.7 * (before * math.cos(pitch) + below * math.sin(pitch))
    missing = 1.0 - int(np.count_nonzero(low[0])) / low[0].size
    return (min(max((height - mouth - expected) / 30.0, -4.0), 4.0), missing), upper


def _generated_depth(sight: Sight) -> bool:
    return any(
        view.kind is StreamKind.DEPTH and view.frame.flags & FrameFlag.GENERATED for view in sight.others.values()
    )


def _mean(points: Sequence[Sequence[float]]) -> tuple[float, float]:
    across = down = 0.0
    for x, y in points:
        across += x
        down += y
    return across / len(points), down / len(points)


def _mean_of(part: NDArray[np.integer[Any]]) -> float:
    """Of at least one pixel: quicker than NumPy's for the few that a part has."""
    return float(cv2.mean(part)[0])


def _box(picture: NDArray[np.integer[Any]], middle: Sequence[float], half: float) -> NDArray[np.integer[Any]]:
    """The pixels of a square, at least one; none where its middle lies outside the picture."""
    height, width = picture.shape
    x, y = middle
    if not (0 <= x <= width - 1 and 0 <= y <= height - 1):  # NaN, too
        return picture[:0, :0]
    left, top = max(math.ceil(x - half), 0), max(math.ceil(y - half), 0)
    right, bottom = min(math.floor(x + half) + 1, width), min(math.floor(y + half) + 1, height)
    if left >= right or top >= bottom:
        return picture[round(y) : round(y) + 1, round(x) : round(x) + 1]
    return picture[top:bottom, left:right]


def _edge(patch: NDArray[np.integer[Any]], axis: int) -> float:
    """The strongest line's mean step within a patch: along its rows (0) or columns (1)."""
    step = cv2.absdiff(patch[2:], patch[:-2]) if axis == 0 else cv2.absdiff(patch[:, 2:], patch[:, :-2])
    lines = cv2.reduce(step, 1 - axis, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    return float(lines.max()) / float(step.shape[1 - axis]) / 2


def _median(parts: Sequence[NDArray[np.integer[Any]]]) -> float | None:
    """Millimetres, of all readings; None where there are hardly any."""
    readings = np.concatenate([part[part != 0] for part in parts])
    if readings.size < 4:
        return None
    readings.sort()
    middle = readings.size // 2
    return float(readings[middle]) if readings.size % 2 else (float(readings[middle - 1]) + float(readings[middle])) / 2
