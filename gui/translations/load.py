"""The window's language: chosen by hand or by the system, and loaded through Qt's own translators."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gui.qt import QtCore, QtGui, QtWidgets, qt_translations
from gui.settings import Settings
from gui.translations.fonts import PACKAGES
from gui.words import tr

FOLDER = Path(__file__).resolve().parent

ENGLISH = "en"
LANGUAGES = (ENGLISH, "it", "zh")
SYSTEM = "system"
VARIABLE = "TAPETUM_LANGUAGE"

_QT_NAMES = {"it": ("qtbase_it", "qt_it"), "zh": ("qtbase_zh_CN", "qt_zh_CN")}


@dataclass(frozen=True, slots=True)
class Choice:
    """A language.

    Attributes:
        problem: why it is not the one that was wanted; empty when it is.
    """

    language: str
    problem: str = ""


def wanted(option: str = "", settings: Settings | None = None) -> str:
    """The language to use: the command line's, that of ``TAPETUM_LANGUAGE``, that of the settings, or the system's.
    What is no language here is passed over."""
    kept = SYSTEM if settings is None else settings.get_choice("look.language", SYSTEM, (*LANGUAGES, SYSTEM))
    for name in (option, os.environ.get(VARIABLE, ""), kept):
        short = name.replace("-", "_").split("_")[0].lower()
        if short in LANGUAGES:
            return short
    return of_system()


def of_system() -> str:
    """English where the system speaks none of ours."""
    for name in QtCore.QLocale.system().uiLanguages():
        short = name.replace("_", "-").split("-")[0].lower()
        if short in LANGUAGES:
            return short
    return ENGLISH


_installed: list[QtCore.QTranslator] = []


def use(app: QtWidgets.QApplication, language: str) -> Choice:
    """Let everything that is said from now on be in a language; what stands on the screen stays until it is made anew.

    Returns:
        The language that is used: English where the other cannot be shown or read.
    """
    for translator in _installed:
        app.removeTranslator(translator)
    _installed.clear()
    if language == ENGLISH or language not in LANGUAGES:
        return Choice(ENGLISH)
    if not can_show(language):
        package = PACKAGES.get(language, "")
        words = tr(
            "No font here has the letters of the language {name}: install {package}.", name=language, package=package
        )
        return Choice(ENGLISH, words)
    path = FOLDER / f"tapetum_{language}.qm"
    ours = QtCore.QTranslator(app)
    if not ours.load(str(path)):
        return Choice(ENGLISH, tr("The translation {path} cannot be read.", path=path))
    for name in _QT_NAMES[language]:
        dialogs = QtCore.QTranslator(app)
        if dialogs.load(name, str(qt_translations())):
            app.installTranslator(dialogs)
            _installed.append(dialogs)
            break
    app.installTranslator(ours)
    _installed.append(ours)
    return Choice(language)


def can_show(language: str) -> bool:
    """Whether a font here has the letters of a language."""
    if language not in PACKAGES:
        return True
    systems = QtGui.QFontDatabase.WritingSystem
    try:
        families = QtGui.QFontDatabase.families(systems.SimplifiedChinese)
    except TypeError:  # Qt 5 has it as a method of an object
        families = QtGui.QFontDatabase().families(systems.SimplifiedChinese)
    return bool(families)
