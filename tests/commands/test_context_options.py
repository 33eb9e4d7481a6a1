"""`--context` of watch, record and doctor: what cannot be is refused before a camera opens, and what comes is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import commands.live
import tapetum
from commands.live_context import ContextTeller
from commands.terminal import GOOD, NO
from pipeline.context.live import NOBODY, SILENT, ContextNow, ValueNow
from pipeline.context.source import UdpSource
from pipeline.context.words import line_words
from recordings.series.store import SeriesStore
from tests.helpers.onnx_models import write_tiny_models
from tests.helpers.sessions import write_session
from tests.pipeline.context.senders import Sender, free_port


@contextmanager
def told_again_and_again(port: int, line: bytes) -> Iterator[None]:
    stop = threading.Event()

    def send() -> None:
        with Sender(port) as sender:
            while not stop.wait(0.02):
                sender.raw(line)

    thread = threading.Thread(target=send, name="test-sender")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        tapetum.main(list(words))
    return int(caught.value.code or 0)


@pytest.mark.parametrize("command", ["record", "watch"])
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("udp://127.0.0.1:speed", "a port is a number from 1 to 65535"),
        ("udp://8.8.8.8:5005", "is an address of the internet"),
        ("udp://0.0.0.0:5005", "context_network = true"),
        ("/dev/ttyUSB0", "is no source"),
        ("nmea:/dev/ttyNONE", "there is no /dev/ttyNONE"),
    ],
)
def test_a_source_that_cannot_be_is_refused_before_any_camera_opens(
    command: str, source: str, words: str, tmp_path: Path, capsys: Any
) -> None:
    output = ["-o", str(tmp_path / "night.mcap")] if command == "record" else []
    assert run(command, "virtual:no-such-file.mcap", *output, "--context", source) == NO
    assert words in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: Any) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        source = f"udp://127.0.0.1:{port}"
        assert run("record", "virtual:none.mcap", "-o", str(tmp_path / "n.mcap"), "--context", source) == NO
        assert f"the port {port} is taken by another program" in capsys.readouterr().err
        assert run("doctor", "--context", source) == NO
        assert "is taken" in capsys.readouterr().err


def test_the_doctor_tells_what_comes(capsys: Any) -> None:
    port = free_port()
    with told_again_and_again(port, b'{"name": "speed", "value": 10, "unit": "m/s"}\n{"speed": 3}'):
        assert run("doctor", "--context", f"udp://127.0.0.1:{port}", "--seconds", "1", "--json") == GOOD
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["values"] == {"speed_kmh": 36.0}
    (source,) = found["sources"]
    assert source["values"] > 0
    assert source["bad"] >= source["values"] - 1
    assert "a speed needs its unit" in source["wrong"]


def test_the_doctor_tells_that_nothing_comes(capsys: Any) -> None:
    source = f"udp://127.0.0.1:{free_port()}"
    assert run("doctor", "--context", source, "--seconds", "1") == NO
    out = capsys.readouterr().out
    assert f"{source}: 0 lines, 0 values" in out
    assert 'a line is such as {"speed_kmh": 63}' in out


def test_a_recording_says_what_it_knows_and_keeps_it(tmp_path: Path, capsys: Any) -> None:
    weights = write_tiny_models(tmp_path / "weights")
    camera = write_session(tmp_path / "camera.mcap", 40)
    port = free_port()
    output = tmp_path / "night.mcap"
    given = {"rules": "in-car", "context_from": [str(UdpSource("127.0.0.1", port, "json"))]}
    with told_again_and_again(port, b'{"speed_kmh": 63}'):
        code = commands.live.record([f"virtual:{camera}?loop=1"], output, 3.0, given, None, weights, True)
    assert code == GOOD
    told = capsys.readouterr()
    found = json.loads(told.out.splitlines()[-1])["context"]
    assert found["asked"] == ["speed_kmh", "poor_conditions"]
    assert found["sources"][0]["values"] > 10
    assert f"udp://127.0.0.1:{port}: " in told.err
    assert SeriesStore.open(output).names == ("speed_kmh",)


def test_a_recording_whose_rules_nobody_tells_the_speed_says_so(tmp_path: Path, capsys: Any) -> None:
    weights = write_tiny_models(tmp_path / "weights")
    camera = write_session(tmp_path / "camera.mcap", 40)
    given = {"rules": "in-car"}
    commands.live.record([f"virtual:{camera}?loop=1"], tmp_path / "n.mcap", 1.0, given, None, weights, True)
    told = capsys.readouterr()
    assert "the rules ask for speed, poor conditions, and no --context tells it: the strictest limits count" in told.err
    assert json.loads(told.out.splitlines()[-1])["context"] is None


def speed(value: float | None, reason: str = "") -> ContextNow:
    now = ValueNow("speed_kmh", "km/h", value, 0.4, "gps", reason, True)
    rain = ValueNow("poor_conditions", "", None, None, "", NOBODY, True)
    return ContextNow((now, rain), (None,))  # type: ignore[arg-type]  # that there is a source is all that counts


def test_it_is_said_when_the_speed_goes_and_when_it_comes_back_and_not_too_often(capsys: Any) -> None:
    now_s = 0.0
    teller = ContextTeller(lambda: now_s)

    def look(context: ContextNow) -> str:
        teller.look(context)
        return str(capsys.readouterr().err).strip()

    assert look(ContextNow()) == "", "nobody asks for anything"
    assert look(speed(None, NOBODY)) == "", "it has only begun"
    now_s = 10.0
    assert look(speed(63)) == "speed 63 km/h (0.4 s old)"
    assert look(speed(63)) == ""
    now_s = 12.0
    assert look(speed(None, SILENT)) == "", "a stutter"
    now_s = 20.0
    assert look(speed(None, SILENT)) == "speed unknown: nothing has come for a while; the strictest limits count"
    assert line_words(speed(63.26)) == "speed 63 km/h (0.4 s old)"
    assert line_words(speed(9.84)) == "speed 9.8 km/h (0.4 s old)"
