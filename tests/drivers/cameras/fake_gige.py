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
    """

    def __init__(self, serial: str = "GV01", address: str = ADDRESS, lost_per_mille: int = 0) -> None:
        self.serial = serial
        self.address = address
        self._lost = lost_per_mille
        self._process: subprocess.Popen[bytes] | None = None
        self._turn: IO[str] | None = None

    def start(self) -> None:
        """Begin, and come back when it answers."""
        assert self._process is None
        command = [PROGRAM, "-i", self.address, "-s", self.serial, "-r", str(self._lost)]
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


@pytest.fixture
def fake_gige() -> Iterator[FakeGige]:
    """A simulated camera that answers; the test may kill it and start it again."""
    need_fake()
    with FakeGige() as one:
        yield one
