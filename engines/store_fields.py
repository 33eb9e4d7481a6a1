"""What a built engine was made from and for, field by field in clear; the key is the SHA-256 over all of them."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping

from engines.card import ModelCard
from engines.errors import StoreError

STORE_FORMAT = "1"
"""Of the folder's layout and of the fields' meaning; another one is another engine."""

SAME_ENGINE = ("kind", "model", "preset")
"""Fields that two builds of what people call the same engine share: only such are compared when one is stale."""

_UNTOLD = 40


def common_fields(kind: str, card: ModelCard) -> dict[str, str]:
    """The fields that every kind of build has.

    Args:
        kind: ``int8`` (an ONNX file with its card) or ``tensorrt`` (a plan).
        card: of the ONNX file that is built from. Its weights lie inside the file, so that the file's SHA-256 covers
            them; a file with weights outside is refused before this.
    """
    fields = {
        "format": STORE_FORMAT,
        "kind": kind,
        "model": card.name,
        "preset": card.preset,
        "model_version": card.version,
        "onnx_sha256": card.sha256,
        "onnx_precision": card.precision,
        "os": platform.system(),
        "arch": platform.machine(),
    }
    for spec in card.inputs:
        layout = {4: "NCHW", 2: "NC"}.get(len(spec.shape), f"rank {len(spec.shape)}")
        fields[f"input.{spec.name}"] = f"{spec.dtype} {layout} {'x'.join(map(str, spec.shape))}"
    return fields


def store_key(fields: Mapping[str, str]) -> str:
    """64 hexadecimal digits: the SHA-256 over every field's name and value, whatever their order.

    Raises:
        StoreError: a name or a value is no text, or one of :data:`SAME_ENGINE` is missing.
    """
    for name, value in fields.items():
        if not isinstance(name, str) or not isinstance(value, str) or not name:
            raise StoreError(f"a built engine's fields are texts, found {name!r}: {value!r}")
    missing = [name for name in SAME_ENGINE if not fields.get(name)]
    if missing:
        raise StoreError(f"a built engine's fields lack {', '.join(missing)}")
    canonical = json.dumps(dict(fields), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """What changed, as ``driver 550.54 -> 560.28``; in the order of the new fields, then what is gone."""
    told = []
    for name in dict.fromkeys((*new, *old)):
        if old.get(name) != new.get(name):
            told.append(f"{name} {_shown(old.get(name))} -> {_shown(new.get(name))}")
    return told


def nearest(candidates: Iterable[Mapping[str, str]], wanted: Mapping[str, str]) -> Mapping[str, str] | None:
    """Of the builds of the same engine, the one with the fewest fields that differ; None without any."""
    same = [c for c in candidates if all(c.get(name) == wanted.get(name) for name in SAME_ENGINE)]
    return min(same, key=lambda c: len(differences(c, wanted)), default=None)


def _shown(value: str | None) -> str:
    if value is None:
        return "(none)"
    return value if len(value) <= _UNTOLD else f"{value[:12]}..."
