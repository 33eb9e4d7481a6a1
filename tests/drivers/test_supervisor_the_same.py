"""What comes back is the same camera with the same streams, whose counts mean the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from drivers.errors import CalibrationError, CameraLostError
from drivers.frame import KelvinMap, StreamInfo, StreamKind
from drivers.member import members_of
from drivers.supervisor import Supervisor
from tests.drivers.fake_camera import DEPTH, GRAY, FakeCamera, Give, wait_until
from tests.drivers.supervised import QUICK, Watched

HEAT = StreamInfo("heat", StreamKind.THERMAL, 4, 3, "uint16", kelvin=KelvinMap(0.01))


def test_a_calibration_of_another_camera_is_not_waited_for():
    watched = Watched(FakeCamera([Give(0)]))

    def relabel(stream: StreamInfo, options: Mapping[str, str]) -> StreamInfo:
        raise CalibrationError("it belongs to serial 12, this is 13")

    watched.supervisor = Supervisor(watched.camera, [], watched._on_state, QUICK, relabel)
    watched.supervisor.start()
    wait_until(lambda: watched.supervisor.status().has_given_up, "the thread to give up")
    assert watched.supervisor.status().note == "it belongs to serial 12, this is 13"
    assert watched.camera.calls[-1] == "close"


def test_another_camera_does_not_take_the_place_of_the_first():
    camera = FakeCamera([Give(0), CameraLostError("unplugged"), Give(1)])
    camera.serials = ["A1", "B2", "A1"]
    watched = Watched(camera)
    watched.run_to_the_end()
    assert watched.numbers == [0, 1]
    assert any("serial number B2, it was A1" in note for note in watched.notes)
    assert camera.calls.count("open") == 3


def test_the_right_camera_is_opened_when_it_is_back_after_a_wrong_one():
    camera = FakeCamera([Give(0), CameraLostError("unplugged"), Give(1)])
    camera.serials = ["A1", "B2", "A1"]
    watched = Watched(camera)

    def relabel(stream: StreamInfo, options: Mapping[str, str]) -> StreamInfo:
        if options["serial"] != "A1":
            raise CalibrationError(f"it belongs to serial A1, this is {options['serial']}")
        return stream

    watched.supervisor = Supervisor(watched.camera, [watched.frames.append], watched._on_state, QUICK, relabel)
    watched.run_to_the_end()
    assert watched.numbers == [0, 1]
    assert any("serial A1, this is B2" in note for note in watched.notes)


def test_a_camera_that_comes_back_with_other_streams_is_refused():
    camera = FakeCamera([Give(0), CameraLostError("unplugged"), Give(1)])
    watched = Watched(camera)
    opened = camera.open

    def open_smaller_once() -> None:
        opened()
        camera._streams = (GRAY, DEPTH) if camera.calls.count("open") != 2 else (replace(GRAY, width=2), DEPTH)

    camera.open = open_smaller_once  # type: ignore[method-assign]  # this one camera opens otherwise
    watched.run_to_the_end()
    assert any("gray 2x3 uint8" in note and "gray 4x3 uint8" in note for note in watched.notes)
    assert watched.numbers == [0, 1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DEPTH, replace(DEPTH, unit_m=0.0001)),
        (HEAT, replace(HEAT, kelvin=KelvinMap(0.1))),
        (HEAT, replace(HEAT, kelvin=None)),
    ],
    ids=["another unit", "another gain", "not radiometric any more"],
)
def test_counts_that_change_their_meaning_are_never_shown_by_the_old_one(before: StreamInfo, after: StreamInfo):
    camera = FakeCamera([Give(0, before), Give(1, after), Give(2, before)], streams=[before])
    watched = Watched(camera)
    watched.run_to_the_end()
    assert [f.info for f in watched.frames] == [before, before]
    assert watched.numbers == [0, 2]
    assert any("changed what its pixels mean" in note for note in watched.notes)


def test_what_changes_beside_the_meaning_goes_on_under_the_name_in_the_rig():
    slower = replace(GRAY, fps=15.0)
    watched = Watched(FakeCamera([Give(0), Give(1, slower)]))
    member, _ = members_of([watched.camera, FakeCamera([])])
    watched.supervisor = Supervisor(watched.camera, [watched.frames.append], watched._on_state, QUICK, member.relabel)
    watched.run_to_the_end()
    assert [(f.stream, f.info.fps) for f in watched.frames] == [("fake/gray", 0.0), ("fake/gray", 15.0)]
