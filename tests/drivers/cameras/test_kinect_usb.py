"""Kinects are found in the system's list, and a node that may not be opened is said beforehand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from drivers.cameras.kinect_usb import UsbDevice, check_permission, usb_devices
from drivers.errors import CameraPermissionError


def plug(sysfs: Path, port: str, vendor: str, product: str, serial: str = "") -> None:
    folder = sysfs / port
    folder.mkdir(parents=True)
    facts = {"idVendor": vendor, "idProduct": product, "busnum": "2", "devnum": "17", "serial": serial}
    for name, value in facts.items():
        if value:
            (folder / name).write_text(value + "\n")


def test_only_the_asked_for_devices_are_found(tmp_path: Path) -> None:
    plug(tmp_path, "2-1", "045e", "02c4", "013445434447")
    plug(tmp_path, "2-2", "045e", "0745")
    plug(tmp_path, "2-3", "8086", "02c4")
    plug(tmp_path, "2-4", "045e", "02d8")
    (tmp_path / "usb2").mkdir()
    found = usb_devices(("02c4", "02d8"), tmp_path, Path("/dev/bus/usb"))
    assert found == [
        UsbDevice("02c4", "013445434447", "2-1", Path("/dev/bus/usb/002/017")),
        UsbDevice("02d8", "", "2-4", Path("/dev/bus/usb/002/017")),
    ]


def test_where_there_is_no_list_nothing_is_claimed(tmp_path: Path) -> None:
    assert usb_devices(("02c4",), tmp_path / "none") is None


def test_a_node_that_may_not_be_written_is_an_error_with_the_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "017"
    device = UsbDevice("02c4", "", "2-1", node)
    check_permission([device], "Kinect v2")  # no such node: nothing to complain of
    node.touch()
    check_permission([device], "Kinect v2")
    monkeypatch.setattr(os, "access", lambda path, how: False)  # root may open anything
    with pytest.raises(CameraPermissionError, match="02c4") as told:
        check_permission([device], "Kinect v2")
    assert str(node) in str(told.value)
    assert "udev" in str(told.value)
