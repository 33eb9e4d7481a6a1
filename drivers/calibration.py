"""The calibration of a rig on disk: what each stream's lens does and where each camera stands.

A JSON file: ``{"format": "tapetum-rig", "version": 1, "streams": {NAME: {"intrinsics": {...}, "extrinsics": {...},
"registered_to": NAME or null, "serial": "...", "date": "2026-11-22", "rms_px": 0.2, "views": 24, "board": "..."}}}``;
every part of a stream is optional, keys as :class:`drivers.frame.Intrinsics` and :class:`drivers.frame.Extrinsics`
write them (pixels, metres).
"""

from __future__ import annotations

import dataclasses
import json
import logging
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from drivers.errors import CalibrationError
from drivers.frame import Extrinsics, Intrinsics, StreamInfo

log = logging.getLogger(__name__)

FORMAT = "tapetum-rig"
VERSION = 1

_FOV_DEG = (10.0, 170.0)
_LONGEST_RIG_M = 10.0


@dataclass(frozen=True, slots=True)
class StreamCalibration:
    """What is known of one stream; None or empty where nothing is.

    Attributes:
        intrinsics: of the lens, for the size it was calibrated at.
        extrinsics: where the camera stands in the rig.
        registered_to: the stream whose pixel grid this one shares.
        serial: of the camera that it was measured on.
        date: when, as YYYY-MM-DD.
        rms_px: root mean square of the reprojection error over all corners, in pixels.
        views: pictures of the board that it was measured from.
        board: what the board was, in words.
    """

    intrinsics: Intrinsics | None = None
    extrinsics: Extrinsics | None = None
    registered_to: str | None = None
    serial: str = ""
    date: str = ""
    rms_px: float | None = None
    views: int | None = None
    board: str = ""

    def check_serial(self, stream: str, serial: str) -> None:
        """Refuse another camera's calibration; without a serial number on either side nothing can be said.

        Args:
            stream: for the message.
            serial: of the camera that is there.

        Raises:
            CalibrationError: it belongs to another camera.
        """
        if self.serial and serial and self.serial != serial:
            raise CalibrationError(
                f"the calibration of {stream} belongs to the camera with the serial number {self.serial}, but this "
                f"camera has {serial}; calibrate it (tapetum rig calibrate), or, if the lens is the same, write "
                "ignore_serial = true in the rig's file"
            )

    def apply(self, stream: StreamInfo) -> StreamInfo:
        """The stream with what is known put in; what is not known stays as the camera says.

        Intrinsics for another size are scaled where the sides have the same ratio.

        Raises:
            CalibrationError: intrinsics for a picture of another ratio of sides.
        """
        lens = self.intrinsics
        if lens is not None and (lens.width, lens.height) != (stream.width, stream.height):
            try:
                lens = lens.scaled_to(stream.width, stream.height)
            except CalibrationError as error:
                raise CalibrationError(f"stream {stream.name}: {error}") from error
            log.info("stream %s: %s", stream.name, _scaled(self.intrinsics, stream))
        return dataclasses.replace(
            stream,
            intrinsics=lens or stream.intrinsics,
            extrinsics=self.extrinsics or stream.extrinsics,
            registered_to=self.registered_to or stream.registered_to,
        )

    def to_json(self) -> dict[str, Any]:
        """For a file; what is not known of the measurement is left out."""
        more = {"serial": self.serial, "date": self.date, "rms_px": self.rms_px, "views": self.views}
        more |= {"board": self.board}
        return {
            "intrinsics": self.intrinsics.to_json() if self.intrinsics else None,
            "extrinsics": self.extrinsics.to_json() if self.extrinsics else None,
            "registered_to": self.registered_to,
            **{key: value for key, value in more.items() if value not in (None, "")},
        }

    @classmethod
    def from_json(cls, data: Any) -> StreamCalibration:
        """From what :meth:`to_json` gives.

        Raises:
            CalibrationError: it is something else, or numbers that are impossible.
        """
        if not isinstance(data, dict):
            raise CalibrationError(f"expected an object, found {data!r}")
        unknown = [key for key in data if key not in _KEYS]
        if unknown:
            raise CalibrationError(f"there is no key {unknown[0]!r} here; there are {', '.join(_KEYS)}")
        parts = data.get("intrinsics"), data.get("extrinsics")
        for part in parts:
            if part is not None and not isinstance(part, dict):
                raise CalibrationError(f"{part!r} is no object")
        rms, views, registered = data.get("rms_px"), data.get("views"), data.get("registered_to")
        try:
            return cls(
                None if parts[0] is None else Intrinsics.from_json(parts[0]),
                None if parts[1] is None else Extrinsics.from_json(parts[1]),
                None if registered is None else str(registered),
                serial=str(data.get("serial", "")),
                date=str(data.get("date", "")),
                rms_px=None if rms is None else float(rms),
                views=None if views is None else int(views),
                board=str(data.get("board", "")),
            )
        except (TypeError, ValueError, OverflowError) as error:
            raise CalibrationError(f"rms_px and views are numbers, found {rms!r} and {views!r}") from error


_KEYS = tuple(f.name for f in dataclasses.fields(StreamCalibration))


def _scaled(lens: Intrinsics | None, stream: StreamInfo) -> str:
    size = "" if lens is None else f"{lens.width}x{lens.height}"
    return f"the intrinsics were measured at {size} px and are scaled to {stream.width}x{stream.height}"


def compose(outer: Extrinsics, inner: Extrinsics) -> Extrinsics:
    """First ``inner``, then ``outer``: ``p -> outer(inner(p))``."""
    return Extrinsics.from_arrays(outer.matrix() @ inner.matrix(), outer.to_rig(np.array([inner.translation_m]))[0])


def inverse(pose: Extrinsics) -> Extrinsics:
    """The way back: rig points to camera points as camera points to rig points."""
    return Extrinsics.from_arrays(pose.matrix().T, -pose.matrix().T @ np.array(pose.translation_m))


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
            CalibrationError: intrinsics for a picture of another ratio of sides; for another size they are scaled.
        """
        return tuple(self.streams.get(stream.name, StreamCalibration()).apply(stream) for stream in streams)

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
    except (OSError, ValueError, RecursionError) as error:
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
        "streams": {name: s.to_json() for name, s in calibration.streams.items()},
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
    try:
        return StreamCalibration.from_json(data)
    except CalibrationError as error:
        raise CalibrationError(f"the calibration {path} is torn or wrong at stream {name}: {error}") from error


def _check_stream(stream: StreamInfo, known: StreamCalibration, streams: Mapping[str, StreamInfo]) -> list[str]:
    found = []
    lens = known.intrinsics or stream.intrinsics
    if lens is None:
        found.append(f"{stream.name} has no intrinsics: distances across the image and head pose will be guesses")
    else:
        if (lens.width, lens.height) != (stream.width, stream.height):
            try:
                lens.scaled_to(stream.width, stream.height)
                found.append(f"{stream.name}: {_scaled(lens, stream)}")
            except CalibrationError:
                found.append(
                    f"{stream.name} is {stream.width}x{stream.height} px, its intrinsics are for "
                    f"{lens.width}x{lens.height}, another ratio of the sides; scale or replace them"
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
