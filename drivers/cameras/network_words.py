"""What FFmpeg says, in our words: errors of opening an address, and lines of its log that mean lost packets."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from typing import Any, Final

from drivers.cameras.network_address import Address, Scrubber
from drivers.credentials import variable_names
from drivers.errors import CameraBusyError, CameraNotFoundError, CameraOpenError, DriverError, UnusableSourceError

log = logging.getLogger("drivers.cameras.network")

LogLine = tuple[int, str, str]
"""Level, who speaks, what is said: as PyAV captures it."""

_MISSED: Final = re.compile(r"RTP: missed (-?\d+) packets|dropping old packet|max delay reached|RTP: dropping")
_STATUS: Final = re.compile(r"method (?P<method>\w+) failed: (?P<code>\d{3}) ?\(?(?P<words>[^)\n]*)")
_BUSY: Final = frozenset({"453", "503"})
_setting = threading.Lock()


def let_ffmpeg_speak() -> None:
    """FFmpeg's lines reach whoever captures them, and nobody else: they may show an address with its password."""
    import av.logging

    with _setting:
        if av.logging.get_level() is None:
            av.logging.set_level(av.logging.WARNING)
            av.logging.set_skip_repeated(False)  # what a camera says again, it means again
            # What other threads say stays unsaid, as it was before.
            logging.getLogger("libav").setLevel(logging.CRITICAL + 1)


def hear(lines: list[LogLine], scrub: Scrubber, name: str) -> bool:
    """Take what FFmpeg said since the last time, into our log (debug) without secrets; whether packets were lost."""
    if not lines:
        return False
    said, missed = lines[:], False
    lines.clear()
    for _, who, text in said:
        missed = missed or _MISSED.search(text) is not None
        if log.isEnabledFor(logging.DEBUG):
            log.debug("%s: %s: %s", name, who, scrub(text.strip()))
    return missed


def why_not_opened(error: Exception, lines: Sequence[LogLine], address: Address, has_login: bool) -> DriverError:
    """What an error of opening means. Only its kind and the server's status are told: its text holds the address."""
    kind = type(error).__name__
    status = next((m for line in reversed(lines) if (m := _STATUS.search(line[2]))), None)
    said = f" ({status['code']} {status['words']})".replace(" )", ")") if status is not None else ""
    shown = address.shown
    if kind in ("HTTPUnauthorizedError", "HTTPForbiddenError"):
        if has_login:
            return UnusableSourceError(f"{shown} refuses the name and password that are known for it{said}")
        user, password = variable_names(address.host)
        return UnusableSourceError(
            f"{shown} asks for a name and a password{said}; set {user} and {password}, or write them into cameras.toml "
            "(docs/cameras/network.md)"
        )
    if kind == "HTTPNotFoundError":
        return CameraNotFoundError(
            f"the server has nothing at {shown}{said}; the camera's manual names its path, and onvif:{address.host} "
            "asks the camera for it"
        )
    if kind == "HTTPServerError" or (status is not None and status["code"] in _BUSY):
        return CameraBusyError(f"{shown} gives no picture now{said}; it may have too many viewers, or be starting")
    if kind == "HTTPOtherClientError" and status is not None and status["method"] == "PLAY":
        # Video is all that was asked for: a server that has none has nothing to play.
        return UnusableSourceError(f"{shown} has no video track of a known codec{said}; choose another path")
    if kind in ("ExitError", "TimeoutError", "InvalidDataError"):
        return CameraOpenError(f"somebody listens at {address.place}, but does not answer as {shown} should in time")
    if isinstance(error, ConnectionError):
        return CameraOpenError(f"the connection to {shown} broke while it was opened")
    return CameraOpenError(f"{shown} cannot be opened{said}: {kind}")


def no_picture(tracks: Sequence[Any], address: Address) -> DriverError:
    """There is no video track, or none that can be decoded; ``tracks`` are PyAV's streams."""
    if any(t.type == "video" for t in tracks):
        return UnusableSourceError(
            f"{address.shown} sends video of a codec that cannot be decoded here; choose H.264, H.265 or MJPEG on it"
        )
    kinds = ", ".join(sorted({str(t.type or "unknown") for t in tracks})) or "nothing"
    return UnusableSourceError(
        f"{address.shown} has no video track of a known codec, only {kinds}; choose another path"
    )
