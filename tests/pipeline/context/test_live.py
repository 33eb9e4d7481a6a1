"""Sources of the context at work: what comes is known, what is wrong is told, and nothing is left behind."""

from __future__ import annotations

import logging
import math
import os
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.host_clock import now_ns
from pipeline.context import intake as intake_file
from pipeline.context.live import NOBODY, NOT_KNOWN_THERE, SILENT, UNUSED, LiveContext, ValueNow
from pipeline.context.ports import is_near
from pipeline.context.source import SerialSource, UdpSource
from pipeline.context.units import ContextError
from pipeline.context.words import line_words
from tests.pipeline.context.senders import Sender, free_port, sentence, until

ASKED = ("speed_kmh", "poor_conditions")


@contextmanager
def listening(
    *ports: int, form: str = "json", max_age_s: float = 2.5, asked: Collection[str] | None = ASKED
) -> Iterator[LiveContext]:
    sources = [UdpSource("127.0.0.1", port, form) for port in ports]  # type: ignore[arg-type]  # a Form, by hand
    context = LiveContext(sources, max_age_s, asked=lambda: asked)
    try:
        yield context
    finally:
        assert context.close()
        assert not [t for t in threading.enumerate() if t.name.startswith("tapetum-context")]


def speed_of(context: LiveContext) -> float | None:
    return next((v.value for v in context.status().values if v.name == "speed_kmh"), None)


def test_a_speed_that_is_sent_is_known_and_shown_with_its_age_and_whose_it_is() -> None:
    port = free_port()
    with listening(port) as context, Sender(port) as sender:
        assert [(v.name, v.value, v.reason) for v in context.status().values] == [(n, None, NOBODY) for n in ASKED]
        sender.send(name="speed", value=17.5, unit="m/s")
        until(lambda: speed_of(context) is not None)
        assert context.at(now_ns()) == {"speed_kmh": pytest.approx(63.0)}
        speed, poor = context.status().values
        assert (speed.unit, speed.source, speed.is_asked) == ("km/h", f"udp://127.0.0.1:{port}", True)
        assert speed.age_s is not None
        assert 0 <= speed.age_s < 2.5
        assert poor.reason == NOBODY
        (source,) = context.status().sources
        assert (source.lines, source.values, source.bad, source.problem) == (1, 1, 0, "")


def test_a_speed_that_is_not_sent_any_more_is_unknown() -> None:
    port = free_port()
    with listening(port, max_age_s=0.2) as context, Sender(port) as sender:
        sender.send(speed_kmh=63)
        until(lambda: context.book.newest())
        until(lambda: not context.at(now_ns()))
        (value,) = (v for v in context.status().values if v.name == "speed_kmh")
        assert (value.value, value.reason) == (None, SILENT)


def test_a_sender_that_does_not_know_says_so() -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        sender.send(speed_kmh=63)
        until(lambda: speed_of(context) == 63)
        sender.send(speed_kmh=None)
        until(lambda: speed_of(context) is None)
        assert context.status().values[0].reason == NOT_KNOWN_THERE
        assert context.status().sources[0].bad == 0


def value_of(context: LiveContext, name: str = "speed_kmh") -> ValueNow:
    return next(v for v in context.status().values if v.name == name)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"fast", "no JSON"),
        (b'{"speed": 63}', "a speed needs its unit"),
        (b'{"speed_kmh": "fast"}', "no number"),
        (b'{"speed_kmh": -4}', "a speed is not negative"),
    ],
)
def test_where_every_line_is_refused_somebody_speaks_and_the_newest_reason_is_told(line: bytes, why: str) -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        assert value_of(context).reason == NOBODY
        sender.raw(b"[1]")
        until(lambda: value_of(context).reason == UNUSED)
        assert value_of(context, "poor_conditions").reason == UNUSED
        sender.raw(line)
        until(lambda: why in value_of(context).wrong, "the newest reason")
        value = value_of(context)
        assert (value.value, value.reason) == (None, UNUSED)
        assert f"speed unknown: {UNUSED}: " in line_words(context.status())
        assert why in line_words(context.status())
        sender.send(speed_kmh=63)
        until(lambda: value_of(context).value == 63)
        assert value_of(context).wrong == ""
        assert value_of(context, "poor_conditions").reason == NOBODY, "what comes can be used, and tells nothing of it"


def test_a_value_that_cannot_be_used_beside_others_that_can_is_told_of_its_own_name() -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        sender.raw(b'{"speed": 63, "poor_conditions": 0}')
        until(lambda: value_of(context, "poor_conditions").value == 0)
        assert (value_of(context).reason, "needs its unit" in value_of(context).wrong) == (UNUSED, True)
        sender.raw(b'{"speed_kmh": "x", "poor_conditions": 0}')
        until(lambda: "no number" in value_of(context).wrong)
        assert (value_of(context).reason, value_of(context, "poor_conditions").value) == (UNUSED, 0)


def test_who_spoke_in_vain_and_is_silent_now_is_silent() -> None:
    port = free_port()
    with listening(port, max_age_s=0.3) as context, Sender(port) as sender:
        sender.raw(b"fast")
        until(lambda: value_of(context).reason == UNUSED)
        until(lambda: value_of(context).reason == SILENT)
        assert value_of(context).wrong == ""
        sender.send(speed_kmh=63)
        until(lambda: value_of(context).reason in ("", SILENT) and context.status().sources[0].values == 1)
        until(lambda: value_of(context).reason == SILENT)
        sender.raw(b"fast")
        until(lambda: value_of(context).reason == UNUSED, "also where it was known before")


def test_bad_lines_are_counted_told_once_and_do_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender, caplog.at_level(logging.WARNING):
        for bad in (b"fast", b'{"speed": 3}', b"\xff\x00", b"[1]", b'{"speed_kmh": -4}', b"x" * 6_000):
            sender.raw(bad)
        sender.raw(b'{"speed_kmh": 63}\n{"poor_conditions": 0}\n\n')
        until(lambda: context.at(now_ns()) == {"speed_kmh": 63.0, "poor_conditions": 0.0})
        (source,) = context.status().sources
        assert (source.bad, source.lines, source.values) == (6, 8, 2)
        assert "more than 1024 bytes" in source.wrong
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1, "six are told by one line"


def test_a_speed_that_cannot_be_makes_it_unknown_at_once() -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        sender.send(speed_kmh=63)
        until(lambda: speed_of(context) == 63)
        sender.send(speed_kmh=-63)
        until(lambda: context.status().sources[0].bad == 1)
        assert context.at(now_ns()) == {}


def test_a_name_that_no_rule_asks_for_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with listening(port) as context, Sender(port) as sender, caplog.at_level(logging.WARNING):
        for _ in range(5):
            sender.send(spede_kmh=63)
        until(lambda: context.status().sources[0].values == 5)
        assert [v.is_asked for v in context.status().values] == [True, True, False]
    assert [r.message for r in caplog.records] == [
        "no rule asks for spede_kmh (the rules ask for speed_kmh, poor_conditions): it is recorded only"
    ]


def test_without_rules_nobody_is_told_that_no_rule_asks(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with listening(port, asked=None) as context, Sender(port) as sender, caplog.at_level(logging.WARNING):
        sender.send(speed_kmh=63)
        until(lambda: speed_of(context) == 63)
    assert not caplog.records


def test_of_two_sources_for_one_name_the_first_counts_and_that_is_told(caplog: pytest.LogCaptureFixture) -> None:
    first, second = free_port(), free_port()
    with (
        listening(first, second, max_age_s=60.0) as context,
        Sender(first) as one,
        Sender(second) as other,
        caplog.at_level(logging.WARNING),
    ):
        one.send(speed_kmh=63)
        until(lambda: speed_of(context) == 63)
        for _ in range(3):
            other.send(speed_kmh=5)
        until(lambda: context.status().sources[1].doubled == 3)
        assert speed_of(context) == 63
    (record,) = caplog.records
    assert f"udp://127.0.0.1:{second}: speed_kmh is not taken from here: udp://127.0.0.1:{first} tells" in (
        record.message
    )


def test_a_taken_port_is_told_and_what_was_open_already_is_closed() -> None:
    free = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        sources = [UdpSource("127.0.0.1", free, "json"), UdpSource("127.0.0.1", taken, "json")]
        with pytest.raises(ContextError, match=f"the port {taken} is taken by another program"):
            LiveContext(sources)
    assert not [t for t in threading.enumerate() if t.name.startswith("tapetum-context")]
    with listening(free):
        pass  # it is free again


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(ContextError, match=r"192\.0\.2\.1 is no address of this machine"):
        LiveContext([UdpSource("192.0.2.1", free_port(), "json")])


def test_a_flood_is_cut_short_and_told_and_what_comes_afterwards_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_file, "MOST_A_SECOND", 50)
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        sender.raw(b'{"speed_kmh": 1}\n' * 400)
        until(lambda: context.status().sources[0].left_out >= 390)
        assert context.status().sources[0].lines <= 10

        def comes_through() -> bool:
            sender.send(speed_kmh=63)
            return speed_of(context) == 63

        until(comes_through)


def test_the_senders_clock_tells_how_old_a_value_is() -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        sender.send(speed_kmh=63, time=1000.0)
        until(lambda: speed_of(context) == 63)
        begun = time.monotonic()
        until(lambda: time.monotonic() > begun + 0.04)
        sender.send(speed_kmh=64, time=1000.001)
        until(lambda: speed_of(context) == 64)
        age_s = context.status().values[0].age_s
        assert age_s is not None
        assert age_s >= 0.02, "it was 40 ms on its way"


def test_a_senders_clock_that_leaps_is_told_and_its_values_count_on(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender, caplog.at_level(logging.WARNING):
        begun = time.monotonic()
        for value in range(10):
            sender.send(speed_kmh=value, time=1e6 + time.monotonic() - begun)
            until(lambda value=value: speed_of(context) == value)
        for value in range(50, 60):
            sender.send(speed_kmh=value, time=1e3 + time.monotonic() - begun)
            until(lambda value=value: speed_of(context) == value)
        assert context.status().sources[0].clock_jumps == 1
    assert "the clock of who sends leapt" in caplog.text


def test_sentences_of_a_receiver_come_as_datagrams_too() -> None:
    port = free_port()
    with listening(port, form="nmea", max_age_s=60.0) as context, Sender(port) as sender:
        sender.raw(sentence("GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,"))
        sender.raw(sentence("GNVTG,,T,,M,10.0,N,18.52,K,A"))
        until(lambda: speed_of(context) == 18.52)
        sender.raw(sentence("GNRMC,123519,V,,,,,,,230394,,,N"))
        until(lambda: speed_of(context) is None)
        assert context.status().values[0].reason == NOT_KNOWN_THERE


def test_a_receiver_at_a_serial_line_tells_and_comes_back_when_it_was_unplugged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(intake_file, "_AGAIN_S", 0.05)
    device = tmp_path / "ttyGPS"

    def plugged() -> tuple[int, int]:
        ours, theirs = os.openpty()
        device.unlink(missing_ok=True)
        device.symlink_to(os.ttyname(theirs))
        return ours, theirs

    ours, theirs = plugged()
    context = LiveContext([SerialSource(str(device), 9600)], 60.0, asked=lambda: ASKED)
    try:
        whole = sentence("GNVTG,,T,,M,10.0,N,18.52,K,A")
        os.write(ours, whole[10:] + whole[:20])  # begun in the middle of one
        os.write(ours, whole[20:])
        until(lambda: speed_of(context) == 18.52)
        assert context.status().sources[0].bad == 1
        device.unlink()
        os.close(theirs)
        os.close(ours)
        until(lambda: f"there is no {device}" in context.status().sources[0].problem)
        ours, theirs = plugged()
        until(lambda: not context.status().sources[0].problem)
        os.write(ours, sentence("GNVTG,,T,,M,20.0,N,37.04,K,A"))
        until(lambda: speed_of(context) == 37.04)
    finally:
        assert context.close()
        os.close(theirs)
        os.close(ours)


def test_a_serial_line_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ContextError, match="there is no /dev/ttyNONE; serial lines here: "):
        LiveContext([SerialSource("/dev/ttyNONE", 9600)])


def test_what_is_asked_before_it_was_told_is_not_known() -> None:
    port = free_port()
    with listening(port, max_age_s=60.0) as context, Sender(port) as sender:
        before = now_ns()
        sender.send(speed_kmh=63)
        until(lambda: speed_of(context) == 63)
        assert context.at(before) == {}


def test_without_sources_nothing_is_known_and_no_thread_runs() -> None:
    context = LiveContext([], asked=lambda: ASKED)
    assert not context.has_sources
    assert context.at(now_ns()) == {}
    assert [v.reason for v in context.status().values] == [NOBODY, NOBODY]
    assert context.close()
    assert math.isclose(context.max_age_s, 2.5)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "192.168.1.7", "fe80::1%eth0", "::ffff:10.0.0.1"])
def test_who_sends_from_here_or_the_local_network_is_heard(address: str) -> None:
    assert is_near(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111"])
def test_who_sends_from_the_internet_is_not_heard(address: str) -> None:
    assert not is_near(address)
