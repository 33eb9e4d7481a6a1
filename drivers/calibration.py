"""The calibration of a rig on disk: what each stream's lens does and where each camera stands.

A JSON file: ``{"format": "tapetum-rig", "version": 1, "streams": {NAME: {"intrinsics": {...}, "extrinsics": {...},
"registered_to": NAME or null}}}``; every part of a stream is optional, keys as :class:`drivers.frame.Intrinsics` and
:class:`drivers.frame.Extrinsics` write them (pixels, metres).
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from drivers.errors import CalibrationError
from drivers.frame import Extrinsics, Intrinsics, StreamInfo

FORMAT = "tapetum-rig"
VERSION = 1

_FOV_DEG = (10.0, 170.0)
_LONGEST_RIG_M = 10.0


@dataclass(frozen=True, slots=True)
class StreamCalibration:
    """What is known of one stream; None where nothing is."""

    intrinsics: Intrinsics | None = None
    extrinsics: Extrinsics | None = None
    registered_to: str | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Stream name -> what is known of it."""

    streams: Mapping[str, StreamCalibration] = field(default_factory=dict)

    @classmethod
    def of(cls, streams: Iterable[StreamInfo]) -> Calibration:
        """What these streams themselves say."""
        return cls({s.name: StreamCalibration(s.intrinsics, s.extrinsics, s.registered_to) for s in streams})

    def apply(self, streams: Iterable[StreamInfo]) -> tuple[StreamInfo, ...]:
        """The streams with what is known here put in; what is not known here stays as the camera says.

        Raises:
            CalibrationError: intrinsics for another image size.
        """
        out = []
        for stream in streams:
            known = self.streams.get(stream.name, StreamCalibration())
            out.append(
                dataclasses.replace(
                    stream,
                    intrinsics=known.intrinsics or stream.intrinsics,
                    extrinsics=known.extrinsics or stream.extrinsics,
                    registered_to=known.registered_to or stream.registered_to,
                )
            )
        return tuple(out)

    def check(self, streams: Iterable[StreamInfo]) -> list[str]:
        """What looks wrong for these streams, a sentence each; empty when all is plausible. Raises nothing."""
        known = {s.name: s for s in streams}
        found = [
            f"{name} is in the calibration, but there is no such stream; the streams are {', '.join(known) or 'none'}"
            for name in self.streams
            if name not in known
        ]
        for name, stream in known.items():
            found += _check_stream(stream, self.streams.get(name, StreamCalibration()), known)
        return found


def load_calibration(path: Path) -> Calibration:
    """Read a rig's calibration.

    Raises:
        CalibrationError: no file there, no JSON, another format, or impossible numbers.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise CalibrationError(f"there is no calibration at {path}") from error
    except (OSError, ValueError) as error:
        raise CalibrationError(f"the calibration {path} cannot be read ({error})") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("streams"), dict):
        raise CalibrationError(f'{path} is no calibration of a rig: expected "format": "{FORMAT}" and "streams"')
    if data.get("version") != VERSION:
        raise CalibrationError(
            f"the calibration {path} has version {data.get('version')}, this program reads {VERSION}; update tapetum"
        )
    return Calibration({str(name): _from_json(path, name, one) for name, one in data["streams"].items()})


def save_calibration(path: Path, calibration: Calibration) -> None:
    """Write a rig's calibration; an old file is replaced only by a whole new one.

    Raises:
        CalibrationError: it cannot be written.
    """
    data = {
        "format": FORMAT,
        "version": VERSION,
        "streams": {
            name: {
                "intrinsics": s.intrinsics.to_json() if s.intrinsics else None,
                "extrinsics": s.extrinsics.to_json() if s.extrinsics else None,
                "registered_to": s.registered_to,
            }
            for name, s in calibration.streams.items()
        },
    }
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            json.dump(data, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CalibrationError(f"the calibration {path} cannot be written ({error.strerror})") from error


def _from_json(path: Path, name: str, data: Any) -> StreamCalibration:
    if not isinstance(data, dict):
        raise CalibrationError(f"the calibration {path} is torn at stream {name}: expected an object, found {data!r}")
    intrinsics, extrinsics = data.get("intrinsics"), data.get("extrinsics")
    for part in (intrinsics, extrinsics):
        if part is not None and not isinstance(part, dict):
            raise CalibrationError(f"the calibration {path} is torn at stream {name}: {part!r} is no object")
    registered = data.get("registered_to")
    try:
        return StreamCalibration(
            None if intrinsics is None else Intrinsics.from_json(intrinsics),
            None if extrinsics is None else Extrinsics.from_json(extrinsics),
            None if registered is None else str(registered),
        )
    except CalibrationError as error:
        raise CalibrationError(f"the calibration {path}, stream {name}: {error}") from error


def _check_stream(stream: StreamInfo, known: StreamCalibration, streams: Mapping[str, StreamInfo]) -> list[str]:
    found = []
    lens = known.intrinsics or stream.intrinsics
    if lens is None:
        found.append(f"{stream.name} has no intrinsics: distances across the image and head pose will be guesses")
    else:
        if (lens.width, lens.height) != (stream.width, stream.height):
            found.append(
                f"{stream.name} is {stream.width}x{stream.height} px, its intrinsics are for "
                f"{lens.width}x{lens.height}; scale or replace them"
            )
        fov_deg = math.degrees(2 * math.atan(lens.width / (2 * lens.fx)))
        if not _FOV_DEG[0] <= fov_deg <= _FOV_DEG[1]:
            found.append(f"{stream.name} would see {fov_deg:.0f} degrees across; check fx = {lens.fx:.1f} px")
        if not (0 <= lens.cx < lens.width and 0 <= lens.cy < lens.height):
            found.append(f"{stream.name} has its principal point ({lens.cx:.1f}, {lens.cy:.1f}) outside the image")
    place = known.extrinsics or stream.extrinsics
    distance_m = float(np.linalg.norm(place.translation_m))
    if distance_m > _LONGEST_RIG_M:
        found.append(f"{stream.name} stands {distance_m:.0f} m from the rig's origin; are these millimetres?")
    registered = known.registered_to or stream.registered_to
    if registered is not None:
        target = streams.get(registered)
        if target is None:
            found.append(f"{stream.name} is registered to {registered}, but there is no such stream")
        elif (target.width, target.height) != (stream.width, stream.height):
            found.append(f"{stream.name} is registered to {registered}, but their sizes differ")
    return found
