"""How far the errors that a model expects are those that it makes: pixels, deciles, what is left at a coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.measures.report import Report
from training.metrics import rank_correlation

COVERAGES = (0.8, 0.5)
EVERY = 7
"""Every so many pixels of a crop enter rank correlations: neighbours say the same."""
FEWEST = 100
"""From fewer pixels nothing is said."""


class Scale(NamedTuple):
    """What a model's errors are told in, up to which one its confidence calls a pixel right, and what it shows."""

    unit: str
    close: float
    shown: str


class Judged(NamedTuple):
    """One crop: what the model says of each pixel and how wrong it is there, (H, W) each; only `counts` is looked at.

    Attributes:
        expected, confidence: what the model says.
        real: |image - truth|.
        counts: where the model shows something and the truth is known.
        foreground: what the model says, where it does.
    """

    expected: NDArray
    confidence: NDArray
    real: NDArray
    counts: NDArray[np.bool_]
    foreground: NDArray | None = None


class Decile(NamedTuple):
    """A tenth of the pixels, by what error is expected of them: means in the scale's unit, shares in 0..1."""

    expected: float
    real: float
    confidence: float
    close: float


@dataclass(frozen=True)
class Pixels:
    """Pixels on which a model shows something and the truth is known, all (M,).

    Attributes:
        scale: what errors are told in.
        expected, real: the error that the model expects, and the one it makes.
        confidence: what the model says.
        off_middle: distance from the crop's middle, px.
        crop: number of the crop that the pixel is from.
        foreground: what the model says; None where it does not.
    """

    scale: Scale
    expected: NDArray[np.float64]
    real: NDArray[np.float64]
    confidence: NDArray[np.float64]
    off_middle: NDArray[np.float64]
    crop: NDArray[np.int64]
    foreground: NDArray[np.float64] | None = None

    def deciles(self) -> list[Decile]:
        """Ten groups of equally many pixels, the surest first."""
        out = []
        for part in np.array_split(np.argsort(self.expected, kind="stable"), 10):
            real = self.real[part]
            means = (self.expected[part].mean(), real.mean(), self.confidence[part].mean())
            out.append(Decile(*(float(mean) for mean in means), float((real <= self.scale.close).mean())))
        return out

    def rank_correlation(self) -> float:
        """Spearman's, over single pixels of all crops."""
        return rank_correlation(self.expected[::EVERY], self.real[::EVERY])

    def rank_correlation_of_crops(self) -> float:
        """Spearman's, over the crops' mean errors: does it know which crop is bad?"""
        count = np.maximum(np.bincount(self.crop), 1)
        seen = np.bincount(self.crop) > 0
        expected = np.bincount(self.crop, self.expected) / count
        real = np.bincount(self.crop, self.real) / count
        return rank_correlation(expected[seen], real[seen])

    def rank_correlation_within(self) -> float:
        """Spearman's within each crop, averaged: does it know which part of a crop is bad? NaN where none has any."""
        each = []
        for part in np.split(np.arange(len(self.crop)), np.flatnonzero(np.diff(self.crop)) + 1):
            each.append(rank_correlation(self.expected[part], self.real[part]))
        known = [rank for rank in each if np.isfinite(rank)]  # none where one error is expected everywhere
        return float(np.mean(known)) if known else float("nan")

    def kept(self, share: float, order: NDArray[np.float64] | None = None) -> float:
        """Mean error of the `share` of pixels with the least `order` (the expected error where None)."""
        by = self.expected if order is None else order
        kept = np.argsort(by, kind="stable")[: max(round(share * len(by)), 1)]
        return float(self.real[kept].mean())


def collect(crops: Iterable[Judged | None], scale: Scale) -> Pixels | None:
    """The pixels of all crops; None where a model expects nothing (a crop is None), or hardly any pixel counts."""
    rows: list[tuple[NDArray, ...]] = []
    foreground: list[NDArray] = []
    for number, one in enumerate(crops):
        if one is None:
            return None
        y, x = np.nonzero(one.counts)
        middle = (one.counts.shape[0] - 1) / 2
        said = tuple(field[one.counts] for field in (one.expected, one.confidence, one.real))
        rows.append((*said, np.hypot(y - middle, x - middle), np.full(len(x), number)))
        if one.foreground is not None:
            foreground.append(one.foreground[one.counts])
    if sum(len(row[0]) for row in rows) < FEWEST:
        return None
    expected, confidence, real, off, crop = (
        np.concatenate(column).astype(np.float64) for column in zip(*rows, strict=True)
    )
    told = np.concatenate(foreground).astype(np.float64) if len(foreground) == len(rows) else None
    return Pixels(scale, expected, real, confidence, off, crop.astype(np.int64), told)


def add_to(report: Report, pixels: Pixels, on: str, what: str = "") -> None:
    """What a card says of it; `what` ends every metric's name."""
    unit, close, shown = pixels.scale
    report.add(f"mean error where {shown} is shown{what}", float(pixels.real.mean()), unit, on)
    report.add(f"mean expected error there{what}", float(pixels.expected.mean()), unit, on)
    report.add(f"rank correlation of expected and real error, pixels{what}", pixels.rank_correlation(), "1", on)
    report.add(f"the same, means of crops{what}", pixels.rank_correlation_of_crops(), "1", on)
    for share in COVERAGES:
        kept = pixels.kept(share)
        report.add(f"mean error of the {share:.0%} of pixels expected to be best{what}", kept, unit, on)
    report.add(f"mean confidence where {shown} is shown{what}", float(pixels.confidence.mean()), "1", on)
    within = float((pixels.real <= close).mean())
    report.add(f"share within {close:.0f} {unit.partition(' ')[0]} there{what}", within, "1", on)
