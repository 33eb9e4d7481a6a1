"""Every lens model through a session, and what viewers and ROS are told of it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from foxglove.messages import CameraCalibration
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from drivers.distortion import BROWN_CONRADY, COUNTS, FISHEYE, INVERSE_BROWN_CONRADY, MODIFIED_BROWN_CONRADY
from drivers.frame import Intrinsics, StreamInfo
from recordings.cut import cut_session
from recordings.exporters import cdr, ros2, viewable
from recordings.image_codec import calibration_message
from recordings.image_parts import intrinsics_of
from recordings.lens_names import model_of
from recordings.reader import SessionReader
from recordings.recover import recover_session
from tests.recordings.export_cases import export
from tests.recordings.sessions import DEPTH, EPOCH, simple_session

W, H = 16, 12
MODELS = [(model, count) for model, counts in COUNTS.items() for count in counts]
MEANT = {
    (BROWN_CONRADY, 0): "",
    (BROWN_CONRADY, 4): "plumb_bob",
    (BROWN_CONRADY, 5): "plumb_bob",
    (BROWN_CONRADY, 8): "rational_polynomial",
    (FISHEYE, 4): "kannala_brandt",
}
"""What Foxglove is told; of the others, nothing."""


def lens_of(model: str, coefficients: tuple[float, ...]) -> Intrinsics:
    return Intrinsics(W, H, 20.0, 21.0, 7.5, 5.5, coefficients, model)


def stream_of(lens: Intrinsics) -> StreamInfo:
    return replace(DEPTH, intrinsics=lens, registered_to=None)


@st.composite
def lenses(draw: st.DrawFn) -> Intrinsics:
    model, count = draw(st.sampled_from(MODELS))
    any_number = st.floats(-10, 10, allow_nan=False)
    return lens_of(model, tuple(draw(st.lists(any_number, min_size=count, max_size=count))))


@settings(max_examples=25, deadline=None)
@given(lenses())
@example(lens_of(FISHEYE, (0.0, 0.0, 0.0, 0.0)))
@example(lens_of(BROWN_CONRADY, tuple(0.01 * n for n in range(1, 15))))
def test_a_session_its_cuts_and_its_exports_keep_the_lens(lens: Intrinsics) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = simple_session(Path(folder) / "a.mcap", 2, [stream_of(lens)])
        cut_session(path, Path(folder) / "cut.mcap")
        export(viewable.EXPORTER, path, Path(folder) / "viewable.mcap")
        for name in ("a.mcap", "cut.mcap", "viewable.mcap"):
            with SessionReader(Path(folder) / name) as session:
                assert session.streams[0].intrinsics == lens
                assert session.frame("depth", 1).info.intrinsics == lens


@pytest.mark.parametrize(("model", "count"), MODELS)
def test_a_torn_session_is_recovered_with_its_lens(model: str, count: int, tmp_path: Path) -> None:
    lens = lens_of(model, tuple(0.01 * n for n in range(1, count + 1)))
    whole = simple_session(tmp_path / "a.mcap", 5, [stream_of(lens)])
    (tmp_path / "torn.mcap").write_bytes(whole.read_bytes()[:-200])
    recover_session(tmp_path / "torn.mcap", tmp_path / "saved.mcap")
    with SessionReader(tmp_path / "saved.mcap") as session:
        assert session.streams[0].intrinsics == lens


@given(lenses())
@example(lens_of(BROWN_CONRADY, (0.1, -0.2, 0.001, 0.002)))
@example(lens_of(BROWN_CONRADY, (0.1, -0.2, 0.001, 0.002, 0.03, 0.1, 0.2, 0.3, 0.0, 0.0, 0.0, 0.0)))
@example(lens_of(FISHEYE, (0.0, 0.0, 0.0, 0.0)))
@example(lens_of(MODIFIED_BROWN_CONRADY, (0.1, -0.2, 0.001, 0.002, 0.03)))
@example(lens_of(INVERSE_BROWN_CONRADY, (0.1, -0.2, 0.001, 0.002, 0.03)))
def test_the_calibration_message_says_the_same_lens_or_none(lens: Intrinsics) -> None:
    message = calibration_message(stream_of(lens), EPOCH)
    assert message is not None
    found = intrinsics_of(message)
    assert found is not None
    if (lens.model, len(lens.distortion)) in MEANT or (lens.model == BROWN_CONRADY and not any(lens.distortion[8:])):
        assert found.model == lens.model
        assert np.array_equal(found.rays(), lens.rays(), equal_nan=True), "the same lens, perhaps with zeros at its end"
    else:
        assert found == lens.without_distortion()


@pytest.mark.parametrize(("model", "count"), MODELS)
def test_viewers_are_told_the_model_by_their_own_names(model: str, count: int, tmp_path: Path) -> None:
    lens = lens_of(model, tuple(0.01 * n for n in range(1, count + 1)))
    path = simple_session(tmp_path / "a.mcap", 1, [stream_of(lens)])
    with path.open("rb") as file:
        (message,) = [m.data for _, c, m in make_reader(file).iter_messages() if c.topic == "/depth/calibration"]
    meant = MEANT.get((model, count), "")
    told = list(lens.distortion) if meant else []
    assert message == CameraCalibration.encode(
        _calibration(meant, told + [0.0] * (model == BROWN_CONRADY and count == 4))
    )


def _calibration(model: str, coefficients: list[float]) -> CameraCalibration:
    from foxglove.messages import Timestamp

    k = lens_of(BROWN_CONRADY, ())
    return CameraCalibration(
        timestamp=Timestamp(EPOCH // 10**9, EPOCH % 10**9),
        frame_id="depth",
        width=W,
        height=H,
        distortion_model=model,
        D=coefficients,
        K=k.matrix().ravel().tolist(),
        R=np.eye(3).ravel().tolist(),
        P=np.hstack([k.matrix(), np.zeros((3, 1))]).ravel().tolist(),
    )


@pytest.mark.parametrize(
    ("name", "count", "found"),
    [
        ("plumb_bob", 4, BROWN_CONRADY),
        ("plumb_bob", 8, None),
        ("rational_polynomial", 5, None),
        ("rational_polynomial", 14, BROWN_CONRADY),
        ("kannala_brandt", 4, FISHEYE),
        ("equidistant", 4, FISHEYE),
        ("kannala_brandt", 5, None),
        ("fisheye62", 4, None),
        ("", 5, None),
    ],
)
def test_foreign_names_are_taken_only_for_what_they_mean(name: str, count: int, found: str | None) -> None:
    lens = model_of(name, [0.1] * count)
    assert (None if lens is None else lens[0]) == found


@pytest.mark.parametrize(("model", "count"), MODELS)
def test_ros_is_told_the_model_by_its_own_names(model: str, count: int, tmp_path: Path) -> None:
    lens = lens_of(model, tuple(0.01 * n for n in range(1, count + 1)))
    export(ros2.EXPORTER, simple_session(tmp_path / "a.mcap", 1, [stream_of(lens)]), tmp_path / "out.mcap")
    with (tmp_path / "out.mcap").open("rb") as file:
        (message,) = [m.data for _, c, m in make_reader(file).iter_messages() if c.topic == "/depth/camera_info"]
    name, coefficients = {
        (BROWN_CONRADY, 0): ("plumb_bob", (0.0,) * 5),
        (BROWN_CONRADY, 4): ("plumb_bob", (*lens.distortion, 0.0)),
        (BROWN_CONRADY, 5): ("plumb_bob", lens.distortion),
        (BROWN_CONRADY, 8): ("rational_polynomial", lens.distortion),
        (FISHEYE, 4): ("equidistant", lens.distortion),
    }.get((model, count), ("", ()))
    assert read_camera_info(message) == (H, W, name, coefficients, 20.0)
    assert message == cdr.camera_info(cdr.Stamp(EPOCH, "depth"), lens)


def read_camera_info(message: bytes) -> tuple[int, int, str, tuple[float, ...], float]:
    """Height, width, model, d and fx, by the alignment rules of CDR."""
    at = 4

    def take(code: str, count: int = 1) -> list[float]:
        nonlocal at
        kind = np.dtype(code)
        at += -(at - 4) % kind.itemsize
        values = np.frombuffer(message, kind, count, at).tolist()
        at += count * kind.itemsize
        return [float(v) for v in values]

    def text() -> str:
        nonlocal at
        length = int(take("<u4")[0])
        at += length
        return message[at - length : at - 1].decode()

    take("<u4", 2)
    assert text() == "depth"
    height, width = (int(v) for v in take("<u4", 2))
    name = text()
    count = int(take("<u4")[0])
    coefficients = tuple(take("<f8", count)) if count else ()
    return height, width, name, coefficients, take("<f8", 9)[0]


def test_names_mean_what_opencv_does() -> None:
    """The coefficients that are told, put through OpenCV by the models' definitions, give the lens' own pixels."""
    points = np.array([[x, y, 1.0] for x in (-0.3, 0.0, 0.25) for y in (-0.2, 0.1)])
    told = lens_of(BROWN_CONRADY, (0.1, -0.2, 0.001, 0.002, 0.03, 0.05, 0.01, 0.02))
    seen, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), told.matrix(), np.array(told.distortion))
    np.testing.assert_allclose(told.project(points, distort=True), seen[:, 0], atol=1e-9)
    told = lens_of(FISHEYE, (0.1, -0.02, 0.001, 0.002))
    seen, _ = cv2.fisheye.projectPoints(
        points[:, None], np.zeros(3), np.zeros(3), told.matrix(), np.array(told.distortion)
    )
    np.testing.assert_allclose(told.project(points, distort=True), seen[:, 0], atol=1e-9)
