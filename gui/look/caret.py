"""At night the caret of a text field is red. Qt paints it in the negative of its ground, and that of red is white."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets, is_alive

_WIDE = 2


class NightCaret(QtCore.QObject):
    """Follows the focus, and covers Qt's caret where it would shine."""

    def __init__(self, app: QtWidgets.QApplication) -> None:
        super().__init__(app)
        self._field: QtWidgets.QLineEdit | None = None
        self.cover: QtWidgets.QWidget | None = None
        app.focusChanged.connect(self._focus)
        theme.changes.changed.connect(self._again)

    def _again(self) -> None:
        self._focus(None, QtWidgets.QApplication.focusWidget())

    def _focus(self, _old: QtWidgets.QWidget | None, now: QtWidgets.QWidget | None) -> None:
        self._leave()
        is_night = theme.now().is_night
        if isinstance(now, (QtWidgets.QTextEdit, QtWidgets.QPlainTextEdit)):
            now.setCursorWidth(0 if is_night and not now.isReadOnly() else 1)
        if not is_night or now is None:
            return
        field = now if isinstance(now, QtWidgets.QLineEdit) else None
        if isinstance(now, (QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox, QtWidgets.QKeySequenceEdit)):
            field = now.findChild(QtWidgets.QLineEdit)
        if field is None or field.isReadOnly():
            return
        self._field = field
        self.cover = _Cover(field)
        field.textChanged.connect(self._place)
        field.cursorPositionChanged.connect(self._place)
        field.destroyed.connect(self._gone)
        field.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """The field paints, and the caret is covered where that has put it: a field scrolls while it paints, and takes
        its size after it has got the focus."""
        if event.type() != QtCore.QEvent.Type.Paint or watched is not self._field:
            return False
        watched.event(event)
        self._place()
        return True

    def _place(self, *_: object) -> None:
        if self._field is None or self.cover is None or not (is_alive(self._field) and is_alive(self.cover)):
            return
        rect = self._field.inputMethodQuery(QtCore.Qt.InputMethodQuery.ImCursorRectangle)
        rect = rect.toRect() if isinstance(rect, QtCore.QRectF) else rect
        # Qt tells a rectangle wider than the caret, which stands in its middle.
        place = QtCore.QRect(rect.center().x() - _WIDE + 1, rect.y(), _WIDE + 1, rect.height())
        if self.cover.geometry() != place:
            self.cover.setGeometry(place)
        if self.cover.isHidden():
            self.cover.show()
            self.cover.raise_()

    def _gone(self, *_: object) -> None:
        """The focus may be in another field already when one is deleted."""
        if self._field is None or not is_alive(self._field):
            self._field = self.cover = None

    def _leave(self) -> None:
        field, cover, self._field, self.cover = self._field, self.cover, None, None
        # A field that is deleted loses the focus on its way, when nothing can be asked of it any more.
        if field is not None and is_alive(field):
            field.removeEventFilter(self)
            for signal, slot in (
                (field.textChanged, self._place),
                (field.cursorPositionChanged, self._place),
                (field.destroyed, self._gone),
            ):
                signal.disconnect(slot)
        if cover is not None and is_alive(cover):
            cover.hide()
            cover.deleteLater()


class _Cover(QtWidgets.QWidget):
    def __init__(self, field: QtWidgets.QLineEdit) -> None:
        super().__init__(field)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("")

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), QtGui.QColor(theme.now().text))
        painter.end()
