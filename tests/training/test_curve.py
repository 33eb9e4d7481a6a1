"""The log keeps every value, torn rows do no harm, and the curve shows what is in it."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.curve import COLORS, HEIGHT, LEFT, RIGHT, WIDTH, curve_image, draw_curve, panels, smoothed, ticks
from training.run_log import RunLog, Series, read_log

FINITE = st.floats(allow_nan=True, allow_infinity=True)


def test_a_log_says_again_what_was_added_and_leaves_torn_rows_out(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "a.csv")
    log.add(1, 0.5, {"loss": 2.0, "rate": 1e-3})
    log.add(2, 1.0, {"loss": 1.0, "held_out.mm": 12.0})
    with log.path.open("ab") as file:
        file.write(b"3,1.5,loss,0.5\n4,2.0,lo\x00\xff")
    found = read_log(log.path)
    assert found["loss"] == Series([1, 2, 3], [2.0, 1.0, 0.5])
    assert found["held_out.mm"] == Series([2], [12.0])
    assert set(found) == {"loss", "rate", "held_out.mm"}


def test_a_log_that_goes_on_after_a_checkpoint_forgets_what_is_done_again(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "a.csv")
    for step in (50, 100, 150):
        log.add(step, step / 10, {"loss": 1.0 / step, "held_out.mm": 9.0})
    with log.path.open("ab") as file:
        file.write(b"200,20.0,lo\xff")  # torn by the end of its program
    log.begin(100)
    log.add(150, 15.0, {"loss": 0.5})
    found = read_log(log.path)
    assert found["loss"] == Series([50, 100, 150], [0.02, 0.01, 0.5])
    assert found["held_out.mm"].steps == [50, 100]
    assert log.path.read_text("utf-8").splitlines()[:2] == ["step,elapsed_s,name,value", "50,5.0,loss,0.02"]
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_new_run_keeps_the_logs_of_earlier_ones_beside_its_own(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "a.csv")
    for run in (1, 2, 3):
        log.begin(0)
        log.add(run, 1.0, {"loss": 1.0})
    kept = {one.name: read_log(one)["loss"].steps for one in tmp_path.iterdir()}
    assert kept == {"a.csv.1": [1], "a.csv.2": [2], "a.csv": [3]}


def test_the_curve_is_written_as_a_picture_and_replaced_as_a_whole(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "a.csv")
    log.add(1, 0.5, {"loss": 2.0})
    draw_curve(log.path, tmp_path / "a.png", "a run")
    first = cv2.imread(str(tmp_path / "a.png"))
    for step in range(2, 40):
        log.add(step, step / 2, {"loss": 2.0 / step, "fooled": -1.0 + step / 20})
    log.add(30, 15.0, {"held_out.mm": 9.0, "adversary": 1.0})
    draw_curve(log.path, tmp_path / "a.png", "a run")
    second = cv2.imread(str(tmp_path / "a.png"))
    assert first.shape == second.shape == (HEIGHT, WIDTH, 3)
    assert not np.array_equal(first, second)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "a.png"]


def lowest_row(image: np.ndarray, column: int, color: tuple[int, int, int]) -> int:
    """The lowest row of the line of that color in a column of the first panel."""
    top, bottom = panels()[0]
    rows = np.flatnonzero((np.abs(image[top:bottom, column].astype(int) - color).max(axis=1)) < 40)
    return top + int(rows.max())


def test_a_tenth_of_the_loss_lies_as_far_down_wherever_it_begins() -> None:
    """A log axis: from 100 to 10 is as far as from 10 to 1."""
    steps = list(range(1, 101))
    falling = Series(steps, [100 * 10 ** (-2 * (s - 1) / 99) for s in steps])
    image = curve_image({"loss": falling}, "")
    right = WIDTH - RIGHT
    rows = [lowest_row(image, round(LEFT + (right - LEFT) * share), COLORS[0]) for share in (0.25, 0.5, 0.75)]
    assert rows[1] - rows[0] > 40
    assert abs((rows[2] - rows[1]) - (rows[1] - rows[0])) <= 3


def test_each_kind_of_value_has_its_panel() -> None:
    line = Series([1, 2, 3], [3.0, 2.0, 1.0])
    for place, name in enumerate(("loss", "wing", "held_out.mm")):
        image = curve_image({name: line}, "")
        drawn = (np.abs(image[:, LEFT:-RIGHT].astype(int) - COLORS[0]).max(axis=2) < 40).any(axis=1)
        assert [bool(drawn[top:bottom].any()) for top, bottom in panels()] == [place == i for i in range(3)]


def test_parts_of_other_sizes_that_fall_alike_lie_on_each_other() -> None:
    steps = list(range(1, 51))
    large, small = (Series(steps, [size / s for s in steps]) for size in (1e3, 1e-3))
    both = curve_image({"large": large, "small": small}, "")[:, LEFT:-RIGHT]
    one = curve_image({"small": small}, "")[:, LEFT:-RIGHT]
    last_drawn = np.abs(both.astype(int) - COLORS[1]).max(axis=2) < 40
    alone = np.abs(one.astype(int) - COLORS[0]).max(axis=2) < 40
    assert last_drawn.any()
    assert (last_drawn & alone).sum() > 0.95 * alone.sum()


@given(
    values=st.lists(FINITE, min_size=0, max_size=30),
    names=st.lists(st.sampled_from(["loss", "critic", "held_out.mm", "adversary", "rate"]), min_size=1, unique=True),
)
@settings(max_examples=30, deadline=None)
def test_any_values_make_a_picture(values: list[float], names: list[str]) -> None:
    steps = list(range(1, len(values) + 1))
    series = {name: Series(list(steps), list(values)) for name in names if values}
    assert curve_image(series, "any").shape == (HEIGHT, WIDTH, 3)


@given(low=st.floats(-12, 11), span=st.floats(0.2, 12))
def test_an_axis_has_some_round_numbers_inside(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert 1 <= len(found) <= 16
    assert all(low - 1e-9 <= math.log10(value) <= low + span + 1e-9 for value in found)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200))
def test_a_smoothed_line_stays_within_its_points(values: list[float]) -> None:
    found = smoothed(values)
    assert len(found) == len(values)
    assert min(values) - 1e-3 <= min(found)
    assert max(found) <= max(values) + 1e-3
