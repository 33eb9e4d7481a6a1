"""Spots and areas placed, moved and reshaped by the mouse."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.looks.look import MOST_MARKS
from gui.looks.spot_tool import Field, Placing, SpotTool
from gui.looks.spots import Area, Mark, Spot


class Desk:
    """What the tool works on, and what it did."""

    def __init__(self, *marks: Mark) -> None:
        self.marks: tuple[Mark, ...] = marks
        self.touched = ""
        self.placed = 0
        self.tool = SpotTool(lambda: Field(160, 120, self.marks, 4.0), self.put, self.count)

    def put(self, marks: tuple[Mark, ...], name: str) -> None:
        self.marks, self.touched = marks, name

    def count(self) -> None:
        self.placed += 1

    def drag(self, a: tuple[float, float], b: tuple[float, float]) -> bool:
        took = self.tool.press(*a)
        self.tool.move((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        self.tool.move(*b)
        self.tool.release(*b)
        return took


def test_a_click_places_a_spot_and_then_the_mouse_moves_the_picture_again() -> None:
    desk = Desk()
    desk.tool.placing = Placing.SPOT
    assert desk.drag((40.2, 30.4), (40.2, 30.4))
    assert desk.marks == (Spot("Sp1", 40, 30),)
    assert desk.placed == 1
    assert desk.tool.placing is Placing.NOTHING
    assert not desk.tool.press(100, 100)


def test_a_drag_draws_an_area_in_any_direction() -> None:
    desk = Desk()
    desk.tool.placing = Placing.AREA
    desk.drag((80, 60), (20, 30))
    assert desk.marks == (Area("Ar1", 20, 30, 80, 60),)


def test_a_slip_of_the_hand_draws_no_area_and_it_can_be_tried_again() -> None:
    desk = Desk()
    desk.tool.placing = Placing.AREA
    desk.drag((80, 60), (81, 60))
    assert desk.marks == ()
    assert desk.tool.placing is Placing.AREA


def test_spots_areas_and_corners_are_dragged() -> None:
    desk = Desk(Spot("Sp1", 50, 50), Area("Ar1", 60, 60, 90, 80))
    assert desk.drag((51, 50), (61, 40))
    assert desk.marks[0] == Spot("Sp1", 60, 40)
    assert desk.drag((75, 70), (85, 75))
    assert desk.marks[1] == Area("Ar1", 70, 65, 100, 85)
    assert desk.drag((70, 65), (50, 30))
    assert desk.marks[1] == Area("Ar1", 50, 30, 100, 85)
    assert desk.touched == "Ar1"


def test_presses_beside_every_mark_and_beside_the_picture_are_left_to_the_tile() -> None:
    desk = Desk(Spot("Sp1", 50, 50))
    assert not desk.drag((10, 10), (50, 50))
    desk.tool.placing = Placing.SPOT
    assert not desk.tool.press(-5, 20)
    assert not desk.tool.press(160, 20)
    assert len(desk.marks) == 1


def test_there_are_not_too_many_marks() -> None:
    desk = Desk(*(Spot(f"Sp{n}", n, n) for n in range(MOST_MARKS)))
    desk.tool.placing = Placing.SPOT
    desk.drag((100, 20), (100, 20))
    assert len(desk.marks) == MOST_MARKS


def test_a_picture_that_goes_while_a_mark_is_held_is_no_trouble() -> None:
    desk = Desk(Spot("Sp1", 50, 50))
    tool = SpotTool(lambda: None, desk.put)
    assert not tool.press(50, 50)
    assert desk.tool.press(50, 50)
    desk.marks = ()
    assert not desk.tool.move(60, 60)
    assert not desk.tool.release(60, 60)


moves = st.lists(st.tuples(st.floats(-50, 250), st.floats(-50, 250)), min_size=1, max_size=8)


@given(st.sampled_from(Placing), moves)
def test_whatever_the_mouse_does_marks_stay_in_the_picture(placing: Placing, path: list[tuple[float, float]]) -> None:
    desk = Desk(Spot("Sp1", 50, 50), Area("Ar1", 60, 60, 90, 80))
    desk.tool.placing = placing
    desk.tool.press(*path[0])
    for place in path:
        desk.tool.move(*place)
    desk.tool.release(*path[-1])
    for m in desk.marks:
        corners = [(m.x, m.y)] if isinstance(m, Spot) else [(m.x0, m.y0), (m.x1, m.y1)]
        assert all(0 <= x < 160 and 0 <= y < 120 for x, y in corners)
        if isinstance(m, Area):
            assert m.x0 <= m.x1
            assert m.y0 <= m.y1
