"""Which engine runs each model: asked for what is remembered, and shown in a dialog that stays beside the picture."""

from __future__ import annotations

from gui.feed import FeedStatus
from gui.part import Desk, Part
from gui.status.engine_memory import EngineMemory
from gui.status.engine_orders import EngineOrders
from gui.status.engines_dialog import EnginesDialog


class EnginesPart(Part):
    """Follows what was asked for, opens the dialog and keeps it up to date."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.dialog: EnginesDialog | None = None
        self.orders = EngineOrders(getattr(desk.feed, "swap", None), EngineMemory(desk.settings))

    def show_engines(self) -> EnginesDialog:
        """What runs the models. The picture goes on beside it."""
        if self.dialog is None:
            cancel = getattr(self.desk.feed, "cancel_build", None)
            self.dialog = EnginesDialog(self.orders, cancel, self.desk.window)
        self.dialog.show_status(self.desk.feed.status())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def show_status(self, status: FeedStatus) -> None:
        self.orders.follow(status)
        self.desk.tell("engines", self.orders.trouble)
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_status(status)
