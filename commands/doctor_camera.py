"""``tapetum doctor --camera SOURCE``: what one person with the device in hand can find out in a minute."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2

from commands.doctor_camera_measures import ClockMeasure, Line, StreamMeasure
from commands.terminal import GOOD, NO, err, out, tell
from drivers.camera import Adjustable, Camera, CameraId, Findable
from drivers.errors import CameraError, CameraLostError, CameraTimeoutError, DriverError, EndOfStream
from drivers.frame import Frame, StreamInfo
from drivers.registry import discover, families, only_family, open_camera

_MARKS: Final = {"pass": "pass  ", "fail": "FAIL  ", "note": "-     "}
_FIRST_FRAME_S: Final = 10.0
_SLICE_S: Final = 0.5
_MOST_OPEN_S: Final = 15.0
_MOST_CLOSE_S: Final = 3.0
_IMPATIENT_S: Final = 0.5
_PRESENCE_S: Final = 0.2
_REOPENINGS: Final = 2
_UNPLUG_S: Final = 30.0
_PLUG_S: Final = 90.0


@dataclass
class CameraReport:
    """What was found, line by line.

    Attributes:
        lines: in the order of the examination: title, ``pass``, ``fail`` or ``note``, what was found, what to do.
        frames: the newest of each stream, for its picture.
        measures: the numbers of each stream and clock.
    """

    source: str
    lines: list[Line] = field(default_factory=list)
    streams: Sequence[StreamInfo] = ()
    options: dict[str, str] = field(default_factory=dict)
    frames: dict[str, Frame] = field(default_factory=dict)
    measures: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether no line failed."""
        return all(state != "fail" for _, state, _, _ in self.lines)

    def to_json(self) -> dict[str, Any]:
        """For report.json."""
        return {
            "source": self.source,
            "passed": self.passed,
            "lines": [dict(zip(("title", "state", "found", "fix"), line, strict=True)) for line in self.lines],
            "options": self.options,
            "streams": [info.to_json() for info in self.streams],
            "measures": self.measures,
        }


def doctor_camera(source: str, seconds: float, unplug: bool, folder: Path | None, as_json: bool) -> int:
    """Examine a camera, print a line for each thing; report.json and a picture of each stream go into ``folder``."""

    def show(line: Line) -> None:
        title, state, found, fix = line
        if not as_json:
            out.print(f"{_MARKS[state]}{title}: {found}", markup=False)
            if fix:
                out.print(f"        {fix}", markup=False)

    def ask(words: str) -> None:
        err.print(words, markup=False)

    report = examine_camera(source, seconds, unplug=unplug, show=show, ask=ask, find=discover)
    if folder is not None:
        written = write_report(report, folder)
        if not as_json:
            out.print(f"Written: {', '.join(str(path) for path in written)}", markup=False)
    if not as_json:
        failed = sum(state == "fail" for _, state, _, _ in report.lines)
        out.print(
            "The camera works." if report.passed else f"{failed} of {len(report.lines)} checks failed: see above."
        )
    tell(report.to_json(), as_json)
    return GOOD if report.passed else NO


def examine_camera(
    source: str,
    seconds: float = 10.0,
    *,
    unplug: bool = False,
    show: Callable[[Line], None] = lambda line: None,
    ask: Callable[[str], None] = lambda words: None,
    find: Callable[[], Sequence[CameraId]] = discover,
) -> CameraReport:
    """Find, open, read, close and reopen a camera; a camera that is wrong is a report that says so, no exception.

    Args:
        seconds: to read for. Less than 10 does not tell the drift of its clock.
        unplug: ask for the cable to be pulled and put back, and measure both.
        show: called with each line as soon as it is known.
        ask: called with what a person should do.
        find: what is plugged in.
    """
    examination = _Examination(source, seconds, show, ask, find)
    try:
        examination.run(unplug)
    finally:
        examination.close()
    return examination.report


def write_report(report: CameraReport, folder: Path) -> list[Path]:
    """report.json and one PNG a stream (depth and thermal in colours); gives what was written."""
    from pipeline.colormap import to_rgb

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "report.json"]
    written[0].write_text(json.dumps(report.to_json(), indent=1) + "\n", encoding="utf-8")
    for name, frame in report.frames.items():
        path = folder / f"{name.replace('/', '-')}.png"
        encoded = cv2.imencode(".png", cv2.cvtColor(to_rgb(frame), cv2.COLOR_RGB2BGR))[1]
        path.write_bytes(encoded.tobytes())
        written.append(path)
    return written


class _Examination:
    def __init__(
        self,
        source: str,
        seconds: float,
        show: Callable[[Line], None],
        ask: Callable[[str], None],
        find: Callable[[], Sequence[CameraId]],
    ) -> None:
        self._source = source
        self._family = only_family(source).partition(":")[0]
        self.report = CameraReport(
            f"{self._family}:"
        )  # the rest may hold a password; the camera says what may be shown
        self._seconds = seconds
        self._show = show
        self._ask = ask
        self._find = find
        self._camera: Camera | None = None

    def run(self, unplug: bool) -> None:
        self._library()
        self._discovery()
        try:
            self._camera = open_camera(self._source)
        except DriverError as error:
            return self._say("source", "fail", str(error))
        self.report.source = self._camera.source
        if not self._open("open"):
            return None
        self._streams(self._camera)
        self._frames(self._camera)
        self._patience(self._camera)
        self._presence(self._camera)
        self._closing(self._camera)
        if unplug:
            self._unplugging(self._camera)
        return None

    def close(self) -> None:
        if self._camera is not None:
            with suppress(DriverError):
                self._camera.close()

    # -- the steps ----------------------------------------------------------------------------------------------------

    def _library(self) -> None:
        family = next((family for family in families() if family.name == self._family), None)
        if family is None:
            return  # opening says so, with the families that there are
        if family.note:
            self._say("family", "note", f"{family.title}: {family.note}")
        if family.available:
            self._say("library", "pass", f"{family.title}: what it needs is installed")
        else:
            self._say("library", "fail", family.reason, family.how)

    def _discovery(self) -> None:
        name = self._family
        since = time.monotonic()
        found = [camera for camera in self._find() if camera.source.partition(":")[0] == name]
        took = f"in {time.monotonic() - since:.1f} s"
        if not found:
            self._say("discovery", "note", f"no {name}: camera was found {took}; it is opened by its name alone")
            return
        words = "; ".join(f"{camera.source} {camera.title}".strip() for camera in found)
        self._say("discovery", "pass", f"{len(found)} {took}: {words}")

    def _open(self, title: str) -> bool:
        camera = self._camera
        assert camera is not None
        since = time.monotonic()
        try:
            camera.open()
            opened_s = time.monotonic() - since
            camera.read(_FIRST_FRAME_S)
        except CameraError as error:
            self._say(title, "fail", f"{type(error).__name__} after {time.monotonic() - since:.1f} s: {error}")
            return False
        first_s = time.monotonic() - since
        slow = opened_s > _MOST_OPEN_S
        self._say(title, "fail" if slow else "pass", f"in {opened_s:.2f} s, the first frame after {first_s:.2f} s")
        return True

    def _streams(self, camera: Camera) -> None:
        self.report.streams = tuple(camera.streams())
        self.report.options = dict(camera.options())
        serial = self.report.options.get("serial", "")
        words = ", ".join(f"{key}={value}" for key, value in self.report.options.items())
        self._say("options", "pass" if serial else "note", words or "it says nothing of itself")
        for info in self.report.streams:
            found = f"{info.kind} {info.width}x{info.height} {info.dtype}, {info.fps:g} frames a second"
            if info.unit_m:
                found += f", {info.unit_m * 1000:g} mm a count"
            if info.kelvin is not None:
                found += f", {info.kelvin.gain:g} K a count"
            intrinsics = info.intrinsics
            found += (
                f", f = {intrinsics.fx:.1f}/{intrinsics.fy:.1f} px" if intrinsics else ", no calibration of its own"
            )
            self._say(f"stream {info.name}", "pass" if intrinsics else "note", found)
        if isinstance(camera, Adjustable):
            controls = camera.controls()
            names = ", ".join(control.name for control in controls) or "none"
            self._say("controls", "note", f"{len(controls)}: {names}")

    def _frames(self, camera: Camera) -> None:
        streams = {info.name: StreamMeasure(info) for info in self.report.streams}
        clocks: dict[str, ClockMeasure] = {}
        deadline = time.monotonic() + self._seconds
        while time.monotonic() < deadline:
            try:
                frame = camera.read(_SLICE_S)
            except CameraTimeoutError:
                continue
            except EndOfStream:
                self._say("reading", "note", "it is a recording, and came to its end")
                break
            except CameraError as error:
                self._say(
                    "reading", "fail", f"{type(error).__name__}: {error}", "look at the cable and the power supply"
                )
                break
            measure = streams.setdefault(frame.stream, StreamMeasure(frame.info))
            measure.take(frame)
            clocks.setdefault(frame.info.clock, ClockMeasure(frame.info.clock)).take(frame)
        self.report.options = dict(camera.options())  # some are known only after a while
        health = camera.health()
        for name, measure in streams.items():
            for line in measure.lines():
                self._say(*line)
            if measure.frame is not None:
                self.report.frames[name] = measure.frame
        for clock in clocks.values():
            self._say(*clock.line())
        dropped, ours = sum(health.dropped.values()), sum(health.dropped_by_us.values())
        if dropped or ours:
            self._say("drops", "note", f"{dropped} by the device's own count, {ours} found no room here")
        if health.note:
            self._say("health", "note", health.note)
        self.report.measures = {
            "streams": {name: measure.to_json() for name, measure in streams.items()},
            "clocks": {name: clock.state.to_json() for name, clock in clocks.items()},
        }

    def _patience(self, camera: Camera) -> None:
        longest = 0.0
        with suppress(EndOfStream, CameraLostError):
            for _ in range(20):
                since = time.monotonic()
                with suppress(CameraTimeoutError):
                    camera.read(0.0)
                longest = max(longest, time.monotonic() - since)
        found = f"a read with a time-out of 0 came back within {longest * 1000:.0f} ms"
        self._say("time-outs", "fail" if longest > _IMPATIENT_S else "pass", found)

    def _presence(self, camera: Camera) -> None:
        if not isinstance(camera, Findable):
            return
        since = time.monotonic()
        present = camera.is_present()
        took = time.monotonic() - since
        words = {True: "it says that it is plugged in", False: "it says that it is not", None: "it cannot tell"}[
            present
        ]
        slow = took > _PRESENCE_S
        state = "fail" if present is False or slow else "note" if present is None else "pass"
        self._say("presence", state, f"{words}, in {took * 1000:.0f} ms")

    def _closing(self, camera: Camera) -> None:
        left: list[int] = []
        for n in range(_REOPENINGS + 1):
            if n > 0 and not self._open(f"reopen {n}"):
                return
            since = time.monotonic()
            camera.close()
            took = time.monotonic() - since
            slow = took > _MOST_CLOSE_S
            self._say(f"close {n + 1}", "fail" if slow else "pass", f"in {took:.2f} s")
            left.append(_open_files())
        if left[-1] > left[0]:
            self._say(
                "files", "fail", f"{left[-1] - left[0]} more are open after {_REOPENINGS} reopenings", "report it"
            )

    def _unplugging(self, camera: Camera) -> None:
        if not self._open("open for unplugging"):
            return
        self._ask("Pull the camera's cable now.")
        deadline = time.monotonic() + _UNPLUG_S
        newest = time.monotonic()
        while True:
            try:
                camera.read(_SLICE_S)
                newest = time.monotonic()
            except CameraTimeoutError:
                pass
            except CameraError as error:
                found = f"{type(error).__name__} {time.monotonic() - newest:.1f} s after the last frame: {error}"
                self._say("unplug", "pass", found)
                break
            if time.monotonic() >= deadline:
                silent = time.monotonic() - newest
                words = f"no error within {_UNPLUG_S:g} s; {silent:.1f} s without a frame"
                self._say("unplug", "note" if silent > 1 else "fail", words, "" if silent > 1 else "was it pulled?")
                break
        camera.close()
        self._ask("Put the cable back.")
        deadline = time.monotonic() + _PLUG_S
        while time.monotonic() < deadline:
            since = time.monotonic()
            try:
                camera.open()
                camera.read(_FIRST_FRAME_S)
            except CameraError:
                camera.close()
                time.sleep(_SLICE_S)
                continue
            self._say("plug", "pass", f"streaming again {time.monotonic() - since:.2f} s after it could be opened")
            camera.close()
            return
        self._say("plug", "fail", f"it did not open again within {_PLUG_S:g} s", "plug it again, or power-cycle it")

    def _say(self, title: str, state: str, found: str, fix: str = "") -> None:
        line = (title, state, found, fix)
        self.report.lines.append(line)
        self._show(line)


def _open_files() -> int:
    """How many this process has open; 0 where that cannot be counted."""
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  Path.iterdir keeps one open itself
    except OSError:
        return 0
