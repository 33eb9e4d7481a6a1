"""Where texts stand: read from two metres, none over another, and in a crowd only what has room."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.overlay_layout import (
    CAPITAL,
    Area,
    Extent,
    Layout,
    Placed,
    arc_minutes_px,
    free_place,
    place_text,
    text_px,
)
from pipeline.primitives import Rank, Rectangle, Text

ROOM: Area = (0.0, 0.0, 900.0, 700.0)


def measure(text: str, size: float) -> Extent:
    """A font whose letters are all 0.6 wide."""
    return Extent(0.6 * size * len(text), CAPITAL * size, 0.1 * size)


def layout(scale: float = 1.0, tile: tuple[float, float] = (1120.0, 840.0)) -> Layout:
    return Layout(ROOM, lambda x, y: (x * scale, y * scale), scale, lambda rank: text_px(rank, *tile), measure)


def overlap(a: Area, b: Area) -> bool:
    return a[0] + 1 < b[0] + b[2] and b[0] + 1 < a[0] + a[2] and a[1] + 1 < b[1] + b[3] and b[1] + 1 < a[1] + a[3]


def test_a_minute_of_arc_at_two_metres_is_what_trigonometry_says() -> None:
    assert arc_minutes_px(60.0, 2.0) == pytest.approx(2000 * math.tan(math.radians(1)) / 0.27675, rel=1e-3)


def test_in_the_large_tile_of_a_24_inch_screen_what_matters_is_read_from_two_metres() -> None:
    """ISO 9241-303: capitals of 20 to 22 minutes of arc are preferred, 16 is the least."""
    assert CAPITAL * text_px(Rank.MAIN, 1200, 840) >= arc_minutes_px(20.0)
    assert CAPITAL * text_px(Rank.SIDE, 1200, 840) >= arc_minutes_px(16.0)
    assert CAPITAL * text_px(Rank.NOTE, 1200, 840) >= arc_minutes_px(16.0, 1.2), "reasons from an arm's length and more"


def test_in_one_of_four_tiles_it_is_read_from_a_metre() -> None:
    assert CAPITAL * text_px(Rank.MAIN, 640, 440) >= arc_minutes_px(20.0, 1.0)


@given(st.floats(1, 8000), st.floats(1, 8000), st.sampled_from(Rank))
def test_text_is_never_too_small_to_be_read_and_grows_with_the_tile(width: float, height: float, rank: Rank) -> None:
    size = text_px(rank, width, height)
    assert 11.0 <= size <= 80.0
    assert text_px(rank, 1.5 * width, 1.5 * height) >= size
    assert text_px(Rank.MAIN, width, height) >= size


PLACES = st.tuples(st.floats(-200, 1100), st.floats(-200, 900), st.floats(1, 300), st.floats(1, 80), st.booleans())


@given(st.lists(PLACES, max_size=20))
def test_a_place_that_is_called_free_is_free_and_inside(wanted: list[tuple[float, float, float, float, bool]]) -> None:
    taken: list[Area] = []
    for x, y, w, h, upward in wanted:
        plate, free = place_text(x, y, w, h, ROOM, taken, upward)
        assert plate[0] >= 0
        assert plate[0] + w <= 900.01
        assert plate[1] >= -0.01
        assert plate[1] + h <= 700.01
        if free:
            assert not any(overlap(plate, t) for t in taken)
            taken.append(plate)


@given(st.lists(st.tuples(st.floats(0, 880), st.floats(0, 680), st.floats(5, 150)), min_size=5, max_size=50))
def test_in_a_crowd_no_text_lies_on_another_and_none_strays(faces: list[tuple[float, float, float]]) -> None:
    one = layout()
    placed: list[Placed] = []
    for number, (x, y, room) in enumerate(faces):
        for text in (
            Text("s", x, y, f"#{number}  2.34 m  97 %", upward=True, room=room, short=f"#{number}"),
            Text("s", x, y + room, "eyes open 92 %", room=room),
        ):
            found = one.place(text)
            if found is not None:
                placed.append(found)
                assert abs(found.plate[1] - text.y) < 6 * found.plate[3] + 1
                assert found.text in (text.text, text.short)
    for i, a in enumerate(placed):
        assert not any(overlap(a.plate, b.plate) for b in placed[:i])


def test_a_small_face_in_a_crowd_keeps_its_number_and_loses_the_rest() -> None:
    one = layout()
    label = one.place(Text("s", 300, 300, "#7  2.34 m  97 %", upward=True, room=40.0, short="#7"))
    assert label is not None
    assert label.text == "#7"
    assert one.place(Text("s", 300, 350, "eyes open 92 %", room=40.0)) is None


def test_a_text_shrinks_to_its_room_before_it_is_cut_short() -> None:
    whole = layout().place(Text("s", 100, 300, "#7  2.34 m  97 %", upward=True))
    shrunk = layout().place(Text("s", 100, 300, "#7  2.34 m  97 %", upward=True, room=250.0, short="#7"))
    assert whole is not None
    assert shrunk is not None
    assert shrunk.text == whole.text
    assert shrunk.size < whole.size
    assert shrunk.plate[2] <= 1.3 * 250


def test_words_under_a_face_stand_under_each_other_and_keep_off_other_faces() -> None:
    one = layout()
    one.avoid(Rectangle("s", 100, 100, 100, 100, (1, 2, 3)))
    one.avoid(Rectangle("s", 100, 260, 100, 100, (1, 2, 3)))
    first = one.place(Text("s", 100, 200, "eyes open", rank=Rank.NOTE))
    second = one.place(Text("s", 100, 200, "33.3", room=100.0))
    assert first is not None
    assert first.plate[1] >= 200
    if second is not None:
        assert second.plate[1] >= first.plate[1] + first.plate[3] - 1
        assert not overlap(second.plate, (100, 260, 100, 100))


def test_a_single_face_that_fills_the_picture_still_has_its_words() -> None:
    one = layout()
    one.avoid(Rectangle("s", 0, 0, 900, 700, (1, 2, 3)))
    assert one.place(Text("s", 0, 0, "#1", upward=True)) is not None
    assert one.place(Text("s", 0, 700, "eyes open 92 %")) is not None


def test_a_note_is_painted_even_where_there_is_no_room() -> None:
    one = Layout((0, 0, 60, 20), lambda x, y: (x, y), 1.0, lambda _: 20.0, measure)
    texts = [Text("s", 0, 0, "STALE", stays=True), Text("s", 0, 0, "SHUTTER CLOSED", stays=True)]
    assert all(one.place(t) is not None for t in texts)


def test_texts_keep_off_the_mark_of_a_generated_image() -> None:
    one = layout()
    place = one.place_inset(300, 300, 120, 120)
    assert place == (300, 300)
    text = one.place(Text("s", 300, 300, "#1  0.71 m  97 %"))
    assert text is not None
    assert not overlap(text.plate, (300, 300, 120, 120))


def test_insets_never_overlap_and_one_without_room_is_left_out() -> None:
    taken: list[Area] = []
    for _ in range(40):
        place = free_place(100, 100, 200, 200, ROOM, taken)
        if place is not None:
            taken.append((*place, 200.0, 200.0))
    assert 4 <= len(taken) <= 12
    for i, a in enumerate(taken):
        assert not any(overlap(a, b) for b in taken[:i])


def lines_of(whose: str, x: float, y: float, *words: str) -> list[Text]:
    return [Text("color", x, y, said, rank=Rank.SIDE, room=400.0, whose=whose) for said in words]


def test_lines_that_stand_under_anothers_block_say_whose_they_are() -> None:
    made = layout()
    first = [made.place(t) for t in lines_of("#2", 100, 200, "eyes open 90 %", "hottest 34.5 °C")]
    second = [made.place(t) for t in lines_of("#3", 180, 200, "eyes open 80 %", "hottest 32.3 °C")]
    assert [p.text for p in first if p] == ["eyes open 90 %", "hottest 34.5 °C"], "at home nobody need say it"
    told = [p.text for p in second if p]
    assert told, "there is room for them"
    assert told[0].startswith("#3 "), "the first that stands away from its face"
    plates = [p.plate for p in (*first, *second) if p]
    assert not any(overlap(a, b) for i, a in enumerate(plates) for b in plates[:i])


def test_a_line_that_leaves_its_own_block_says_whose_it_is_and_the_next_under_it_need_not() -> None:
    made = layout()
    (home,) = (made.place(t) for t in lines_of("#3", 300, 200, "eyes open 80 %"))
    assert home is not None
    made.place(Text("color", 250, home.plate[1] + home.plate[3], "stays in the way", rank=Rank.SIDE, stays=True))
    away, under = (made.place(t) for t in lines_of("#3", 300, 200, "hottest 32.3 °C", "yaw 0°"))
    assert away is not None
    assert away.text == "#3 hottest 32.3 °C"
    assert under is not None
    assert under.text == "yaw 0°"
    label = Text("color", 300, 200, "#3  0.92 m", rank=Rank.MAIN, upward=True)
    placed = made.place(label)
    assert placed is not None
    assert placed.text == label.text
