"""Cameras as sensors: from light, distance and warmth to the numbers that a real device gives.

Noise figures are drawn from ranges that hold what real recordings show (docs/results.md, "Sensor noise"; `tapetum
evaluate-real --only noise` measures both). Each sensor works at its own resolution (pixels across the region) and is
then brought to the sample's grid, as a pipeline does with a crop.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
KELVIN = 273.15


def resize(image: NDArray, size: int, interpolation: int = cv2.INTER_LINEAR) -> NDArray:
    """Return a square image with `size` pixels a side; shrinking averages unless `interpolation` is INTER_NEAREST."""
    if image.shape[0] == size:
        return image
    if interpolation != cv2.INTER_NEAREST and size < image.shape[0]:
        interpolation = cv2.INTER_AREA
    return cv2.resize(image, (size, size), interpolation=interpolation)


def color_camera(
    linear: NDArray[np.float32],
    subject: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    brightness: float,
    native: int,
    blur_px: tuple[float, float] = (0.0, 0.0),
    jpeg_quality: int | None = None,
) -> NDArray[np.uint8]:
    """Expose, blur, add noise and encode a color picture.

    Args:
        linear: (S, S, 3) scene light.
        subject: (S, S) where the exposure is metered.
        brightness: linear value that the subject's median gets (0.18 is a well exposed face).
        native: pixels that the sensor has across the region.
        blur_px: motion during the exposure in pixels (x, y).
        jpeg_quality: None for no compression artefacts.

    Returns:
        (S, S, 3) uint8 sRGB-like.
    """
    size = linear.shape[0]
    median = float(np.median(linear[subject])) if subject.any() else float(np.median(linear))
    gain = np.clip(brightness / max(median, 1e-3), 0.02, 60.0)
    image = motion_blur(linear, blur_px)
    image = resize(image, native) * np.float32(gain)
    darkness = float(np.clip(np.log2(gain + 1) / 6, 0.0, 1.0))  # a high gain means little light: noise
    read = rng.uniform(0.001, 0.006) + 0.02 * darkness * rng.uniform(0.2, 1)
    shot = 0.006 + 0.03 * darkness * rng.uniform(0.2, 1)
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    if rng.random() < 0.5:
        noise = cv2.GaussianBlur(noise, (0, 0), 0.6) * 1.7
    image = image + noise * (read + shot * np.sqrt(np.clip(image, 0, 2)))
    balance = (1 + rng.normal(0, 0.05, 3)).astype(np.float32)
    image = np.clip(image * balance, 0, None)
    image = image / (1 + 0.25 * image) * 1.15  # a soft shoulder
    encoded = (np.clip(image, 0, 1) ** np.float32(1 / 2.2) * 255).astype(np.uint8)
    encoded = resize(encoded, size)
    if jpeg_quality is not None:
        encoded = jpeg(encoded, jpeg_quality)
    return encoded


def motion_blur(image: NDArray[np.float32], blur_px: tuple[float, float]) -> NDArray[np.float32]:
    """Smear an image along a line of the given length in pixels."""
    length = float(np.hypot(*blur_px))
    if length < 1.0:
        return image
    size = 2 * int(np.ceil(length / 2)) + 1
    kernel = np.zeros((size, size), np.float32)
    for t in np.linspace(-0.5, 0.5, 4 * size):
        x, y = size // 2 + t * blur_px[0], size // 2 + t * blur_px[1]
        kernel[int(np.clip(round(y), 0, size - 1)), int(np.clip(round(x), 0, size - 1))] += 1
    return cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def jpeg(image: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Return an image after JPEG compression; channels keep their order."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_UNCHANGED)


def nir_camera(
    light: Plane, subject: NDArray[np.bool_], rng: np.random.Generator, *, level: float, native: int, gamma: float = 1.0
) -> NDArray[np.uint8]:
    """Expose a near-infrared picture so that the subject's upper quartile reaches `level` of 255."""
    size = light.shape[0]
    bright = float(np.percentile(light[subject], 70)) if subject.any() else float(np.percentile(light, 80))
    image = expose_nir(
        cv2.GaussianBlur(resize(light, native), (0, 0), rng.uniform(0.2, 0.75)),
        rng,
        gain=level / max(bright, 1e-4),
        read_noise=rng.uniform(0.3, 2.5),
        shot_noise=rng.uniform(0.03, 0.22),
    )
    if gamma != 1.0:
        image = (255 * (image / np.float32(255)) ** np.float32(gamma)).astype(np.uint8)
    return resize(image, size)


def expose_nir(
    light: Plane, rng: np.random.Generator, *, gain: float, read_noise: float, shot_noise: float
) -> NDArray[np.uint8]:
    """Read a near-infrared picture (H, W) with a fixed gain.

    Args:
        read_noise: deviation in counts that is always there.
        shot_noise: deviation in counts for one count of signal; grows with the signal's square root.
    """
    image = light * np.float32(gain)
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    image = image + noise * (read_noise + shot_noise * np.sqrt(np.clip(image, 0, 255)))
    return np.clip(image, 0, 255).astype(np.uint8)


def time_of_flight(
    depth: Plane,
    echo: Plane,
    glass: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    strength: float = 1.0,
    weakest_echo: tuple[float, float] | None = None,
    edge_shares: tuple[float, float] | None = None,
    step_mm: float = 1.0,
) -> NDArray[np.uint16]:
    """Read depth by time of flight.

    Noise grows as the returning amplitude falls; pixels across an edge mix near and far ("flying pixels"); dark, thin
    or slanted surfaces give holes; glass scatters.

    Args:
        depth: (N, N) mm along z; inf or 0 where nothing is.
        echo: (N, N) diffuse reflectance times the cosine of incidence.
        glass: (N, N) spectacles before the pixel.
        strength: scale of the noise.
        weakest_echo: amplitude (1 = white, head-on, at 1 m) below which a pixel gives nothing, and how much that
            varies from pixel to pixel (share); None draws a sensor.
        edge_shares: shares of the pixels across an edge that mix near and far, and that give nothing; None draws a
            sensor.
        step_mm: readings are multiples of it (some formats keep no finer ones).

    Returns:
        (N, N) uint16 mm, 0 = no reading.
    """
    present = np.isfinite(depth) & (depth > 0)
    far = np.where(present, depth, 8000.0).astype(np.float32)
    amplitude = np.maximum(echo, 0.002) * (1000.0 / far) ** 2
    noise = rng.standard_normal(far.shape, dtype=np.float32)
    spread = strength * np.clip(1.1 * np.sqrt(0.3 / amplitude) * np.sqrt(far / 1000), 0.6, 40)
    read = far + spread * (0.75 * noise + 0.45 * cv2.GaussianBlur(noise, (0, 0), 1.0))
    read += np.clip(0.05 / np.maximum(amplitude, 0.01) - 0.2, 0, 8)  # dark things read too far
    near_side, far_side = cv2.erode(far, _SQUARE), cv2.dilate(far, _SQUARE)
    # A step, and no steep slope: there the pixel lies half way between its neighbors.
    edge = (far_side - near_side > 35) & (np.abs(far_side + near_side - 2 * far) > 0.5 * (far_side - near_side))
    chance, mix = rng.random((2, *far.shape), dtype=np.float32)
    mixed, lost = edge_shares or (rng.uniform(0.35, 0.95), rng.uniform(0.0, 0.05))
    flying = edge & (chance < mixed)
    read = np.where(flying, near_side * mix + far_side * (1 - mix), read)
    weakest, uneven = weakest_echo or (rng.uniform(0.003, 0.025), 1.0)
    varying = 1 + uneven * (rng.random(far.shape, dtype=np.float32) - np.float32(0.5))
    hole = amplitude < weakest * varying
    hole |= edge & (chance > 1 - lost)
    if glass.any():
        blotch = cv2.GaussianBlur(rng.random(far.shape, dtype=np.float32), (0, 0), 1.5)
        hole |= glass & (blotch > 0.5 + rng.normal(0, 0.05))
        read = np.where(glass, read + rng.normal(0, 6), read)
    hole |= ~present | (read > 7800)
    if step_mm > 1:
        read = np.floor(read / step_mm) * step_mm
    return np.where(hole, 0, np.clip(read, 0, 65535)).astype(np.uint16)


def structured_light(
    depth: Plane,
    echo: Plane,
    glass: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    focal_px: float,
    baseline_mm: float,
) -> NDArray[np.uint16]:
    """Read depth by a pattern projected from the side (or by stereo): coarse steps, fat edges, shadows beside them.

    The shadow lies at one side if depth comes from the camera's own place, and at both if it is registered to a color
    camera between camera and projector; no pixel whose matching window reaches over an edge is read for sure.

    Args:
        focal_px: focal length at the resolution of `depth`.
        baseline_mm: distance between camera and projector; it decides the steps' size and the shadow's width.

    Returns:
        (N, N) uint16 mm, 0 = no reading.
    """
    present = np.isfinite(depth) & (depth > 0)
    far = np.where(present, depth, 8000.0).astype(np.float32)
    full_focal = 580.0  # matching works on the sensor's own pixels, whatever the crop's
    disparity = full_focal * baseline_mm / far
    own = full_focal / focal_px  # of the sensor's pixels, in one of these
    window = 3 if focal_px < 400 else 5
    fat = cv2.dilate(disparity, np.ones((3, window), np.uint8))
    middle = cv2.medianBlur(disparity, 3)
    smooth = cv2.GaussianBlur(middle, (0, 0), 0.8)
    smooth = np.where(np.abs(smooth - middle) < 1.0, smooth, middle)  # matching mixes no two surfaces
    read = np.where(fat - disparity > 1.5, fat, smooth)
    noise = rng.standard_normal(far.shape, dtype=np.float32)
    fineness = rng.uniform(0.6, 1.5)
    read = read + cv2.GaussianBlur(noise, (0, 0), fineness) * (2 * np.sqrt(np.pi) * fineness * rng.uniform(0.02, 0.11))
    step = rng.choice([8.0, 16.0, 32.0])
    read = np.round(read * step) / step
    # How far on the way from camera to projector the picture is taken from.
    between = rng.uniform(0.2, 0.4) if rng.random() < 0.6 else 0.0
    shares = (1 - between, between) if rng.random() < 0.5 else (between, 1 - between)  # right and left of a thing
    shadow = _hidden(disparity * shares[0], own) | _hidden((disparity * shares[1])[:, ::-1], own)[:, ::-1]
    rim = 2 * round(rng.uniform(0, 7) / own) + 1
    ring = cv2.dilate(disparity, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (rim, rim)))
    shadow |= (ring - disparity > 3) & (fat - disparity <= 1.5)
    blotch = cv2.GaussianBlur(rng.standard_normal(far.shape, dtype=np.float32), (0, 0), 2.2) * 7.5
    dim = echo * (1000.0 / far) ** 2
    rare = rng.uniform(2.4, 3.3) + 0.8 * np.clip(dim, 0, 1)
    hole = shadow | (blotch > np.where(dim < 0.03, 1.5, rare)) | (dim < 0.004) | ~present
    if glass.any():
        hole |= glass & (blotch > 0.6)
    metric = full_focal * baseline_mm / np.maximum(read, 1.0)
    hole |= metric > 7000
    return np.where(hole, 0, np.clip(metric, 0, 65535)).astype(np.uint16)


def _hidden(disparity: Plane, own: float) -> NDArray[np.bool_]:
    """Pixels that something at their left hides from a projector at the left side: what lies k pixels farther left does
    if its disparity is greater by more than these k pixels have of the sensor's own (`own` in one)."""
    along = disparity + np.float32(own) * np.arange(disparity.shape[1], dtype=np.float32)
    return np.maximum.accumulate(along, axis=1) > along + np.float32(0.5 * own)


def thermal_camera(
    celsius: Plane,
    emissivity: Plane,
    rng: np.random.Generator,
    *,
    ambient_celsius: float,
    native: int,
    netd_kelvin: float = 0.05,
) -> NDArray[np.uint16]:
    """Read apparent temperature in hundredths of a kelvin.

    Radiance goes with T^4; what a surface does not emit it mirrors from the surroundings. Optics blur by about half a
    native pixel; noise is white (`netd_kelvin`), by columns, and an offset of the whole picture.
    """
    size = celsius.shape[0]
    blur = max(0.5 * size / native, 0.35)
    sharp = [cv2.GaussianBlur(plane, (0, 0), blur) for plane in (celsius, emissivity)]
    small = read_kelvin(
        *(resize(plane, native) for plane in sharp),
        rng,
        ambient_celsius=ambient_celsius,
        netd_kelvin=netd_kelvin,
        column_kelvin=rng.uniform(0, 0.05),
        offset_kelvin=rng.normal(0, 0.4),
    )
    return resize(small, size)


def read_kelvin(
    celsius: Plane,
    emissivity: Plane,
    rng: np.random.Generator,
    *,
    ambient_celsius: float,
    netd_kelvin: float,
    column_kelvin: float = 0.0,
    offset_kelvin: float = 0.0,
) -> NDArray[np.uint16]:
    """Read a thermal picture (H, W) at the sensor's own pixels in hundredths of a kelvin."""
    radiance = emissivity * (celsius + KELVIN) ** 4 + (1 - emissivity) * np.float32((ambient_celsius + KELVIN) ** 4)
    kelvin = np.sqrt(np.sqrt(radiance)).astype(np.float32)
    kelvin += netd_kelvin * rng.standard_normal(kelvin.shape, dtype=np.float32)
    kelvin += column_kelvin * rng.standard_normal((1, kelvin.shape[1]), dtype=np.float32)
    return np.round((kelvin + offset_kelvin) * 100).astype(np.uint16)


_SQUARE = np.ones((3, 3), np.uint8)
