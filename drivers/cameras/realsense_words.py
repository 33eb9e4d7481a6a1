"""What a ``realsense:`` source asks for, and what the SDK's errors mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from drivers.errors import (
    CameraBusyError,
    CameraError,
    CameraNotFoundError,
    CameraOpenError,
    CameraPermissionError,
    SdkMissingError,
    UnsupportedFeatureError,
)
from drivers.source_words import SourceWords, StreamSize

FAMILY: Final = "realsense"
STREAMS: Final = ("depth", "infrared", "infrared2", "color", "fisheye", "fisheye2")
"""Our names of the streams of images, in the order in which they are told."""

SETTINGS: Final = (
    "preset", "auto_exposure", "exposure_us", "gain", "emitter", "laser", "laser_mw",
    "color_auto_exposure", "color_exposure_us", "color_gain",
)  # fmt: skip
"""Controls that a source may set, in the order in which they are set: a preset changes the others."""

_OTHERS: Final = ("streams", "time", "imu", "align", "speed", "loop", "isolate", "lost_after_s")
_FILE: Final = re.compile(r"[/\\]|\.(db3|bag)$", re.IGNORECASE)
_SERIAL: Final = re.compile(r"[A-Za-z0-9_-]*")
_OLDEST: Final = (2, 58)

RULES: Final = "/etc/udev/rules.d/99-realsense-libusb.rules"
"""The file that lets users open the cameras; librealsense has it as ``config/99-realsense-libusb.rules``."""

INSTALL: Final = (
    'RealSense cameras need pyrealsense2 2.58 or newer: pip install "tapetum[realsense]", and on Debian and Ubuntu '
    "apt install libusb-1.0-0"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A source in parts.

    Attributes:
        serial: of the camera; empty for the first one there is.
        path: of a recording, None for a camera.
        streams: names that are wanted and no others; None: the usual ones.
        sizes: name -> size that is wanted.
        off: names that are not wanted.
        global_time: the SDK maps the device's clock to the computer's.
        imu: take motion samples, too.
        align: the stream whose pixel grid the other takes (``color`` or ``depth``), by the SDK; empty for none.
        fastest: a recording as fast as it is read, every frame once.
        loop: a recording begins anew at its end.
        settings: control -> value, in the order of :data:`SETTINGS`.
        isolate: in a process of its own.
        lost_after_s: silence after which a camera counts as lost.
    """

    serial: str
    path: Path | None
    streams: tuple[str, ...] | None
    sizes: Mapping[str, StreamSize]
    off: frozenset[str]
    global_time: bool
    imu: bool
    align: str
    fastest: bool
    loop: bool
    settings: Mapping[str, str]
    isolate: bool
    lost_after_s: float

    @classmethod
    def parse(cls, rest: str) -> Asked:
        """From what stands after ``realsense:``.

        Raises:
            UnsupportedFeatureError: words that make no sense, or not together.
        """
        words = SourceWords.parse(FAMILY, rest, (*STREAMS, *SETTINGS, *_OTHERS))
        path = Path(words.target).expanduser() if _FILE.search(words.target) else None
        if path is None and not _SERIAL.fullmatch(words.target):
            raise UnsupportedFeatureError(
                f"{FAMILY}:{words.target} is neither a serial number nor a recording (a path, *.db3 or *.bag)"
            )
        names, sizes, off = _streams(words)
        settings = {key: words.text(key) for key in SETTINGS if key in words}
        for key in ("speed", "loop"):
            if path is None and key in words:
                raise UnsupportedFeatureError(f"{FAMILY}:{rest}: {key} is for recordings, a camera has its own")
        for key in (*settings, "time", "lost_after_s"):
            if path is not None and key in words:
                raise UnsupportedFeatureError(
                    f"{FAMILY}:{rest}: {key} cannot be set on a recording; it has what was set when it was made"
                )
        return cls(
            serial="" if path is not None else words.target,
            path=path,
            streams=names,
            sizes=sizes,
            off=off,
            global_time=words.choice("time", ("hardware", "global"), "hardware") == "global",
            imu=words.switch("imu", default=False),
            align=words.choice("align", ("color", "depth", "off"), "off").replace("off", ""),
            fastest=words.choice("speed", ("real", "max"), "real") == "max",
            loop=words.switch("loop", default=False),
            settings=settings,
            isolate=words.switch("isolate", default=True),
            lost_after_s=words.number("lost_after_s", 5.0, 0.5, 3600.0),
        )


def _streams(words: SourceWords) -> tuple[tuple[str, ...] | None, dict[str, StreamSize], frozenset[str]]:
    names: tuple[str, ...] | None = None
    if "streams" in words:
        names = tuple(dict.fromkeys(words.text("streams").split(",")))
        unknown = [name for name in names if name not in STREAMS]
        if unknown:
            raise words.wrong("streams", f"some of {', '.join(STREAMS)}, with commas between them")
    sizes: dict[str, StreamSize] = {}
    off: set[str] = set()
    extra: list[str] = []
    for name in STREAMS:
        if name not in words:
            continue
        value = words.text(name).lower()
        if value in ("off", "on"):
            (off.add if value == "off" else extra.append)(name)
            continue
        size = words.size(name)
        if size is not None:
            sizes[name] = size
    for name in (*sizes, *extra):
        if names is not None and name not in names:
            raise UnsupportedFeatureError(f"{FAMILY}:{words.target}: {name} is asked for, but streams= leaves it out")
    if names is not None and off & set(names):
        raise UnsupportedFeatureError(f"{FAMILY}:{words.target}: {', '.join(sorted(off))} is asked for and is off")
    # "on" of a stream that is not among the usual ones: a size that says nothing
    return names, {**dict.fromkeys(extra, ANY_SIZE), **sizes}, frozenset(off)


ANY_SIZE: Final = StreamSize(0, 0)


def sdk() -> Any:
    """pyrealsense2.

    Raises:
        SdkMissingError: it is not installed, too old, or its libraries are missing.
    """
    try:
        import pyrealsense2 as rs
    except ModuleNotFoundError as error:
        if error.name == "pyrealsense2":
            raise SdkMissingError(INSTALL) from error
        raise SdkMissingError(f"{INSTALL} (it cannot be loaded: {error})") from error
    except ImportError as error:
        raise SdkMissingError(f"{INSTALL} (it is there, but cannot be loaded: {error})") from error
    version = str(getattr(rs, "__version__", ""))
    numbers = tuple(int(n) for n in re.findall(r"\d+", version)[:2])
    if numbers and numbers < _OLDEST:
        raise SdkMissingError(f"{INSTALL} (found {version}: pip install -U pyrealsense2)")
    return rs


def explained(error: Exception, source: str, doing: str) -> CameraError:
    """What an error of the SDK means for people; the SDK has one type of error for everything, so words decide."""
    text = str(error).strip() or type(error).__name__
    low = text.lower()
    if any(word in low for word in ("busy", "errno=16", "failed to claim usb", "already streaming", "is streaming")):
        return CameraBusyError(
            f"{source} is in use ({text}): close the program that has it (RealSense Viewer, another tapetum)"
        )
    if any(word in low for word in ("permission", "errno=13", "status_access", "access denied")):
        return CameraPermissionError(
            f"{source} may not be opened by this user ({text}); install {RULES} (librealsense has it in config/), "
            "then: sudo udevadm control --reload && sudo udevadm trigger, and plug the camera in again"
        )
    if any(word in low for word in ("no device connected", "errno=19", "no such device", "status_no_device")):
        return CameraNotFoundError(f"{source} is not there any more ({text})")
    if "resolve requests" in low or ("not supported" in low and "profile" in low):
        return UnsupportedFeatureError(
            f"{source} cannot stream these sizes together ({text}); depth and infrared share one size and rate, and "
            "USB 2 carries less than USB 3"
        )
    if "power state" in low:
        return CameraOpenError(
            f"{source} does not wake up while {doing} ({text}): another program has it, this user may not open it "
            f"(see {RULES}), or it must be unplugged once"
        )
    return CameraOpenError(f"{source} failed while {doing}: {text}")
