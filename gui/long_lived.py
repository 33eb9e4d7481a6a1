"""What lives as long as the picture runs is not looked through for garbage again and again. No Qt here.

A full collection looks at everything that lives: with a window, its widgets and the models that was 65 ms during which
no thread of Python's does anything, in the middle of a picture. What is there when the picture begins is set aside;
what comes later is looked through as always.
"""

from __future__ import annotations

import gc
import threading
import weakref

_lock = threading.Lock()
_owner: weakref.ref[object] | None = None


def set_aside(owner: object) -> None:
    """Everything that lives now, for whoever shows pictures now; what was set aside before is looked through first.

    It takes as long as a full collection: before a picture runs nobody minds.
    """
    global _owner
    with _lock:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        _owner = weakref.ref(owner)


def take_back(owner: object) -> None:
    """The owner's pictures have ended: what it set aside can be garbage now. Nothing where another one has taken over.

    Safe to call twice, and by whoever never set anything aside.
    """
    global _owner
    with _lock:
        if _owner is not None and _owner() is owner:
            _owner = None
            gc.unfreeze()
