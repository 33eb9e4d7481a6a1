"""Network cameras over RTSP: ``rtsp://HOST[:PORT]/PATH#option=value``, and the same through TLS: ``rtsps:``.

Names and passwords come from the environment or a file (drivers/credentials.py); one that is typed into the address is
taken, too, and shown nowhere.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Mapping, Sequence
from typing import Final, Self

from drivers.camera import CameraId
from drivers.cameras.network_address import Address
from drivers.cameras.network_link import Link
from drivers.cameras.network_pictures import LinkLook, LinkOptions
from drivers.cameras.network_reach import SocketAddress, is_there, numeric, reach, resolve
from drivers.credentials import Login, login_for
from drivers.errors import CameraLostError, CameraOpenError, SdkMissingError, UnsupportedFeatureError
from drivers.frame import Frame, FrameFlag, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from drivers.source_words import SourceWords, StreamSize
from drivers.streaming_camera import StreamingCamera

INSTALL: Final = 'pip install "tapetum[network]"'

WORDS: Final = ("transport", "kind", "size", "damaged", "name", "open_s", "read_s")
"""Our options."""

TRANSPORTS: Final = ("auto", "tcp", "udp")
_KINDS: Final = ("color", "gray", "infrared")
_PRESENCE_S: Final = 0.15
_SLICE_S: Final = 0.05


class NetworkCamera(StreamingCamera):
    """What is done once it is known where the pictures come from.

    Args:
        source: without passwords.
        words: our options.
    """

    extra = "network"
    apt = ""
    note = ""

    def __init__(self, source: str, words: SourceWords) -> None:
        super().__init__(source)
        self._kind = StreamKind(words.choice("kind", _KINDS, "color"))
        self._name = words.text("name", str(self._kind))
        self._size: StreamSize | None = words.size("size")
        self._link_options = LinkOptions(
            transport=words.choice("transport", TRANSPORTS, "auto"),
            kind=self._kind,
            keep_damaged=words.choice("damaged", ("drop", "keep"), "drop") == "keep",
            open_s=words.number("open_s", 8.0, 0.5, 120.0),
            read_s=words.number("read_s", 1.0, 0.2, 60.0),
        )
        if not self._name or any(c.isspace() for c in self._name):
            raise words.wrong("name", "a name without spaces")
        self._link: Link | None = None
        self._look: LinkLook | None = None
        self._info: StreamInfo | None = None
        self._open_ns = 0
        self._addresses: list[SocketAddress] = []

    @classmethod
    def from_source(cls, rest: str) -> Self:
        """What stands after the colon.

        Raises:
            UnsupportedFeatureError: it is no address, or an option is wrong.
        """
        raise NotImplementedError

    @classmethod
    def why_unavailable(cls) -> str:
        """Why it cannot be used here, '' when it can."""
        return "" if importlib.util.find_spec("av") else f"network cameras need PyAV: {INSTALL}"

    def is_present(self) -> bool | None:
        """Whether somebody listens where the camera was seen last; None while no address of it is known."""
        return is_there(self._addresses, _PRESENCE_S) if self._addresses else None

    def options(self) -> Mapping[str, str]:
        """What the connection is."""
        look = self._look
        if look is None:
            return {}
        told = {
            "codec": look.codec,
            "transport": look.transport,
            "size": f"{look.width}x{look.height}" + (f"@{look.fps:g}" if look.fps else ""),
            "kind": str(self._kind),
            "title": look.title,
            **self._told(),
        }
        return {key: value for key, value in told.items() if value}

    # -- what differs -------------------------------------------------------------------------------------------------

    def _locate(self) -> tuple[Address, Login | None]:
        """Where to connect, and as whom."""
        raise NotImplementedError

    def _told(self) -> Mapping[str, str]:
        """What else is known of the camera, for :meth:`options`."""
        return {}

    # -- the life of a camera -----------------------------------------------------------------------------------------

    def _connect(self) -> Sequence[StreamInfo]:
        if self.why_unavailable():
            raise SdkMissingError(f"{self.source}: {self.why_unavailable()}")
        options = self._link_options
        deadline = time.monotonic() + options.open_s
        address, login = self._locate()
        port = address.connect_port
        self._addresses = resolve(address.host, port, lambda: self._is_closing, options.open_s)
        left = max(0.2, deadline - time.monotonic())
        reach(self._addresses, f"{address.host}:{port}", lambda: self._is_closing, left)
        self._link = Link(
            address,
            login,
            options,
            lambda count: self._count_no_room(self._name, count),
            lambda count: self._count_dropped(self._name, count),
        )
        self._link.start()
        look = self._first_look(self._link, deadline + options.open_s)
        if self._size is not None and not _fits(self._size, look):
            raise UnsupportedFeatureError(
                f"{self.source} sends {look.width}x{look.height}"
                + (f"@{look.fps:g}" if look.fps else "")
                + f", not {self._size}; a network camera has one size a path: choose another path (or profile), or set "
                "it on the camera"
            )
        self._look = look
        self._open_ns = now_ns()
        self._info = StreamInfo(self._name, self._kind, look.width, look.height, "uint8", look.fps, camera=self.source)
        return [self._info]

    def _first_look(self, link: Link, deadline: float) -> LinkLook:
        while True:
            look = link.look(_SLICE_S)
            if look is not None:
                return look
            if self._is_closing:
                raise CameraLostError(f"{self.source} was closed while it was opened")
            if time.monotonic() > deadline:
                raise CameraOpenError(f"{self.source} gave no picture in time")

    def _next(self, timeout_s: float) -> Frame | None:
        assert self._link is not None  # it is open
        assert self._info is not None
        picture = self._link.take(timeout_s)
        if picture is None or picture.host_ns < self._open_ns:
            return None  # what came while it was opened was there to be looked at only
        note = self._link.notes()
        if note:
            self._say(note)
        return self._frame(
            self._info,
            picture.pixels,
            picture.number,
            picture.device_ns,
            FrameFlag.LOSSY,
            host_ns=picture.host_ns,
        )

    def _disconnect(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.stop()


class RtspCamera(NetworkCamera):
    """A camera that is read over RTSP.

    Args:
        rest: what stands after ``rtsp:``.

    Raises:
        UnsupportedFeatureError: it is no address, or an option is wrong.
    """

    title = "Network cameras over RTSP"
    note = "UNVERIFIED on real cameras: tried with GStreamer's RTSP server on loopback"
    scheme = "rtsp"
    options_after = "#"  # behind a ? stands the camera's own query

    def __init__(self, rest: str) -> None:
        self._address, words = Address.parse(self.scheme, rest)
        keys = {part.partition("=")[0] for part in words.split("&")}
        if not keys <= {"", *WORDS} and self._address.hides_something:
            raise UnsupportedFeatureError(
                f"behind the # of the {self.scheme}: address stand options that do not exist; within a password write "
                f"%23 for #. There are {', '.join(sorted(WORDS))}"
            )
        super().__init__(
            self._address.shown + (f"#{words}" if words else ""),
            SourceWords.parse(self.scheme, f"//{self._address.place}?{words}", WORDS),
        )

    @classmethod
    def discover(cls) -> list[CameraId]:
        """RTSP finds nobody; cameras that speak ONVIF are found by ``onvif:``."""
        return []

    @classmethod
    def from_source(cls, rest: str) -> Self:
        return cls(rest)

    def is_present(self) -> bool | None:
        if not self._addresses:
            self._addresses = numeric(self._address.host, self._address.connect_port)
        return super().is_present()

    def _locate(self) -> tuple[Address, Login | None]:
        address = self._address
        return address, address.login or login_for(address.host, address.connect_port)


class RtspsCamera(RtspCamera):
    """A camera that is read over RTSP through TLS; see docs/cameras/network.md for what that protects from."""

    title = "Network cameras over RTSP through TLS"
    note = (
        "UNVERIFIED on real cameras: tried with GStreamer's RTSP server on loopback. The camera's certificate is not "
        "checked: what is sent is encrypted, who sends it is not proved"
    )
    scheme = "rtsps"


def _fits(wanted: StreamSize, look: LinkLook) -> bool:
    fps_fits = wanted.fps is None or not look.fps or abs(wanted.fps - look.fps) < 0.5
    return (wanted.width, wanted.height) == (look.width, look.height) and fps_fits
