"""What a source asks of a GenICam camera, and how it is set up: features, format, size, rate, exposure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from drivers.cameras import genicam_flir as flir
from drivers.cameras.genicam_aravis import as_error, glib_error
from drivers.cameras.genicam_features import Features
from drivers.cameras.genicam_pixels import FORMATS, PixelFormat, best
from drivers.errors import CameraLostError, UnsupportedFeatureError
from drivers.frame import StreamKind
from drivers.source_words import SourceWords, StreamSize

SET: Final = "set."
KINDS: Final = tuple(kind.value for kind in StreamKind)
_KNOWN: Final = (
    "size",
    "offset",
    "format",
    "fps",
    "exposure_us",
    "gain",
    "kind",
    "unit_mm",
    "packet_size",
    "resend",
    "heartbeat_ms",
    "isolate",
)
_RATE: Final = re.compile(r"\d+(?:[._]\d+)?")


class _Known(frozenset[str]):
    """The keys of a source, ``set.ANY_FEATURE`` among them."""

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, str) and key.startswith(SET) and len(key) > len(SET))


@dataclass(frozen=True, slots=True)
class Wishes:
    """A source, read but not yet checked against a camera.

    Attributes:
        target: which camera; empty for the first.
        features: GenICam features and their values, in the source's order.
    """

    target: str
    size: StreamSize | None
    offset: StreamSize | None
    format: str
    fps: float | None
    exposure_us: float | None
    gain: float | None
    kind: StreamKind | None
    unit_mm: float | None
    packet_size: int | None
    resend: bool
    heartbeat_ms: int
    isolate: bool
    features: dict[str, str]

    @classmethod
    def parse(cls, rest: str) -> Wishes:
        """From what stands after ``genicam:``.

        Raises:
            UnsupportedFeatureError: an unknown key, or a value that none takes.
        """
        words = SourceWords.parse("genicam", rest, _Known((*_KNOWN, f"{SET}FEATURE")))

        def number(key: str, low: float, high: float) -> float | None:
            return words.number(key, 0.0, low, high) if key in words else None

        size = words.size("size")
        fps = number("fps", 1e-3, 1e4)
        offset = None
        if "offset" in words:
            found = re.fullmatch(r"(\d{1,5})[,x](\d{1,5})", words.text("offset"))
            if found is None:
                raise words.wrong("offset", "pixels from the left and from the top, such as 0,64")
            offset = StreamSize(int(found[1]), int(found[2]))
        return cls(
            target=words.target,
            size=size,
            offset=offset,
            format=words.text("format"),
            fps=fps if fps is not None else size.fps if size is not None else None,
            exposure_us=number("exposure_us", 0.0, 1e9),
            gain=number("gain", -1e6, 1e6),
            kind=StreamKind(words.choice("kind", KINDS, KINDS[0])) if "kind" in words else None,
            unit_mm=number("unit_mm", 1e-6, 1e3),
            packet_size=words.count("packet_size", 1500, 220, 65535) if "packet_size" in words else None,
            resend=words.switch("resend", True),
            heartbeat_ms=words.count("heartbeat_ms", 1500, 1500, 600_000),
            isolate=words.switch("isolate", True),
            features={k.removeprefix(SET): v for k, v in words.values.items() if k.startswith(SET)},
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """How a camera was set.

    Attributes:
        fps: nominal, 0 when the camera does not say.
        unit_m: of depth.
    """

    kind: StreamKind
    format: PixelFormat
    width: int
    height: int
    fps: float
    unit_m: float | None


def set_up(camera: Any, features: Features, wishes: Wishes) -> Setup:
    """Set an open ``Aravis.Camera`` as wished, and say what it is set to.

    Raises:
        UnsupportedFeatureError: it cannot be set so; the message lists what there is.
        CameraLostError: it does not answer.
    """
    for name, value in wishes.features.items():
        features.write(name, value)
    kind, chosen = _choose(camera, features, wishes)
    _try(lambda: camera.set_pixel_format(chosen.value), f"the pixel format {chosen.name} could not be set")
    if wishes.size is not None or wishes.offset is not None:
        _set_region(camera, wishes)
    if wishes.fps is not None:
        set_fps(camera, features, wishes.fps)
    if wishes.exposure_us is not None:
        set_number(camera, "exposure_us", wishes.exposure_us)
    if wishes.gain is not None:
        set_number(camera, "gain", wishes.gain)
    if camera.is_gv_device() and wishes.packet_size is not None:
        size = wishes.packet_size
        _try(lambda: camera.gv_set_packet_size(size), f"the packet size {size} could not be set")
    region = _try(camera.get_region, "the size could not be read")
    unit_m = _unit_m(features, wishes) if kind is StreamKind.DEPTH else None
    return Setup(kind, chosen, int(region[2]), int(region[3]), get_fps(camera, features), unit_m)


def set_fps(camera: Any, features: Features, fps: float) -> None:
    """Frames a second, by the camera's frame rate or by FLIR's list of rates.

    Raises:
        UnsupportedFeatureError: it cannot be set so.
    """
    rates = features.entries("IRFrameRate") if features.has("IRFrameRate") else ()
    if rates:
        fit = [name for name in rates if math.isclose(_rate(name), fps, rel_tol=0.02)]
        if not fit:
            words = ", ".join(f"{_rate(name):g}" for name in rates)
            raise UnsupportedFeatureError(f"fps may be {words} with this camera; found {fps:g}")
        features.write("IRFrameRate", fit[0])
        return
    if not _try(camera.is_frame_rate_available, "the frame rate could not be read"):
        raise UnsupportedFeatureError(f"this camera's frame rate cannot be set; leave fps={fps:g} out")
    low, high = _bounds(camera.get_frame_rate_bounds)
    if not low <= fps <= high:
        raise UnsupportedFeatureError(f"fps takes a number from {low:g} to {high:g} with this size; found {fps:g}")
    _try(lambda: camera.set_frame_rate(fps), f"{fps:g} frames a second could not be set")


def get_fps(camera: Any, features: Features) -> float:
    """Nominal frames a second, 0 when the camera does not say."""
    for name in ("IRFrameRate", "SensorFrameRate"):
        rate = _rate(features.read(name) or "") if features.has(name) else 0.0
        if rate > 0:
            return rate
    try:
        return round(float(camera.get_frame_rate()), 3) if camera.is_frame_rate_available() else 0.0
    except glib_error() as error:
        _raise_if_lost(error)
        return 0.0


def set_number(camera: Any, what: str, value: float) -> None:
    """``exposure_us`` or ``gain``, with what the camera regulates itself switched off.

    Raises:
        UnsupportedFeatureError: it cannot be set so.
    """
    name = "exposure_time" if what == "exposure_us" else "gain"
    short = "exposure" if what == "exposure_us" else "gain"
    if not _try(getattr(camera, f"is_{name}_available"), f"{what} could not be read"):
        raise UnsupportedFeatureError(f"this camera has no {what}; a thermal camera's detector sets its own")
    if _try(getattr(camera, f"is_{short}_auto_available"), f"{what} could not be read"):
        off = type(camera.get_gain_auto() if short == "gain" else camera.get_exposure_time_auto())(0)
        _try(lambda: getattr(camera, f"set_{name}_auto")(off), f"the automatic {short} could not be switched off")
    low, high = _bounds(getattr(camera, f"get_{name}_bounds"))
    if not low <= value <= high:
        raise UnsupportedFeatureError(f"{what} takes a number from {low:g} to {high:g}; found {value:g}")
    _try(lambda: getattr(camera, f"set_{name}")(value), f"{what}={value:g} could not be set")


def get_number(camera: Any, what: str) -> tuple[float, float, float] | None:
    """``exposure_us`` or ``gain`` with its limits; None when the camera has none."""
    name = "exposure_time" if what == "exposure_us" else "gain"
    try:
        if not getattr(camera, f"is_{name}_available")():
            return None
        low, high = getattr(camera, f"get_{name}_bounds")()
        return float(getattr(camera, f"get_{name}")()), float(low), float(high)
    except glib_error() as error:
        _raise_if_lost(error)
        return None


# -- within -----------------------------------------------------------------------------------------------------------


def _choose(camera: Any, features: Features, wishes: Wishes) -> tuple[StreamKind, PixelFormat]:
    names = list(_try(camera.dup_available_pixel_formats_as_strings, "the pixel formats could not be read") or ())
    values = [int(v) for v in _try(camera.dup_available_pixel_formats, "the pixel formats could not be read") or ()]
    offered = {name: FORMATS[value] for name, value in zip(names, values, strict=False) if value in FORMATS}
    words = ", ".join(offered) or "none that can be read here"
    wished = None
    if wishes.format:
        wished = offered.get(wishes.format) or next((f for f in offered.values() if f.name == wishes.format), None)
        if wished is None:
            known = f"; it also has {wishes.format}, which cannot be read here" if wishes.format in names else ""
            raise UnsupportedFeatureError(f"format may be {words} with this camera; found {wishes.format!r}{known}")
    thermal = flir.is_thermal(camera.get_vendor_name() or "", camera.get_model_name() or "", features)
    if wishes.kind is not None:
        kind = wishes.kind
    elif thermal and (wished is None or StreamKind.THERMAL in wished.kinds):
        kind = StreamKind.THERMAL
    else:
        kind = StreamKind.GRAY
    if thermal and kind is StreamKind.THERMAL and "bit14bit" in features.entries("CMOSBitDepth"):
        features.write("CMOSBitDepth", "bit14bit")  # an Ax5 gives 14 bits only when its detector does
    if wished is None:
        current = FORMATS.get(int(_try(camera.get_pixel_format, "the pixel format could not be read")))
        if wishes.kind is None and not thermal and current is not None:
            wished = current  # a machine vision camera is left as it is
        else:
            wished = best([f.value for f in offered.values()], kind)
    if wished is not None and wishes.kind is None and kind not in wished.kinds:
        kind = wished.kinds[0]  # a colour camera gives colour, a thermal one in 8 bits a picture
    if wished is None or kind not in wished.kinds:
        fit = ", ".join(name for name, f in offered.items() if kind in f.kinds) or "none of this camera's formats"
        found = f"gives {words}" if wished is None else f"was asked for format={wished.name}"
        raise UnsupportedFeatureError(f"kind={kind} needs format={fit}; this camera {found}")
    return kind, wished


def _set_region(camera: Any, wishes: Wishes) -> None:
    region = _try(camera.get_region, "the size could not be read")
    has_offset = bool(_try(camera.is_region_offset_available, "the size could not be read"))
    if has_offset:  # the limits of a size are those at offset 0
        _try(lambda: camera.set_region(0, 0, -1, -1), "the offset could not be set")
    size = wishes.size or StreamSize(int(region[2]), int(region[3]))
    for what, value, bounds, step in (
        ("wide", size.width, camera.get_width_bounds, camera.get_width_increment),
        ("high", size.height, camera.get_height_bounds, camera.get_height_increment),
    ):
        low, high = _bounds(bounds)
        each = max(1, int(_try(step, "the size could not be read") or 1))
        if not low <= value <= high or (value - low) % each:
            wide, tall = _bounds(camera.get_width_bounds), _bounds(camera.get_height_bounds)
            raise UnsupportedFeatureError(
                f"size={size.width}x{size.height} is not possible: this camera gives {wide[0]:g}x{tall[0]:g} to "
                f"{wide[1]:g}x{tall[1]:g} px, {value} px {what} must be a step of {each}"
            )
    x, y = (wishes.offset.width, wishes.offset.height) if wishes.offset is not None else (0, 0)
    if (x or y) and not has_offset:
        raise UnsupportedFeatureError(f"this camera's picture cannot be moved; leave offset={x},{y} out")
    _try(lambda: camera.set_region(0, 0, size.width, size.height), f"the size {size} could not be set")
    if x or y:
        right, down = _bounds(camera.get_x_offset_bounds), _bounds(camera.get_y_offset_bounds)
        if not (right[0] <= x <= right[1] and down[0] <= y <= down[1]):
            raise UnsupportedFeatureError(
                f"offset={x},{y} is not possible: with {size.width}x{size.height} px it goes up to "
                f"{right[1]:g},{down[1]:g}"
            )
        _try(lambda: camera.set_region(x, y, size.width, size.height), f"the offset {x},{y} could not be set")
    found = _try(camera.get_region, "the size could not be read")
    if (int(found[2]), int(found[3])) != (size.width, size.height):
        raise UnsupportedFeatureError(
            f"size={size.width}x{size.height} was not taken: the camera stays at {int(found[2])}x{int(found[3])} px"
        )


def _unit_m(features: Features, wishes: Wishes) -> float:
    if wishes.unit_mm is not None:
        return wishes.unit_mm / 1000
    scale, offset = features.number("Scan3dCoordinateScale"), features.number("Scan3dCoordinateOffset")
    metric = not features.has("Scan3dDistanceUnit") or features.read("Scan3dDistanceUnit") == "Millimeter"
    if scale is None or scale <= 0 or offset or not metric:
        raise UnsupportedFeatureError(
            "kind=depth needs millimetres a count, and this camera does not tell them: add unit_mm=1"
        )
    return scale / 1000


def _rate(name: str) -> float:
    found = _RATE.search(name)
    return float(found[0].replace("_", ".")) if found else 0.0


def _bounds(ask: Callable[[], Any]) -> tuple[float, float]:
    found = _try(ask, "the limits could not be read")
    return float(found[0]), float(found[1])


def _try(action: Callable[[], Any], otherwise: str) -> Any:
    try:
        return action()
    except glib_error() as error:
        _raise_if_lost(error)
        raise UnsupportedFeatureError(str(as_error(error, otherwise))) from error


def _raise_if_lost(error: Exception) -> None:
    found = as_error(error, "the camera was asked")
    if isinstance(found, CameraLostError):
        raise found from error
