"""What FLIR's camera record says: when, with which camera, through what air, and what its counts mean.

Offsets from ExifTool's table FLIR CameraInfo and from FLIR's header of the format (see flir_records).
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import Any, Final

from drivers.errors import CalibrationError
from drivers.radiometry import Air, Planck, Radiometry, Scene
from recordings.errors import SessionImportError
from recordings.importers.flir_records import Buffer, byte_order

_SHORTEST: Final = 0x396
"""Up to the time; what comes later is read where it is there."""

_NOT_MEASURABLE: Final = 1
"""Bit of the image's state: it must not be measured in, perhaps because the shutter is closed (IMGSMSK_INVALID)."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """The camera record.

    Attributes:
        width, height: of the picture with the counts, px.
        radiometry: counts to kelvin; None when the record does not allow it, and ``why_not`` says why.
        counts_range: lowest and highest count that the calibration is good for; None when not stated.
        kelvin_range: lowest and highest temperature that the camera can show; None when not stated.
        time_ns: when the picture was taken, ns since 1970 (UTC); None when not stated. Steps of a millisecond.
        zone_minutes: local time minus UTC.
        counter: the camera's own count of its pictures, 16 bits (many cameras leave it at 0).
        fps: nominal, 0 when not stated.
        shutter: whether the picture is marked as not measurable.
        model, serial, lens: of the camera, empty when not stated.
        fov_deg: field of view as stated, 0 when not.
    """

    width: int
    height: int
    radiometry: Radiometry | None
    why_not: str
    counts_range: tuple[int, int] | None
    kelvin_range: tuple[float, float] | None
    time_ns: int | None
    zone_minutes: int
    counter: int
    fps: float
    shutter: bool
    model: str
    serial: str
    lens: str
    fov_deg: float

    @property
    def name(self) -> str:
        """The camera in one line, for people."""
        return " ".join(word for word in (self.model or "FLIR camera", self.serial) if word)

    def to_json(self) -> dict[str, Any]:
        """What does not change from frame to frame, for the session's notes."""
        return {
            "model": self.model,
            "serial": self.serial,
            "lens": self.lens,
            "fov_deg": self.fov_deg,
            "counts_range": self.counts_range,
            "zone_minutes": self.zone_minutes,
            "radiometry": None if self.radiometry is None else self.radiometry.to_json(),
        }


def read_camera(data: Buffer, where: str) -> CameraInfo:
    """The camera record's content.

    Raises:
        SessionImportError: it is too short or damaged.
    """
    if len(data) < _SHORTEST:
        raise SessionImportError(f"{where}: the camera record has {len(data)} bytes, {_SHORTEST} are expected")
    order = byte_order(data, 2, f"{where}: the camera record")

    def take(form: str, at: int, missing: Any = 0) -> Any:
        end = at + struct.calcsize(form)
        return struct.unpack_from(order + form, data, at)[0] if end <= len(data) else missing

    def text(at: int, length: int) -> str:
        value = bytes(data[at : at + length]).split(b"\0")[0].decode("latin-1").strip()
        return value if value.isprintable() and value != "*" else ""

    try:
        radiometry, why_not = Radiometry(*_constants(take)), ""
        radiometry.counts(300.0)  # the way through the air, too, must let something through
    except (CalibrationError, OverflowError) as error:
        radiometry, why_not = None, str(error)
    low, high = take("H", 0x310), take("H", 0x312)
    # Saturation limits are the widest, then those of the range.
    limits = ((take("f", 0xAC), take("f", 0xA8)), (take("f", 0x94), take("f", 0x90)))
    seconds, milliseconds = take("I", 0x384), take("I", 0x388) & 0xFFFF
    fps = take("H", 0x464) + take("H", 0x46C) / 1000
    fov = take("f", 0x1B4)
    return CameraInfo(
        width=take("H", 2),
        height=take("H", 4),
        radiometry=radiometry,
        why_not=why_not,
        counts_range=(low, high) if low < high else None,
        kelvin_range=next((pair for pair in limits if 0 < pair[0] < pair[1] < 5000), None),
        time_ns=(seconds * 1000 + milliseconds) * 1_000_000 if seconds and milliseconds < 1000 else None,
        zone_minutes=-take("h", 0x38C),
        counter=take("H", 0x18),
        fps=fps if 0 < fps <= 1000 else 0.0,
        shutter=bool(take("H", 0x46A) & _NOT_MEASURABLE),
        model=text(0xD4, 32),
        serial=text(0x104, 16),
        lens=text(0x170, 32),
        fov_deg=round(fov, 3) if math.isfinite(fov) and 0 < fov < 180 else 0.0,
    )


def _constants(take: Any) -> tuple[Planck, Scene, Air]:
    humidity = take("f", 0x3C)
    return (
        Planck(r1=take("f", 0x58), b=take("f", 0x5C), f=take("f", 0x60), o=take("i", 0x308), r2=take("f", 0x30C)),
        Scene(
            emissivity=take("f", 0x20),
            distance_m=take("f", 0x24),
            reflected_k=take("f", 0x28),
            air_k=take("f", 0x2C),
            window_k=take("f", 0x30),
            window_transmission=take("f", 0x34),
            humidity=humidity / 100 if humidity > 2 else humidity,  # some cameras write per cent
        ),
        Air(take("f", 0x70), take("f", 0x74), take("f", 0x78), take("f", 0x7C), take("f", 0x80)),
    )
