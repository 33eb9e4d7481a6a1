"""From a calibration's result to a rig that knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drivers.calibrate_report import CalibrationReport
from drivers.calibration import Calibration, StreamCalibration, compose, inverse
from drivers.frame import Extrinsics, StreamInfo, StreamKind
from drivers.rig import Rig, RigCamera


@dataclass(frozen=True, slots=True)
class Shown:
    """A camera as it was when the board was shown to it.

    Attributes:
        streams: by their names in the camera (as the rig renames them), as the camera itself describes them.
        serial: as it tells it; empty when it has none.
    """

    streams: Mapping[str, StreamInfo] = field(default_factory=dict)
    serial: str = ""


def calibrations_of(report: CalibrationReport, date: str, serials: Mapping[str, str]) -> dict[str, StreamCalibration]:
    """Stream (``camera/stream``) -> what was measured.

    Args:
        date: as YYYY-MM-DD.
        serials: camera -> serial number.
    """
    out = {}
    for name, lens in report.lenses.items():
        out[name] = StreamCalibration(
            lens.intrinsics,
            None if report.rig is None else report.rig.poses[name],
            serial=serials.get(name.partition("/")[0], ""),
            date=date,
            rms_px=round(lens.rms_px, 4),
            views=len(lens.views),
            board=report.board.words(),
        )
    return out


def calibrated(rig: Rig, report: CalibrationReport, date: str, shown: Mapping[str, Shown]) -> tuple[Rig, list[str]]:
    """The rig with what was measured put in; what was not measured stays.

    The rig's frame stays that of its first camera, where that has a place already. The other streams of a camera keep
    their place to the one that saw the board, as the maker says; depth that shares its sensor with an infrared stream
    gets that one's lens.

    Args:
        date: as YYYY-MM-DD.
        shown: camera -> as it was.

    Returns:
        The rig, and for people what was done beyond the streams that were measured.
    """
    serials = {name: one.serial for name, one in shown.items()}
    measured = calibrations_of(report, date, serials)
    base = _place_of_first(rig, report, shown)
    told: list[str] = []
    for name, camera in rig.cameras.items():
        own = {s.partition("/")[2]: c for s, c in measured.items() if s.partition("/")[0] == name}
        if not own:
            continue
        seen = shown.get(name, Shown())
        if base is not None:
            own = {s: replace(c, extrinsics=compose(base, c.extrinsics or Extrinsics())) for s, c in own.items()}
        old = camera.calibration.streams
        kept = {s: replace(c, extrinsics=c.extrinsics or _known(old, s)) for s, c in own.items()}
        for stream, like in _twins(kept, seen.streams).items():
            kept[stream] = kept[like]
            told.append(f"{name}/{stream} shares the sensor of {name}/{like} and gets its lens")
        pose = camera.pose
        if base is not None:
            first = next(iter(own))
            maker = seen.streams[first].extrinsics if first in seen.streams else Extrinsics()
            pose = compose(own[first].extrinsics or Extrinsics(), inverse(maker))
        rig = rig.with_camera(
            replace(
                camera,
                serial=camera.serial or seen.serial,
                pose=pose,
                calibration=Calibration({**old, **kept}),
            )
        )
    return rig, told


def _known(old: Mapping[str, StreamCalibration], stream: str) -> Extrinsics | None:
    return old[stream].extrinsics if stream in old else None


def _place_of_first(rig: Rig, report: CalibrationReport, shown: Mapping[str, Shown]) -> Extrinsics | None:
    """What the calibration's frame is in the rig's; None when no places were measured."""
    if report.rig is None:
        return None
    camera, _, stream = next(iter(report.rig.poses)).partition("/")
    member: RigCamera | None = rig.cameras.get(camera)
    if member is None:
        return Extrinsics()
    known = member.calibration.streams.get(stream)
    if known is not None and known.extrinsics is not None:
        return known.extrinsics
    seen = shown.get(camera, Shown()).streams.get(stream)
    if member.pose is not None and seen is not None:
        return compose(member.pose, seen.extrinsics)
    return Extrinsics()


def _twins(measured: Mapping[str, StreamCalibration], streams: Mapping[str, StreamInfo]) -> dict[str, str]:
    """Depth stream -> the infrared stream, measured, that sees through the same lens onto the same pixels."""
    out = {}
    for name, stream in streams.items():
        if stream.kind is not StreamKind.DEPTH or name in measured or stream.registered_to is not None:
            continue
        for other in measured:
            twin = streams.get(other)
            if (
                twin is not None
                and twin.kind is StreamKind.INFRARED
                and (twin.width, twin.height) == (stream.width, stream.height)
                and twin.intrinsics == stream.intrinsics
                and twin.extrinsics == stream.extrinsics
            ):
                out[name] = other
                break
    return out
