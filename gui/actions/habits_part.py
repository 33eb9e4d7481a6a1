"""The operator's own ways: the palette, the settings, the theme, the size of the words, and what is wrong with the
settings file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gui.actions import keys as action_keys
from gui.actions import table as action_table
from gui.actions.palette import Palette
from gui.actions.settings_dialog import SettingsDialog
from gui.actions.settings_table import LANGUAGE, TEXT, THEME
from gui.feed import FeedStatus
from gui.look import theme
from gui.part import Desk, Part
from gui.qt import QtWidgets, is_alive
from gui.settings import Trouble
from gui.words import tr


class HabitsPart(Part):
    """Takes theme and size from the settings, and puts them there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.palette: Palette | None = None
        self.dialog: SettingsDialog | None = None
        self._closed = False
        self._told: tuple[Trouble | None, str] = (None, "")
        settings = desk.settings
        settings.watch(THEME, self._take_look)
        settings.watch(TEXT, self._take_look)
        settings.watch(LANGUAGE, self._language_changed)
        theme.changes.changed.connect(self._show_night)
        self._take_look()

    def ready(self) -> None:
        self._show_night()

    def show_status(self, status: FeedStatus) -> None:
        settings = self.desk.settings
        if (settings.trouble, settings.reason) != self._told:
            self._told = (settings.trouble, settings.reason)
            self.desk.tell("settings", self.trouble_words())

    def trouble_words(self) -> str:
        """What is wrong with the settings file; empty while all is well."""
        settings = self.desk.settings
        told: dict[str, Any] = {"path": settings.path, "why": settings.reason, "aside": settings.aside}
        words: dict[Trouble | None, Callable[[], str]] = {
            Trouble.BROKEN: lambda: tr(
                "The settings file {path} is broken ({why}). It is kept as {aside}; "
                "the window begins with its defaults.",
                **told,
            ),
            Trouble.UNREADABLE: lambda: tr(
                "The settings file {path} cannot be read ({why}); the window begins with its defaults.", **told
            ),
            Trouble.UNWRITABLE: lambda: tr(
                "The settings cannot be saved to {path} ({why}); what you change is forgotten when the window closes.",
                **told,
            ),
        }
        return words[settings.trouble]() if settings.trouble in words else ""

    # -- what the actions do --------------------------------------------------------------------------------------

    def show_palette(self) -> None:
        """The command palette; what is picked there runs when it is gone."""
        if self.palette is not None:
            self.palette.reject()
        rows = action_table.in_mode(self.desk.mode)
        palette = self.palette = Palette(rows, self.desk.actions, self.desk.settings, self.desk.window)
        palette.finished.connect(self._palette_gone)
        palette.show()
        palette.field.setFocus()

    def _palette_gone(self) -> None:
        palette, self.palette = self.palette, None
        if palette is None:
            return
        palette.deleteLater()
        action = self.desk.actions.get(palette.picked)
        if action is not None and action.isEnabled():
            action.trigger()

    def show_settings(self) -> None:
        """The settings dialog; the window goes on under it."""
        if self.dialog is not None:
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        rows = action_table.ACTIONS
        self.dialog = SettingsDialog(self.desk.settings, rows, self._keys_changed, self.desk.window)
        self.dialog.finished.connect(self._settings_gone)
        self.dialog.show()

    def _settings_gone(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _keys_changed(self) -> None:
        action_keys.apply(self.desk.actions, action_table.ACTIONS, self.desk.mode, self.desk.settings)

    def set_night(self, _key: str, on: bool) -> None:
        """Dim red, and back to what was before."""
        settings = self.desk.settings
        if on == theme.now().is_night:
            return
        if on:
            settings.set("look.day_theme", theme.wanted())
        day = settings.get_choice("look.day_theme", "dark", theme.NAMES)
        settings.set(THEME, "red" if on else "dark" if day == "red" else day)

    def text_larger(self) -> None:
        self._text(theme.text_percent() + theme.PERCENT_STEP)

    def text_smaller(self) -> None:
        self._text(theme.text_percent() - theme.PERCENT_STEP)

    def text_usual(self) -> None:
        self._text(100)

    def _text(self, percent: int) -> None:
        percent = min(max(percent, theme.LEAST_PERCENT), theme.MOST_PERCENT)
        self.desk.settings.set(TEXT, percent)
        self.desk.say(tr("text size {percent} %", percent=percent))

    # -- what the settings do -------------------------------------------------------------------------------------

    def _take_look(self, _: object = None) -> None:
        settings = self.desk.settings
        name = settings.get_choice(THEME, "dark", theme.NAMES)
        percent = round(settings.get_number(TEXT, 100, theme.LEAST_PERCENT, theme.MOST_PERCENT))
        if (name, percent) != (theme.wanted(), theme.text_percent()) and QtWidgets.QApplication.instance() is not None:
            theme.use(name, percent)

    def _show_night(self) -> None:
        action = self.desk.actions.get("night")
        if action is not None and is_alive(action) and action.isChecked() != theme.now().is_night:
            action.setChecked(theme.now().is_night)

    def _language_changed(self, _: object = None) -> None:
        self.desk.say(tr("The language changes when the window is opened anew."))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            theme.changes.changed.disconnect(self._show_night)
        for dialog in (self.palette, self.dialog):
            if dialog is not None:
                dialog.close()
