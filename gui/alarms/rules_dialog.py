"""Which rules make alarms of what the faces say: none, a ready set, or a file of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gui.alarms.context_words import is_missing
from gui.alarms.context_words import lines as context_lines
from gui.alarms.problem_words import problem_words
from gui.look import theme
from gui.look.buttons import plain_button
from gui.qt import QtCore, QtGui, QtWidgets
from gui.words import mark, tr
from gui.work.file_dialog import FileDialog
from pipeline.live_rules import RulesNow

READY: Final[tuple[tuple[str, str, str], ...]] = (
    ("", mark("No rules"), mark("Signals are shown; nothing makes alarms of them.")),
    ("in-car", mark("In a car"), mark("A driver who falls asleep, or looks away.")),
    ("night-watch", mark("Night watch"), mark("Somebody comes, stays, comes closer, or hides the face.")),
)
"""Source, title and meaning of what needs no file."""
_LEAST_WIDTH: Final = 560
"""px"""


class RulesDialog(QtWidgets.QDialog):
    """Beside the picture, which goes on.

    Args:
        use: called with what is chosen: a ready set, a file, or '' for none.
    """

    def __init__(self, parent: QtWidgets.QWidget, use: Callable[[str], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Rules"))
        self._use = use
        self._chooser: FileDialog | None = None
        column = QtWidgets.QVBoxLayout(self)
        group = QtWidgets.QButtonGroup(self)
        self.choices: dict[str, QtWidgets.QRadioButton] = {}
        for source, title, meaning in READY:
            button = self.choices[source] = QtWidgets.QRadioButton(tr(title))
            button.setToolTip(tr(meaning))
            group.addButton(button)
            column.addWidget(button)
            told = QtWidgets.QLabel(tr(meaning))
            told.setIndent(24)
            told.setWordWrap(True)
            theme.set_tone(told, "dim")
            column.addWidget(told)
        self.own = QtWidgets.QRadioButton(tr("A file"))
        self.own.setToolTip(tr("Rules of your own, in TOML; a change to the file counts at once."))
        group.addButton(self.own)
        self.file = QtWidgets.QLineEdit()
        self.file.setAccessibleName(tr("File of rules"))
        self.file.setToolTip(self.own.toolTip())
        self.file.textEdited.connect(lambda _text: self.own.setChecked(True))
        browse = plain_button(tr("Choose …"), tr("Choose a file of rules."))
        browse.clicked.connect(self._browse)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(self.own)
        row.addWidget(self.file, 1)
        row.addWidget(browse)
        column.addLayout(row)
        self.state = QtWidgets.QLabel()
        self.state.setAccessibleName(tr("State of the rules"))
        self.state.setWordWrap(True)
        self.state.setMinimumHeight(3 * self.fontMetrics().height())
        self.state.setAlignment(QtCore.Qt.AlignmentFlag.AlignTop)
        self.state.setTextInteractionFlags(QtCore.Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.state)
        buttons = QtWidgets.QDialogButtonBox(QtWidgets.QDialogButtonBox.StandardButton.Close)
        self.apply = buttons.addButton(tr("Use these"), QtWidgets.QDialogButtonBox.ButtonRole.ApplyRole)
        self.apply.setToolTip(tr("From now on these rules make alarms."))
        self.apply.clicked.connect(self.use_chosen)
        buttons.rejected.connect(self.reject)
        for button in (browse, buttons.button(QtWidgets.QDialogButtonBox.StandardButton.Close)):
            button.setAutoDefault(False)
            button.setIcon(QtGui.QIcon())  # the desktop's is bright at night
        self.apply.setDefault(True)
        column.addWidget(buttons)
        self.setMinimumWidth(_LEAST_WIDTH)

    def ask(self, now: RulesNow) -> None:
        """Open it with what counts now."""
        button = self.choices.get(now.source)
        (self.own if button is None else button).setChecked(True)
        if button is None:
            self.file.setText(now.source)
        self.look(now)
        self.open()
        (self.file if button is None else button).setFocus()

    def look(self, now: RulesNow) -> None:
        """A few times a second: what became of it."""
        words = state_words(now)
        if self.state.text() != words:
            self.state.setText(words)
            # The box grows with what is said, and never shrinks: nothing jumps under a hand.
            needed = self.state.heightForWidth(max(self.state.width(), _LEAST_WIDTH - 40))
            self.state.setMinimumHeight(max(self.state.minimumHeight(), needed))
            theme.set_tone(self.state, "warn" if now.problem or is_missing(now.context) else "dim")

    @property
    def chosen(self) -> str:
        """A ready set, a file, or '' for none."""
        ready = next((source for source, button in self.choices.items() if button.isChecked()), None)
        return self.file.text().strip() if ready is None else ready

    def use_chosen(self) -> None:
        """What is chosen counts from now on."""
        if self.own.isChecked() and not self.chosen:
            self.file.setFocus()
            self.state.setText(tr("name a file of rules, or choose a ready set"))
            return
        self._use(self.chosen)

    def shut(self) -> None:
        """The window goes."""
        if self._chooser is not None:
            self._chooser.close()
        self.close()

    def _browse(self) -> None:
        if self._chooser is None:
            self._chooser = FileDialog(self, tr("Choose a file of rules"), self.file.text(), tr("Rules (*.toml)"))
            self._chooser.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
            self._chooser.fileSelected.connect(self._take_file)
        self._chooser.open()

    def _take_file(self, path: str) -> None:
        self.file.setText(path)
        self.own.setChecked(True)


def state_words(now: RulesNow) -> str:
    """What counts, what is wrong with what was asked for, what is known beside the pictures, and whether somebody
    outside is told."""
    titles = {source: title for source, title, _ in READY}
    if not now.source:
        told = [tr("No rules count now.")]
    elif now.source in titles:
        told = [tr("{name} counts now.", name=tr(titles[now.source]))]
    else:
        told = [tr("{name} counts now: {file}", name=now.name, file=now.source)]
    if now.problem:
        told.append(problem_words(now.problem))
    told += context_lines(now.context)
    if now.delivery is not None:
        told.append(
            tr(
                "Told outside: {n} alarms, {failed} could not be told, {dropped} left out, {waiting} wait.",
                n=now.delivery.delivered,
                failed=now.delivery.failed,
                dropped=now.delivery.dropped,
                waiting=now.delivery.waiting,
            )
        )
        if now.delivery.problem:
            told.append(problem_words(now.delivery.problem))
    return "\n".join(told)
