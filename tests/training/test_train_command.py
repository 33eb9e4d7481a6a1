"""`tapetum train` in a terminal: the course of the loss, wrong use, signals given back."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.training import _asks_to_stop, evaluate, sparkline, train
from tests.test_commands import tapetum


def test_a_falling_loss_falls_in_the_line() -> None:
    assert sparkline([8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0]) == "█▇▆▅▄▃▂▁"
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([]) == ""
    assert sparkline([1.0] * 50 + [0.0] * 50, 4) == "██▁▁"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.integers(1, 40))
def test_the_line_is_never_wider_than_asked(values: list[float], width: int) -> None:
    assert len(sparkline(values, width)) == min(width, len(values))


@pytest.mark.parametrize("faces", [None, "0", "000"])
def test_nothing_to_learn_from_is_wrong_use(
    faces: str | None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert train("face_landmarks", "plus", False, faces, tmp_path, 1.0, None, {}) == 2
    assert "--faces" in capfd.readouterr().err


@pytest.mark.parametrize("faces", ["-5", "1e4", "20_000", "20,000", "2.5"])
def test_a_number_that_is_none_of_samples_is_wrong_use(faces: str, tmp_path: Path) -> None:
    done = tapetum("train", "face_landmarks", "--faces", faces, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert f"a whole number above 0, written with digits alone, or a folder of samples; found '{faces}'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_may_be_called_as_a_number_is_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "1e4"
    folder.mkdir()
    assert train("face_landmarks", "plus", False, str(folder), tmp_path / "out", 1.0, None, {}) == 1
    assert "takes a whole number" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("name", "preset", "told"),
    [
        ("nope", "plus", "There is no network 'nope'."),
        ("face_landmarks", "nope", "There is no preset 'nope' of face_landmarks; face_landmarks has presets plus and"),
    ],
)
def test_a_network_that_there_is_not_is_wrong_use(
    name: str, preset: str, told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert train(name, preset, False, str(tmp_path), tmp_path / "out", 1.0, None, {}) == 2
    assert told in capfd.readouterr().err
    assert evaluate(name, preset, tmp_path, None, None, False) == 2
    assert told in capfd.readouterr().err


def test_without_samples_the_network_is_judged_first_and_its_own_renderer_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert train("nope", "plus", False, None, tmp_path, 1.0, None, {}) == 2
    assert "There is no network 'nope'." in capfd.readouterr().err
    assert train("eye_state", "plus", False, None, tmp_path, 1.0, None, {}) == 2
    assert "python -m training.faces.eye_render --out SAMPLES" in capfd.readouterr().err.replace("\n", " ")


def test_a_folder_of_recordings_that_is_missing_is_called_missing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    assert evaluate("face_landmarks", "plus", None, missing, None, False) == 1
    assert f"the folder {missing} is missing; name the one that holds kinect_person" in capfd.readouterr().err


def test_the_first_signal_asks_and_the_second_ends() -> None:
    asked, before = threading.Event(), signal.getsignal(signal.SIGTERM)
    with _asks_to_stop(asked):
        signal.raise_signal(signal.SIGTERM)
        assert asked.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
