"""The switches of the overlay together: all off and back again, and remembered from one start to the next."""

from __future__ import annotations

from gui.part import Desk, Part
from gui.qt import QtGui
from pipeline.overlay import SWITCHES

_SETTING = "overlay.on"


class OverlaySwitches(Part):
    """What the operator switched is what the next window begins with; that everything is off is not remembered."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._hidden: tuple[str, ...] | None = None
        self._busy = False

    def ready(self) -> None:
        kept = self.desk.settings.get(_SETTING)
        for key, action in self._switches().items():
            if isinstance(kept, dict) and isinstance(kept.get(key), bool):
                action.setChecked(kept[key])
            action.toggled.connect(self._switched)

    def set_overlays(self, _key: str, on: bool) -> None:
        """Everything off, or what was on before."""
        if self._busy:
            return
        switches = self._switches()
        if on:
            chosen, self._hidden = self._hidden or (), None
        else:
            chosen = self._hidden = tuple(key for key, action in switches.items() if action.isChecked())
        self._busy = True
        for key in chosen:
            switches[key].setChecked(on)
        self._busy = False

    def _switches(self) -> dict[str, QtGui.QAction]:
        return {key: self.desk.actions[key] for key in SWITCHES if key in self.desk.actions}

    def _switched(self, on: bool) -> None:
        if self._busy:
            return
        if on and self._hidden is not None:  # something is wanted again: then not everything is off
            self._hidden = None
            if (everything := self.desk.actions.get("overlays")) is not None:
                self._busy = True
                everything.setChecked(True)
                self._busy = False
        self.desk.settings.set(_SETTING, {key: action.isChecked() for key, action in self._switches().items()})
