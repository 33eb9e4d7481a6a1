"""Calibration, step by step: a board, pictures of it, and where to write the result."""

from __future__ import annotations

import re
from pathlib import Path

from gui.qt import QtCore, QtWidgets
from gui.words import mark, tr
from gui.work import file_dialog
from gui.work.fields import PathField, WorkDialog, check
from gui.work.orders import BoardWords, Order, board_order, calibrate_order
from gui.work.tasks import shared_book

_KINDS = (
    ("charuco", mark("ChArUco: a chessboard with markers (best)")),
    ("chessboard", mark("chessboard")),
    ("aruco", mark("markers alone")),
    ("circles", mark("circles in a grid")),
    ("acircles", mark("circles, asymmetric")),
)
_SIZE = re.compile(r"\d{1,2}x\d{1,2}")


class CalibrateDialog(WorkDialog):
    """
    Args:
        session: what is shown now, as a recording in which the board may be seen.
        folder: where files are suggested to be written.
        is_live: cameras are shown in the window, which holds them.
    """

    def __init__(
        self, session: Path | None, folder: Path, is_live: bool, parent: QtWidgets.QWidget | None = None
    ) -> None:
        super().__init__(
            tr("Calibrate cameras"),
            tr(
                "1. Print a board at 100 % and measure a square.   2. Show it to the cameras: near and far, tilted, in "
                "every corner, and hold it still in each place.   3. The lenses, and where the cameras stand to each "
                "other, are computed and written."
            ),
            tr("Calibrate"),
            parent,
        )
        self._is_live = is_live
        self.kinds = QtWidgets.QComboBox()
        for name, words in _KINDS:
            self.kinds.addItem(tr(words), name)
        self.row(tr("&Board"), self.kinds, tr("What is printed on it."))
        self.size = QtWidgets.QLineEdit("8x6")
        self.size.setMaximumWidth(120)
        self.row(
            tr("Si&ze"), self.size, tr("COLUMNSxROWS: inner corners of a chessboard; squares, markers or circles else.")
        )
        self.square = QtWidgets.QDoubleSpinBox()
        self.square.setRange(1.0, 2000.0)
        self.square.setDecimals(2)
        self.square.setValue(30.0)
        self.square.setSuffix(" mm")
        self.square.setMaximumWidth(160)
        self.row(
            tr("S&quare"), self.square, tr("Side of a square, measured on the print: a wrong one makes all wrong.")
        )
        self.dictionary = QtWidgets.QLineEdit("5X5_250")
        self.dictionary.setMaximumWidth(200)
        self.row(tr("&Markers"), self.dictionary, tr("Their dictionary, such as 5X5_250 or APRILTAG_36h11."))
        self.draw = QtWidgets.QPushButton(tr("Draw this board as a PDF …"))
        self.draw.setAccessibleName(tr("Draw this board as a PDF"))
        self.draw.setToolTip(tr("Writes a page to print at 100 %."))
        self.draw.setAutoDefault(False)
        self.draw.clicked.connect(self._draw)
        self.form.addRow("", self.draw)

        self.ways = QtWidgets.QComboBox()
        self.ways.addItem(tr("a recording in which the board is shown"), "session")
        self.ways.addItem(tr("a folder of pictures"), "images")
        self.ways.addItem(tr("a camera, or a rig of cameras, now"), "live")
        self.row(tr("&From"), self.ways, tr("Where the pictures of the board come from."))
        self.session = PathField(tr("Recording"), tr("A session."), "file", tr("Sessions (*.mcap)"))
        if session is not None:
            self.session.set_path(session)
        self.row(tr("Recording"), self.session)
        self.images = PathField(
            tr("Pictures"), tr("A folder; of several cameras in folders CAMERA/STREAM below it."), "folder"
        )
        self.row(tr("Pictures"), self.images)
        self.source = QtWidgets.QLineEdit()
        self.source.setPlaceholderText("v4l2:/dev/video0   night.toml")
        self.row(tr("Camera or rig"), self.source, tr("A camera's source, or a rig's file (.toml)."))
        self.rig = PathField(
            tr("Rig"),
            tr("A rig's file, if the recording was made with one: its cameras get the result."),
            "file",
            tr("Rigs (*.toml)"),
        )
        self.row(tr("Rig (if any)"), self.rig)
        self.output = PathField(
            tr("Write to"),
            tr("night.toml: a rig; night.json: the calibration alone."),
            "save",
            tr("Rigs and calibrations (*.toml *.json)"),
        )
        self.output.set_path(folder / "calibration.json")
        self.row(tr("&Write to"), self.output)
        self.report = check(
            tr("Keep pictures that show how good it is"),
            tr("A folder beside the result: found corners and errors."),
            True,
        )
        self.form.addRow(self.report)
        self.hint = QtWidgets.QLabel()
        self.hint.setWordWrap(True)
        self.hint.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.hint.setAccessibleName(tr("What to know"))
        self.form.addRow(self.hint)

        for box in (self.kinds, self.ways):
            box.currentIndexChanged.connect(lambda _: self._show_fields())
        for line in (self.size, self.source, self.dictionary):
            line.textChanged.connect(lambda _: self._check())
        for field in (self.session, self.images, self.rig, self.output):
            field.changed.connect(self._check)
        self._show_fields()
        self.fit(700, 660)

    @property
    def board(self) -> BoardWords:
        """As it was described."""
        return BoardWords(
            str(self.kinds.currentData()),
            self.size.text().strip().lower(),
            self.square.value(),
            dictionary=self.dictionary.text().strip(),
        )

    def order(self) -> Order:
        """What was asked for.

        Raises:
            ValueError: something is missing.
        """
        problem = self._problem()
        output = self.output.path
        if problem or output is None:
            raise ValueError(problem)
        way = self.ways.currentData()
        rig = self.rig.path
        return calibrate_order(
            self.board,
            output,
            source=self.source.text().strip() if way == "live" else str(rig) if rig is not None else "",
            images=self.images.path if way == "images" else None,
            session=self.session.path if way == "session" else None,
            report=output.with_name(f"{output.stem}-report") if self.report.isChecked() else None,
        )

    def _show_fields(self) -> None:
        way = self.ways.currentData()
        for field, on in (
            (self.session, way == "session"),
            (self.images, way == "images"),
            (self.source, way == "live"),
            (self.rig, way != "live"),
            (self.dictionary, self.kinds.currentData() in ("charuco", "aruco")),
        ):
            field.setVisible(on)
            self.form.labelForField(field).setVisible(on)
        hint = ""
        if way == "live":
            hint = tr("The task says which view it wants next, and ends by itself when it has seen enough.")
            if self._is_live:
                hint += " " + tr("A camera that this window shows is taken: open a recording first, to let go of it.")
        self.hint.setText(hint)
        self._check()

    def _problem(self) -> str:
        way = self.ways.currentData()
        if not _SIZE.fullmatch(self.size.text().strip().lower()):
            return tr("The size of the board is COLUMNSxROWS, such as 8x6.")
        if way == "session" and self.session.path is None:
            return tr("Choose a recording.")
        if way == "images" and self.images.path is None:
            return tr("Choose a folder of pictures.")
        if way == "live" and not self.source.text().strip():
            return tr("Name a camera or a rig's file.")
        path = self.output.path
        if path is None or path.suffix not in (".toml", ".json"):
            return tr("The result is a file that ends in .toml or .json.")
        if path.suffix == ".toml" and way != "live" and self.rig.path is None:
            return tr("Without a rig the result is a calibration alone: write a .json, or name the rig.")
        return ""

    def _check(self) -> None:
        self.show_problem(self._problem())

    def _draw(self) -> None:
        name = file_dialog.save_file(self, tr("Board"), "board.pdf", tr("Pages (*.pdf *.png)"))
        if name:
            shared_book().add(board_order(self.board, Path(name)))
