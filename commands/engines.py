"""What runs the models, which engines were built here, and the deleting of these."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.terminal import GOOD, NO, WRONG_USE, err, out, tell
from pipeline.config import load_config

if TYPE_CHECKING:
    from engines.store_entry import StoredEngine

_MIB = 2**20


def engines_list(weights: Path | None, as_json: bool) -> int:
    """The models and their backends, the optional ones where they are shipped; 1 when a model is missing."""
    from engines.loading import MODEL_NAMES, load_models, shipped_optional

    engines = load_config(None).engines
    models = load_models(engines.policy, engines.threads, (*MODEL_NAMES, *shipped_optional(weights)), weights)
    try:
        missing = dict(models.missing)
        told = {name: d for name, d in models.describe().items() if name not in missing}
    finally:
        models.close()
    store = _store(weights)
    if not as_json:
        for name, d in told.items():
            line = f"{name} {d['version']} ({d['preset']}): {d['backend']} {d['backend_version']}, {d['precision']}"
            out.print(f"{line}, {d['threads']} threads", markup=False)
            out.print(f"    key {d['engine_key']}", markup=False)
            if d.get("note"):
                out.print(f"    note: {d['note']}", markup=False)
            for backend, reason in d.get("reasons", {}).items():
                out.print(f"    not on {backend}: {reason}", markup=False)
        for name, reason in missing.items():
            out.print(f"{name}: MISSING: {reason}", markup=False)
        _print_store(store)
    tell({"models": told, "missing": missing, "store": store}, as_json)
    return NO if missing else GOOD


def _store(weights: Path | None) -> dict[str, Any]:
    """What was built here, ready for JSON."""
    from engines.errors import StoreError
    from engines.store import EngineStore

    store = EngineStore()
    told: dict[str, Any] = {"folder": str(store.folder), "engines": [], "broken": {}, "error": None}
    try:
        told["engines"] = [{**entry.to_json(), "stale": _stale(entry, weights)} for entry in store.entries()]
        told["broken"] = store.broken()
    except StoreError as error:  # the models run all the same
        told["error"] = str(error)
    told["bytes"] = sum(entry["size"] for entry in told["engines"])
    return told


def _stale(entry: StoredEngine, weights: Path | None) -> list[str]:
    """Why a built engine is not what would be built now; empty where it is."""
    from engines.backend import LoadOptions, Precision
    from engines.build_recipes import fields_of
    from engines.card import load_card
    from engines.errors import EngineError
    from engines.loading import shipped
    from engines.store_fields import differences
    from engines.variants import variant_of

    f = entry.meta.fields
    precision: Precision = "fp16" if f.get("precision") == "f16" else "file"
    try:
        card = load_card(shipped(f["model"], weights, f["preset"]))
        of = "int8" if f.get("onnx_precision") == "int8" and card.precision != "int8" else "file"
        with variant_of(card, of) as source:  # type: ignore[arg-type]  # one of two precisions
            return differences(f, fields_of(f["kind"], source, LoadOptions(precision=precision)))
    except EngineError as error:
        return [f"cannot be told here: {error}"]


def _print_store(store: dict[str, Any]) -> None:
    if store["error"]:
        out.print(f"Built engines: UNUSABLE: {store['error']}", markup=False)
        return
    count = len(store["engines"]) + len(store["broken"])
    if not count:
        out.print(f"No engine was built here yet ({store['folder']}).", markup=False)
        return
    out.print(f"Built engines, {store['bytes'] / _MIB:.1f} MiB in {store['folder']}:", markup=False)
    for entry in store["engines"]:
        f = entry["fields"]
        line = f"  {f['model']} {f.get('model_version', '')} ({f['preset']}): {f['kind']}"
        for name in ("precision", "made_for", "gpu"):
            line += f", {f[name]}" if f.get(name) else ""
        out.print(
            f"{line}: {entry['size'] / _MIB:.1f} MiB, built {entry['made']} in {entry['build_s']:.0f} s, "
            f"last used {entry['used']}",
            markup=False,
        )
        out.print(f"    key {entry['key']}", markup=False)
        if entry["quarantine"]:
            out.print(f"    QUARANTINED: {entry['quarantine']}", markup=False)
        for change in entry["stale"]:
            out.print(f"    STALE: {change}", markup=False)
    for key, reason in store["broken"].items():
        out.print(f"  {key}: BROKEN: {reason}", markup=False)


@dataclass(frozen=True, slots=True)
class _Doomed:
    key: str
    title: str
    size: int


def engines_clear(model: str | None, quarantined: bool, yes: bool, as_json: bool) -> int:
    """Delete built engines; 1 where one is in use, or where the answer was no; 2 where nobody can be asked."""
    from engines.first_load import forget_failures
    from engines.store import EngineStore

    store = EngineStore()
    doomed = [
        _Doomed(entry.key, entry.title, entry.size)
        for entry in store.entries()
        if (model is None or entry.meta.fields["model"] == model) and (not quarantined or entry.meta.quarantine)
    ]
    if model is None:  # of what is broken nobody knows which model it was
        doomed += [_Doomed(key, f"{key[:12]} (broken)", 0) for key in store.broken()]
    # Engines that failed their first check lie in no store: to forget that deletes nothing.
    forgotten = forget_failures() if model is None else 0
    if forgotten:
        err.print(f"{forgotten} engines that failed their first check are checked again when they are loaded.")
    told: dict[str, Any] = {"deleted": [], "kept": [], "checked_again": forgotten}
    if not doomed:
        err.print(f"There is nothing to delete in {store.folder}.", markup=False)
        tell(told, as_json)
        return GOOD
    size = sum(one.size for one in doomed) / _MIB
    if not yes:
        if not _may_ask():
            err.print(f"tapetum: this would delete {len(doomed)} engines ({size:.1f} MiB); say --yes", markup=False)
            return WRONG_USE
        for one in doomed:
            err.print(f"  {one.title}", markup=False)
        answer = err.input(f"Delete {len(doomed)} engines ({size:.1f} MiB)? y/N ", markup=False)
        if answer.strip().lower() not in ("y", "yes"):
            err.print("Nothing was deleted.")
            return NO
    for one in doomed:
        gone = store.remove(one.key)
        told["deleted" if gone else "kept"].append({"key": one.key, "engine": one.title, "bytes": one.size})
        if not as_json:
            out.print(f"{'deleted' if gone else 'in use, stays'}: {one.title}", markup=False)
    tell(told, as_json)
    return NO if told["kept"] else GOOD


def _may_ask() -> bool:
    return sys.stdin.isatty() and err.is_terminal
