"""Cameras share a space where a rig says so, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from drivers.frame import Extrinsics, Frame, FrameSet, StreamInfo, StreamKind
from drivers.member import Member, members_of
from drivers.related import Relations
from drivers.rig import RigCamera
from tests.drivers.fake_camera import FakeCamera

NIGHT = StreamInfo("night", StreamKind.INFRARED, 8, 6, "uint8")
HEAT = StreamInfo("heat", StreamKind.THERMAL, 4, 3, "uint16", extrinsics=Extrinsics(translation_m=(0.06, 0.0, 0.0)))
CAMERA = (NIGHT, HEAT)
POSE = Extrinsics(translation_m=(0.5, 0.1, 0.0))


def called(name: str, *streams: StreamInfo) -> list[StreamInfo]:
    return [replace(one, name=f"{name}/{one.name}") for one in streams]


def in_rig(name: str, pose: Extrinsics | None) -> list[StreamInfo]:
    """As a rig file makes them of what the camera says."""
    return [RigCamera(name, "fake:", pose=pose).relabel(one, {}) for one in CAMERA]


def pairs(streams: list[StreamInfo], *others: StreamInfo) -> set[bool]:
    related = Relations([*streams, *others])
    said = {related(a, b) for a in streams for b in others}
    assert said == {related(b, a) for a in streams for b in others}, "each way the same"
    return said


def test_streams_of_one_camera_are_related() -> None:
    assert pairs([NIGHT], HEAT) == {True}
    (night, heat), other = called("a", *CAMERA), called("b", *CAMERA)
    assert Relations([night, heat, *other])(night, heat)


def test_cameras_that_nobody_placed_are_not() -> None:
    assert pairs(called("a", *CAMERA), *called("b", *CAMERA)) == {False}


def test_names_that_a_rig_less_run_gives_leave_them_apart() -> None:
    one, two = members_of([FakeCamera([]), FakeCamera([])])
    assert isinstance(one, Member)
    assert one.relabel is not None
    assert two.relabel is not None
    assert pairs([one.relabel(i, {}) for i in CAMERA], *[two.relabel(i, {}) for i in CAMERA]) == {False}


def test_a_rig_that_places_one_against_the_other_relates_them() -> None:
    assert pairs(in_rig("a", None), *in_rig("b", POSE)) == {True}
    assert pairs(in_rig("a", POSE), *in_rig("b", Extrinsics(translation_m=(0.0, 1.0, 0.0)))) == {True}


def test_a_camera_without_a_pose_stays_outside_of_a_rig_of_others() -> None:
    first, placed, left_out = in_rig("a", None), in_rig("b", POSE), in_rig("c", None)
    related = Relations([*first, *placed, *left_out])
    assert all(related(a, b) for a in first for b in placed)
    assert not any(related(c, one) for c in left_out for one in (*first, *placed))


def test_a_recorded_rig_beside_another_source_keeps_its_own_relations() -> None:
    rig = called("virtual", *in_rig("a", None), *in_rig("b", POSE))
    again = called("virtual2", *in_rig("a", None), *in_rig("b", POSE))
    alone = called("front", *CAMERA)
    assert pairs(rig[:2], *rig[2:]) == {True}
    related = Relations([*rig, *again, *alone])
    assert all(related(a, b) for a in rig for b in rig)
    assert all(related(a, b) for a in again for b in again)
    assert not any(related(a, b) for a in rig for b in (*again, *alone))


def test_a_stream_that_is_missing_now_may_be_the_one_in_the_origin() -> None:
    (night, heat), other = called("a", *CAMERA), called("b", *CAMERA)
    frames = {i.name: Frame(i, np.zeros(i.shape, i.dtype), 0, 0, 0) for i in (heat, *other)}
    assert not Relations.among(FrameSet(0, 0, frames, missing=(night.name,)))(heat, other[0])
    placed = in_rig("b", POSE)
    frames = {i.name: Frame(i, np.zeros(i.shape, i.dtype), 0, 0, 0) for i in (heat, *placed)}
    assert Relations.among(FrameSet(0, 0, frames, missing=(night.name,)))(heat, placed[0])


def test_a_stream_that_names_the_grid_it_lies_on_is_related_to_it() -> None:
    (a,), (b,) = called("a", NIGHT), called("b", NIGHT)
    on = replace(b, registered_to=a.name)
    assert pairs([a], on) == {True}


@pytest.mark.parametrize("name", ["x", "deep/er/x"])
def test_of_streams_that_nobody_listed_other_cameras_are_not_taken_for_related(name: str) -> None:
    (a,) = called("a", NIGHT)
    assert not Relations(())(a, replace(HEAT, name=name))
