"""The overlay's colors: seen on every palette, and told apart by color-blind eyes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.colormap import PALETTES, palette_colors
from pipeline.labels import BLUE, CORAL, DARK, GRAY, INKS, ORANGE, PLATE, WHITE, YELLOW, Color

LEAST = 3.0
"""Contrast of graphics and large text, W3C WCAG 2.1, criteria 1.4.3 and 1.4.11."""

APART = 20.0
"""CIELAB distance (1976) that is seen at once; 2.3 is just noticeable (Mahy and others, 1994)."""

# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# IEEE TVCG 15(6), severity 1.0: matrices on linear RGB.
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}

MUST_DIFFER = [
    (BLUE, ORANGE),  # measured, and look here; an open eye, and a closed one
    (BLUE, GRAY),  # believed, and not believed
    (ORANGE, GRAY),
    (WHITE, ORANGE),  # sure, and unsure
    (WHITE, GRAY),
    *itertools.combinations((CORAL, BLUE, YELLOW), 2),  # the head's axes
]


def linear(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB (..., 3) of 255 to linear light, IEC 61966-2-1."""
    c = np.asarray(rgb, np.float64) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return linear(rgb) @ (0.2126, 0.7152, 0.0722)


def contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    a, b = luminance(one), luminance(other)
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def lab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear RGB to CIELAB, D65."""
    to_xyz = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
    t = to_xyz @ np.clip(light, 0, 1) / (0.95047, 1.0, 1.08883)
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array((116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])))


def distance(one: Color, other: Color, eyes: str) -> float:
    seen = [lab(np.array(SEEN_BY[eyes]) @ linear(np.array(c))) for c in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("palette", PALETTES)
def test_every_stroke_is_seen_on_every_color_of_every_palette_by_its_ink_or_its_outline(palette: str) -> None:
    grounds = palette_colors(palette).astype(float)
    for ink in INKS:
        best = np.maximum(contrast(np.array(ink), grounds), contrast(np.array(DARK), grounds))
        assert best.min() >= LEAST, (ink, grounds[best.argmin()])


@pytest.mark.parametrize("palette", PALETTES)
def test_every_text_is_read_on_its_plate_whatever_lies_under_it(palette: str) -> None:
    plate = PLATE
    grounds = plate * np.array(DARK) + (1 - plate) * palette_colors(palette).astype(float)
    for ink in INKS:
        assert contrast(np.array(ink), grounds).min() >= 4.5


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_colors_that_mean_different_things_are_told_apart_by_everybody(eyes: str) -> None:
    for one, other in MUST_DIFFER:
        assert distance(one, other, eyes) >= APART, (one, other)


def test_the_measure_itself_knows_a_bad_pair() -> None:
    """Red and green of the same lightness are told apart by most, and not by all."""
    red, green = (214, 39, 40), (90, 115, 30)
    assert distance(red, green, "everybody") > 60
    assert min(distance(red, green, eyes) for eyes in SEEN_BY) < APART
