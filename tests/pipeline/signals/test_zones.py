"""Zones of gaze: where a direction lies, and what is wrong in a file, with line and column."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.frame import Frame, FrameSet
from pipeline.config import load_config
from pipeline.signals.zones import ELSEWHERE, READY, ZoneFinder, ZonesError, inside_deg, load_zones, read_zones
from pipeline.steps.register import View
from pipeline.steps.signals import signal_step
from tests.pipeline.signals.faces import INTRINSICS, info_of, make_face

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
TEXT = """version = 1
[[zones]]
name = "road"
role = "road"
polygon = [[-10, -10], [10, -10], [10, 10], [-10, 10]]
[[zones]]
name = "screen"
role = "off"
polygon = [[-40, -10], [-10, -10], [-10, 10], [-40, 10]]
"""


def problems(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(ZonesError) as caught:
        read_zones(text, "mine.toml")
    return [(place.line, place.column, what) for place, what in caught.value.problems]


def test_ready_sets_load_and_straight_ahead_is_on_the_task() -> None:
    for name in READY:
        zones = load_zones(name)
        assert ZoneFinder(zones).step(0.0, 0.0).role == "road"
        assert zones.names[-1] == ELSEWHERE
        assert len(set(zones.names)) == len(zones.zones) + 1


@pytest.mark.parametrize(
    ("yaw", "pitch", "name"),
    [
        (0, 3, "road"), (0, -16, "instruments"), (-40, 11, "inside mirror"), (40, -6, "left mirror"),
        (-66, -6, "right mirror"), (-32, -20, "centre screen"), (0, -50, "lap"), (90, 0, "left window"),
        (-95, 0, "right window"), (22, 2, "windscreen"), (0, 60, ELSEWHERE),
    ],
)  # fmt: skip
def test_what_a_driver_on_the_left_looks_at(yaw: float, pitch: float, name: str) -> None:
    assert ZoneFinder(load_zones("car-left-hand-drive")).step(yaw, pitch).name == name


def test_zones_chosen_in_the_configuration_are_what_is_told(tmp_path: Path) -> None:
    """A room has no road: no word of the car's set is told where another set was chosen, by name or of a file."""
    mine = tmp_path / "hall.toml"
    mine.write_text(TEXT.replace('name = "road"', 'name = "door"'))
    car = set(load_zones("car-left-hand-drive").names) - {"lap", ELSEWHERE}
    for source, ahead in (("desk", "screen"), (str(mine), "door")):
        config = tmp_path / "settings.toml"
        config.write_text(f"[signals]\nzones = {source!r}\n")
        step = signal_step(load_config(config).signals)
        assert step is not None
        labels = []
        for n, yaw in enumerate((0.0, 0.0, 20.0, -40.0, 60.0, -70.0)):
            ns, face = n * 100_000_000, make_face(yaw=yaw)
            frame = Frame(info_of(), np.zeros((480, 640), np.uint8), n, ns, ns)
            view = View(frame, np.asarray(frame.pixels), None, INTRINSICS)
            (told,) = step(FrameSet(n, ns, {"infrared": frame}), view, INTRINSICS, [face])
            labels.append(told.signals["gaze_zone"].label)
        assert labels[0] == ahead
        assert not car & set(labels)


@given(yaw=st.floats(-120, 120), pitch=st.floats(-90, 90))
def test_a_car_driven_on_the_other_side_is_the_mirror_image(yaw: float, pitch: float) -> None:
    here = ZoneFinder(load_zones("car-left-hand-drive")).step(yaw, pitch)
    there = ZoneFinder(load_zones("car-right-hand-drive")).step(-yaw, pitch)
    if abs(here.margin_deg) > 1e-6:
        swapped = {"left": "right", "right": "left"}
        assert there.name == " ".join(swapped.get(word, word) for word in here.name.split())
        assert there.role == here.role


def test_mirrors_and_instruments_belong_to_driving_and_the_lap_does_not() -> None:
    zones = load_zones("car-left-hand-drive")
    assert [zones.role(n) for n in ("road", "inside mirror", "instruments", "lap", ELSEWHERE, "no such zone")] == [
        "road", "driving", "driving", "off", "off", "off"
    ]  # fmt: skip


def test_how_far_a_point_is_inside() -> None:
    assert inside_deg(SQUARE, (5.0, 5.0)) == pytest.approx(5.0)
    assert inside_deg(SQUARE, (9.0, 5.0)) == pytest.approx(1.0)
    assert inside_deg(SQUARE, (13.0, 14.0)) == pytest.approx(-5.0)
    assert inside_deg(tuple(reversed(SQUARE)), (9.0, 5.0)) == pytest.approx(1.0)


def test_a_gaze_along_a_border_does_not_flicker() -> None:
    finder = ZoneFinder(read_zones(TEXT, "mine.toml"), hysteresis_deg=2.0)
    assert finder.step(0.0, 0.0).name == "road"
    names = [finder.step(-10.0 + wobble, 0.0).name for wobble in (-1.5, 1.5, -1.9, 1.0, -1.99)]
    assert names == ["road"] * 5
    assert finder.step(-12.1, 0.0).name == "screen"
    assert [finder.step(x, 0.0).name for x in (-9.0, -11.0, -8.1)] == ["screen"] * 3
    assert finder.step(-7.9, 0.0).name == "road"


def test_what_is_only_held_says_so() -> None:
    finder = ZoneFinder(read_zones(TEXT, "mine.toml"), hysteresis_deg=2.0)
    finder.step(0.0, 0.0)
    assert finder.step(-11.0, 0.0).margin_deg == pytest.approx(-1.0)
    assert finder.step(-5.0, 0.0).margin_deg == pytest.approx(5.0)


def test_hysteresis_holds_at_the_rim_of_everything_too() -> None:
    finder = ZoneFinder(read_zones(TEXT, "mine.toml"), hysteresis_deg=2.0)
    assert finder.step(0.0, 20.0).name == ELSEWHERE
    assert finder.step(0.0, 8.5).name == ELSEWHERE
    assert finder.step(0.0, 7.5).name == "road"
    assert finder.step(0.0, 11.5).name == "road"
    assert finder.step(0.0, 12.5).name == ELSEWHERE
    assert finder.step(0.0, 12.5).margin_deg == pytest.approx(2.5)
    finder.reset()
    assert finder.step(0.0, 9.5).name == "road"


def test_of_zones_that_overlap_the_first_one_wins_and_borders_hold_between_them() -> None:
    text = TEXT.replace(
        "[[-40, -10], [-10, -10], [-10, 10], [-40, 10]]", "[[-40, -30], [40, -30], [40, 30], [-40, 30]]"
    )
    finder = ZoneFinder(read_zones(text, "mine.toml"), hysteresis_deg=2.0)
    assert finder.step(0.0, 0.0).name == "road"
    assert finder.step(11.0, 0.0).name == "road"
    hit = finder.step(13.0, 0.0)
    assert (hit.name, hit.margin_deg) == ("screen", pytest.approx(3.0))
    assert finder.step(9.0, 0.0).name == "screen"
    assert finder.step(7.0, 0.0).name == "road"


@given(st.lists(st.tuples(st.floats(-120, 120), st.floats(-90, 90)), min_size=1, max_size=20))
def test_with_hysteresis_the_zone_is_never_farther_away_than_that(path: list[tuple[float, float]]) -> None:
    zones = load_zones("car-left-hand-drive")
    finder = ZoneFinder(zones, hysteresis_deg=3.0)
    for yaw, pitch in path:
        hit = finder.step(yaw, pitch)
        assert hit.margin_deg >= -3.0 - 1e-9
        assert hit.role == zones.role(hit.name)


def test_every_wrong_thing_is_told_with_line_and_column() -> None:
    text = TEXT.replace('role = "off"', 'role = "of"').replace("[-40, 10]]", "[-40, 10], [1]]") + "color = 3\n"
    told = problems(text)
    assert [(line, column) for line, column, _ in told] == [(8, 8), (9, 11), (10, 1)]
    assert "must be 'road', 'driving' or 'off', found 'of'" in told[0][2]
    assert "each corner must be two numbers, [yaw_deg, pitch_deg], found [1]" in told[1][2]
    assert "'color' is not known here; known are name, role, polygon" in told[2][2]


def test_the_message_begins_with_file_line_and_column() -> None:
    with pytest.raises(ZonesError, match=r"^mine\.toml:4:8: role: must be 'road', 'driving' or 'off', found 'raod'$"):
        read_zones(TEXT.replace('role = "road"', 'role = "raod"'), "mine.toml")


@pytest.mark.parametrize(
    ("change", "line", "column", "words"),
    [
        (("version = 1", "version = 2"), 1, 11, "version: must be 1, found 2"),
        (("version = 1\n", ""), 1, 1, "'version' is missing"),
        (("[-10, 10]]", "[-10, 1000]]"), 5, 11, "angles must be numbers from -180 to 180 degrees, found 1000"),
        (("[-10, 10]]", "[-10, true]]"), 5, 11, "found True"),
        (("[10, 10], [-10, 10]]", "[-10, 10], [10, 10]]"), 5, 11, "the polygon crosses itself between corners"),
        ((", [10, 10], [-10, 10]]", "]"), 5, 11, "polygon: at least 3 were expected, found 2"),
        (("[[-10, -10], [10, -10], [10, 10], [-10, 10]]", "[[0, 0], [1, 1], [2, 2]]"), 5, 11, "less than one square"),
        (("[[-10, -10], [10, -10], [10, 10], [-10, 10]]", '"all"'), 5, 11, "must be a list of corners"),
        (('role = "road"', 'role = "driving"'), 2, 3, "no zone has the role 'road'"),
        (('name = "screen"', 'name = "road"'), 8, 8, "the zone 'road' was 'road' above and is 'off' here"),
        (('name = "screen"', 'name = "elsewhere"'), 7, 8, "'elsewhere' is what lies in no zone"),
        (('name = "screen"', 'name = ""'), 7, 8, "name: "),
        (('role = "off"\n', ""), 6, 3, "'role' is missing"),
        (("version = 1", "version = "), 1, 11, "no TOML"),
        (("version = 1", "version = 1\n[camera]\nyaw_deg = 200"), 3, 11, "yaw_deg: must be less than or equal to 80"),
        (("version = 1", "version = 1\n[camera]\nyaw = 2"), 3, 1, "known are yaw_deg, pitch_deg, measured"),
        (("version = 1", "version = 1\n[camera]\nyaw_deg = nan"), 3, 11, "finite number"),
    ],
)
def test_wrong_files(change: tuple[str, str], line: int, column: int, words: str) -> None:
    assert change[0] in TEXT
    told = problems(TEXT.replace(*change, 1))
    assert len(told) == 1, told
    assert told[0][:2] == (line, column), told
    assert words in told[0][2], told


def test_an_empty_file_says_what_is_missing() -> None:
    assert [what for _, _, what in problems("")] == ["the key 'version' is missing", "the key 'zones' is missing"]


def test_files_are_read_and_those_that_cannot_be_say_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert load_zones(path).names == ("road", "screen", ELSEWHERE)
    with pytest.raises(ZonesError, match="ready sets are car-left-hand-drive, car-right-hand-drive, desk"):
        load_zones(tmp_path / "none.toml")
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ZonesError, match="no text in UTF-8"):
        load_zones(path)
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(ZonesError, match="no file of zones"):
        load_zones(path)


def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "zones.toml"
    os.mkfifo(pipe)
    with pytest.raises(ZonesError, match="no file of zones"):
        load_zones(pipe)
