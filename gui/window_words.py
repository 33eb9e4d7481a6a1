"""What the window says while it has no picture, and without models. No Qt here but for the words."""

from __future__ import annotations

from gui.feed import FeedStatus, Phase
from gui.words import tr


def missing_words(status: FeedStatus) -> str:
    """Which models are not there, and why; empty where all are."""
    missing = status.missing
    if not missing:
        return ""
    reasons = "; ".join(f"{name}: {why}" for name, why in missing.items())
    words = tr("Working without {n} of {total} models.", n=len(missing), total=len(status.models))
    return f"{words} {reasons}"


def waiting_words(status: FeedStatus) -> str:
    """What stands where the picture will be."""
    if status.phase is Phase.FAILED:
        return tr("nothing to show")
    if status.phase is Phase.ENDED:
        return tr("the camera has ended")
    share = f" {100 * status.progress:.0f} %" if status.phase is Phase.OPENING and status.progress > 0 else ""
    words = tr("loading models") if status.phase is Phase.LOADING else tr("opening")
    return f"{words}{share} …"
