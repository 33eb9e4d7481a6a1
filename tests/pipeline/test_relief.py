"""A relief as a lit surface: from the front, turned, and in fog where its model is unsure."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.labels import ORANGE, generated_picture
from pipeline.relief import BACKGROUND, FOG, shade_relief
from recordings.observation import GeneratedImage

_YY, _XX = np.mgrid[-1:1:96j, -1:1:96j]
_R2 = _XX**2 + _YY**2
DOME = np.where(_R2 < 0.6, 100 * np.sqrt(np.clip(0.6 - _R2, 0, None)), np.nan).astype(np.float32)


def _nose(x: float = 0.0) -> np.ndarray:
    """A dome with a nose on it, at ``x`` of half a crop."""
    nose = 45 * np.exp(-(((_XX - x) / 0.09) ** 2) - (_YY / 0.12) ** 2)
    return (DOME + nose).astype(np.float32)


def test_a_relief_is_lit_from_the_upper_left_and_dark_outside_the_head() -> None:
    rgb = shade_relief(DOME, 192)
    assert rgb.shape == (192, 192, 3)
    assert rgb[60, 60].sum() > 1.3 * rgb[132, 132].sum()
    assert rgb[2, 2].sum() < 120
    assert shade_relief(np.full((96, 96), np.nan, np.float32)).max() < 60


def test_where_the_model_is_sure_there_is_no_fog_and_where_it_is_not_there_is_nothing_else() -> None:
    clear = shade_relief(DOME, 192)
    assert np.array_equal(clear, shade_relief(DOME, 192, np.ones_like(DOME)))
    fogged = shade_relief(DOME, 192, np.zeros_like(DOME))
    assert np.abs(fogged[96, 96].astype(int) - FOG).max() <= 1
    assert np.array_equal(fogged[2, 2], BACKGROUND)


def test_the_less_sure_the_model_the_less_of_the_surface_shows() -> None:
    spread = []
    for sure in (1.0, 0.6, 0.4, 0.2, 0.0):
        inner = shade_relief(DOME, 192, np.full_like(DOME, sure))[60:132, 60:132]
        spread.append(float(inner.astype(float).std(axis=(0, 1)).mean()))
    assert spread == sorted(spread, reverse=True)
    assert spread[0] > 10
    assert spread[-1] < 1


def test_an_unsure_cheek_is_fogged_and_the_other_is_not() -> None:
    confidence = np.where(_XX < 0, 1.0, 0.0).astype(np.float32)
    rgb = shade_relief(DOME, 192, confidence)
    clear = shade_relief(DOME, 192)
    assert np.abs(rgb[96, 140].astype(int) - FOG).max() <= 2
    assert np.abs(rgb[96, 50].astype(int) - clear[96, 50]).max() <= 2


def test_a_confidence_that_is_no_number_counts_as_none_at_all() -> None:
    confidence = np.full_like(DOME, np.nan)
    assert np.array_equal(shade_relief(DOME, 96, confidence), shade_relief(DOME, 96, np.zeros_like(DOME)))


@pytest.mark.parametrize(("turn", "axis", "sign"), [((30, 0), 1, 1), ((-30, 0), 1, -1), ((0, 30), 0, -1)])
def test_a_surface_turned_to_its_own_left_shows_the_nose_further_right_and_turned_up_further_up(
    turn: tuple[float, float], axis: int, sign: int
) -> None:
    def at(turn_deg: tuple[float, float]) -> float:
        bare, nosed = (shade_relief(r, 160, turn_deg=turn_deg).astype(int) for r in (DOME, _nose()))
        places = np.argwhere(np.abs(bare - nosed).sum(axis=2) > 60)
        return float(places.mean(axis=0)[axis])

    assert sign * (at(turn) - at((0.0, 0.0))) > 8


def test_of_a_turned_surface_the_nearer_part_hides_the_farther_one() -> None:
    """A bright ridge before a wall: turned by half a right angle it covers the wall beside it, whatever the side."""
    wall = np.where(np.abs(_XX) < 0.1, 90.0, 0.0).astype(np.float32)
    fog = np.where(np.abs(_XX) < 0.1, 1.0, 0.0).astype(np.float32)
    for turn, sign in ((40.0, 1), (-40.0, -1)):
        rgb = shade_relief(wall, 160, fog, (turn, 0.0)).astype(int)
        ridge = np.argwhere(np.abs(rgb - FOG).sum(axis=2) > 150)
        ridge = ridge[(ridge[:, 0] > 40) & (ridge[:, 0] < 120)]
        columns = ridge[rgb[ridge[:, 0], ridge[:, 1]].sum(axis=1) > 300][:, 1]
        assert columns.size
        assert sign * (np.median(columns) - 80) > 20


def test_a_generated_relief_is_marked_however_it_is_turned() -> None:
    image = GeneratedImage("relief", "m", np.zeros((96, 96), np.uint8), _nose(), np.full((96, 96), 0.5, np.float32))
    for turn in ((0.0, 0.0), (45.0, -20.0), (900.0, 0.0)):
        rgb = generated_picture(image, 140, turn)
        ink = np.abs(rgb[2:-2, 2:-2].astype(int) - ORANGE).sum(axis=2) < 60
        assert ink.sum() > 100
