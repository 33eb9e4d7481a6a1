"""`tapetum rig show`, `check` and `board`."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np

from commands.terminal import GOOD, NO, out, tell
from drivers.boards import board_of
from drivers.boards_draw import write_board
from drivers.calibration import Calibration, StreamCalibration
from drivers.camera import Camera
from drivers.errors import CameraError, CameraTimeoutError, DriverError, EndOfStream
from drivers.frame import Extrinsics, StreamInfo
from drivers.rig import RigCamera, load_rig

_FIRST_FRAME_S = 5.0


def rig_show(file: Path, as_json: bool) -> int:
    """What is in a rig's file."""
    rig = load_rig(file)
    cameras: list[dict[str, Any]] = []
    for camera in rig.cameras.values():
        out.print(f"{camera.name}: {camera.shown_source()}", markup=False)
        if camera.serial:
            any_will_do = " (ignored)" if camera.ignore_serial else ""
            out.print(f"  serial number {camera.serial}{any_will_do}", markup=False)
        if camera.pose is not None:
            out.print(f"  stands at {_place(camera.pose)}", markup=False)
        for old, new in camera.rename.items():
            out.print(f"  {old} is called {new}", markup=False)
        for name, one in camera.calibration.streams.items():
            out.print(f"  {name}: {_words(one)}", markup=False)
        if not camera.calibration.streams:
            out.print("  no calibration: tapetum rig calibrate", markup=False)
        cameras.append(
            {
                "name": camera.name,
                "source": camera.shown_source(),
                "serial": camera.serial,
                "ignore_serial": camera.ignore_serial,
                "rename": dict(camera.rename),
                "patience": dict(camera.patience),
                "pose": None if camera.pose is None else camera.pose.to_json(),
                "calibration": {n: one.to_json() for n, one in camera.calibration.streams.items()},
            }
        )
    tell({"rig": str(file), "cameras": cameras}, as_json)
    return GOOD


def _words(one: StreamCalibration) -> str:
    parts = []
    k = one.intrinsics
    if k is not None:
        fov = math.degrees(2 * math.atan(k.width / (2 * k.fx)))
        bends = f"{k.model} {len(k.distortion)} coefficients" if k.distortion else "pinhole"
        parts.append(f"{k.width}x{k.height} px, fx {k.fx:.1f}, {fov:.0f} degrees across, {bends}")
    if one.extrinsics is not None:
        parts.append(f"at {_place(one.extrinsics)}")
    if one.rms_px is not None:
        views = f" over {one.views} views" if one.views else ""
        parts.append(f"error {one.rms_px:.3f} px{views}")
    if one.date:
        parts.append(f"of {one.date}")
    if one.serial:
        parts.append(f"of serial number {one.serial}")
    return ", ".join(parts) or "nothing known"


def _place(pose: Extrinsics) -> str:
    x, y, z = (f"{1000 * t:.1f}" for t in pose.translation_m)
    turn = math.degrees(math.acos(float(np.clip((np.trace(pose.matrix()) - 1) / 2, -1, 1))))
    return f"({x}, {y}, {z}) mm, turned by {turn:.2f} degrees"


def rig_check(file: Path, as_json: bool) -> int:
    """Open every camera and compare it with the rig; 1 when something is wrong."""
    rig = load_rig(file)
    found: dict[str, dict[str, Any]] = {}
    for member in rig.members():
        camera = rig.camera(member.name)
        problems, notes = _check(member.camera, camera)
        found[member.name] = {"problems": problems, "notes": notes}
        out.print(f"{member.name}: {'wrong' if problems else 'good'}  {camera.shown_source()}", markup=False)
        for words in (*problems, *notes):
            out.print(f"  {words}", markup=False)
    is_good = not any(one["problems"] for one in found.values())
    tell({"rig": str(file), "good": is_good, "cameras": found}, as_json)
    return GOOD if is_good else NO


def _check(camera: Camera, known: RigCamera) -> tuple[list[str], list[str]]:
    """What is wrong, and what is worth knowing."""
    problems: list[str] = []
    notes: list[str] = []
    try:
        camera.open()
        streams, options = camera.streams(), camera.options()
        serial = options.get("serial", "")
        expected = known.serial or next((c.serial for c in known.calibration.streams.values() if c.serial), "")
        if expected and not serial:
            notes.append(f"the camera tells no serial number; that it is {expected} cannot be checked")
        elif serial:
            notes.append(f"serial number {serial}")
        labelled: list[StreamInfo] = []
        for stream in streams:
            try:
                labelled.append(known.relabel(stream, options))
            except DriverError as error:
                problems.append(str(error))
        problems += _missing_streams(known, streams)
        if not problems:
            notes += _compare(known, streams, labelled)
        notes += _first_frame(camera)
    except DriverError as error:
        problems.append(str(error))
    finally:
        camera.close()
    return list(dict.fromkeys(problems)), notes


def _missing_streams(known: RigCamera, streams: Any) -> list[str]:
    there = {s.name for s in streams}
    named = {known.rename.get(name, name) for name in there}
    listed = ", ".join(sorted(there)) or "none"
    wrong = [f"rename names {old}, but the camera gives {listed}" for old in known.rename if old not in there]
    calibrations = known.calibration.streams
    return wrong + [
        f"there is a calibration of {name}, but the camera gives {', '.join(sorted(named)) or 'none'}"
        for name in calibrations
        if name not in named
    ]


def _compare(known: RigCamera, streams: Any, labelled: list[StreamInfo]) -> list[str]:
    """Sizes that are scaled, streams without a lens, and what looks implausible."""
    notes = []
    for stream, named in zip(streams, labelled, strict=True):
        local = known.rename.get(stream.name, stream.name)
        one = known.calibration.streams.get(local)
        plain = Calibration({local: one} if one is not None else {})
        shown = StreamInfo(
            local,
            stream.kind,
            stream.width,
            stream.height,
            stream.dtype,
            unit_m=stream.unit_m,
            kelvin=stream.kelvin,
            intrinsics=stream.intrinsics,
        )
        notes += plain.check([shown])
        notes.append(f"{named.name}: {stream.kind} {stream.width}x{stream.height} at {stream.fps:g} a second")
    return notes


def _first_frame(camera: Camera) -> list[str]:
    end = time.monotonic() + _FIRST_FRAME_S
    while time.monotonic() < end:
        try:
            frame = camera.read(0.2)
        except CameraTimeoutError:
            continue
        except EndOfStream:
            return ["the recording has no frame"]
        return [f"a frame of {frame.stream} came"]
    raise CameraError(f"it opened, but gave no frame within {_FIRST_FRAME_S:g} s")


def rig_board(board: dict[str, Any], output: Path, dpi: float, page: str, as_json: bool) -> int:
    """Print a board to scale into a file."""
    made = board_of(**{k: v for k, v in board.items() if v is not None})
    width, height = write_board(output, made, dpi, page)
    wide, high = made.extent_mm()
    out.print(f"{output}: {made.words()}", markup=False)
    out.print(
        f"the pattern is {wide:.1f} x {high:.1f} mm on a page of {width:.0f} x {height:.0f} mm; print it at 100 % "
        "(no fitting to the page), measure the ruler below it, glue it onto something flat",
        markup=False,
    )
    tell(
        {"output": str(output), "board": made.words(), "pattern_mm": [wide, high], "page_mm": [width, height]}, as_json
    )
    return GOOD
