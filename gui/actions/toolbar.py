"""The toolbar: words beside the icons where they fit, else under them, else under what acts but not under switches,
else icons alone; none is hidden behind an arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gui.actions.row import Action
from gui.qt import QtCore, QtGui, QtWidgets, is_alive
from gui.words import tr

_ICON = 22


class Toolbar(QtWidgets.QToolBar):
    """The actions that their rows put here, a line between the menus."""

    def __init__(self, rows: Sequence[Action], actions: Mapping[str, QtGui.QAction]) -> None:
        super().__init__(tr("Tools"))
        self.setObjectName("toolbar")
        self.setAccessibleName(tr("Tools"))
        self.setMovable(False)
        self.setIconSize(QtCore.QSize(_ICON, _ICON))
        self.buttons: list[QtWidgets.QToolButton] = []
        menu = ""
        for row in rows:
            if not row.toolbar or row.key not in actions:
                continue
            if menu and menu != row.menu:
                self.addSeparator()
            menu = row.menu
            self.addAction(actions[row.key])
            button = self.widgetForAction(actions[row.key])
            button.setAccessibleName(actions[row.key].text())
            button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
            self.buttons.append(button)

    def fit(self, width: int) -> None:
        """Choose what fits into a width in px: words beside the icons, under them, under fewer of them, icons alone,
        smaller icons."""
        style = QtCore.Qt.ToolButtonStyle
        for wanted, of_switches, side, spacing in (
            (style.ToolButtonTextBesideIcon, style.ToolButtonTextBesideIcon, _ICON, 4),
            (style.ToolButtonTextUnderIcon, style.ToolButtonTextUnderIcon, _ICON, 0),
            (style.ToolButtonTextUnderIcon, style.ToolButtonIconOnly, _ICON, 0),
            (style.ToolButtonIconOnly, style.ToolButtonIconOnly, _ICON, 4),
            (style.ToolButtonIconOnly, style.ToolButtonIconOnly, _ICON, 0),
            (style.ToolButtonIconOnly, style.ToolButtonIconOnly, 16, 0),
        ):
            self.setToolButtonStyle(wanted)
            for button in self.buttons:
                is_switch = button.defaultAction() is not None and button.defaultAction().isCheckable()
                button.setToolButtonStyle(of_switches if is_switch else wanted)
            self.setIconSize(QtCore.QSize(side, side))
            self.layout().setSpacing(spacing)
            if self.wanted_width() <= width:
                return

    def wanted_width(self) -> int:
        """What all of it needs now, in px."""
        self.layout().invalidate()
        margins = self.layout().contentsMargins()
        spacing = max(self.layout().spacing(), 0)
        widths = [self.widgetForAction(a).sizeHint().width() for a in self.actions() if a.isVisible()]
        return sum(widths) + spacing * max(len(widths) - 1, 0) + margins.left() + margins.right() + 18

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit(self.width())

    def changeEvent(self, event: QtCore.QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            QtCore.QTimer.singleShot(0, self._fit_again)

    def _fit_again(self) -> None:
        if is_alive(self):  # the window may have gone meanwhile
            self.fit(self.width())
