"""The looks at a window, worked as an operator does: panel, keys, spots on the picture, the night."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from drivers.frame import Frame, FrameSet, StreamKind
from gui.faces.face_column import FaceColumn
from gui.feed import Mode, Shown
from gui.look import theme
from gui.looks.look import MOST_MARKS, Beyond
from gui.looks.look_panel import LookPanel
from gui.looks.looks_part import LooksPart
from gui.looks.spots import Area, Spot
from gui.qt import QtCore, QtGui, QtWidgets, Signal
from gui.settings import Settings
from gui.tiles.board_tile import Shades, Tile
from gui.tiles.layout import Place, Source
from pipeline.primitives import Text
from recordings.observation import Observation
from tests.gui.looks.made import drag, frame_of, warm
from tests.pipeline.pictures import face, frame_set, observation


class FakeBoard(QtCore.QObject):
    """One tile, drawn as the board draws it."""

    tile_made = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.looks: Any = None
        self.marks: Any = None
        self.tile = Tile()
        self.tile.resize(500, 420)

    def use_looks(self, looks: Any) -> None:
        self.looks = looks
        looks.watch(self.changed)

    def changed(self, stream: str) -> None:
        if self.tile.frame_shown is not None:
            self.draw(self.tile.frame_shown)

    def draw(self, shown: Frame) -> None:
        self.tile.set_place(Place(Source(stream=shown.stream)))
        looks = self.looks
        shades = Shades(looks.counts(shown), looks.look(shown.info), looks.scale(shown.info), looks.temperatures)
        self.painted = list(self.marks(shown))
        self.tile.show_frame(shown, shades, self.painted)

    @property
    def texts(self) -> list[str]:
        return [p.text for p in self.painted if isinstance(p, Text)]


class FakeDesk:
    def __init__(self, window: QtWidgets.QMainWindow) -> None:
        self.window = window
        self.mode = Mode.REPLAY
        self.settings = Settings()
        self.actions: dict[str, QtGui.QAction] = {}
        self.said: list[str] = []

    def say(self, words: str, warn: bool = False) -> None:
        self.said.append(words)


class Bench:
    """A window with the part and one tile."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QtWidgets.QMainWindow()
        self.window.resize(1000, 700)
        self.board = FakeBoard()
        self.window.setCentralWidget(self.board.tile)
        self.desk = FakeDesk(self.window)
        self.window.pictures = self.board  # type: ignore[attr-defined]  # as the window has it
        self.part = LooksPart(self.desk)  # type: ignore[arg-type]  # as much of a desk as is asked for
        self.part.ready()
        self.board.tile_made.emit(self.board.tile)
        self.qtbot = qtbot

    @property
    def looks(self) -> Any:
        return self.part.looks

    def show(self, *shown: Frame) -> None:
        frames = {f.stream: f for f in shown}
        number = {f.stream: f.number for f in shown}
        frame_set = FrameSet(0, shown[0].device_ns, frames)
        observation = Observation(0, shown[0].device_ns, shown[0].host_ns, 0, number, ())
        self.part.show_result(Shown(frame_set, observation))
        self.board.draw(shown[0])

    def at(self, x: float, y: float) -> QtCore.QPoint:
        """Where a picture's pixel is in the tile's canvas."""
        a, b = self.board.tile.canvas.view.to_tile(x, y)
        return QtCore.QPoint(round(a), round(b))

    def drag(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        half = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        drag(self.board.tile.canvas, self.at(*a), self.at(*half), self.at(*b))


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    before = theme.now().name
    made = Bench(qtbot)
    qtbot.addWidget(made.window)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.part.close()
    theme.use(before)


def test_a_spot_is_placed_by_a_click_and_reads_the_pixel_under_it(bench: Bench) -> None:
    shown = warm(20.0)
    bench.show(shown)
    bench.part.place_spot()
    bench.drag((40, 30), (40, 30))
    (spot,) = bench.looks.look(shown.info).marks
    assert spot == Spot("Sp1", 40, 30)
    assert bench.board.texts == [f"Sp1 {shown.celsius()[30, 40]:.1f} °C"]
    bench.drag((40, 30), (60, 20))
    assert bench.looks.look(shown.info).marks == (Spot("Sp1", 60, 20),)
    assert bench.desk.settings.get("looks.stream.thermal") == {"marks": [["Sp1", 60, 20]]}


def test_an_area_is_drawn_and_reads_min_mean_and_max(bench: Bench) -> None:
    shown = warm(20.0)
    bench.show(shown)
    bench.part.place_area()
    bench.drag((10, 10), (50, 40))
    (area,) = bench.looks.look(shown.info).marks
    assert area == Area("Ar1", 10, 10, 50, 40)
    part = shown.celsius()[10:41, 10:51]
    assert bench.board.texts == [f"Ar1 {part.min():.1f} / {part.mean():.1f} / {part.max():.1f} °C"]


def test_without_a_mouse_the_same_key_twice_places_it_in_the_middle(bench: Bench) -> None:
    shown = warm(20.0)
    bench.show(shown)
    for _ in range(2):
        bench.part.place_spot()
    for _ in range(2):
        bench.part.place_area()
    spot, area = bench.looks.look(shown.info).marks
    assert spot == Spot("Sp1", 40, 30)
    assert area.x0 < 40 < area.x1
    for _ in range(2 * MOST_MARKS):
        bench.part.place_spot()
    assert len(bench.looks.look(shown.info).marks) == MOST_MARKS
    assert str(MOST_MARKS) in bench.desk.said[-1]


def test_color_has_no_spots_and_says_so(bench: Bench) -> None:
    bench.show(frame_of(StreamKind.COLOR, np.zeros((20, 20, 3), np.uint8)))
    bench.part.place_spot()
    assert "nothing is measured" in bench.desk.said[-1]
    for action in ("next_look_palette", "next_isotherm", "level_up", "span_wider", "toggle_extremes", "toggle_clahe"):
        getattr(bench.part, action)()


def test_the_keys_change_palette_level_span_isotherm_and_followers(bench: Bench) -> None:
    shown = warm(20.0)
    bench.show(shown)
    look = bench.looks.look
    bench.part.next_look_palette()
    assert look(shown.info).palette == "white hot"
    low, high = bench.looks.values(shown.info)
    bench.part.level_up()
    assert bench.looks.values(shown.info)[0] > low
    bench.part.level_down()
    bench.part.span_narrower()
    assert bench.looks.values(shown.info)[1] < high
    bench.part.span_wider()
    assert bench.looks.is_locked(shown.info)
    seen = []
    for _ in range(4):
        bench.part.next_isotherm()
        it = look(shown.info).isotherm
        seen.append(None if it is None else it.beyond)
    assert seen == [Beyond.ABOVE, Beyond.BELOW, Beyond.BETWEEN, None]
    bench.part.toggle_extremes()
    assert [t.split(" ")[0] for t in bench.board.texts] == ["max", "min"]


def test_clahe_says_so_on_the_picture_while_it_is_on(bench: Bench) -> None:
    shown = frame_of(StreamKind.INFRARED, np.random.default_rng(1).integers(0, 99, (40, 60)).astype(np.uint8))
    bench.show(shown)
    bench.part.toggle_clahe()
    assert bench.board.texts == ["CLAHE"]
    bench.part.toggle_clahe()
    assert bench.board.texts == []


def test_a_camera_that_is_not_radiometric_says_so_on_the_picture(bench: Bench) -> None:
    shown = warm(20.0, kelvin=None)
    bench.show(shown)
    for _ in range(2):
        bench.part.place_spot()
    said = " ".join(bench.board.texts)
    assert "not radiometric" in said
    assert "counts" in said
    assert "°C" not in said


def test_a_number_of_a_picture_that_stays_gets_its_age(bench: Bench) -> None:
    old, new = warm(20.0), warm(20.0, name="other", host_ns=5_000_000_000)
    bench.show(old)
    for _ in range(2):
        bench.part.place_spot()
    assert "old" not in bench.board.texts[0]
    frame_set = FrameSet(1, new.device_ns, {"other": new})
    bench.part.show_result(Shown(frame_set, Observation(1, new.device_ns, new.host_ns, 0, {"other": 1}, ())))
    bench.part.show_status(SimpleNamespace())  # type: ignore[arg-type]  # it asks nothing of it
    assert bench.board.texts == [f"Sp1 {old.celsius()[30, 40]:.1f} °C (4.0 s old)"]


def test_the_unit_of_the_settings_dialog_holds_here_too(bench: Bench) -> None:
    shown = warm(20.0)
    bench.show(shown)
    for _ in range(2):
        bench.part.place_spot()
    bench.desk.settings.set("units.temperature", "K")
    assert bench.board.texts == [f"Sp1 {shown.celsius()[30, 40] + 273.15:.1f} K"]
    bench.desk.settings.set("units.temperature", "furlongs")
    assert bench.board.texts[0].endswith("°C")


def test_the_pictures_follow_the_night_theme(bench: Bench) -> None:
    shown = warm(20.0)
    bench.show(shown)
    theme.use("red")
    assert bench.looks.look(shown.info).red
    theme.use("dark")
    assert not bench.looks.look(shown.info).red


# -- the panel ----------------------------------------------------------------------------------------------------


def opened(bench: Bench, *shown: Frame) -> LookPanel:
    bench.show(*shown)
    bench.part.show_look_panel()
    assert bench.part.panel is not None
    return bench.part.panel


def test_the_panel_shows_what_the_kind_of_stream_has_and_nothing_else(bench: Bench) -> None:
    gray = frame_of(StreamKind.INFRARED, np.zeros((20, 20), np.uint8))
    panel = opened(bench, warm(20.0), gray)
    assert panel.isotherm_box.isVisible()
    assert not panel.eye_box.isVisible()
    panel.stream_asked.emit("infrared")
    assert not panel.isotherm_box.isVisible()
    assert panel.eye_box.isVisible()
    assert not panel.palette_box.isVisible()
    bench.part.show_look_panel()
    assert not bench.part.dock.isVisible()  # type: ignore[union-attr]  # it was made


def test_range_and_level_are_typed_in_the_panel(bench: Bench) -> None:
    shown = warm(20.0)
    panel = opened(bench, shown)
    panel.low.setValue(15.0)
    panel.high.setValue(40.0)
    assert bench.looks.values(shown.info) == pytest.approx((15.0, 40.0))
    assert panel.lock.isChecked()
    panel.span.setValue(10.0)
    assert bench.looks.values(shown.info) == pytest.approx((22.5, 32.5))
    panel.lock.setChecked(False)
    assert not bench.looks.is_locked(shown.info)
    panel.temperatures.setCurrentText("K")
    panel.temperatures.activated.emit(0)
    assert panel.low.value() > 250


def test_isotherm_gamma_and_followers_are_set_in_the_panel(bench: Bench) -> None:
    shown = warm(20.0)
    gray = frame_of(StreamKind.INFRARED, np.zeros((20, 20), np.uint8))
    panel = opened(bench, shown, gray)
    panel.beyond.setCurrentIndex(3)
    panel.beyond.activated.emit(3)
    panel.from_value.setValue(24.0)
    panel.to_value.setValue(26.0)
    it = bench.looks.look(shown.info).isotherm
    assert (it.beyond, it.low, it.high) == (Beyond.BETWEEN, 24.0, 26.0)
    panel.hottest.setChecked(True)
    assert bench.looks.look(shown.info).hottest
    panel.stream_asked.emit("infrared")
    panel.gamma.setValue(1.8)
    panel.clahe.setChecked(True)
    look = bench.looks.look(gray.info)
    assert (look.gamma, look.clahe) == (1.8, 3.0)


def test_spots_are_listed_moved_and_deleted_by_keys(bench: Bench) -> None:
    shown = warm(20.0)
    panel = opened(bench, shown)
    for _ in range(2):
        bench.part.place_spot()
    bench.part.show_status(SimpleNamespace())  # type: ignore[arg-type]  # it asks nothing of it
    table = panel.table
    assert table.topLevelItemCount() == 1
    assert table.topLevelItem(0).text(2) == f"{shown.celsius()[30, 40]:.1f}"
    table.setCurrentItem(table.topLevelItem(0))
    shift, ctrl = QtCore.Qt.KeyboardModifier.ShiftModifier, QtCore.Qt.KeyboardModifier.ControlModifier
    bench.qtbot.keyClick(table, QtCore.Qt.Key.Key_Right, shift)
    bench.qtbot.keyClick(table, QtCore.Qt.Key.Key_Down, shift | ctrl)
    assert bench.looks.look(shown.info).marks == (Spot("Sp1", 41, 40),)
    bench.qtbot.keyClick(table, QtCore.Qt.Key.Key_Delete)
    assert bench.looks.look(shown.info).marks == ()


def test_every_control_has_a_name_and_a_tooltip(bench: Bench) -> None:
    panel = opened(bench, warm(20.0))
    kinds = (QtWidgets.QComboBox, QtWidgets.QDoubleSpinBox, QtWidgets.QPushButton, QtWidgets.QCheckBox)
    controls = [c for kind in kinds for c in panel.findChildren(kind)]
    assert len(controls) > 15
    for control in controls:
        assert control.toolTip()
        assert control.accessibleName() or control.text()


def test_the_cards_of_the_faces_follow_the_unit_at_once(bench: Bench) -> None:
    faces = FaceColumn()
    bench.qtbot.addWidget(faces)
    bench.desk.settings.set("units.temperature", "K")
    bench.window.faces = faces  # type: ignore[attr-defined]  # as the window has it
    bench.part.ready()
    faces.show_faces(observation(face(1)), frame_set())
    assert faces.cards[0].temperature.words == "hottest 300.0 K", "as it was before the window came"
    bench.desk.settings.set("units.temperature", "°F")
    assert faces.cards[0].temperature.words == "hottest 80.3 °F"
    bench.desk.settings.set("units.temperature", "furlongs")
    assert faces.cards[0].temperature.words == "hottest 26.9 °C"
