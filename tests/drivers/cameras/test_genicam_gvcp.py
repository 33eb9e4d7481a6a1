"""A GigE Vision camera says who it is, and that it lives, within a tenth of a second."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.cameras import genicam_gvcp as gvcp
from tests.drivers.cameras.fake_gige import ADDRESS, FakeGige, fake_gige

__all__ = ["fake_gige"]


def test_a_camera_says_who_it_is(fake_gige: FakeGige):
    found = gvcp.ask(ADDRESS, 2.0)
    assert found is not None
    assert (found.address, found.vendor, found.model, found.serial) == (ADDRESS, "Aravis", "Fake", "GV01")
    assert found.is_called("GV01")
    assert found.is_called(ADDRESS)
    assert not found.is_called("")
    assert not found.is_called("GV02")


def test_a_broadcast_finds_it(fake_gige: FakeGige):
    assert "GV01" in [one.serial for one in gvcp.look_around(0.5)]


def test_looking_for_one_ends_when_it_is_found(fake_gige: FakeGige):
    began = time.monotonic()
    assert gvcp.look_around(30.0, lambda one: one.is_called("GV01"))
    assert time.monotonic() - began < 10.0


def test_nobody_controls_a_camera_that_nobody_opened(fake_gige: FakeGige):
    assert gvcp.read_register(ADDRESS, gvcp.CONTROL_PRIVILEGE, 2.0) == 0
    assert gvcp.read_register(ADDRESS, gvcp.HEARTBEAT_MS, 2.0) == 3000


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """A port that answers each packet with what stands in the list."""
    answers: list[bytes] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as here:
        here.bind((ADDRESS, 0))
        here.settimeout(0.05)
        monkeypatch.setattr(gvcp, "PORT", here.getsockname()[1])
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    _, sender = here.recvfrom(2048)
                except TimeoutError:
                    continue
                for answer in answers:
                    here.sendto(answer, sender)

        thread = threading.Thread(target=serve, name="a port that answers")
        thread.start()
        yield answers
        stop.set()
        thread.join(5.0)


def test_silence_is_nobody(answering: list[bytes]):
    assert gvcp.ask(ADDRESS, 0.05) is None
    assert gvcp.read_register(ADDRESS, gvcp.CONTROL_PRIVILEGE, 0.05) is None


def test_a_closed_port_and_a_wrong_address_are_nobody():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((ADDRESS, 0))
    assert gvcp.ask("127.0.0.77", 0.05) is None
    assert gvcp.ask("no address", 0.05) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0" * 7,
        struct.pack(">HHHH", 0, 0x0003, 248, 1) + b"\0" * 247,  # torn
        struct.pack(">HHHH", 0x8006, 0x0003, 248, 1) + b"\0" * 248,  # "access denied"
        struct.pack(">HHHH", 0, 0x0081, 248, 1) + b"\0" * 248,  # an answer to something else
        struct.pack(">HHHH", 0, 0x0003, 248, 2) + b"\0" * 248,  # an answer to somebody else
        struct.pack(">HHHH", 0, 0x0003, 8, 1) + b"\0" * 8,  # too little to be a camera
    ],
)
def test_what_is_no_answer_is_nobody(answering: list[bytes], answer: bytes):
    answering.append(answer)
    assert gvcp.ask(ADDRESS, 0.1) is None


@given(st.binary(min_size=248, max_size=300))
def test_whatever_a_camera_says_of_itself_can_be_read(data: bytes):
    one = gvcp.GigeCamera.from_answer(data)
    assert one.address == ".".join(str(byte) for byte in data[36:40])
    assert "\0" not in one.vendor + one.model + one.version + one.serial + one.user_name


def test_this_machine_knows_its_own_networks():
    assert ADDRESS in [str(one.ip) for one in gvcp.networks()]


def test_an_address_in_another_network_gets_a_hint():
    assert gvcp.subnet_hint("127.0.0.9") == ""
    hint = gvcp.subnet_hint("198.51.100.7")
    assert "198.51.100.7 lies in none of this machine's networks" in hint
    assert "127.0.0.1/8" in hint
