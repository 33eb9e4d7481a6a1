"""The line to a camera that is gone is cut, and no other."""

from __future__ import annotations

import socket
import sys

import pytest

from drivers.cameras.genicam_cut import ControlLine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which sockets a process has")


def udp() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind(("127.0.0.1", 0))
    return one


def test_the_socket_that_appeared_leads_nowhere_and_the_others_stay():
    with udp() as before, udp() as target:
        line = ControlLine()
        with line:
            found = udp()
        with found, udp() as after:
            assert found.sendto(b"x", target.getsockname()) == 1
            assert line.cut()
            with pytest.raises(OSError, match=r"."):
                found.sendto(b"x", target.getsockname())
            for other in (before, after):
                assert other.sendto(b"x", target.getsockname()) == 1
            assert not line.cut(), "once"


def test_where_two_appeared_nothing_is_cut():
    line = ControlLine()
    with line:
        one, two = udp(), udp()
    with one, two:
        assert not line.cut()
        assert one.sendto(b"x", two.getsockname()) == 1


def test_a_descriptor_that_means_another_socket_now_is_left_alone():
    line = ControlLine()
    with line:
        found = udp()
    descriptor = found.fileno()
    found.close()
    with udp() as later:
        assert later.fileno() == descriptor, "the system gives the lowest number that is free"
        assert not line.cut()
        assert later.sendto(b"x", later.getsockname()) == 1


def test_where_none_appeared_nothing_is_cut():
    line = ControlLine()
    assert not line.cut()
    with line:
        pass
    assert not line.cut()
