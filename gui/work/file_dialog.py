"""Qt's own file dialog in the colors of the theme. The desktop's would shine white beside pictures that are red."""

from __future__ import annotations

from pathlib import Path

from gui.qt import QtCore, QtGui, QtWidgets

_BUTTONS = {
    "backButton": "←",
    "forwardButton": "→",
    "toParentButton": "↑",
    "newFolderButton": "+",
    "listModeButton": "≡",
    "detailModeButton": "☰",
}
"""Qt's names of its buttons, which have pictures with colors of their own, and what stands there in place of them."""


class FileDialog(QtWidgets.QFileDialog):
    """A file dialog that is as dark as the window.

    Args:
        parent: of the dialog.
        title: of its window.
        start: folder or file that it begins at; empty is the current folder.
        filters: what is offered, in Qt's words; none offers every file.
    """

    def __init__(self, parent: QtWidgets.QWidget | None, title: str, start: str = "", filters: str = "") -> None:
        super().__init__(parent, title)
        self.setOption(QtWidgets.QFileDialog.Option.DontUseNativeDialog, True)
        if filters:
            self.setNameFilters(filters.split(";;"))
        place = Path(start).expanduser() if start else Path()
        if place.is_dir():
            self.setDirectory(str(place))
        else:
            self.setDirectory(str(place.parent))
            self.selectFile(place.name)
        for name, sign in _BUTTONS.items():
            button = self.findChild(QtWidgets.QToolButton, name)
            if button is not None:
                button.setIcon(QtGui.QIcon())
                button.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextOnly)
                button.setText(sign)
                button.setAccessibleName(button.toolTip())
        for box in self.findChildren(QtWidgets.QDialogButtonBox):
            for button in box.buttons():
                button.setIcon(QtGui.QIcon())
        self._plain = _WithoutPictures(self)
        for view in self.findChildren(QtWidgets.QAbstractItemView):
            if view.objectName() in ("sidebar", "listView", "treeView"):
                view.setItemDelegate(self._plain)
        look_in = self.findChild(QtWidgets.QComboBox, "lookInCombo")
        if look_in is not None:
            look_in.setItemDelegate(self._plain)
            look_in.setIconSize(QtCore.QSize(0, 0))
        for splitter in self.findChildren(QtWidgets.QSplitter):
            splitter.handle(1).installEventFilter(self)

    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """The style's dots on the splitter are white in every theme; it is dragged without them."""
        if event.type() == QtCore.QEvent.Type.Paint and isinstance(watched, QtWidgets.QSplitterHandle):
            return True
        return super().eventFilter(watched, event)


class _WithoutPictures(QtWidgets.QStyledItemDelegate):
    """Words alone: Qt's pictures of drives and of the home have colors of their own."""

    def initStyleOption(self, option: QtWidgets.QStyleOptionViewItem, index: QtCore.QModelIndex) -> None:
        super().initStyleOption(option, index)
        option.icon = QtGui.QIcon()
        option.features &= ~QtWidgets.QStyleOptionViewItem.ViewItemFeature.HasDecoration


def open_file(parent: QtWidgets.QWidget | None, title: str, start: str = "", filters: str = "") -> str:
    """A file that is there; empty where none was chosen."""
    return _first(_ask(parent, title, start, filters, QtWidgets.QFileDialog.FileMode.ExistingFile))


def open_files(parent: QtWidgets.QWidget | None, title: str, start: str = "", filters: str = "") -> list[str]:
    """Files that are there; none where none was chosen."""
    return _ask(parent, title, start, filters, QtWidgets.QFileDialog.FileMode.ExistingFiles)


def open_folder(parent: QtWidgets.QWidget | None, title: str, start: str = "") -> str:
    """A folder that is there; empty where none was chosen."""
    return _first(_ask(parent, title, start, "", QtWidgets.QFileDialog.FileMode.Directory))


def save_file(
    parent: QtWidgets.QWidget | None, title: str, start: str = "", filters: str = "", confirm: bool = True
) -> str:
    """A file to write; empty where none was chosen.

    Args:
        parent: of the dialog.
        title: of its window.
        start: folder or file that it begins at.
        filters: what is offered, in Qt's words.
        confirm: whether it asks before a file that is there is written over.
    """
    return _first(_ask(parent, title, start, filters, QtWidgets.QFileDialog.FileMode.AnyFile, confirm))


def _ask(
    parent: QtWidgets.QWidget | None,
    title: str,
    start: str,
    filters: str,
    mode: QtWidgets.QFileDialog.FileMode,
    confirm: bool = True,
) -> list[str]:
    dialog = FileDialog(parent, title, start, filters)
    dialog.setFileMode(mode)
    if mode == QtWidgets.QFileDialog.FileMode.AnyFile:
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QtWidgets.QFileDialog.Option.DontConfirmOverwrite, not confirm)
    if mode == QtWidgets.QFileDialog.FileMode.Directory:
        dialog.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly, True)
    try:
        return list(dialog.selectedFiles()) if dialog.exec() else []
    finally:
        dialog.deleteLater()


def _first(found: list[str]) -> str:
    return found[0] if found else ""
