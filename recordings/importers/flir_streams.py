"""FLIR counts as streams of a session: temperatures in even steps, and the counts themselves beside them.

A session's thermal pixels have a linear map to kelvin, FLIR's counts follow Planck's law. So each frame is turned into
kelvin with its own constants and stored in steps that are finer than the sensor's where 16 bits allow it; the counts
go, untouched, into a second stream that is plainly not radiometric, and the constants into the session's notes.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from drivers.errors import CalibrationError
from drivers.frame import Frame, FrameFlag, Intrinsics, KelvinMap, StreamInfo, StreamKind
from drivers.radiometry import ZERO_CELSIUS_K, Radiometry
from drivers.radiometry_table import TOP, KelvinTable, even_steps
from recordings.errors import SessionImportError
from recordings.importers import calibration_files, words
from recordings.importers.flir_camera import CameraInfo
from recordings.importers.protocol import ImportOptions
from recordings.session import Clock

SCENE_WORDS: Final = frozenset({"emissivity", "distance_m", "reflected_c", "air_c", "humidity_percent"})
"""Keys of ``--set`` that replace what the camera was told of the scene."""

EXTRA_WORDS: Final = SCENE_WORDS | {"raw"}

KEPT: Final = (
    "temperatures, in steps of 0.001 to 0.1 K that the report names, with each frame's own Planck constants, "
    "emissivity, reflected and air temperature, distance, humidity and window",
    "the sensor's counts, untouched, as the stream thermal_raw (--set raw=no leaves it out)",
    "the constants and the camera's name in the session's notes",
    "the record's time of each frame, in milliseconds, as device and host time",
    "the camera's frame counter where it counts, and frames marked as not measurable (shutter flag)",
)
NOT_KEPT: Final = (
    "palettes, isotherms, measurement tools and texts",
    "GPS position, focus and the camera's inner temperatures",
)

_TABLES_KEPT: Final = 8
_DEFAULT_FPS: Final = 30.0


class Calibrations:
    """The distinct ones among the camera records of a session's frames; many cameras adjust a constant now and then.

    Attributes:
        cameras: the first record of each.
        of_frame: for each frame, its place in ``cameras``.
        changes: (position of the first frame, place in ``cameras``) wherever it changes.
    """

    def __init__(self) -> None:
        self.cameras: list[CameraInfo] = []
        self.of_frame: list[int] = []
        self.changes: list[tuple[int, int]] = []
        self._known: dict[Any, int] = {}

    def add(self, camera: CameraInfo, where: str) -> None:
        """The next frame's record.

        Raises:
            SessionImportError: it is of another camera or size than the first.
        """
        key = (camera.radiometry, camera.counts_range, camera.kelvin_range, camera.name, camera.width, camera.height)
        place = self._known.get(key)
        if place is None:
            self._check(camera, where)
            place = self._known[key] = len(self.cameras)
            self.cameras.append(camera)
        if not self.of_frame or self.of_frame[-1] != place:
            self.changes.append((len(self.of_frame), place))
        self.of_frame.append(place)

    def _check(self, camera: CameraInfo, where: str) -> None:
        first = self.cameras[0] if self.cameras else camera
        if (camera.width, camera.height) != (first.width, first.height):
            raise SessionImportError(
                f"{where} is {camera.width}x{camera.height} px, the first picture {first.width}x{first.height} px; "
                "a stream keeps its size, import them by themselves"
            )
        if camera.name != first.name:
            raise SessionImportError(
                f"{where} is of {camera.name}, the first picture of {first.name}; import each camera by itself"
            )


class ThermalStreams:
    """The thermal streams of one session.

    Args:
        cameras: the distinct camera records, by the number under which :meth:`frames` is asked for them.
        fps: nominal.
        intrinsics: of the thermal camera, None when not known.
        extra: the words of ``--set``.

    Raises:
        SessionImportError: the sizes differ, or a word is wrong.
    """

    def __init__(
        self, cameras: Sequence[CameraInfo], fps: float, intrinsics: Intrinsics | None, extra: Mapping[str, str]
    ) -> None:
        first = cameras[0]
        self._radiometries = [_with_scene(c, extra) for c in cameras]
        radiometric = all(r is not None for r in self._radiometries)
        self._map = _kelvin_map(cameras, [r for r in self._radiometries if r is not None]) if radiometric else None
        self._why_not = next((c.why_not for c in cameras if c.radiometry is None), "")
        self._tables: dict[int, KelvinTable] = {}
        self.wrong_pixels = 0
        thermal = StreamInfo(
            "thermal",
            StreamKind.THERMAL,
            first.width,
            first.height,
            "uint16",
            fps,
            kelvin=self._map,
            intrinsics=intrinsics,
            camera=first.name,
        )
        keep_counts = words.choice(extra, "raw", ("yes", "no"), "yes") == "yes"
        raw = replace(thermal, name="thermal_raw", kelvin=None, registered_to="thermal")
        # Without a map to kelvin the counts themselves are the thermal stream.
        self.streams = (thermal, raw) if self._map is not None and keep_counts else (thermal,)

    def frames(
        self, camera: int, counts: NDArray[np.uint16], number: int, time_ns: int, flags: FrameFlag
    ) -> list[Frame]:
        """One picture as a frame of each stream; ``counts`` (H, W) uint16."""
        if self._map is None:
            return [Frame(self.streams[0], counts, number, time_ns, time_ns, flags)]
        table = self._table(camera, self._map)
        self.wrong_pixels += int(np.count_nonzero(table.wrong[counts]))
        out = [Frame(self.streams[0], table.apply(counts), number, time_ns, time_ns, flags)]
        out += [Frame(s, counts, number, time_ns, time_ns, flags) for s in self.streams[1:]]
        return out

    def _table(self, camera: int, kelvin_map: KelvinMap) -> KelvinTable:
        if camera not in self._tables:
            radiometry = self._radiometries[camera]
            assert radiometry is not None  # the map says so
            while len(self._tables) >= _TABLES_KEPT:
                del self._tables[next(iter(self._tables))]
            self._tables[camera] = KelvinTable.of(radiometry, kelvin_map)
        return self._tables[camera]

    def notes(self, typical: NDArray[np.uint16]) -> list[str]:
        """What was assumed, for people; ``typical`` are the counts of one frame."""
        if self._map is None:
            return [f"not radiometric: {self._why_not}; the thermal stream holds counts"]
        radiometry = self._radiometries[0]
        assert radiometry is not None
        high = self._map.offset + TOP * self._map.gain
        kelvin = radiometry.kelvin(typical)
        known = kelvin[~np.isnan(kelvin)]  # none in a frame whose counts are all below any temperature
        middle = float(np.median(known)) if known.size else math.nan
        sensor = (
            f"; the sensor's own step at {middle - ZERO_CELSIUS_K:.1f} C is {radiometry.step_k(middle):.4f} K"
            if math.isfinite(middle)
            else ""
        )
        scene = radiometry.scene
        return [
            f"temperatures in steps of {self._map.gain:g} K from {self._map.offset:g} to {high:.0f} K{sensor}",
            f"reckoned with emissivity {scene.emissivity:.3g}, {scene.distance_m:g} m, reflected "
            f"{scene.reflected_k - ZERO_CELSIUS_K:.1f} C, air {scene.air_k - ZERO_CELSIUS_K:.1f} C, "
            f"humidity {scene.humidity:.0%}",
        ]

    def closing_notes(self) -> list[str]:
        """What can only be told at the end."""
        if not self.wrong_pixels:
            return []
        kept = "; their counts are in thermal_raw" if len(self.streams) > 1 else ""
        return [f"{self.wrong_pixels} pixels lie outside the temperatures that can be stored and stand at an end{kept}"]

    def constants(self, calibrations: Calibrations) -> str:
        """The cameras and their constants as JSON, each with the frame (position) from which it counts."""
        told: list[dict[str, Any]] = []
        for at, k in calibrations.changes:
            camera, used = calibrations.cameras[k], self._radiometries[k]
            entry: dict[str, Any] = {"from": at, **camera.to_json()}
            if used is not None and used != camera.radiometry:
                entry["reckoned_with"] = used.to_json()
            told.append(entry)
        return json.dumps(told, separators=(",", ":"))


def _with_scene(camera: CameraInfo, extra: Mapping[str, str]) -> Radiometry | None:
    """The record's radiometry, with what the user says of the scene in place of what the camera was told."""
    if camera.radiometry is None:
        return None
    given = {
        "emissivity": words.number(extra, "emissivity", low=0.01, high=1),
        "distance_m": words.number(extra, "distance_m", low=0, high=1e5),
        "reflected_k": _kelvin(words.number(extra, "reflected_c", low=-273, high=4000)),
        "air_k": _kelvin(words.number(extra, "air_c", low=-100, high=200)),
        "humidity": words.number(extra, "humidity_percent", low=0, high=100),
    }
    if given["humidity"] is not None:
        given["humidity"] /= 100
    changed = {key: value for key, value in given.items() if value is not None}
    try:
        used = replace(camera.radiometry, scene=replace(camera.radiometry.scene, **changed))
        used.counts(300.0)
    except CalibrationError as error:
        raise SessionImportError(f"the scene given by --set is impossible: {error}") from error
    return used


def _kelvin(celsius: float | None) -> float | None:
    return None if celsius is None else celsius + ZERO_CELSIUS_K


def _kelvin_map(cameras: Sequence[CameraInfo], radiometries: Sequence[Radiometry]) -> KelvinMap:
    """The finest map whose 65536 steps hold all that the cameras can measure."""
    lowest, highest = math.inf, -math.inf
    for camera, radiometry in zip(cameras, radiometries, strict=True):
        low, high = _counts_range(camera, radiometry)
        kelvin = radiometry.kelvin(np.arange(low, high + 1))
        if np.isfinite(kelvin).any():
            lowest, highest = min(lowest, float(np.nanmin(kelvin))), max(highest, float(np.nanmax(kelvin)))
    return even_steps(lowest, highest)


def _counts_range(camera: CameraInfo, radiometry: Radiometry) -> tuple[int, int]:
    """The counts that the camera's calibration is good for, within 16 bits."""
    if camera.counts_range is not None and camera.counts_range != (0, TOP):
        return camera.counts_range
    if camera.kelvin_range is not None:
        low, high = (float(c) for c in radiometry.planck.counts(np.array(camera.kelvin_range)))
        if math.isfinite(low) and math.isfinite(high):
            return max(0, math.floor(low)), min(TOP, math.ceil(high))
    return 0, TOP


def clock_of(
    times_ns: Sequence[int | None], nominal_fps: float, fps: float | None
) -> tuple[Clock, list[int], float, str]:
    """(clock, a time for each frame, frames a second, a note) from the records' times.

    With ``fps`` given, or where times are missing or do not rise, the clock is synthetic.

    Raises:
        SessionImportError: ``fps`` is not positive.
    """
    known = [t for t in times_ns if t is not None]
    rising = len(known) == len(times_ns) and all(a < b for a, b in itertools.pairwise(known))
    if rising and fps is None:
        span = (known[-1] - known[0]) / 1e9
        rate = nominal_fps or (round((len(known) - 1) / span, 3) if span else 0.0)
        return "device", known, rate, "times from the camera's records"
    rate = words.positive("fps", fps) if fps is not None else nominal_fps or _DEFAULT_FPS
    why = "" if fps is not None else " (the records' times are missing or do not rise)"
    return "synthetic", words.synthetic_ns(len(times_ns), rate), rate, f"synthetic clock, {rate:g} frames/s{why}"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a camera's counter tells of a file's frames.

    Attributes:
        numbers: of each frame, rising by one where none is missing.
        missing_before: of each frame, whether some are missing before it.
        step: by how much the counter rises from frame to frame; 0 when it told nothing.
    """

    numbers: list[int]
    missing_before: list[bool]
    step: int


def numbers_of(counters: Sequence[int]) -> Counted:
    """Frame numbers from 16-bit counters.

    A counter that does not rise from frame to frame says nothing; the frames are then counted from 0. It may rise by
    more than one where the camera writes only some of its pictures: the smallest step of the file is taken as the
    usual one, a larger one means that frames are missing.
    """
    steps = [(b - a) % 65536 for a, b in itertools.pairwise(counters)]
    if len(counters) < 2 or min(steps) == 0 or max(steps) >= 32768:
        return Counted(list(range(len(counters))), [False] * len(counters), 0)
    usual = min(steps)
    numbers = [counters[0]]
    for step in steps:
        numbers.append(numbers[-1] + (1 if step == usual else max(2, round(step / usual))))
    return Counted(numbers, [False, *(step > usual for step in steps)], usual)


def intrinsics_of(camera: CameraInfo, options: ImportOptions) -> Intrinsics | None:
    """Of the thermal camera, from what was given by hand.

    Raises:
        SessionImportError: the numbers make no camera.
    """
    pinhole = (options.fx, options.fy, options.cx, options.cy)
    return calibration_files.from_numbers(camera.width, camera.height, pinhole, options.hfov_deg)


def fov_note(camera: CameraInfo, options: ImportOptions) -> list[str]:
    """What the camera states of its lens, where nobody gave a calibration."""
    if not camera.fov_deg or options.hfov_deg is not None or options.fx is not None:
        return []
    return [f"the camera states a field of view of {camera.fov_deg:g} degrees; --hfov-deg {camera.fov_deg:g} uses it"]
