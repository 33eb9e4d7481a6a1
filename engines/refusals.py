"""What was refused on this machine: int8 files that lose too much. Told again at the next start, not built again.

A refusal holds for the key of what was asked for (model, crops, quantizer, packages): when one of them changes, it is
forgotten. `tapetum engines build` tries again in any case.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from engines.errors import StoreError
from engines.folders import cache_folder
from engines.store_fields import store_key
from engines.store_files import write_atomically

log = logging.getLogger(__name__)

MOST = 200
_FILE = "refused.json"


def refusal(fields: Mapping[str, str]) -> str:
    """Why what these fields name was refused here; empty where it was not."""
    return _read().get(store_key(fields), "")


def remember_refusal(fields: Mapping[str, str], reason: str) -> None:
    """Remember it; an empty reason forgets an earlier one. A disk that cannot be written means another try."""
    known, key = _read(), store_key(fields)
    if known.get(key, "") == reason:
        return
    known.pop(key, None)
    if reason:
        known[key] = reason
    kept = dict(list(known.items())[-MOST:])
    try:
        cache_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(cache_folder() / _FILE, json.dumps(kept, indent=1).encode())
    except (OSError, StoreError) as error:
        log.info("a refusal is not remembered: %s", error)


def _read() -> dict[str, str]:
    try:
        data: Any = json.loads((cache_folder() / _FILE).read_text("utf-8"))
    except (OSError, ValueError):  # not there, torn, or not ours to read: then it is tried again
        return {}
    if not isinstance(data, dict):
        return {}
    return {key: value for key, value in data.items() if isinstance(key, str) and isinstance(value, str)}
