"""Where the context comes from: a port of this machine, or a receiver at a serial line."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pipeline.context.units import ContextError

Form: TypeAlias = Literal["json", "nmea"]

BAUD: Final = 9600
"""Of most receivers at USB; the older norm is 4800."""
BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
MOST: Final = 8
"""Sources of one run."""
_EXAMPLES: Final = "udp://127.0.0.1:5005, nmea+udp://127.0.0.1:5005 or nmea:/dev/ttyUSB0@9600"
_UDP: Final = re.compile(r"(nmea\+)?udp://(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UdpSource:
    """Datagrams to a port of this machine. ``host`` is an IP address."""

    host: str
    port: int
    form: Form

    @property
    def is_v6(self) -> bool:
        return ":" in self.host

    def __str__(self) -> str:
        host = f"[{self.host}]" if self.is_v6 else self.host
        return f"{'nmea+' if self.form == 'nmea' else ''}udp://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SerialSource:
    """Sentences of a receiver at a serial line."""

    device: str
    baud: int = BAUD
    form: Form = "nmea"

    def __str__(self) -> str:
        return f"nmea:{self.device}@{self.baud}"


Source: TypeAlias = UdpSource | SerialSource


def parse_source(text: str, allow_network: bool = False) -> Source:
    """What ``--context`` says.

    Args:
        text: such as ``udp://127.0.0.1:5005``, ``nmea+udp://127.0.0.1:5005``, ``nmea:/dev/ttyUSB0@9600``.
        allow_network: an address that others in the network reach may be listened at.

    Raises:
        ContextError: it is none of these, or an address that is not listened at.
    """
    words = text.strip()
    if (udp := _UDP.fullmatch(words)) is not None:
        return _udp(words, udp[2], "nmea" if udp[1] else "json", allow_network)
    if words.lower().startswith("nmea:"):
        return _serial(words, words[len("nmea:") :])
    raise ContextError(f"--context {text!r} is no source; give {_EXAMPLES}")


def parse_sources(texts: tuple[str, ...], allow_network: bool = False) -> tuple[Source, ...]:
    """All of a run.

    Raises:
        ContextError: as :func:`parse_source`; or one port or line is named twice, or there are too many.
    """
    sources = tuple(parse_source(text, allow_network) for text in texts)
    places = [(s.host, s.port) if isinstance(s, UdpSource) else (s.device, 0) for s in sources]
    for index, place in enumerate(places):
        if place in places[:index]:
            raise ContextError(
                f"--context: {sources[index]} and {sources[places.index(place)]} are one place; name one"
            )
    if len(sources) > MOST:
        raise ContextError(f"--context: {MOST} sources at most, found {len(sources)}")
    return sources


def _udp(text: str, place: str, form: Form, allow_network: bool) -> UdpSource:
    found = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*?))?/?", place)
    if found is None or not found[1]:
        raise ContextError(f"--context {text!r} is no address such as udp://127.0.0.1:5005")
    host = found[1].strip("[]")
    port = found[2] or ""
    if not port:
        raise ContextError(f"--context {text!r} names no port; give one, such as udp://{found[1]}:5005")
    if not (port.isascii() and port.isdigit()) or not 1 <= int(port[:6]) <= 65535:
        raise ContextError(f"--context {text!r}: a port is a number from 1 to 65535, found {port!r}")
    return UdpSource(_local(host, allow_network), int(port), form)


def _local(host: str, allow_network: bool) -> str:
    host = "127.0.0.1" if host.lower() == "localhost" else host
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise ContextError(
            f"--context: {host!r} is no address in numbers; names are not looked up, listen at 127.0.0.1"
        ) from error
    mapped = getattr(address, "ipv4_mapped", None)  # ::ffff:8.8.8.8 is 8.8.8.8
    address = address if mapped is None else mapped
    if address.is_loopback:
        return str(address)
    if address.is_multicast or host == "255.255.255.255":
        raise ContextError(f"--context: {host} is no address of a machine; listen at 127.0.0.1")
    if not (address.is_unspecified or address.is_private or address.is_link_local):
        raise ContextError(
            f"--context: {host} is an address of the internet; what limits alarms is not taken from there: "
            "listen at 127.0.0.1, and let something on this machine fetch it"
        )
    if not allow_network:
        raise ContextError(
            f"--context: others in the network could send to {host}, and a false speed would silence alarms; "
            "listen at 127.0.0.1, or allow it with context_network = true under [watch] in the configuration"
        )
    return str(address)


def _serial(text: str, place: str) -> SerialSource:
    device, at, baud = place.rpartition("@")
    if not at:
        device, baud = place, str(BAUD)
    if not device.strip():
        raise ContextError(f"--context {text!r} names no serial line; give one, such as nmea:/dev/ttyUSB0")
    if not (baud.isascii() and baud.isdigit()) or int(baud[:9]) not in BAUDS:
        known = ", ".join(map(str, BAUDS))
        raise ContextError(f"--context {text!r}: {baud!r} is no speed of a serial line; they are {known}")
    return SerialSource(device, int(baud))
