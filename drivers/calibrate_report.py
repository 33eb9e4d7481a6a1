"""What a calibration is worth, to look at: annotated pictures, a coverage map, and all numbers as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.boards import Board
from drivers.calibrate_lens import LensCalibration
from drivers.calibrate_rig import RigCalibration
from drivers.calibrate_views import CELLS, View
from drivers.errors import CalibrationError

Picture = NDArray[np.uint8]

_GREEN: Final = (80, 200, 60)  # OpenCV's order: blue, green, red
_RED: Final = (60, 60, 240)
_YELLOW: Final = (0, 220, 255)
_ENLARGED: Final = 20
"""Errors are drawn so many times as long as they are."""


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationReport:
    """All that came out of one calibration.

    Attributes:
        board: that was shown.
        lenses: stream -> its lens.
        refused: stream -> view -> why it was not used.
        rig: where the cameras stand; None of a single one.
    """

    board: Board
    lenses: Mapping[str, LensCalibration]
    refused: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rig: RigCalibration | None = None

    def to_json(self) -> dict[str, Any]:
        """All numbers."""
        return {
            "board": self.board.words(),
            "streams": {name: self._lens(name, lens) for name, lens in self.lenses.items()},
            "pairs": [] if self.rig is None else [self._pair(i) for i in range(len(self.rig.pairs))],
            "loops": []
            if self.rig is None
            else [{"streams": list(pair), "off_mm": mm, "off_deg": deg} for pair, (mm, deg) in self.rig.loops.items()],
        }

    def _lens(self, name: str, lens: LensCalibration) -> dict[str, Any]:
        return {
            "intrinsics": lens.intrinsics.to_json(),
            "extrinsics": None if self.rig is None else self.rig.poses[name].to_json(),
            "rms_px": lens.rms_px,
            "std": dict(lens.std),
            "views": dict(lens.view_rms_px),
            "coverage": lens.coverage,
            "tilt_spread_deg": lens.spread_deg,
            "left_out": {**self.refused.get(name, {}), **lens.removed},
            "warnings": list(lens.warnings),
        }

    def _pair(self, number: int) -> dict[str, Any]:
        assert self.rig is not None
        pair = self.rig.pairs[number]
        return {
            "streams": [pair.first, pair.second],
            "pose": pair.pose.to_json(),
            "distance_mm": float(np.linalg.norm(pair.pose.translation_m)) * 1000,
            "rms_px": pair.rms_px,
            "views": len(pair.pairs),
            "left_out": pair.dropped,
            "std_mm": pair.std_mm,
            "std_deg": pair.std_deg,
        }

    def words(self) -> list[str]:
        """For a terminal, a line each."""
        out = []
        for name, lens in self.lenses.items():
            k = lens.intrinsics
            give = f" ± {lens.std['fx']:.2f}" if "fx" in lens.std else ""
            out.append(
                f"{name}: fx {k.fx:.2f}{give} px, fy {k.fy:.2f}, centre ({k.cx:.1f}, {k.cy:.1f}); "
                f"{k.model} {len(k.distortion)} coefficients"
            )
            worst = max(lens.view_rms_px, key=lambda view: lens.view_rms_px[view])
            out.append(
                f"  reprojection error {lens.rms_px:.3f} px over {len(lens.views)} views "
                f"(worst: {worst} with {lens.view_rms_px[worst]:.3f} px), {100 * lens.coverage:.0f} % of the picture"
            )
            left_out = {**self.refused.get(name, {}), **lens.removed}
            if left_out:
                some = "; ".join(f"{view} ({why})" for view, why in list(left_out.items())[:3])
                out.append(f"  {len(left_out)} views left out: {some}{'; ...' if len(left_out) > 3 else ''}")
            out += [f"  warning: {warning}" for warning in lens.warnings]
        for pair in () if self.rig is None else self.rig.pairs:
            apart = float(np.linalg.norm(pair.pose.translation_m)) * 1000
            out.append(
                f"{pair.first} - {pair.second}: {apart:.1f} ± {pair.std_mm:.1f} mm apart "
                f"(± {pair.std_deg:.2f} degrees), {pair.rms_px:.3f} px over {len(pair.pairs)} pairs of views, "
                f"{pair.dropped} left out"
            )
        for (first, second), (mm, deg) in () if self.rig is None else self.rig.loops.items():
            out.append(
                f"{first} - {second}: the chain over the other cameras differs by {mm:.1f} mm, {deg:.2f} degrees"
            )
        return out


def write_report(folder: Path, report: CalibrationReport) -> list[Path]:
    """Write ``report.json``, and for every stream ``STREAM_coverage.png`` and ``STREAM_VIEW.png``.

    Returns:
        What was written.

    Raises:
        CalibrationError: the folder cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "report.json"
        path.write_text(json.dumps(report.to_json(), indent=2) + "\n", "utf-8")
        written.append(path)
        for name, lens in report.lenses.items():
            plain = name.replace("/", "_")
            pictures = {f"{plain}_coverage.png": draw_coverage(lens)}
            for view in lens.views:
                pictures[f"{plain}_{_file_word(view.name)}.png"] = draw_view(lens, view)
            for file, picture in pictures.items():
                path = folder / file
                path.write_bytes(bytes(np.asarray(cv2.imencode(".png", picture)[1])))
                written.append(path)
    except OSError as error:
        raise CalibrationError(f"the report cannot be written to {folder} ({error.strerror})") from error
    return written


def draw_view(lens: LensCalibration, view: View) -> Picture:
    """The view with the points as seen (green) and their errors 20 times enlarged (red): (H, W, 3) uint8, BGR."""
    scale = max(1, round(640 / view.size[0]))
    out = _enlarged(view, scale)
    for (x, y), (dx, dy) in zip(view.seen.points_px, lens.residuals_px[view.name], strict=True):
        at = _place(x, y, scale)
        cv2.circle(out, at, 4, _GREEN, 1, cv2.LINE_AA)
        if np.isfinite([dx, dy]).all():
            cv2.line(out, at, _place(x + _ENLARGED * dx, y + _ENLARGED * dy, scale), _RED, 1, cv2.LINE_AA)
    words = f"{view.name}: {lens.view_rms_px[view.name]:.3f} px (errors x{_ENLARGED})"
    cv2.putText(out, words, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _YELLOW, 1, cv2.LINE_AA)
    return out


def draw_coverage(lens: LensCalibration) -> Picture:
    """All points of all views over the picture, coloured by their error: (H, W, 3) uint8, BGR."""
    scale = max(1, round(640 / lens.intrinsics.width))
    size = (lens.intrinsics.width * scale, lens.intrinsics.height * scale)
    out = np.full((size[1], size[0], 3), 30, np.uint8)
    for i in range(1, CELLS[0]):
        cv2.line(out, (i * size[0] // CELLS[0], 0), (i * size[0] // CELLS[0], size[1]), (70, 70, 70), 1)
    for i in range(1, CELLS[1]):
        cv2.line(out, (0, i * size[1] // CELLS[1]), (size[0], i * size[1] // CELLS[1]), (70, 70, 70), 1)
    most = max(3 * lens.rms_px, 1e-6)
    for view in lens.views:
        errors = np.nan_to_num(np.hypot(*lens.residuals_px[view.name].T), nan=most)
        shades = np.clip(errors / most * 255, 0, 255).astype(np.uint8).reshape(1, -1)
        colors = cv2.applyColorMap(shades, cv2.COLORMAP_VIRIDIS)[0]
        for (x, y), color in zip(view.seen.points_px, colors, strict=True):
            cv2.circle(out, _place(x, y, scale), 3, tuple(int(c) for c in color), -1, cv2.LINE_AA)
    words = f"{100 * lens.coverage:.0f} % seen; dark 0, yellow {most:.2f} px and more"
    cv2.putText(out, words, (6, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return out


def _enlarged(view: View, scale: int) -> Picture:
    large = cv2.resize(view.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), np.uint8)


def _place(x: float, y: float, scale: int) -> tuple[int, int]:
    return round((x + 0.5) * scale - 0.5), round((y + 0.5) * scale - 0.5)


def _file_word(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-." else "_" for c in name)
