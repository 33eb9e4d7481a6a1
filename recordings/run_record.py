"""The record of a run beside its results, and whether they can be computed again from the session it lies in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

REPLAYABLE: Final = "replayable"
WHY_NOT: Final = "not_replayable"
"""Keys of the record: whether the results can be computed again from this session, and why they cannot."""


def unreplayable(run: Mapping[str, Any] | None, why: str) -> dict[str, Any]:
    """The record of a run, saying that its results cannot be computed again from this session, and why."""
    was = dict(run or {})
    if was.get(REPLAYABLE) is False:
        return was if WHY_NOT in was else {**was, WHY_NOT: why}
    return {**was, REPLAYABLE: False, WHY_NOT: why}
