"""Which backends can be chosen at all on this machine, looked up once in a thread of its own. No Qt here."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engines.gpu import why_no_gpu
from engines.registry import BACKENDS, BackendInfo
from engines.verified import verified


@dataclass(frozen=True, slots=True)
class BackendFacts:
    """Of one backend. ``barred``: why it cannot be chosen, or empty; ``unverified``: why it is not to be trusted yet,
    or empty."""

    barred: str = ""
    unverified: str = ""


def look_up(info: BackendInfo) -> BackendFacts:
    """What is known without loading anything. Asks the driver where a GPU is needed, which can take many seconds."""
    lacking = [package for package in info.packages if importlib.util.find_spec(package) is None]
    barred = f"not installed (no package {', '.join(lacking)}); run: {info.install}" if lacking else ""
    if not barred and info.needs_gpu:
        barred = why_no_gpu()
    unverified = info.unverified if info.unverified and not verified(info.name) else ""
    return BackendFacts(barred, f"UNVERIFIED: {unverified}" if unverified else "")


class BackendLook:
    """Asks for the facts beside the window: ``known()`` is empty until they are there."""

    def __init__(self, ask: Callable[[BackendInfo], BackendFacts] = look_up) -> None:
        self._ask = ask
        self._known: dict[str, BackendFacts] = {}
        # A daemon: a driver that is stuck holds it for half a minute, and must not hold the end of the program.
        self._thread = threading.Thread(target=self._run, name="tapetum-backends", daemon=True)
        self._thread.start()

    def known(self) -> Mapping[str, BackendFacts]:
        """Backend -> facts, so far. Never waits."""
        return dict(self._known)

    def join(self, timeout_s: float) -> bool:
        """Wait until all is known; False when the time ran out first."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        for name, info in BACKENDS.items():
            try:
                facts = self._ask(info)
            except Exception as error:  # noqa: BLE001 - the edge of a thread: it must reach the screen
                facts = BackendFacts(f"could not be looked up ({type(error).__name__}: {error})")
            self._known = {**self._known, name: facts}
