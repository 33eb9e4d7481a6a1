"""How a feed is asked how it is: beside the Qt thread while that answers, and at once when it does not. No Qt here."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from gui.feed import FeedStatus
from gui.tiles.picture_worker import Failed

LATE_S: Final = 2.0
"""No answer for so long is no answer."""
_LEAST: Final = 3
"""Asked so often, too: a window that did nothing for a while finds an answer that it has not looked at."""


class Orders(Protocol):
    """:class:`gui.tiles.picture_worker.Easel`, as far as it is needed here."""

    def order(self, make: Callable[[], FeedStatus]) -> None: ...


class Asking:
    """Everything on one thread, that of the window.

    Args:
        ask: gives the status; it takes milliseconds.
        orders: makes it in another thread; None asks here always.
        clock: seconds that never go back.
    """

    def __init__(
        self, ask: Callable[[], FeedStatus], orders: Orders | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._orders, self._clock = ask, orders, clock
        self._has_begun = False
        self._since: float | None = None
        self._asked = 0
        self._failure: tuple[type[Exception], str] | None = None
        self.is_late = False
        """Nothing has answered for too long."""

    @property
    def why(self) -> str:
        """What failed in place of the last answer."""
        return "" if self._failure is None else f"{self._failure[0].__name__}: {self._failure[1]}"

    def ask(self) -> FeedStatus | None:
        """The status; None when it is on its way, or cannot be told.

        Raises:
            Exception: what the feed raised, once and not each time.
        """
        if self._orders is None or not self._has_begun:
            self._has_begun = True
            return self._ask()
        now = self._clock()
        if self._since is None:
            self._since, self._asked = now, 0
        self._asked += 1
        self._orders.order(self._ask)
        self.is_late = now - self._since > LATE_S and self._asked > _LEAST
        if not self.is_late:
            return None
        try:
            return self._ask()
        except Exception as error:  # noqa: BLE001 - whatever a feed raises is told, and the window goes on
            self._fail(error)
            return None

    def came(self, made: object) -> FeedStatus | None:
        """What was ordered is there; None where it failed.

        Raises:
            Exception: as :meth:`ask`.
        """
        if isinstance(made, Failed):
            self._fail(made.error)
            return None
        assert isinstance(made, FeedStatus)
        self._since, self._failure, self.is_late = None, None, False
        return made

    def _fail(self, error: Exception) -> None:
        told = type(error), str(error)
        if told != self._failure:
            self._failure = told
            raise error
