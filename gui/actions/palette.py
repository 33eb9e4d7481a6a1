"""The command palette: a few letters, and whatever can be done is at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gui.actions import keys as action_keys
from gui.actions.palette_match import Entry, best
from gui.actions.row import Action
from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.settings import Settings
from gui.words import tr

RECENT = "palette.recent"
_MOST_RECENT = 12
_PAD = 10

_Role = QtCore.Qt.ItemDataRole
_ROW = int(_Role.UserRole)


class Palette(QtWidgets.QDialog):
    """Type to filter, arrows to choose, Enter to run, Esc to close.

    Attributes:
        picked: the action that Enter or a click chose; it runs when the palette is gone.
    """

    def __init__(
        self,
        rows: Sequence[Action],
        actions: Mapping[str, QtGui.QAction],
        settings: Settings,
        parent: QtWidgets.QWidget | None = None,
    ) -> None:
        super().__init__(parent, QtCore.Qt.WindowType.Popup | QtCore.Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(tr("Commands"))
        self.setAccessibleName(tr("Commands"))
        self._rows = {row.key: row for row in rows if row.key in actions and row.key != "palette_open"}
        self._actions = actions
        self._settings = settings
        self._entries = [_entry(row) for row in self._rows.values()]
        self.picked: str = ""

        self.field = QtWidgets.QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setAccessibleName(tr("Search the actions"))
        self.field.setToolTip(tr("Some letters of what you want to do; arrows choose, Enter runs, Esc closes"))
        theme.sized(self.field, theme.BASE_PT + 3)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QtWidgets.QListWidget()
        self.list.setAccessibleName(tr("Actions"))
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QtWidgets.QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _: self._run())
        self.none = QtWidgets.QLabel(tr("Nothing is called that."))
        self.none.setProperty("tone", "dim")
        self.none.setMargin(_PAD)
        frame = QtWidgets.QFrame(self)
        frame.setObjectName("popup")
        inner = QtWidgets.QVBoxLayout(frame)
        inner.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        for widget in (self.field, self.none, self.list):
            inner.addWidget(widget)
        outer = QtWidgets.QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._filter("")
        if parent is not None:
            window = parent.window()
            width = min(theme.text_percent() * 7, window.width() - 40)
            self.resize(width, min(620, window.height() - 100))
            corner = window.mapToGlobal(QtCore.QPoint((window.width() - width) // 2, 70))
            self.move(corner)
        self.field.setFocus()

    def _filter(self, words: str) -> None:
        recent = self._settings.get(RECENT)
        recent = [k for k in recent if isinstance(k, str)] if isinstance(recent, list) else []
        self.list.clear()
        for entry in best(words, self._entries, recent):
            row, qt = self._rows[entry.key], self._actions[entry.key]
            item = QtWidgets.QListWidgetItem()
            keys = ", ".join(s.toString(QtGui.QKeySequence.SequenceFormat.NativeText) for s in qt.shortcuts())
            why = "" if qt.isEnabled() else why_not(qt)
            name = f"✓  {qt.text()}" if qt.isCheckable() and qt.isChecked() else qt.text()
            item.setData(_ROW, (entry.key, name, why or tr(row.tip), keys, qt.isEnabled()))
            item.setIcon(qt.icon())
            item.setToolTip(why or tr(row.tip))
            spoken = ", ".join(filter(None, (qt.text(), keys, why or tr(row.tip))))
            item.setData(int(_Role.AccessibleTextRole), spoken)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.scrollToTop()
        self.list.setVisible(self.list.count() > 0)
        self.none.setVisible(self.list.count() == 0)

    @property
    def keys_shown(self) -> list[str]:
        """Of the actions that are listed, the best first."""
        return [self.list.item(i).data(_ROW)[0] for i in range(self.list.count())]

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        if watched is self.field and event.type() == QtCore.QEvent.Type.KeyPress:
            key, codes = event.key(), QtCore.Qt.Key
            page = max(self.list.viewport().height() // max(self.list.sizeHintForRow(0), 1), 1)
            steps = {codes.Key_Down: 1, codes.Key_Up: -1, codes.Key_PageDown: page, codes.Key_PageUp: -page}
            if key in steps:
                self._move(steps[key])
                return True
            if key in (codes.Key_Return, codes.Key_Enter):
                self._run()
                return True
        return bool(super().eventFilter(watched, event))

    def _move(self, by: int) -> None:
        count = self.list.count()
        if count:
            at = self.list.currentRow() + by
            self.list.setCurrentRow(at % count if abs(by) == 1 else min(max(at, 0), count - 1))

    def _run(self) -> None:
        """Enter on what cannot be done now does nothing: the reason stands there."""
        item = self.list.currentItem()
        if item is None:
            return
        key, _, _, _, is_enabled = item.data(_ROW)
        if is_enabled:
            self.picked = key
            recent = self._settings.get(RECENT)
            kept = [k for k in recent if isinstance(k, str) and k != key] if isinstance(recent, list) else []
            self._settings.set(RECENT, [key, *kept][:_MOST_RECENT])
            self.accept()


def why_not(qt: QtGui.QAction) -> str:
    """Why an action cannot be used now: what was said by ``table.allow``, or its tooltip."""
    return str(qt.property("why") or "") or qt.toolTip() or tr("This cannot be done now.")


def _entry(row: Action) -> Entry:
    texts = dict.fromkeys((tr(row.text), row.text, row.key))
    return Entry(row.key, tuple(texts), (tr(row.tip), row.tip, tr(row.menu), *map(action_keys.shown, row.shortcuts)))


class _Lines(QtWidgets.QStyledItemDelegate):
    """An action in two lines, its keys at the right."""

    def sizeHint(self, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> QtCore.QSize:
        height = QtGui.QFontMetricsF(self._font(True)).height() + QtGui.QFontMetricsF(self._font(False)).height()
        return QtCore.QSize(200, round(height) + 14)

    def _font(self, is_name: bool) -> QtGui.QFont:
        font = QtGui.QFont(self.parent().font())
        font.setPointSizeF(theme.points(theme.BASE_PT + (1 if is_name else -1)))
        font.setBold(is_name)
        return font

    def paint(self, painter: QtGui.QPainter, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> None:
        t = theme.now()
        _, name, tip, keys, is_enabled = index.data(_ROW)
        painter.save()
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        rect = QtCore.QRectF(option.rect).adjusted(2, 1, -2, -1)
        is_chosen = bool(option.state & QtWidgets.QStyle.StateFlag.State_Selected)
        if is_chosen:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(QtGui.QColor(t.selected))
            painter.drawRoundedRect(rect, 6, 6)
        usual = QtGui.QIcon.Mode.Normal if is_enabled else QtGui.QIcon.Mode.Disabled
        mode = QtGui.QIcon.Mode.Selected if is_chosen else usual
        side = round(theme.points(22))
        icon: QtGui.QIcon = index.data(int(_Role.DecorationRole))
        icon.paint(
            painter,
            QtCore.QRect(round(rect.x()) + 8, round(rect.center().y() - side / 2), side, side),
            QtCore.Qt.AlignmentFlag.AlignCenter,
            mode,
        )
        left = rect.adjusted(side + 20, 5, -10, -5)
        flag = QtCore.Qt.AlignmentFlag
        painter.setFont(self._font(True))
        metrics = QtGui.QFontMetricsF(painter.font())
        keys_wide = metrics.horizontalAdvance(keys) + 16 if keys else 0.0
        painter.setPen(QtGui.QColor(t.on_selected if is_chosen else t.dim))
        painter.drawText(left, int(flag.AlignRight | flag.AlignTop), keys)
        painter.setPen(QtGui.QColor(t.on_selected if is_chosen else t.text if is_enabled else t.off))
        room = left.adjusted(0, 0, -keys_wide, 0)
        elide = QtCore.Qt.TextElideMode.ElideRight
        painter.drawText(room, int(flag.AlignLeft | flag.AlignTop), metrics.elidedText(name, elide, room.width()))
        painter.setFont(self._font(False))
        painter.setPen(QtGui.QColor(t.on_selected if is_chosen else t.dim if is_enabled else t.warn))
        metrics = QtGui.QFontMetricsF(painter.font())
        painter.drawText(left, int(flag.AlignLeft | flag.AlignBottom), metrics.elidedText(tip, elide, left.width()))
        painter.restore()
