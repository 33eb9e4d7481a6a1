"""Where tiles stand, which part of a picture is seen, and where a tile's own window goes."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from gui.settings import Settings
from gui.tiles.arrange import neighbour, rects
from gui.tiles.layout import Arrangement
from gui.tiles.screens import LEAST, SETTING, Where, WindowPlaces, within
from gui.tiles.viewport import LARGEST, Viewport

sizes = st.integers(1, 4000)


@given(st.sampled_from(list(Arrangement)), st.integers(1, 16), st.integers(300, 4000), st.integers(300, 3000))
def test_tiles_stand_inside_and_never_on_each_other(kind: Arrangement, count: int, width: int, height: int) -> None:
    count = kind.count or count
    places = rects(kind, count, width, height)
    assert len(places) == count
    for i, (x, y, w, h) in enumerate(places):
        assert w > 0
        assert h > 0
        assert x >= 0
        assert x + w <= width
        assert y >= 0
        assert y + h <= height
        for u, v, a, b in places[:i]:
            assert x >= u + a or u >= x + w or y >= v + b or v >= y + h


@given(st.sampled_from(list(Arrangement)), st.integers(0, 16), st.integers(0, 20), st.integers(0, 20))
def test_no_window_is_too_small_to_place_them(kind: Arrangement, count: int, width: int, height: int) -> None:
    assert all(w > 0 and h > 0 for _, _, w, h in rects(kind, count, width, height))


def test_the_main_tile_is_the_largest() -> None:
    for count in range(2, 10):
        places = rects(Arrangement.MAIN, count, 1080, 700)
        assert all(places[0][2] * places[0][3] > w * h for _, _, w, h in places[1:]), count


def test_arrows_walk_through_nine_tiles() -> None:
    places = rects(Arrangement.NINE, 9, 900, 600)
    assert neighbour(places, 4, 1, 0) == 5
    assert neighbour(places, 4, -1, 0) == 3
    assert neighbour(places, 4, 0, -1) == 1
    assert neighbour(places, 4, 0, 1) == 7
    assert neighbour(places, 0, -1, 0) == 0, "at the edge it stays"


views = st.builds(lambda p, r: Viewport(p, r), st.tuples(sizes, sizes), st.tuples(sizes, sizes))


@given(views)
def test_at_first_the_whole_picture_is_seen(view: Viewport) -> None:
    assert view.seen() == (0, 0, *view.picture)
    w, h = (n * view.scale for n in view.picture)
    assert w <= view.room[0] * (1 + 1e-9)
    assert h <= view.room[1] * (1 + 1e-9)


@given(views, st.floats(0, 1), st.floats(0, 1), st.floats(1.01, 8))
def test_what_is_under_the_cursor_stays_there_while_it_zooms(view: Viewport, fx: float, fy: float, by: float) -> None:
    x, y = fx * view.room[0], fy * view.room[1]
    before = view.to_picture(x, y)
    view.zoom_at(x, y, by)
    after = view.to_picture(x, y)
    for axis in (0, 1):
        larger = view.picture[axis] * view.scale > view.room[axis] * 1.0001
        was_larger = view.picture[axis] * view.whole >= view.room[axis] * 0.9999
        if larger and was_larger:
            assert math.isclose(before[axis], after[axis], abs_tol=1e-3 * view.picture[axis] + 1e-6)
    assert view.scale <= max(LARGEST, view.whole) * 1.001


@given(views, st.lists(st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(0.2, 5)), max_size=6))
def test_the_picture_can_never_be_lost(view: Viewport, moves: list[tuple[float, float, float]]) -> None:
    for dx, dy, factor in moves:
        view.zoom_at(abs(dx) % view.room[0], abs(dy) % view.room[1], factor)
        view.move(dx, dy)
        x, y, w, h = view.seen()
        assert 0 <= x < view.picture[0]
        assert 0 <= y < view.picture[1]
        assert 1 <= w <= view.picture[0] - x
        assert 1 <= h <= view.picture[1] - y
        for axis in (0, 1):
            size, start = view.picture[axis] * view.scale, view.origin[axis]
            if size >= view.room[axis]:
                assert start <= 1e-6
                assert start + size >= view.room[axis] - 1e-3
    view.reset()
    assert view.seen() == (0, 0, *view.picture)


@given(views, st.floats(0, 1), st.floats(0, 1))
def test_places_go_to_the_tile_and_back(view: Viewport, fx: float, fy: float) -> None:
    x, y = fx * view.picture[0], fy * view.picture[1]
    u, v = view.to_picture(*view.to_tile(x, y))
    assert math.isclose(u, x, abs_tol=1e-4 + 1e-9 * view.picture[0] / view.scale)
    assert math.isclose(v, y, abs_tol=1e-4 + 1e-9 * view.picture[1] / view.scale)


rect = st.tuples(*[st.integers(-9000, 9000)] * 2, *[st.integers(1, 9000)] * 2)


@given(
    rect, st.tuples(st.integers(-4000, 4000), st.integers(-2000, 2000), st.integers(640, 4000), st.integers(480, 3000))
)
def test_a_window_always_comes_wholly_onto_a_screen(
    wanted: tuple[int, int, int, int], free: tuple[int, int, int, int]
) -> None:
    x, y, w, h = within(wanted, free)
    assert free[0] <= x
    assert x + w <= free[0] + free[2]
    assert free[1] <= y
    assert y + h <= free[1] + free[3]
    assert w >= min(LEAST[0], free[2])


def test_a_window_goes_to_the_other_screen_and_later_to_where_it_was() -> None:
    settings = Settings()
    places = WindowPlaces(settings)
    assert places.find("stream/depth", ["A", "B"], "A").screen == "B"
    assert places.find("stream/depth", ["A"], "A").screen == "A"
    places.remember("stream/depth", Where("B", (10, 20, 300, 200), True))
    places.remember("stream/depth", Where("A", (1, 2, 640, 480)))
    assert WindowPlaces(settings).find("stream/depth", ["A", "B"], "A") == Where("A", (1, 2, 640, 480))
    assert WindowPlaces(settings).find("stream/depth", ["B"], "B") == Where("B", (10, 20, 300, 200), True)
    assert WindowPlaces(settings).find("stream/depth", ["C"], "C").screen == "C"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(("k", "screen", "places", "B")), inner),
    max_leaves=16,
)


@given(json_values)
def test_broken_places_mean_the_usual_one(data: object) -> None:
    settings = Settings()
    settings.set(SETTING, data)
    found = WindowPlaces(settings).find("k", ["A", "B"], "A")
    assert found.screen in ("A", "B")
    assert found.rect[2] > 0
    assert found.rect[3] > 0
    WindowPlaces(settings).remember("k", Where("B", (1, 1, 400, 300)))
    assert WindowPlaces(settings).find("k", ["A", "B"], "A") == Where("B", (1, 1, 400, 300))
