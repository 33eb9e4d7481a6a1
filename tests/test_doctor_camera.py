"""``doctor --camera``: what is right passes, what is wrong fails by name, and the report is left where it was asked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import commands.doctor_camera as doctor
from commands.doctor_camera_measures import ClockMeasure, Line, StreamMeasure
from drivers.camera import CameraId
from drivers.errors import CameraBusyError, CameraLostError
from drivers.frame import Frame, FrameFlag, KelvinMap, StreamInfo, StreamKind
from drivers.registry import open_camera
from drivers.streaming_camera import StreamingCamera
from tests.helpers.sessions import write_session

GRAY = StreamInfo("gray", StreamKind.GRAY, 32, 24, "uint8", fps=25.0)
DEPTH = StreamInfo("depth", StreamKind.DEPTH, 32, 24, "uint16", fps=25.0, unit_m=0.001)
WARM = StreamInfo("thermal", StreamKind.THERMAL, 32, 24, "uint16", fps=9.0, kelvin=KelvinMap(0.01))
COLD = StreamInfo("thermal", StreamKind.THERMAL, 32, 24, "uint16", fps=9.0)
START_NS = 1_700_000_000_000_000_000

Pixels = Callable[[int], Any]


def noise(info: StreamInfo, low: int = 20, high: int = 200) -> Pixels:
    return lambda n: np.random.default_rng(n).integers(low, high, info.shape).astype(info.dtype)


def flat(info: StreamInfo, value: int) -> Pixels:
    return lambda n: np.full(info.shape, value, info.dtype)


def measured(
    info: StreamInfo,
    pixels: Pixels,
    numbers: Sequence[int],
    flags: Callable[[int], FrameFlag] = lambda n: FrameFlag.NONE,
) -> StreamMeasure:
    """Frames at the promised rate by their numbers."""
    measure = StreamMeasure(info)
    for number in numbers:
        at_ns = int(number * 1e9 / info.fps)
        measure.take(Frame(info, pixels(number), number, at_ns, START_NS + at_ns, flags(number)))
    return measure


def states(lines: Sequence[Line]) -> dict[str, str]:
    return {title: state for title, state, _, _ in lines}


def line(lines: Sequence[Line], title: str) -> Line:
    return next(found for found in lines if found[0] == title)


class Pattern(StreamingCamera):
    """25 frames a second of noise; fails as its attributes say."""

    serial = "7"
    opens = 0
    fails_opening: Sequence[Exception] = ()
    lost_from: float = 1e9
    back_from: float = 1e9

    def _connect(self) -> Sequence[StreamInfo]:
        type(self).opens += 1
        errors = list(self.fails_opening)
        if self.opens <= len(errors):
            raise errors[self.opens - 1]
        if self.lost_from <= time.monotonic() < self.back_from:
            raise CameraLostError("still unplugged")
        self.number = 0
        self.due_s = time.monotonic()
        return [GRAY]

    def _next(self, timeout_s: float) -> Frame | None:
        if self.lost_from <= time.monotonic() < self.back_from:
            raise CameraLostError("its cable was pulled")
        wait = self.due_s - time.monotonic()
        time.sleep(max(0.0, min(wait, timeout_s)))
        if wait > timeout_s:
            return None
        self.number += 1
        self.due_s += 1 / GRAY.fps
        return self._frame(GRAY, noise(GRAY)(self.number), self.number, int(self.number * 1e9 / GRAY.fps))

    def _disconnect(self) -> None: ...

    def options(self) -> dict[str, str]:
        return {"serial": self.serial}

    def is_present(self) -> bool | None:
        return True


@pytest.fixture(autouse=True)
def _nothing_is_plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "discover", list)


@pytest.fixture
def pattern(monkeypatch: pytest.MonkeyPatch) -> type[Pattern]:
    kind = type("Pattern", (Pattern,), {})
    monkeypatch.setattr(doctor, "open_camera", lambda source: kind("pattern:7"))
    return kind


def test_a_session_as_a_camera_passes_and_leaves_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_session(tmp_path / "head.mcap", 30)
    out = tmp_path / "report"
    done = doctor.doctor_camera(f"virtual:{path}?loop=1", 1.0, False, out, True)
    said = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert (done, said["passed"]) == (0, True), said
    assert json.loads((out / "report.json").read_text()) == said
    assert {info["name"] for info in said["streams"]} == {"depth", "infrared"}
    assert said["measures"]["streams"]["depth"]["frames"] > 5
    titles = {found["title"] for found in said["lines"]}
    assert {"library", "discovery", "open", "stream depth", "time-outs", "close 3", "reopen 2"} <= titles
    for name in ("depth", "infrared"):
        assert cv2.imdecode(np.frombuffer((out / f"{name}.png").read_bytes(), np.uint8), 1).shape == (120, 160, 3)


def test_people_read_a_line_for_each_thing(pattern: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.doctor_camera("pattern:", 0.3, False, None, False) == 0
    said = capsys.readouterr().out
    assert "pass  gray: order: numbers and times only rise" in said
    assert said.strip().endswith("The camera works.")


def test_a_camera_that_does_not_open_is_a_failure_that_says_why(pattern: Any) -> None:
    pattern.fails_opening = [CameraBusyError("another program has it")]
    report = doctor.examine_camera("pattern:", 0.2, find=list)
    assert not report.passed
    assert "another program has it" in line(report.lines, "open")[2]
    assert report.streams == ()


def test_a_source_that_makes_no_sense_fails_and_shows_no_password() -> None:
    report = doctor.examine_camera("rtsp://night:secret@192.0.2.1/live?nonsense=1", 0.2, find=list)
    assert not report.passed
    assert "secret" not in json.dumps(report.to_json())
    unknown = doctor.examine_camera("telescope:", 0.2, find=list)
    assert "no camera answers to" in line(unknown.lines, "source")[2]


def test_what_is_plugged_in_is_told_by_family(pattern: Any) -> None:
    found = [CameraId("pattern:7", "Pattern 7"), CameraId("webcam:/dev/video0", "another")]
    report = doctor.examine_camera("pattern:", 0.2, find=lambda: found)
    assert line(report.lines, "discovery")[1:3][0] == "pass"
    assert "another" not in line(report.lines, "discovery")[2]


def test_a_camera_that_goes_while_it_is_read_fails(pattern: Any) -> None:
    pattern.lost_from = time.monotonic() + 0.5
    report = doctor.examine_camera("pattern:", 5.0, find=list)
    assert "its cable was pulled" in line(report.lines, "reading")[2]
    assert not report.passed


def test_it_is_reopened_twice_and_a_reopening_that_fails_is_told(pattern: Any) -> None:
    report = doctor.examine_camera("pattern:", 0.2, find=list)
    assert report.passed, report.lines
    assert pattern.opens == 3
    pattern.opens = 0
    pattern.fails_opening = []
    original = pattern._connect

    def second_fails(self: Any) -> Sequence[StreamInfo]:
        if type(self).opens == 1:
            type(self).opens += 1
            raise CameraBusyError("it still holds its own device")
        return original(self)

    pattern._connect = second_fails
    report = doctor.examine_camera("pattern:", 0.2, find=list)
    assert "still holds" in line(report.lines, "reopen 1")[2]
    assert not report.passed


def test_unplugging_is_asked_for_and_measured(pattern: Any) -> None:
    asked: list[str] = []

    def obey(words: str) -> None:
        asked.append(words)
        if "Pull" in words:
            pattern.lost_from, pattern.back_from = time.monotonic(), 1e9
        else:
            pattern.back_from = time.monotonic() + 0.3

    report = doctor.examine_camera("pattern:", 0.2, unplug=True, ask=obey, find=list)
    assert [words.split()[0] for words in asked] == ["Pull", "Put"]
    assert line(report.lines, "unplug")[1] == "pass"
    assert line(report.lines, "plug")[1] == "pass"


def test_a_cable_that_nobody_pulls_fails(pattern: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_UNPLUG_S", 0.2)
    report = doctor.examine_camera("pattern:", 0.2, unplug=True, find=list)
    assert line(report.lines, "unplug")[1:] == (
        "fail",
        line(report.lines, "unplug")[2],
        "was it pulled?",
    )


# -- what the frames say ----------------------------------------------------------------------------------------------


def test_a_stream_that_is_well_passes_everything() -> None:
    assert set(states(measured(GRAY, noise(GRAY), range(50)).lines()).values()) == {"pass"}
    assert set(states(measured(DEPTH, noise(DEPTH, 900, 1100), range(50)).lines()).values()) == {"pass"}


def test_a_stream_without_frames_fails() -> None:
    assert states(StreamMeasure(GRAY).lines()) == {"gray: frames": "fail"}
    assert states(measured(GRAY, noise(GRAY), range(1)).lines())["gray: rate"] == "fail"


@given(gaps=st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_lost_frames_are_the_gaps_in_the_numbers(gaps: list[int]) -> None:
    numbers = np.cumsum([0, *gaps]).tolist()
    measure = measured(GRAY, flat(GRAY, 3), numbers)
    assert measure.lost == sum(gap - 1 for gap in gaps)
    share = measure.lost / (measure.lost + len(numbers))
    assert states(measure.lines())["gray: lost frames"] == ("fail" if share > 0.01 else "pass")


def test_loss_that_the_number_does_not_show_is_taken_from_the_flag() -> None:
    flags = {7: FrameFlag.DROPPED_BEFORE}
    assert measured(GRAY, noise(GRAY), range(10), lambda n: flags.get(n, FrameFlag.NONE)).lost == 1


def test_half_the_promised_rate_fails() -> None:
    measure = StreamMeasure(GRAY)
    for n in range(20):
        at_ns = int(n * 2e9 / GRAY.fps)
        measure.take(Frame(GRAY, noise(GRAY)(n), n, at_ns, START_NS + at_ns))
    assert states(measure.lines())["gray: rate"] == "fail"
    assert measure.rate == pytest.approx(12.5)


def test_numbers_that_go_back_fail() -> None:
    assert states(measured(GRAY, noise(GRAY), [0, 1, 3, 2, 4]).lines())["gray: order"] == "fail"


def test_frames_that_repeat_and_do_not_say_so_fail() -> None:
    def slowly(n: int) -> Any:
        return noise(GRAY)(n // 3)

    assert states(measured(GRAY, slowly, range(60)).lines())["gray: repeated frames"] == "fail"
    honest = measured(GRAY, slowly, range(60), lambda n: FrameFlag.STALE if n % 3 else FrameFlag.NONE)
    assert states(honest.lines())["gray: repeated frames"] == "pass"
    assert honest.stale == 40


@pytest.mark.parametrize(
    ("info", "pixels", "state", "words"),
    [
        (GRAY, flat(GRAY, 0), "fail", "every pixel is 0"),
        (GRAY, flat(GRAY, 77), "fail", "every pixel is 77"),
        (GRAY, lambda n: np.where(noise(GRAY)(n) > 60, 255, 9).astype(np.uint8), "fail", "at the top"),
        (DEPTH, lambda n: _corner(n), "fail", "0.5% of the pixels"),
        (WARM, noise(WARM, 29_000, 30_500), "pass", "median 24"),
        (WARM, noise(WARM, 300, 400), "fail", "-27"),
        (COLD, noise(COLD, 3000, 4000), "pass", "no temperature"),
    ],
)
def test_a_picture_that_shows_nothing_or_nonsense_fails(
    info: StreamInfo, pixels: Pixels, state: str, words: str
) -> None:
    lines = measured(info, pixels, range(20)).lines()
    found = line(lines, f"{info.name}: picture")
    assert found[1] == state, found
    assert words in found[2]


def _corner(n: int) -> Any:
    pixels = np.zeros(DEPTH.shape, np.uint16)
    pixels[1, 1] = 1000 + n
    pixels[0, 0] = 900
    return pixels


def test_the_picture_of_the_report_is_none_from_behind_the_shutter() -> None:
    flags = dict.fromkeys(range(5, 10), FrameFlag.SHUTTER)
    measure = measured(WARM, noise(WARM, 29_000, 30_000), range(10), lambda n: flags.get(n, FrameFlag.NONE))
    assert measure.shutter == 5
    assert measure.frame is not None
    assert measure.frame.number == 4
    closed = measured(WARM, noise(WARM), range(10), lambda n: FrameFlag.SHUTTER)
    assert states(closed.lines())["thermal: picture"] == "fail"


def clock_of(times_ns: Sequence[int], host_ns: Sequence[int]) -> Line:
    clock = ClockMeasure("sensor")
    for n, (device, host) in enumerate(zip(times_ns, host_ns, strict=True)):
        clock.take(Frame(GRAY, flat(GRAY, 1)(n), n, device, START_NS + host))
    return clock.line()


def test_clocks_that_run_stand_still_or_are_in_another_unit_are_told_apart() -> None:
    steps = [n * 40_000_000 for n in range(400)]
    title, state, found, _ = clock_of([round(step * 1.00005) for step in steps], steps)
    assert (title, state) == ("clock sensor", "pass")
    assert "drift +50" in found
    assert clock_of([5] * 400, steps)[1] == "fail"
    assert clock_of([round(step * 1.01) for step in steps], steps)[1] == "fail"
    assert clock_of(steps[:50], steps[:50])[1] == "note"
    assert clock_of(steps[:2], steps[:2])[1] == "note"


def test_every_source_of_the_checklist_is_one_that_its_family_understands() -> None:
    text = (Path(__file__).resolve().parents[1] / "docs" / "hardware.md").read_text(encoding="utf-8")
    sources = set(re.findall(r"\b(?:realsense|kinect[12]|thermal|genicam|webcam):\?[^\s\"`]+", text))
    assert len(sources) >= 12
    for source in sorted(sources):
        open_camera(source)
