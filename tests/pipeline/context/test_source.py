"""What --context may say, and that what it may not is refused with the reason."""

from __future__ import annotations

import pytest

from pipeline.context.source import MOST, SerialSource, UdpSource, parse_source, parse_sources
from pipeline.context.units import ContextError


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("udp://127.0.0.1:5005", UdpSource("127.0.0.1", 5005, "json")),
        ("UDP://localhost:5005/", UdpSource("127.0.0.1", 5005, "json")),
        ("nmea+udp://[::1]:10110", UdpSource("::1", 10110, "nmea")),
        ("nmea:/dev/ttyUSB0", SerialSource("/dev/ttyUSB0", 9600)),
        ("nmea:/dev/ttyUSB0@4800", SerialSource("/dev/ttyUSB0", 4800)),
        ("nmea:COM3@115200", SerialSource("COM3", 115200)),
    ],
)
def test_a_source_is_a_port_of_this_machine_or_a_serial_line(text: str, source: object) -> None:
    assert parse_source(text) == source
    assert parse_source(str(source)) == source


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no source; give udp://127.0.0.1:5005"),
        ("http://127.0.0.1:80", "is no source"),
        ("/dev/ttyUSB0", "is no source"),
        ("udp://", "is no address"),
        ("udp://:5005", "is no address"),
        ("udp://127.0.0.1", "names no port"),
        ("udp://127.0.0.1:", "names no port"),
        ("udp://127.0.0.1:speed", "a number from 1 to 65535, found 'speed'"),
        ("udp://127.0.0.1:0", "found '0'"),
        ("udp://127.0.0.1:65536", "found '65536'"),
        ("udp://127.0.0.1:-5", "found '-5'"),
        ("udp://127.0.0.1:5_0", "found '5_0'"),
        ("udp://car.local:5005", "names are not looked up"),
        ("udp://8.8.8.8:5005", "is an address of the internet"),
        ("udp://[::ffff:8.8.8.8]:5005", "is an address of the internet"),
        ("udp://0.0.0.0:5005", "context_network = true"),
        ("udp://192.168.1.7:5005", "a false speed would silence alarms"),
        ("udp://[fe80::1]:5005", "context_network = true"),
        ("udp://224.0.0.1:5005", "is no address of a machine"),
        ("nmea:", "names no serial line"),
        ("nmea:@4800", "names no serial line"),
        ("nmea:/dev/ttyUSB0@fast", "'fast' is no speed of a serial line"),
        ("nmea:/dev/ttyUSB0@4801", "no speed of a serial line; they are 1200, 2400"),
    ],
)
def test_what_is_none_is_told_with_what_to_do(text: str, words: str) -> None:
    with pytest.raises(ContextError) as caught:
        parse_source(text)
    assert words in str(caught.value)


def test_the_network_is_listened_to_where_that_is_allowed_and_the_internet_never() -> None:
    assert parse_source("udp://0.0.0.0:5005", allow_network=True) == UdpSource("0.0.0.0", 5005, "json")
    assert parse_source("udp://192.168.1.7:5005", allow_network=True) == UdpSource("192.168.1.7", 5005, "json")
    with pytest.raises(ContextError, match="of the internet"):
        parse_source("udp://8.8.8.8:5005", allow_network=True)


def test_one_place_is_named_once_and_there_are_not_too_many() -> None:
    with pytest.raises(ContextError, match="are one place"):
        parse_sources(("udp://127.0.0.1:5005", "nmea+udp://localhost:5005"))
    with pytest.raises(ContextError, match=f"{MOST} sources at most"):
        parse_sources(tuple(f"udp://127.0.0.1:{5000 + n}" for n in range(MOST + 1)))
    assert len(parse_sources(("udp://127.0.0.1:5005", "nmea:/dev/ttyUSB0"))) == 2
