"""What is here: cameras, models, and what is missing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from commands.terminal import GOOD, NO, out, tell

if TYPE_CHECKING:
    from drivers.camera import CameraId


def devices(as_json: bool) -> int:
    """Cameras that are plugged in, and the families that this version knows."""
    from drivers.registry import discover, families

    found, known = discover(), families()
    if not as_json:
        out.print("Cameras here:" if found else "No camera is here.", markup=False)
        for camera in found:
            out.print(f"  {_words(camera)}", markup=False)
        out.print("\nFamilies:", markup=False)
        for family in known:
            state = "available" if family.available else family.reason
            out.print(f"  {family.name + ':':11s} {family.title}: {state}", markup=False)
            for line in filter(None, (family.note, f"Install: {family.how}" if family.how else "")):
                out.print(f"  {'':11s} {line}", markup=False)
    tell(
        {
            "cameras": [{"source": c.source, "title": c.title, "detail": c.detail, "serial": c.serial} for c in found],
            "families": [
                {
                    "name": f.name,
                    "title": f.title,
                    "available": f.available,
                    "reason": f.reason,
                    "how": f.how,
                    "note": f.note,
                }
                for f in known
            ],
        },
        as_json,
    )
    return GOOD


def watch_devices() -> int:
    """A line for each camera that comes (+) or goes (-), until Ctrl-C or SIGTERM."""
    from drivers.hotplug import HotPlug

    ended = threading.Event()

    def told(came: Sequence[CameraId], went: Sequence[CameraId]) -> None:
        for sign, cameras in (("+", came), ("-", went)):
            for camera in cameras:
                out.print(f"{sign} {_words(camera)}", markup=False)
        if not came and not went:
            out.print("No camera is here yet.", markup=False)

    before = {s: signal.signal(s, lambda *_: ended.set()) for s in (signal.SIGINT, signal.SIGTERM)}
    watcher = HotPlug(told)
    watcher.start()
    try:
        while not ended.wait(0.5):
            pass
    finally:
        down = watcher.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
    return GOOD if down else NO


def _words(camera: CameraId) -> str:
    return f"{camera.source:24s} {camera.title}  {camera.detail}".rstrip()


_FONT_WORDS = {False: "no font has its letters", None: "nobody knows whether a font has its letters (no fc-list)"}


def doctor(as_json: bool) -> int:
    """Every check; 1 when something that must work is broken."""
    from gui.translations.fonts import doctor_lines
    from pipeline.doctor import Check, Diagnosis, examine

    fonts = [
        Check(f"window in {name}", "ok", "the letters are there")
        if found
        else Check(f"window in {name}", "missing", _FONT_WORDS[found], how)
        for name, found, how in doctor_lines()
    ]
    diagnosis = Diagnosis((*examine().checks, *fonts))
    if not as_json:
        marks = {"ok": "ok    ", "missing": "-     ", "broken": "BROKEN"}
        for check in diagnosis.checks:
            out.print(f"{marks[check.state]}  {check.name}: {check.found}", markup=False)
            if check.state != "ok" and check.fix:
                out.print(f"        {check.fix}", markup=False)
        out.print("Healthy." if diagnosis.is_healthy else "Something that must work is broken: see above.")
    tell(diagnosis.to_json(), as_json)
    return GOOD if diagnosis.is_healthy else NO
