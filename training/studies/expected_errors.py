"""What expected errors are worth, as tables in Markdown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.measures.expected_error import Pixels

SHARES = (1.0, 0.8, 0.5, 0.2)


def tables(pixels: Pixels) -> str:
    """Tenths of the pixels by expected error; the mean error of the best pixels by several orders; rank correlations.

    The orders: what the model expects, its foreground probability where it tells one, how far from the crop's middle a
    pixel is, and the true error, which nothing can beat.
    """
    unit, close, _ = pixels.scale
    lines = [
        f"| pixels | expected, {unit} | real, {unit} | confidence | within {close:.0f} |",
        "|---|---|---|---|---|",
    ]
    for number, one in enumerate(pixels.deciles()):
        lines.append(
            f"| {10 * number}-{10 * number + 10} % | {one.expected:.1f} | {one.real:.1f} "
            f"| {one.confidence:.2f} | {one.close:.2f} |"
        )
    orders: dict[str, NDArray[np.float64] | None] = {"the expected error": None}
    if pixels.foreground is not None:
        orders["the foreground probability"] = -pixels.foreground
    orders["the distance from the crop's middle"] = pixels.off_middle
    orders["the true error"] = pixels.real
    lines += ["", f"| mean error of the best, {unit}, by | " + " | ".join(f"{share:.0%}" for share in SHARES) + " |"]
    lines.append("|---" * (len(SHARES) + 1) + "|")
    for name, order in orders.items():
        lines.append(f"| {name} | " + " | ".join(f"{pixels.kept(share, order):.1f}" for share in SHARES) + " |")
    lines += [
        "",
        f"Rank correlation of expected and real error: {pixels.rank_correlation():.2f} over pixels, "
        f"{pixels.rank_correlation_within():.2f} within a crop, {pixels.rank_correlation_of_crops():.2f} over crops.",
    ]
    return "\n".join(lines)
