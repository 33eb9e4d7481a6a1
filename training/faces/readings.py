"""What the sensors read of a rendered figure before its backdrop: light, depth and heat."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces import sensors
from training.faces.background import Backdrop, fractal
from training.faces.light import Lighting, Shaded, Visible
from training.faces.sample import REGION_MM


def compose_light(
    shaded: Shaded, backdrop: Backdrop, lighting: Lighting, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Put the figure before the backdrop: linear color (H, W, 3) and near infrared (H, W)."""
    around = lighting.sky * 0.6 + lighting.ground * 0.4 + 0.45 * lighting.colors.sum(axis=0) * rng.uniform(0.3, 1.2)
    falloff = np.clip(1 + 0.3 * fractal(rng, *shaded.cover.shape, coarsest=2, octaves=2), 0.2, 2.0)
    behind = backdrop.color * around * falloff[..., None] + backdrop.emission * rng.uniform(0.1, 1.0)
    open_share = 1 - shaded.cover
    linear = shaded.color + behind * open_share[..., None]
    own = lighting.ring * 1e6 / np.square(backdrop.depth_mm)
    lit = lighting.ambient_nir + 0.45 * lighting.nir.sum()
    infrared = shaded.nir + (backdrop.nir * (own + lit * falloff) + backdrop.nir_emission * (0.1 + lit)) * open_share
    return linear.astype(np.float32), infrared.astype(np.float32)


def read_depth(
    shaded: Shaded,
    seen: Visible,
    depth: NDArray[np.float32],
    backdrop: Backdrop,
    rng: np.random.Generator,
    structured: bool,
    native: int,
    surface_mm: float,
) -> NDArray[np.uint16]:
    """Read `depth` (S, S mm, inf = nothing) with a depth sensor of `native` pixels across the region, which lies at
    `surface_mm`."""
    size = depth.shape[0]
    open_share = 1 - shaded.cover
    echo = shaded.echo * np.maximum(shaded.cosine, 0.02) + backdrop.nir * 0.8 * open_share
    hairy = seen.nearest >= 0
    small_depth = sensors.resize(np.where(np.isfinite(depth), depth, 0), native, cv2.INTER_NEAREST)
    small_echo = sensors.resize(echo.astype(np.float32), native)
    small_glass = sensors.resize((seen.glass & hairy).astype(np.uint8), native, cv2.INTER_NEAREST) > 0
    if structured:
        focal = native / REGION_MM * surface_mm
        baseline = float(rng.choice([75.0, 50.0, 55.0]))
        read = sensors.structured_light(small_depth, small_echo, small_glass, rng, focal_px=focal, baseline_mm=baseline)
    else:
        step = float(rng.choice([1.0, 2.0, 4.0, 8.0], p=[0.5, 0.1, 0.1, 0.3]))
        read = sensors.time_of_flight(
            small_depth, small_echo, small_glass, rng, strength=float(rng.uniform(0.5, 1.8)), step_mm=step
        )
    return sensors.resize(read, size, cv2.INTER_NEAREST)


def read_heat(
    shaded: Shaded, backdrop: Backdrop, rng: np.random.Generator, ambient_celsius: float, native: int
) -> NDArray[np.uint16]:
    """Read the scene's temperature with a thermal camera of `native` pixels across the region."""
    open_share = 1 - shaded.cover
    celsius = shaded.celsius + backdrop.celsius * open_share
    slant = np.clip(1 - shaded.cosine / np.maximum(shaded.cover, 1e-3), 0, 1)
    emissivity = np.where(shaded.cover > 0.5, 0.98 * (1 - 0.3 * slant**4), 0.94).astype(np.float32)
    return sensors.thermal_camera(
        celsius.astype(np.float32),
        emissivity,
        rng,
        ambient_celsius=ambient_celsius,
        native=native,
        netd_kelvin=float(rng.uniform(0.03, 0.1)),
    )


def mean_depth(depth_mm: NDArray[np.uint16], x: float, y: float) -> float:
    """Mean of the valid depths in the 11 x 11 pixels around (x, y), widened to 21 and 41 if there are none; else 0."""
    for reach in (5, 10, 20):
        column, row = round(float(x)), round(float(y))
        window = depth_mm[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1]
        valid = window[window > 0]
        if valid.size:
            return float(valid.mean())
    return 0.0
