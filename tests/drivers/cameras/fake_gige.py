"""A GigE Vision camera without hardware: Aravis' ``arv-fake-gv-camera-0.8`` on the loopback interface."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import pytest

from drivers.cameras import genicam_aravis
from drivers.cameras import genicam_gvcp as gvcp

PROGRAM = "arv-fake-gv-camera-0.8"
ADDRESS = "127.0.0.1"

FLIR_NUMBERS = {
    "R": (17_000.0, 0.0, 1e6),
    "B": (1430.0, 0.0, 1e4),
    "F": (1.0, 0.0, 10.0),
    "J0": (4000.0, 0.0, 65535.0),
    "J1": (75.0, 0.0, 1e4),
    "ObjectEmissivity": (0.98, 0.01, 1.0),
    "ObjectDistance": (1.0, 0.0, 1000.0),
    "ReflectedTemperature": (293.15, 0.0, 5000.0),
    "AtmosphericTemperature": (293.15, 0.0, 5000.0),
    "RelativeHumidity": (0.5, 0.0, 1.0),
}
"""value, lowest, highest"""
FLIR_CHOICES = {
    "IRFormat": ("Radiometric", "TemperatureLinear100mK", "TemperatureLinear10mK"),
    "NUCMode": ("Automatic", "Off"),
    "IRFrameRate": ("Rate30Hz", "Rate15Hz"),
}


def need_aravis() -> None:
    """Skip the test where Aravis cannot be had."""
    if why := genicam_aravis.missing():
        pytest.skip(f"needs Aravis: {why}")


def need_fake() -> None:
    """Skip the test where the simulated camera cannot be had."""
    need_aravis()
    if shutil.which(PROGRAM) is None:
        pytest.skip(f"needs {PROGRAM}: apt install aravis-tools")


class FakeGige:
    """One simulated camera. Its port (UDP 3956) is the standard's, so one at a time an address.

    Args:
        serial: what it says its serial number is.
        address: of this machine's own.
        lost_per_mille: packets that it loses on purpose.
        description: a file with its GenICam features, its own when None.
    """

    def __init__(
        self, serial: str = "GV01", address: str = ADDRESS, lost_per_mille: int = 0, description: Path | None = None
    ) -> None:
        self.serial = serial
        self.address = address
        self._lost = lost_per_mille
        self._description = description
        self._process: subprocess.Popen[bytes] | None = None
        self._turn: IO[str] | None = None

    def start(self) -> None:
        """Begin, and come back when it answers."""
        assert self._process is None
        command = [PROGRAM, "-i", self.address, "-s", self.serial, "-r", str(self._lost)]
        if self._description is not None:
            command += ["-g", str(self._description)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10.0
        while (found := gvcp.ask(self.address, 0.1)) is None or found.serial != self.serial:
            assert self._process.poll() is None, f"{PROGRAM} ended at once: is UDP port {gvcp.PORT} in use?"
            assert time.monotonic() < deadline, f"{PROGRAM} does not answer"

    def kill(self) -> None:
        """Pull the plug: it says nothing more, and gives nothing back."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        # Two test runs on one machine take turns: there is one port.
        self._turn = (Path(tempfile.gettempdir()) / f"tapetum-fake-gige-{self.address}.lock").open("w")
        with contextlib.suppress(OSError):
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._turn is not None:
            self._turn.close()


def describe_thermal(path: Path) -> Path:
    """Write Aravis' own description of its simulated camera with the features of a FLIR A700 added."""
    aravis = genicam_aravis.load()
    aravis.enable_interface("Fake")
    found = aravis.Camera.new("Fake_1").get_device().get_genicam_xml()
    text = str(found[0] if isinstance(found, tuple) else found)
    names = [*FLIR_NUMBERS, *FLIR_CHOICES, "NUCAction"]
    nodes = [f'<Category Name="Thermal">{"".join(f"<pFeature>{name}</pFeature>" for name in names)}</Category>']
    for name, (value, low, high) in FLIR_NUMBERS.items():
        nodes.append(f'<Float Name="{name}"><Value>{value}</Value><Min>{low}</Min><Max>{high}</Max></Float>')
    for name, entries in FLIR_CHOICES.items():
        each = "".join(f'<EnumEntry Name="{e}"><Value>{n}</Value></EnumEntry>' for n, e in enumerate(entries))
        nodes.append(f'<Enumeration Name="{name}">{each}<Value>0</Value></Enumeration>')
    nodes.append('<Command Name="NUCAction"><pValue>NUCDone</pValue><CommandValue>1</CommandValue></Command>')
    nodes.append('<Integer Name="NUCDone"><Value>0</Value></Integer>')
    text = text.replace("<pFeature>Debug</pFeature>", "<pFeature>Debug</pFeature><pFeature>Thermal</pFeature>", 1)
    path.write_text(text.replace("</RegisterDescription>", "".join(nodes) + "</RegisterDescription>"))
    return path


@pytest.fixture
def fake_gige() -> Iterator[FakeGige]:
    """A simulated camera that answers; the test may kill it and start it again."""
    need_fake()
    with FakeGige() as one:
        yield one
