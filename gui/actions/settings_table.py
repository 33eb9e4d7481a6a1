"""Everything that can be set, in one table: it makes the pages of the settings dialog. No Qt here, words aside."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gui.looks.scale import TEMPERATURE_UNITS
from gui.settings import Settings
from gui.status.limits import Limits
from gui.words import mark
from gui.work.places import FOLDER, LAST_S

THEME = "look.theme"
TEXT = "look.text_percent"
LANGUAGE = "look.language"
TEMPERATURE = "units.temperature"
VOLUME = "alarms.volume"


class Kind(enum.StrEnum):
    """How a value is chosen."""

    CHOICE = "choice"
    NUMBER = "number"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set.

    Attributes:
        name: in the settings file.
        text, tip: what it is, and what it does, in a sentence.
        default: what holds when nothing (that makes sense) is set; '' in a folder is ``~/Tapetum``.
        low, high, step, unit: of a number.
        choices: value -> how it is called; names of units and languages stand for themselves.
    """

    name: str
    page: str
    text: str
    tip: str
    kind: Kind
    default: Any
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def value(self, settings: Settings) -> Any:
        """What holds now."""
        if self.kind is Kind.NUMBER:
            return settings.get_number(self.name, self.default, self.low, self.high)
        if self.kind is Kind.CHOICE:
            return settings.get_choice(self.name, self.default, [value for value, _ in self.choices])
        return settings.get_text(self.name, self.default)

    def problem(self, value: Any) -> str:
        """Why a value cannot be taken, in English marked for translation; empty when it can."""
        if self.kind is Kind.FOLDER and value:
            path = Path(str(value)).expanduser()
            if not path.is_absolute():
                return mark("Give the whole path of the folder, from / or ~ on.")
        return ""


LOOK, UNITS, RECORDING, ALARMS, KEYS = (
    mark("Look"),
    mark("Units"),
    mark("Recording"),
    mark("Alarms"),
    mark("Keys"),
)

LANGUAGES = (("system", mark("as the system")), ("en", "English"), ("it", "Italiano"), ("zh", "中文"))

_LIMITS = Limits()


def _number(
    name: str, page: str, text: str, tip: str, default: float, limits: tuple[float, float], step: float, unit: str
) -> Setting:
    return Setting(name, page, text, tip, Kind.NUMBER, default, limits[0], limits[1], step, unit)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        THEME,
        LOOK,
        mark("Theme"),
        mark("Dark for a dim room, red for eyes that are used to the night, light for a bright room."),
        Kind.CHOICE,
        "dark",
        choices=(
            ("dark", mark("dark")),
            ("red", mark("dim red")),
            ("light", mark("light")),
            ("system", mark("as the system")),
        ),
    ),
    _number(
        TEXT,
        LOOK,
        mark("Text size"),
        mark("How large all words are."),
        100,
        (80, 200),
        10,
        "%",
    ),
    Setting(
        LANGUAGE,
        LOOK,
        mark("Language"),
        mark("Of the window's words; it changes when the window is opened anew."),
        Kind.CHOICE,
        "system",
        choices=LANGUAGES,
    ),
    Setting(
        TEMPERATURE,
        UNITS,
        mark("Temperature"),
        mark("The unit in which temperatures are shown."),
        Kind.CHOICE,
        TEMPERATURE_UNITS[0],
        choices=tuple((unit, unit) for unit in TEMPERATURE_UNITS),
    ),
    Setting(
        FOLDER,
        RECORDING,
        mark("Folder"),
        mark("Where recordings and pictures are written; empty is the folder Tapetum in your home."),
        Kind.FOLDER,
        "",
    ),
    _number(
        LAST_S,
        RECORDING,
        mark("Save the last"),
        mark("How many seconds one key saves from what has just been seen."),
        30,
        (1, 3600),
        5,
        "s",
    ),
    _number(
        VOLUME,
        ALARMS,
        mark("Volume"),
        mark("How loud alarms are."),
        70,
        (5, 100),
        5,
        "%",
    ),
    _number(
        "limits.latency_ms",
        ALARMS,
        mark("Latency limit"),
        mark("From the camera to the screen: above it, the picture is said to be late."),
        round(_LIMITS.latency_ms),
        (20, 5000),
        10,
        "ms",
    ),
    _number(
        "limits.old_s",
        ALARMS,
        mark("Old picture"),
        mark("A camera that streams, but gives nothing newer than this, raises an alarm."),
        _LIMITS.old_s,
        (0.5, 60),
        0.5,
        "s",
    ),
    _number(
        "limits.disk_warn_min",
        ALARMS,
        mark("Disk: warn"),
        mark("Say so when the disk will be full in fewer minutes."),
        round(_LIMITS.disk_warn_min),
        (1, 1440),
        5,
        "min",
    ),
    _number(
        "limits.disk_alarm_min",
        ALARMS,
        mark("Disk: alarm"),
        mark("Raise an alarm when the disk will be full in fewer minutes."),
        round(_LIMITS.disk_alarm_min),
        (1, 1440),
        1,
        "min",
    ),
)


def pages(settings: Sequence[Setting] = SETTINGS) -> list[str]:
    """Names of the pages, in their order."""
    return list(dict.fromkeys(s.page for s in settings))
