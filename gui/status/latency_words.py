"""The latency from the camera to the screen, in words: what is in it, and what is not. No widgets here."""

from __future__ import annotations

from collections.abc import Sequence

from gui.status.latency import Latency, LatencyKind
from gui.words import tr


def latency_value(latency: Latency) -> str:
    """``38 ms``, or why there is none: never a zero that nobody measured."""
    if latency.kind is LatencyKind.MEASURED:
        return ms_words(latency.now_ms)
    if latency.kind is LatencyKind.UNKNOWN:
        return tr("unknown")
    if latency.kind is LatencyKind.CLOCK:
        return tr("clock?")
    return tr("replay") if latency.kind is LatencyKind.REPLAY else tr("no picture")


def latency_detail(latency: Latency) -> str:
    """``50 % 36 · 95 % 44 ms``, or why there is no number."""
    if latency.kind is LatencyKind.MEASURED:
        return tr("50 % {m} · 95 % {p}", m=f"{latency.median_ms:.0f}", p=ms_words(latency.p95_ms))
    if latency.kind is LatencyKind.UNKNOWN:
        return tr("the camera's clock is not mapped")
    if latency.kind is LatencyKind.CLOCK:
        return tr("a clock leapt")
    return tr("has no latency") if latency.kind is LatencyKind.REPLAY else tr("nothing new was painted")


def latency_tip(worst: Latency, each: Sequence[Latency]) -> str:
    """All of it: what is measured, what is not in it, and every stream."""
    if worst.kind is LatencyKind.REPLAY:
        return tr("A recording was taken some other day: from the camera to the screen there is no latency to tell.")
    lines = [
        tr(
            "Camera to screen: from the moment at which the camera says it took the picture (its clock mapped to ours) "
            "to the end of the paint event; the slowest stream, over the last seconds."
        ),
        tr(
            "Not in it: the exposure, the display itself, and the shortest way that any frame takes from the sensor to "
            "this machine, which nobody can see from here."
        ),
        "",
        *(_line(latency) for latency in each),
    ]
    return "\n".join(lines).strip()


def ms_words(ms: float) -> str:
    """``38 ms``; from ten seconds on ``12.3 s``."""
    return tr("{n} ms", n=f"{ms:.0f}") if ms < 10_000 else tr("{n} s", n=f"{ms / 1e3:.1f}")


def _line(latency: Latency) -> str:
    if latency.kind is not LatencyKind.MEASURED:
        return tr("{stream}: {why}", stream=latency.stream, why=latency_detail(latency))
    told = tr(
        "{stream}: now {now}, median {median}, 95 % {p95} (± {sure})",
        stream=latency.stream,
        now=ms_words(latency.now_ms),
        median=ms_words(latency.median_ms),
        p95=ms_words(latency.p95_ms),
        sure=tr("{n} ms", n=f"{latency.uncertainty_ms:.1f}"),
    )
    if not latency.drawing_ms:
        return told
    models = max(0.0, latency.median_ms - latency.arrival_ms - latency.drawing_ms)
    parts = tr(
        "until it came {a}, until its result was there {b}, drawing {c}",
        a=ms_words(latency.arrival_ms),
        b=ms_words(models),
        c=ms_words(latency.drawing_ms),
    )
    return f"{told}: {parts}"
