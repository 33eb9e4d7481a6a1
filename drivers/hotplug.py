"""Cameras that come and go while the program runs.

Asking every family takes seconds and starts processes; so the system's own list of what is plugged in is looked at
(a few files, twice a second), and the families are asked when it changes, and now and then for what no such list has
(cameras in the network).
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from drivers.camera import CameraId
from drivers.registry import discover

log = logging.getLogger(__name__)

_USB: Final = Path("/sys/bus/usb/devices")
_VIDEO: Final = Path("/sys/class/video4linux")
_USB_FACTS: Final = ("idVendor", "idProduct", "serial")

OnChange = Callable[[Sequence[CameraId], Sequence[CameraId]], None]


def plugged_in() -> frozenset[str]:
    """A word for everything that is plugged in, by the system's own list; empty where there is none (not Linux)."""
    out = set()
    for folder in (_USB, _VIDEO):
        with contextlib.suppress(OSError):
            for entry in folder.iterdir():
                out.add(" ".join((entry.name, *(_fact(entry / name) for name in _USB_FACTS))))
    return frozenset(out)


class HotPlug:
    """A thread that notices cameras that come and go.

    Args:
        on_change: called in that thread with those that came and those that went; first with all that are there.
        find: asks all families; :func:`drivers.registry.discover` by default.
        look: the system's own list; :func:`plugged_in` by default.
        look_s: between looks at that list.
        find_s: between askings where the list says nothing.
    """

    def __init__(
        self,
        on_change: OnChange,
        *,
        find: Callable[[], Sequence[CameraId]] = discover,
        look: Callable[[], frozenset[str]] = plugged_in,
        look_s: float = 0.5,
        find_s: float = 15.0,
    ) -> None:
        self._on_change = on_change
        self._find = find
        self._look = look
        self._look_s = look_s
        self._find_s = find_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hot-plug")

    def start(self) -> None:
        """Start looking. It starts once."""
        self._thread.start()

    def stop(self, deadline_s: float = 10.0) -> bool:
        """Stop looking; False when an asking of the families did not come back within the deadline."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        known: dict[str, CameraId] = {}
        seen: frozenset[str] | None = None
        asked_s = 0.0
        while not self._stopping.is_set():
            now = self._look()
            if now != seen or time.monotonic() - asked_s > self._find_s:
                found = {camera.source: camera for camera in self._find()}
                asked_s = time.monotonic()
                came = [c for source, c in found.items() if source not in known]
                went = [c for source, c in known.items() if source not in found]
                known = found
                if came or went or seen is None:
                    self._tell(came, went)
                # A device may need a moment until its driver is there: what changed during the asking shows next time.
                seen = now
            self._stopping.wait(self._look_s)

    def _tell(self, came: Sequence[CameraId], went: Sequence[CameraId]) -> None:
        try:
            self._on_change(came, went)
        except Exception:  # the listener is another room's code: its fault must not end the looking
            log.exception("a listener of cameras that come and go failed")


def _fact(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
