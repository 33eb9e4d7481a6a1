"""What a first-time user sees: what this is, what can be done next, and what the colours say."""

from __future__ import annotations

import html
from collections.abc import Mapping

from gui.actions.keys import follow, keys_of, sentence, told
from gui.feed import FeedStatus
from gui.look import theme
from gui.part import Desk, Part
from gui.qt import QtCore, QtGui, QtWidgets, Signal, is_alive
from gui.words import mark, tr
from gui.work.begin import is_bundled, shown_session

DISMISSED = "work.welcome_dismissed"


class WelcomeStrip(QtWidgets.QFrame):
    """A line above the pictures, with three things to do and one to put it away."""

    chosen = Signal(str)

    def __init__(self, actions: Mapping[str, QtGui.QAction]) -> None:
        """
        Args:
            actions: of the window, whose keys the tooltips name.
        """
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(tr("Welcome"))
        self.words = QtWidgets.QLabel(tr("<b>This is a recorded, synthetic scene</b>, not a camera of yours."))
        self.words.setWordWrap(True)
        self.words.setAccessibleName(tr("What is shown"))
        self.words.setMinimumWidth(160)
        theme.sized(self.words, theme.BASE_PT + 1)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        self.buttons: dict[str, QtWidgets.QPushButton] = {}
        goes, helps = mark("Put this line away, for good."), mark("Put this line away, for good. {keys} is the help.")
        opening, cameras, help_ = (actions.get(key) for key in ("open", "cameras", "help"))
        for key, text, action, tip in (
            ("explain", tr("What do I see?"), None, lambda: tr("The picture in a few sentences.")),
            (
                "open",
                tr("Open …"),
                opening,
                lambda: told(tr("Open a recording of yours, or of another program"), opening),
            ),
            ("cameras", tr("Pick cameras …"), cameras, lambda: told(tr("Show what cameras see now"), cameras)),
            ("dismiss", tr("Got it"), help_, lambda: sentence(help_, helps, goes)),
        ):
            button = self.buttons[key] = QtWidgets.QPushButton(text)
            button.setAccessibleName(text.replace(" …", ""))
            follow(button, action, tip)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            row.addWidget(button)


class ExplainDialog(QtWidgets.QDialog):
    """The picture in a few sentences; it stands beside it."""

    def __init__(self, parent: QtWidgets.QWidget | None, actions: Mapping[str, QtGui.QAction]) -> None:
        """
        Args:
            parent: the window.
            actions: of the window, whose keys the page names.
        """
        super().__init__(parent)
        self.setWindowTitle(tr("What do I see?"))
        self.setModal(False)
        page = self.page = QtWidgets.QTextBrowser()
        page.setAccessibleName(tr("What do I see?"))
        self.show_page(actions)
        close = QtWidgets.QPushButton(tr("Close"))
        close.setAccessibleName(tr("Close"))
        close.setToolTip(tr("Close this page."))
        close.clicked.connect(self.reject)
        row = QtWidgets.QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(page, 1)
        column.addLayout(row)
        screen = QtWidgets.QApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QtCore.QRect(0, 0, 700, 560)
        self.resize(min(640, room.width() - 20), min(560, room.height() - 40))

    def show_page(self, actions: Mapping[str, QtGui.QAction]) -> None:
        """The page, with the keys of now."""
        self.page.setHtml(explain_html(actions))


def explain_html(actions: Mapping[str, QtGui.QAction]) -> str:
    """The page; it names the keys that these actions have now."""
    t = theme.now()
    parts = [
        (
            tr("The pictures"),
            tr(
                "One scene, seen by several cameras at the same moment: depth (how far each point is, as colour), "
                "infrared (what its own lamp lights), thermal (how warm each point is). Double-click one to see it "
                "large."
            ),
        ),
        (
            tr("The box"),
            tr(
                "A face that was found, with its number, how far away it is, and how sure that is. The points are its "
                "eyes, brows, nose, mouth and jaw; hollow ones are guessed. The three lines show where the head turns."
            ),
        ),
        (
            tr("The card of a face"),
            tr(
                "Its relief and its colors, its distance, head pose, and how far its eyes are open. A dash means: not "
                "known. Nothing is made up where nothing was measured."
            ),
        ),
        (
            f"<span style='color:{t.warn}'>GENERATED</span>",
            tr("Such an image was imagined by a model from what was measured. It is no photograph; it always says so."),
        ),
        (
            tr("Old pictures"),
            tr("A picture that stands still since its camera does is greyed, and says how old it is."),
        ),
        (tr("The line at the bottom"), " ".join(_line_words(actions))),
    ]
    return "".join(f"<p><b>{head}.</b> {words}</p>" for head, words in parts)


def _line_words(actions: Mapping[str, QtGui.QAction]) -> list[str]:
    """Of the time line, and of the keys that lead on."""
    words = [tr("Time, with what happened drawn on it; a click jumps.")]
    for key, says in (
        ("play", mark("{keys} plays and pauses.")),
        ("back", mark("{keys} steps back.")),
        ("forward", mark("{keys} steps on.")),
        ("palette_open", mark("{keys} finds everything that can be done.")),
        ("help", mark("{keys} shows all keys.")),
    ):
        keys = keys_of(actions.get(key))
        if keys:
            words.append(tr(says, keys=html.escape(keys)))
    return words


class WelcomePart(Part):
    """Shows the strip with the bundled session, until it is put away; it stays away then."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.strip: WelcomeStrip | None = None
        self.page: ExplainDialog | None = None

    def ready(self) -> None:
        path = shown_session(self.desk)
        if path is None or not is_bundled(path) or self.desk.settings.get(DISMISSED) is True:
            return
        center = getattr(self.desk.window, "centralWidget", lambda: None)()
        column = None if center is None else center.layout()
        if not isinstance(column, QtWidgets.QVBoxLayout):
            return
        self.strip = WelcomeStrip(self.desk.actions)
        self.strip.chosen.connect(self._do)
        column.insertWidget(0, self.strip)
        self.strip.show()

    def explain(self) -> None:
        """What is seen, in a few sentences."""
        if self.page is not None and is_alive(self.page):
            self.page.show_page(self.desk.actions)
        else:
            self.page = ExplainDialog(self.desk.window, self.desk.actions)
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def show_status(self, status: FeedStatus) -> None:
        """Where there is little room the words give way."""
        if self.strip is not None:
            self.strip.words.setVisible(self.desk.window.width() >= 700)

    def close(self) -> None:
        if self.page is not None and is_alive(self.page):
            self.page.reject()

    def _do(self, key: str) -> None:
        action = {"open": "open", "cameras": "cameras"}.get(key)
        if key == "explain":
            self.explain()
        elif key == "dismiss":
            self.desk.settings.set(DISMISSED, True)
            if self.strip is not None:
                self.strip.hide()
            self.desk.window.setFocus()
        elif action is not None and action in self.desk.actions:
            self.desk.actions[action].trigger()
