"""`tapetum train` in a terminal: the course of the loss, wrong use, signals given back."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.training import _asks_to_stop, sparkline, train


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


def test_the_first_signal_asks_and_the_second_ends() -> None:
    asked, before = threading.Event(), signal.getsignal(signal.SIGTERM)
    with _asks_to_stop(asked):
        signal.raise_signal(signal.SIGTERM)
        assert asked.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before
