"""How far the errors that GrayToDepth expects are those that it makes: pixels, deciles, what is left at a coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engines.models.gray_to_depth import CLOSE_MM, ReliefResult
from training.measures.report import Report
from training.metrics import rank_correlation

COVERAGES = (0.8, 0.5)
EVERY = 7
"""Every so many pixels of a crop enter rank correlations: neighbours say the same."""
FEWEST = 100
"""From fewer pixels nothing is said."""

Crops = Iterable[tuple[ReliefResult, NDArray, NDArray[np.bool_]]]
"""Of each crop: what the model says, the true relief in mm, and where that is known."""


class Decile(NamedTuple):
    """A tenth of the pixels, by what error is expected of them: means in mm, shares in 0..1."""

    expected_mm: float
    real_mm: float
    confidence: float
    close: float


@dataclass(frozen=True)
class Pixels:
    """Pixels on which the model shows a relief and the truth is known, all (M,).

    Attributes:
        expected_mm, real_mm: the error that the model expects, and the one it makes.
        confidence: what the model says.
        foreground: what the model says.
        off_middle: distance from the crop's middle, px.
        crop: number of the crop that the pixel is from.
    """

    expected_mm: NDArray[np.float64]
    real_mm: NDArray[np.float64]
    confidence: NDArray[np.float64]
    foreground: NDArray[np.float64]
    off_middle: NDArray[np.float64]
    crop: NDArray[np.int64]

    def deciles(self) -> list[Decile]:
        """Ten groups of equally many pixels, the surest first."""
        out = []
        for part in np.array_split(np.argsort(self.expected_mm, kind="stable"), 10):
            real = self.real_mm[part]
            means = (self.expected_mm[part].mean(), real.mean(), self.confidence[part].mean())
            out.append(Decile(*(float(mean) for mean in means), float((real <= CLOSE_MM).mean())))
        return out

    def rank_correlation(self) -> float:
        """Spearman's, over single pixels of all crops."""
        return rank_correlation(self.expected_mm[::EVERY], self.real_mm[::EVERY])

    def rank_correlation_of_crops(self) -> float:
        """Spearman's, over the crops' mean errors: does it know which crop is bad?"""
        count = np.maximum(np.bincount(self.crop), 1)
        seen = np.bincount(self.crop) > 0
        expected = np.bincount(self.crop, self.expected_mm) / count
        real = np.bincount(self.crop, self.real_mm) / count
        return rank_correlation(expected[seen], real[seen])

    def rank_correlation_within(self) -> float:
        """Spearman's within each crop, averaged: does it know which part of a crop is bad?"""
        each = []
        for part in np.split(np.arange(len(self.crop)), np.flatnonzero(np.diff(self.crop)) + 1):
            each.append(rank_correlation(self.expected_mm[part], self.real_mm[part]))
        return float(np.nanmean(each)) if len(each) else float("nan")

    def kept(self, share: float, order: NDArray[np.float64] | None = None) -> float:
        """Mean error of the `share` of pixels with the least `order` (the expected error where None), mm."""
        by = self.expected_mm if order is None else order
        kept = np.argsort(by, kind="stable")[: max(round(share * len(by)), 1)]
        return float(self.real_mm[kept].mean())


def collect(crops: Crops) -> Pixels | None:
    """The pixels of all crops; None where the model expects nothing, or relief is hardly shown anywhere."""
    rows: list[tuple[NDArray, ...]] = []
    for number, (found, truth, known) in enumerate(crops):
        if found.expected_error_mm is None or found.confidence is None:
            return None
        mask = known & np.isfinite(found.relief_mm)
        y, x = np.nonzero(mask)
        middle = (mask.shape[0] - 1) / 2
        real = np.abs(found.relief_mm[mask] - truth[mask])
        said = (found.expected_error_mm[mask], found.confidence[mask], found.foreground[mask])
        rows.append((*said, real, np.hypot(y - middle, x - middle), np.full(len(x), number)))
    if sum(len(row[0]) for row in rows) < FEWEST:
        return None
    expected, confidence, foreground, real, off, crop = (
        np.concatenate(column).astype(np.float64) for column in zip(*rows, strict=True)
    )
    return Pixels(expected, real, confidence, foreground, off, crop.astype(np.int64))


def add_to(report: Report, pixels: Pixels, on: str, what: str = "") -> None:
    """What a card says of it; `what` ends every metric's name."""
    report.add(f"mean error where relief is shown{what}", float(pixels.real_mm.mean()), "mm", on)
    report.add(f"mean expected error there{what}", float(pixels.expected_mm.mean()), "mm", on)
    report.add(f"rank correlation of expected and real error, pixels{what}", pixels.rank_correlation(), "1", on)
    report.add(f"the same, means of crops{what}", pixels.rank_correlation_of_crops(), "1", on)
    for share in COVERAGES:
        kept = pixels.kept(share)
        report.add(f"mean error of the {share:.0%} of pixels expected to be best{what}", kept, "mm", on)
    report.add(f"mean confidence where relief is shown{what}", float(pixels.confidence.mean()), "1", on)
    close = float((pixels.real_mm <= CLOSE_MM).mean())
    report.add(f"share within {CLOSE_MM:.0f} mm there{what}", close, "1", on)
