"""The looks at the window: the panel, spots and areas on the pictures, and what the keys do to the chosen stream."""

from __future__ import annotations

from drivers.frame import Frame, StreamInfo, StreamKind
from drivers.host_clock import now_ns
from gui.actions.keys import sentence
from gui.faces.face_column import FaceColumn
from gui.feed import FeedStatus, Mode, Shown
from gui.look import theme
from gui.looks.board_like import Board, TileLike
from gui.looks.look import CLAHE_USUAL, MOST_MARKS, PALETTE_WORDS, Beyond, Isotherm, next_palette, palette_of
from gui.looks.look_dock import LookDock
from gui.looks.look_marks import look_marks, look_words, readings
from gui.looks.look_panel import LookPanel
from gui.looks.looks import TEMPERATURES_KEY, Looks
from gui.looks.scale import why_no_degrees
from gui.looks.spot_tool import Field, Placing, SpotTool
from gui.looks.spots import Mark, Reading, Spot, area_between, free_name
from gui.part import Desk, Part
from gui.qt import QtCore, QtWidgets, is_alive
from gui.status.tile_words import age_words, old_after_s
from gui.words import mark, tr
from pipeline.primitives import Primitive

_PREFERRED = (StreamKind.THERMAL, StreamKind.DEPTH, StreamKind.INFRARED, StreamKind.GRAY, StreamKind.COLOR)
_REACH = 10.0  # screen px
_STEP = 0.06
_WIDER = 1.0 / 0.85


class LooksPart(Part):
    """Every stream's look in one hand. ``attach`` gives it the pictures."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.looks = Looks(desk.settings)
        self.panel: LookPanel | None = None
        self.dock: LookDock | None = None
        self._infos: dict[str, StreamInfo] = {}
        self._stream = ""
        self._chosen = ""
        self._placing = Placing.NOTHING
        self._shown: Shown | None = None
        self._tools: list[tuple[QtWidgets.QWidget, SpotTool]] = []
        self._read: dict[str, tuple[Frame, object, list[Reading]]] = {}
        self._ages: dict[str, str] = {}
        self._is_closed = False
        self._faces: FaceColumn | None = None
        self.looks.watch(self._changed)
        self.looks.set_night(theme.now().is_night)
        theme.changes.changed.connect(self._theme_changed)
        desk.settings.watch(TEMPERATURES_KEY, self._unit_changed)

    def ready(self) -> None:
        faces = getattr(self.desk.window, "faces", None)
        if isinstance(faces, FaceColumn):
            self._faces = faces
            faces.set_temperatures(self.looks.temperatures)
        board = getattr(self.desk.window, "pictures", None)
        if board is not None:
            self.attach(board)

    def attach(self, board: Board) -> None:
        """Let the pictures be shown as the looks say, with the spots and areas on them. Before tiles are made."""
        board.use_looks(self.looks)
        board.marks = self.marks_of
        board.tile_made.connect(self.take_tile)

    def take_tile(self, tile: TileLike) -> None:
        """Give a tile the tool for spots and areas."""
        assert isinstance(tile, QtWidgets.QWidget)
        self._tools = [(t, tool) for t, tool in self._tools if is_alive(t)]
        tool = SpotTool(
            lambda: self._field(tile),
            lambda marks, name: self._put(tile, marks, name),
            lambda: self._arm(Placing.NOTHING),
        )
        tool.placing = self._placing
        tile.tool = tool
        tile.installEventFilter(self)
        self._tools.append((tile, tool))

    # -- what is told -------------------------------------------------------------------------------------------

    def show_result(self, shown: Shown) -> None:
        self._shown = shown
        for name, frame in shown.frame_set.frames.items():
            self._infos[name] = frame.info
        if not self._stream and self._infos:
            order = sorted(self._infos.values(), key=lambda i: _PREFERRED.index(i.kind))
            self.select(order[0].name)

    def show_status(self, status: FeedStatus) -> None:
        for name in self._infos:
            frame = self.looks.frame(name)
            # A picture that gets no younger is not drawn again by itself, and its numbers must say how old they are.
            if (
                frame is not None
                and self.readings_of(frame)
                and (age := self.age_of(frame)) != self._ages.get(name, "")
            ):
                self._ages[name] = age
                self.looks.refresh(name)
        self._show_panel_values()

    def close(self) -> None:
        self._is_closed = True

    def _theme_changed(self) -> None:
        if not self._is_closed:
            self.looks.set_night(theme.now().is_night)
            self._show_panel()

    def _unit_changed(self, _unit: object) -> None:
        if not self._is_closed:
            if self._faces is not None:
                self._faces.set_temperatures(self.looks.temperatures)
            self.looks.refresh("")

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.FocusIn:
            frame = getattr(watched, "frame_shown", None)
            if frame is not None:
                self.select(frame.stream)
        return bool(super().eventFilter(watched, event))

    # -- the chosen stream --------------------------------------------------------------------------------------

    @property
    def stream(self) -> str:
        """The stream whose look the panel and the keys change."""
        return self._stream

    @property
    def info(self) -> StreamInfo | None:
        return self._infos.get(self._stream)

    def select(self, stream: str) -> None:
        """Change this stream's look from now on."""
        if stream in self._infos and stream != self._stream:
            self._stream, self._chosen = stream, ""
            self._show_panel()

    # -- what is painted ----------------------------------------------------------------------------------------

    def marks_of(self, frame: Frame) -> list[Primitive]:
        """The spots, areas, followers and words over a frame; at most some tenths of a millisecond."""
        look, scale, to = self.looks.look(frame.info), self.looks.scale(frame.info), self.looks.temperatures
        why = why_no_degrees(frame)
        said = look_words(frame, look, scale, why, to)
        found = self.readings_of(frame)
        if not found and not said:
            return []
        chosen = self._chosen if frame.stream == self._stream else ""
        return look_marks(frame, look, scale, found, chosen, to, self.age_of(frame), said)

    def readings_of(self, frame: Frame) -> list[Reading]:
        """What the marks of its stream read in a frame."""
        look, scale = self.looks.look(frame.info), self.looks.scale(frame.info)
        if not look.marks and not look.hottest and not look.coldest:
            return []
        asked = (look.marks, look.hottest, look.coldest, scale)
        kept = self._read.get(frame.stream)
        if kept is None or kept[0] is not frame or kept[1] != asked:
            kept = self._read[frame.stream] = (frame, asked, readings(frame, look, scale))
        return kept[2]

    def age_of(self, frame: Frame) -> str:
        """How old a frame is, in words, where it is too old to be taken for now; empty where it is not."""
        if self.desk.mode is Mode.LIVE:
            age = (now_ns() - frame.host_ns) / 1e9
        elif self._shown is not None:
            age = (self._shown.frame_set.host_ns - frame.host_ns) / 1e9
        else:
            age = 0.0
        return age_words(abs(age)) if abs(age) > old_after_s(frame.info) else ""

    # -- what the actions do ------------------------------------------------------------------------------------

    def show_look_panel(self) -> LookDock:
        """The panel beside the pictures; once more closes it."""
        if self.dock is None:
            self._make_panel()
            assert self.dock is not None
        elif self.dock.isVisible():
            self.dock.hide()
            return self.dock
        self.dock.open()
        self._show_panel()
        assert self.panel is not None
        self.panel.palette_box.setFocus(QtCore.Qt.FocusReason.OtherFocusReason)
        return self.dock

    def next_look_palette(self) -> None:
        """The chosen stream in its next palette."""
        info = self._with_palette()
        if info is not None:
            look = next_palette(self.looks.look(info), info.kind)
            self.looks.change(info, palette=look.palette)
            self.desk.say(f"{info.name}: {tr(PALETTE_WORDS[palette_of(look, info.kind)])}")

    def level_up(self) -> None:
        self._level(_STEP)

    def level_down(self) -> None:
        self._level(-_STEP)

    def span_wider(self) -> None:
        self._span(_WIDER)

    def span_narrower(self) -> None:
        self._span(1.0 / _WIDER)

    def next_isotherm(self) -> None:
        """Off, above, below, between, and off again."""
        info = self._with_palette()
        values = None if info is None else self.looks.values(info)
        if info is None or values is None:
            return
        look, scale = self.looks.look(info), self.looks.scale(info)
        now = look.isotherm if look.holds_in(scale.unit) else None
        if now is not None and now.beyond is Beyond.BETWEEN:
            self.looks.change(info, isotherm=None)
            return
        order = list(Beyond)
        if now is None:
            third = (values[1] - values[0]) / 3
            new = Isotherm(order[0], values[1] - third, values[1])
        else:
            new = Isotherm(order[order.index(now.beyond) + 1], now.low, now.high)
        self.looks.change(info, isotherm=new)

    def toggle_extremes(self) -> None:
        """The hottest and the coldest pixel, followed or not."""
        info = self._with_palette()
        if info is not None:
            on = not (self.looks.look(info).hottest or self.looks.look(info).coldest)
            self.looks.change(info, hottest=on, coldest=on)

    def toggle_clahe(self) -> None:
        """More contrast in each part of the gray pictures, for the eye alone."""
        info = self._of_kinds(StreamKind.INFRARED, StreamKind.GRAY)
        if info is None:
            self.desk.say(tr("no gray or infrared picture is shown: CLAHE is for these"), True)
            return
        self.looks.change(info, clahe=0.0 if self.looks.look(info).clahe else CLAHE_USUAL)

    def place_spot(self) -> None:
        """The next click places a spot; the same key once more puts it into the middle."""
        self._place(Placing.SPOT)

    def place_area(self) -> None:
        """The next drag draws an area; the same key once more puts it into the middle."""
        self._place(Placing.AREA)

    # -- spots and areas ----------------------------------------------------------------------------------------

    def _place(self, placing: Placing) -> None:
        info = self._with_palette() or self.info
        if info is None or info.kind is StreamKind.COLOR:
            self.desk.say(tr("nothing is measured in this picture: spots are for depth, thermal and gray"), True)
            return
        if len(self.looks.look(info).marks) >= MOST_MARKS:
            self.desk.say(tr("there are {n} spots and areas, and no more", n=MOST_MARKS), True)
            return
        if self._placing is placing:
            self._arm(Placing.NOTHING)
            marks = self.looks.look(info).marks
            x, y = info.width // 2, info.height // 2
            if placing is Placing.SPOT:
                new: Mark = Spot(free_name("Sp", marks), x, y)
            else:
                dx, dy = info.width / 8, info.height / 8
                name = free_name("Ar", marks)
                new = area_between(name, x - dx, y - dy, x + dx, y + dy, info.width, info.height)
            self._chosen = new.name
            self.looks.change(info, marks=(*marks, new))
            opens = self.desk.actions.get("look")
            self.desk.say(
                sentence(
                    opens,
                    mark("{name} reads the middle; {keys} opens the list in which it is moved"),
                    mark("{name} reads the middle; the panel of looks has the list in which it is moved"),
                    name=new.name,
                )
            )
            return
        self._arm(placing)
        where = tr("click on the picture") if placing is Placing.SPOT else tr("draw on the picture")
        self.desk.say(tr("{where}; the same key once more puts it into the middle", where=where))

    def _arm(self, placing: Placing) -> None:
        self._placing = placing
        for tile, tool in self._tools:
            if is_alive(tile):
                tool.placing = placing
        if self.panel is not None:
            self.panel.show_placing(placing)

    def _field(self, tile: TileLike) -> Field | None:
        frame = tile.frame_shown
        source = getattr(tile, "source", None)
        if frame is None or frame.kind is StreamKind.COLOR or (source is not None and source.is_face):
            return None
        look = self.looks.look(frame.info)
        canvas = getattr(tile, "canvas", None)
        scale = canvas.view.scale if canvas is not None else 1.0
        return Field(frame.info.width, frame.info.height, look.marks, _REACH / max(scale, 1e-3))

    def _put(self, tile: TileLike, marks: tuple[Mark, ...], chosen: str) -> None:
        frame = tile.frame_shown
        if frame is None:
            return
        self.select(frame.stream)
        self._chosen = chosen
        if marks == self.looks.look(frame.info).marks:
            self.looks.refresh(frame.stream)
        else:
            self.looks.change(frame.info, marks=marks)

    # -- the panel ----------------------------------------------------------------------------------------------

    def _make_panel(self) -> None:
        self.panel = LookPanel(self.looks)
        self.panel.stream_asked.connect(self.select)
        self.panel.placing_asked.connect(self._arm)
        self.panel.table.chosen.connect(self._choose)
        self.dock = LookDock(self.panel, self.desk.window)
        self.panel.show_placing(self._placing)

    def _choose(self, name: str) -> None:
        if name != self._chosen:
            self._chosen = name
            self.looks.refresh(self._stream)

    def _show_panel(self) -> None:
        info = self.info
        if self.panel is None or self.dock is None or not self.dock.isVisible() or info is None:
            return
        self.panel.show_streams(list(self._infos))
        self.panel.show_look(info)
        self._show_panel_values()

    def _show_panel_values(self) -> None:
        info = self.info
        if self.panel is None or self.dock is None or not self.dock.isVisible() or info is None:
            return
        self.panel.show_streams(list(self._infos))
        self.panel.show_range()
        frame = self.looks.frame(info.name)
        if frame is not None:
            self.panel.show_readings(self.readings_of(frame), self._chosen, self.age_of(frame), why_no_degrees(frame))

    def _changed(self, stream: str) -> None:
        """A look, or all, are other ones."""
        lock = self.desk.actions.get("lock")
        if lock is not None and self._infos:
            with_range = [i for i in self._infos.values() if i.kind in (StreamKind.DEPTH, StreamKind.THERMAL)]
            was = lock.blockSignals(True)
            lock.setChecked(bool(with_range) and all(self.looks.is_locked(i) for i in with_range))
            lock.blockSignals(was)
        if stream in ("", self._stream):
            self._show_panel()

    # -- which stream is meant ----------------------------------------------------------------------------------

    def _with_palette(self) -> StreamInfo | None:
        return self._of_kinds(StreamKind.THERMAL, StreamKind.DEPTH)

    def _of_kinds(self, *kinds: StreamKind) -> StreamInfo | None:
        """The chosen stream where it is of these kinds, else the first that is."""
        chosen = self.info
        if chosen is not None and chosen.kind in kinds:
            return chosen
        return next((i for kind in kinds for i in self._infos.values() if i.kind is kind), None)

    def _with_range(self) -> StreamInfo | None:
        chosen = self.info
        return chosen if chosen is not None and chosen.kind is not StreamKind.COLOR else self._with_palette()

    def _level(self, share: float) -> None:
        if (info := self._with_range()) is not None:
            self.looks.shift(info, share)

    def _span(self, factor: float) -> None:
        if (info := self._with_range()) is not None:
            self.looks.stretch(info, factor)
