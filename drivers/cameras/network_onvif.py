"""Network cameras by ONVIF: ``onvif:HOST[:PORT]?profile=main`` asks the camera where its pictures are."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any, Final, Self

from drivers.camera import CameraId
from drivers.cameras.network_address import Address, has_stray_at
from drivers.cameras.network_rtsp import INSTALL, WORDS, NetworkCamera
from drivers.cameras.onvif import PORT
from drivers.credentials import Login, login_for, variable_names
from drivers.errors import (
    CameraOpenError,
    CameraTimeoutError,
    SdkMissingError,
    UnsupportedFeatureError,
    UnusableSourceError,
)
from drivers.source_words import SourceWords

SEARCH_S: Final = 1.5
"""How long cameras are given to answer a probe."""
_SEARCH_LIMIT_S: Final = 6.0
_START_S: Final = 6.0
"""For the process to start and its libraries to load, beside the camera's own time."""


class OnvifCamera(NetworkCamera):
    """A camera that tells by ONVIF where its pictures are; they come over RTSP.

    Args:
        rest: what stands after ``onvif:``.

    Raises:
        UnsupportedFeatureError: it is no address, or an option is wrong.
    """

    title = "Network cameras that speak ONVIF"
    note = "UNVERIFIED on real cameras: tried with servers written for the tests"

    def __init__(self, rest: str) -> None:
        target, _, words = rest.partition("?")
        self._address, left = Address.parse("onvif", f"//{target}")
        if self._address.way or left:
            raise UnsupportedFeatureError("an ONVIF camera is written onvif:HOST[:PORT]?option=value, without a path")
        if has_stray_at(words):
            raise UnsupportedFeatureError("an onvif: source has an @ behind its host; escape it as %40")
        parsed = SourceWords.parse("onvif", f"{self._address.place}?{words}", (*WORDS, "profile", "nat"))
        self._profile = parsed.text("profile", "main")
        self._keeps_host = parsed.switch("nat", False)
        self._about: dict[str, str] = {}
        super().__init__(f"onvif:{self._address.place}" + (f"?{words}" if words else ""), parsed)

    @property
    def open_timeout_s(self) -> float:
        """The longest that opening takes."""
        return 3 * self._link_options.open_s + _START_S

    @classmethod
    def discover(cls) -> list[CameraId]:
        """The cameras that answer on this network; takes a few seconds.

        Raises:
            CameraError: the search failed.
        """
        if cls.why_unavailable():
            return []
        from drivers.isolate import call

        found = call("drivers.cameras.onvif:find", [SEARCH_S], _SEARCH_LIMIT_S)
        return [
            CameraId(f"onvif:{one['place']}", one["name"] or "ONVIF camera", one["hardware"], one["id"])
            for one in found
        ]

    @classmethod
    def from_source(cls, rest: str) -> Self:
        return cls(rest)

    @classmethod
    def why_unavailable(cls) -> str:
        lacking = [name for name in ("av", "wsdiscovery", "onvif") if importlib.util.find_spec(name) is None]
        return f"ONVIF cameras need {', '.join(lacking)}: {INSTALL}" if lacking else ""

    def _told(self) -> Mapping[str, str]:
        return {key: self._about.get(key, "") for key in ("model", "serial", "firmware", "profile")}

    def _locate(self) -> tuple[Address, Login | None]:
        if self.why_unavailable():
            raise SdkMissingError(f"{self.source}: {self.why_unavailable()}")
        host, port = self._address.host, self._address.port or PORT
        login = self._address.login or login_for(host, port)
        told = self._ask(host, port, login)
        if "error" in told:
            raise self._refusal(told, login is not None)
        address = self._from_uri(str(told["uri"]))
        self._about = {key: str(told.get(key, "")) for key in ("model", "serial", "firmware", "profile")}
        return address, login or address.login or login_for(address.host, address.connect_port)

    def _ask(self, host: str, port: int, login: Login | None) -> dict[str, Any]:
        from drivers.isolate import call

        known = login or Login("", "")
        limit_s = self._link_options.open_s
        args = [host, port, known.user, known.password, self._profile, limit_s]
        try:
            told: dict[str, Any] = call("drivers.cameras.onvif:ask", args, limit_s + _START_S)
        except CameraTimeoutError:
            told = {"error": "silent"}
        return told

    def _from_uri(self, uri: str) -> Address:
        """The address that the camera told; it may hold anything, a name and a password, too."""
        scheme, _, rest = uri.partition(":")
        address = None
        if scheme in ("rtsp", "rtsps"):
            try:
                address, _ = Address.parse(scheme, rest)
            except UnsupportedFeatureError:
                address = None
        if address is None:
            raise UnusableSourceError(
                f"{self.source} tells of no RTSP address for its profile {self._profile}; find it in its manual and "
                "write rtsp://HOST/PATH"
            )
        if not self._keeps_host:
            return address
        return Address(address.scheme, self._address.host, address.port, address.way, address.login)

    def _refusal(self, told: Mapping[str, Any], has_login: bool) -> CameraOpenError | UnsupportedFeatureError:
        if told["error"] == "profile":
            return UnsupportedFeatureError(
                f"{self.source} has no profile {self._profile!r}; it has {told['words']}; main is the largest, sub the "
                "smallest"
            )
        if told["error"] == "auth":
            if has_login:
                return UnusableSourceError(f"{self.source} refuses the name and password that are known for it")
            user, password = variable_names(self._address.host)
            return UnusableSourceError(
                f"{self.source} asks for a name and a password; set {user} and {password}, or write them into "
                "cameras.toml (docs/cameras/network.md)"
            )
        if told["error"] == "silent":
            return CameraOpenError(f"{self.source} did not answer to ONVIF in time; is it on, and ONVIF switched on?")
        return CameraOpenError(
            f"{self.source} does not speak ONVIF as it should ({told.get('words', '')}); is ONVIF switched on at this "
            "port? Without it write rtsp://HOST/PATH"
        )
