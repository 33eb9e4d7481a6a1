"""How noisy a picture is: measures on arrays, the same for a real recording and for a rendered one.

None needs to know the truth. What a measure reads on a face without noise (relief, texture) is in it, on both sides
alike.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
WINDOW = 5
"""Pixels a side of the patches that a plane is fitted to."""


def plane_residual(values: NDArray, window: int = WINDOW) -> NDArray[np.float64]:
    """Deviation of what a plane, fitted to the square patch around every pixel by least squares, leaves over.

    For a patch of n pixels with coordinates u, v about its middle, RSS = sum f^2 - (sum f)^2 / n - (sum u f)^2 /
    sum u^2 - (sum v f)^2 / sum v^2, and the deviation is sqrt(RSS / (n - 3)).

    Args:
        values: (H, W) any unit.
        window: odd, at least 3.

    Returns:
        (H, W) in the unit of `values`; within window // 2 of the border it means nothing.
    """
    if window < 3 or window % 2 == 0:
        raise ValueError(f"a patch {window} pixels wide has no middle pixel or no plane; take 3, 5, 7...")
    image = np.asarray(values, np.float64)
    image = image - image.mean()
    half = np.arange(window) - window // 2
    flat = np.ones(window)
    moment = float((half**2).sum() * window)

    def summed(column: NDArray, row: NDArray, of: NDArray) -> NDArray:
        return cv2.sepFilter2D(of, cv2.CV_64F, row.astype(float), column.astype(float), borderType=cv2.BORDER_REFLECT)

    total, square = summed(flat, flat, image), summed(flat, flat, image * image)
    across, down = summed(flat, half, image), summed(half, flat, image)
    left = square - total**2 / window**2 - (across**2 + down**2) / moment
    return np.asarray(np.sqrt(np.maximum(left, 0) / (window**2 - 3)))


def roughness(values: NDArray, usable: Mask, window: int = WINDOW) -> float:
    """Median of plane_residual over the patches that lie in `usable` altogether; NaN where there is none.

    White noise of deviation s reads s (1.5 % less), a curved surface of radius R with patches of w reads a fraction
    of w^2 / 8R.
    """
    whole = _inside(usable, window)
    return float(np.median(plane_residual(values, window)[whole])) if whole.any() else float("nan")


def _inside(usable: Mask, window: int) -> Mask:
    """Middles of the patches that are usable altogether."""
    return cv2.erode(
        np.ascontiguousarray(usable, np.uint8), np.ones((window, window)), borderType=cv2.BORDER_CONSTANT, borderValue=0
    ).astype(bool)


def hole_rate(depth_mm: NDArray, region: Mask) -> float:
    """Share of `region` without a reading (0); NaN for an empty region."""
    return float((np.asarray(depth_mm)[region] == 0).mean()) if region.any() else float("nan")


def body_of(depth_mm: NDArray, distance_mm: float, reach_mm: float = 200.0) -> Mask:
    """The largest piece of what reads within `reach_mm` of `distance_mm`, its holes filled (gaps of 3 pixels too)."""
    near = ((depth_mm > 0) & (np.abs(depth_mm.astype(np.float64) - distance_mm) <= reach_mm)).astype(np.uint8)
    closed = cv2.morphologyEx(near, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    body = np.zeros(near.shape, np.uint8)
    if contours:
        cv2.drawContours(body, [max(contours, key=cv2.contourArea)], 0, 1, -1)
    return body > 0


def shrunk(mask: Mask, pixels: int) -> Mask:
    """The mask without its outer `pixels`; the image's border is no edge."""
    size = 2 * pixels + 1
    return cv2.erode(mask.astype(np.uint8), np.ones((size, size), np.uint8)).astype(bool)


def side_gaps(depth_mm: NDArray, body: Mask, least: float = 0.3) -> tuple[NDArray[np.float64], ...]:
    """What a depth camera leaves out beside a body: per row the pixels without a reading, from the body outwards.

    A row counts if 1 - near / far, of the body's edge and the first reading beyond the gap, is at least `least`.

    Args:
        body: (H, W) as body_of gives it.

    Returns:
        left (K, 2) and right (L, 2): width of the gap in pixels, and 1 - near / far of its two sides (a projector at
        a baseline b before a body at z casts a shadow of b (1 - near / far) in mm at the body's distance).
    """
    sides: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for row, inside in zip(np.asarray(depth_mm, np.float64), body, strict=True):
        columns = np.flatnonzero(inside & (row > 0))
        if not len(columns):
            continue
        for found, edge, outward in (
            (sides[0], columns[0], row[: columns[0]][::-1]),
            (sides[1], columns[-1], row[columns[-1] + 1 :]),
        ):
            read = np.flatnonzero(outward)
            if len(read) and (behind := 1 - row[edge] / outward[read[0]]) >= least:
                found.append((float(read[0]), behind))
    return tuple(np.array(side, np.float64).reshape(-1, 2) for side in sides)


def edge_drops(depth_mm: NDArray, body: Mask, reach: int = 3) -> NDArray[np.float64]:
    """How far the outermost readings of a body lie behind the nearest one within `reach` pixels (mm).

    A head curves away by some 10 to 20 mm there; flying pixels, a mix of body and background, lie farther behind.

    Returns:
        (N,) one value for each pixel of the body's rim that has a reading.
    """
    depth = np.asarray(depth_mm, np.float32)
    valid = body & (depth > 0)
    size = 2 * reach + 1
    nearest = cv2.erode(np.where(valid, depth, np.float32(1e9)), np.ones((size, size), np.uint8))
    rim = valid & ~shrunk(body, 1)
    return (depth - nearest)[rim].astype(np.float64)


def depth_step(values_mm: NDArray) -> float:
    """Step between neighbouring values that occur (mm): the median over the middle 90 % of the readings; NaN for
    fewer than three different ones."""
    values = np.asarray(values_mm)[np.asarray(values_mm) > 0]
    if values.size:
        low, high = np.percentile(values, [5, 95])
        values = np.unique(values[(values >= low) & (values <= high)].astype(np.float64))
    return float(np.median(np.diff(values))) if values.size >= 3 else float("nan")


def temporal_noise(frames_mm: NDArray, still: Mask, most_mm: float = 100.0) -> float:
    """Deviation of a pixel's reading from frame to frame: rms of the differences / sqrt 2; NaN without a pair.

    Args:
        frames_mm: (N >= 2, H, W), 0 = no reading.
        still: (H, W) where nothing moves.
        most_mm: a greater difference is a movement or a jump to another surface and is left out.
    """
    frames = np.asarray(frames_mm, np.float64)[:, still]
    change = frames[1:] - frames[:-1]
    kept = change[(frames[1:] > 0) & (frames[:-1] > 0) & (np.abs(change) <= most_mm)]
    return float(np.sqrt(np.mean(kept**2) / 2)) if kept.size else float("nan")


def flicker(frames_mm: NDArray, still: Mask) -> float:
    """Share of the readings that are gone in the next frame, or were not there in the one before; NaN without any."""
    read = np.asarray(frames_mm)[:, still] > 0
    either = read[1:] | read[:-1]
    return float((read[1:] ^ read[:-1])[either].mean()) if either.any() else float("nan")


def edge_width(image: NDArray, usable: Mask, share: float = 0.02, reach: int = 6) -> float:
    """Width of the sharpest edges in pixels: their height over their steepest slope, median of the strongest `share`.

    A step blurred by a Gaussian of deviation s reads about sqrt(2 pi (s^2 + 1/3)): slopes are central differences, over
    2 pixels, so that even a perfect step reads 2.

    Args:
        image: (H, W).
        usable: (H, W) where edges may lie, at least `reach` pixels from what does not belong to the picture.
        share: of the usable pixels.
        reach: pixels to both sides over which the height of an edge is read.

    Returns:
        NaN where nothing is usable or everything is flat.
    """
    plane = np.asarray(image, np.float32)
    right = cv2.filter2D(plane, cv2.CV_32F, np.array([[-0.5, 0, 0.5]]), borderType=cv2.BORDER_REPLICATE)
    below = cv2.filter2D(plane, cv2.CV_32F, np.array([[-0.5], [0], [0.5]]), borderType=cv2.BORDER_REPLICATE)
    slope = np.hypot(right, below)
    if not usable.any():
        return float("nan")
    strong = usable & (slope >= max(float(np.quantile(slope[usable], 1 - share)), 1e-6))
    rows, columns = np.nonzero(strong)
    if not len(rows):
        return float("nan")
    steep = slope[rows, columns]
    along = np.arange(-reach, reach + 1, dtype=np.float32)
    x = (columns[:, None] + along * (right[rows, columns] / steep)[:, None]).astype(np.float32)
    y = (rows[:, None] + along * (below[rows, columns] / steep)[:, None]).astype(np.float32)
    profile = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    # Only the steepest point of each edge tells its slope.
    peak = np.abs(np.diff(profile, axis=1)).argmax(axis=1)
    top = np.isin(peak, (reach - 1, reach))
    if not top.any():
        return float("nan")
    return float(np.median((profile.max(axis=1) - profile.min(axis=1))[top] / steep[top]))


def levels(values: NDArray, region: Mask) -> tuple[float, float, float]:
    """5th percentile, median and 95th percentile in `region`; NaN for an empty one."""
    if not region.any():
        return (float("nan"),) * 3
    low, middle, high = np.percentile(np.asarray(values)[region], [5, 50, 95])
    return float(low), float(middle), float(high)


def contrast(values: NDArray, face: Mask, background: Mask, seen: Mask) -> float:
    """Median of the face less that of the background, as a share of the range (2nd to 98th percentile) of `seen`."""
    whole = _range(values, seen)
    if not face.any() or not background.any() or not whole > 0:
        return float("nan")
    return float(np.median(values[face]) - np.median(values[background])) / whole


def inner_contrast(values: NDArray, face: Mask, seen: Mask) -> float:
    """80 % range within the face as a share of the range (2nd to 98th percentile) of `seen`."""
    whole = _range(values, seen)
    if not face.any() or not whole > 0:
        return float("nan")
    bottom, top = np.percentile(values[face], [10, 90])
    return float(top - bottom) / whole


def _range(values: NDArray, seen: Mask) -> float:
    if not seen.any():
        return float("nan")
    low, high = np.percentile(values[seen], [2, 98])
    return float(high - low)


def stretched(counts: NDArray) -> NDArray[np.uint8]:
    """Counts as 8 bits from the 0.5th to the 99.5th percentile, as a camera's automatic gain shows them."""
    low, high = np.percentile(counts, [0.5, 99.5])
    unit = (np.asarray(counts, np.float64) - low) / max(high - low, 1e-9)
    return np.asarray(np.round(255 * np.clip(unit, 0, 1)), np.uint8)
