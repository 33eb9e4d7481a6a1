"""The inside of a car around a driver, as surfaces in the axes of a camera on the dashboard (mm, y down, z ahead).

The driver's own left (image right) is the driver's door; windows are openings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.faces.materials import Material, Patch, grid_patch, tube, uniform_patch

DARK_TRIM = (0.05, 0.05, 0.055)
SEAT = (0.10, 0.095, 0.09)
CEILING = (0.35, 0.34, 0.32)
Corner = tuple[float, float, float]
Surface = tuple[NDArray[np.float32], NDArray[np.int32]]
TEXTURE_PER_MM = (0.4, 0.4, 0.4)


def cabin(cabin_celsius: float, rng: np.random.Generator) -> list[Patch]:
    """Return seats, headrests, pillars, doors, roof, bench and the frame of the rear window."""
    patches: list[Patch] = []

    def add(surface: Surface, color: tuple[float, float, float], nir: float, warmer: float = 0.0) -> None:
        celsius = cabin_celsius + warmer + rng.normal(0, 0.3)
        patches.append(uniform_patch(*surface, Material.CLOTH, color, nir, celsius, 0.01, TEXTURE_PER_MM))

    for x, z, used in ((15.0, 1010.0, True), (-640.0, 1040.0, False)):  # driver, front passenger
        warm = 4.0 if used else 0.0
        add(cushion((x, 560.0, z + 75), (265.0, 400.0, 75.0), 5.0), SEAT, 0.30, warm)
        for side in (-1, 1):  # bolsters
            add(cushion((x + side * 235, 600.0, z + 35), (55.0, 330.0, 90.0), 3.0), SEAT, 0.24, warm / 2)
        add(cushion((x, 12.0, z + 62), (138.0, 100.0, 52.0), 3.2), SEAT, 0.33, warm / 2)
        for rod in (-55.0, 55.0):
            path = np.array([[x + rod, 80.0, z + 66], [x + rod, 140.0, z + 70], [x + rod, 200.0, z + 72]])
            add(tube(path, 7.0), (0.4, 0.4, 0.4), 0.45)
    add(cushion((-280.0, 560.0, 1900.0), (900.0, 400.0, 120.0), 8.0), SEAT, 0.26)  # rear bench
    for x in (-620.0, 60.0):
        add(cushion((x, 110.0, 1880.0), (125.0, 85.0, 50.0), 3.2), SEAT, 0.28)
    add(quad((-1200, 95, 1950), (620, 95, 1950), (-1100, 60, 2520), (520, 60, 2520)), DARK_TRIM, 0.15, -3)  # shelf
    add(quad((-1250, -600, 300), (640, -600, 300), (-1150, -470, 2500), (540, -470, 2500)), CEILING, 0.45, -1)
    window = (-760.0, 220.0, -400.0, 40.0)  # left, right, top, bottom of the rear window
    left, right, top, bottom = window
    outer = (-1250.0, 640.0, -620.0, 800.0)
    z = 2500.0
    add(
        quad((outer[0], outer[2], z), (outer[1], outer[2], z), (outer[0], top, z), (outer[1], top, z)),
        CEILING,
        0.4,
        -3,
    )
    add(
        quad((outer[0], bottom, z), (outer[1], bottom, z), (outer[0], outer[3], z), (outer[1], outer[3], z)),
        DARK_TRIM,
        0.2,
        -3,
    )
    add(quad((outer[0], top, z), (left, top, z), (outer[0], bottom, z), (left, bottom, z)), DARK_TRIM, 0.2, -3)
    add(quad((right, top, z), (outer[1], top, z), (right, bottom, z), (outer[1], bottom, z)), DARK_TRIM, 0.2, -3)
    for x, inward in ((620.0, -1.0), (-1240.0, 1.0)):  # doors and pillars of both sides
        add(
            quad((x, 190, 200), (x, 190, 2500), (x + 30 * inward, 900, 200), (x + 30 * inward, 900, 2500)),
            DARK_TRIM,
            0.22,
            -2,
        )
        ledge = x + 45 * inward
        add(quad((x, 190, 200), (x, 190, 2500), (ledge, 205, 200), (ledge, 205, 2500)), DARK_TRIM, 0.3, -2)
        for near, far in ((1080.0, 1230.0), (2150.0, 2500.0)):  # B and C pillar
            add(
                quad(
                    (x - 70 * -inward, -600, near + 60),
                    (x - 70 * -inward, -600, far + 60),
                    (x, 200, near),
                    (x, 200, far),
                ),
                CEILING,
                0.35,
                -2,
            )
    handle = np.array([[560.0, -470, 1250], [530, -430, 1270], [530, -430, 1370], [560, -470, 1390]])
    add(tube(handle, 11.0), (0.2, 0.2, 0.2), 0.3)
    loose = np.array(
        [[580.0, -180, 1120], [470, -60, 1075], [300, 90, 990], [170, 165, 920], [110, 190, 880]]
    )  # belt to the shoulder
    add(_ribbon(loose, 24.0), (0.03, 0.03, 0.035), 0.16)
    add(cushion((-1030.0, -150.0, 1780.0), (105.0, 270.0, 60.0), 2.6), (0.25, 0.12, 0.08), 0.5)  # a coat on its hook
    add(cushion((-700.0, 120.0, 1850.0), (150.0, 110.0, 110.0), 4.0), (0.4, 0.33, 0.2), 0.55, -1)  # a parcel
    return patches


def quad(a: Corner, b: Corner, c: Corner, d: Corner, steps: int = 14) -> Surface:
    """A bilinear patch with corners a b (top) and c d (bottom), divided so that light varies over it."""
    u, v = np.meshgrid(np.linspace(0, 1, steps), np.linspace(0, 1, steps))
    u, v = u[..., None], v[..., None]
    corners = [np.array(corner, float) for corner in (a, b, c, d)]
    points = (corners[0] * (1 - u) + corners[1] * u) * (1 - v) + (corners[2] * (1 - u) + corners[3] * u) * v
    surface: Surface = grid_patch(points)
    return surface


def cushion(center: tuple[float, float, float], half: tuple[float, float, float], squareness: float) -> Surface:
    """A superellipsoid: 2 is an ellipsoid, more is boxier."""
    polar = np.linspace(-np.pi / 2, np.pi / 2, 25)[:, None]
    around = np.linspace(-np.pi, np.pi, 49)[None]
    power = 2.0 / squareness

    def bent(value: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.sign(value) * np.abs(value) ** power)

    points = np.stack(
        [
            half[0] * bent(np.cos(polar)) * bent(np.cos(around)),
            half[1] * bent(np.sin(polar)) + 0 * around,
            half[2] * bent(np.cos(polar)) * bent(np.sin(around)),
        ],
        axis=-1,
    )
    surface: Surface = grid_patch(points + np.array(center))
    return surface


def _ribbon(path: NDArray[np.float64], half_width: float) -> Surface:
    """A flat band along `path`, its width in the image plane."""
    along = np.gradient(path, axis=0)
    across = np.stack([-along[:, 1], along[:, 0], 0 * along[:, 0]], axis=1)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    surface: Surface = grid_patch(np.stack([path - half_width * across, path, path + half_width * across]))
    return surface
