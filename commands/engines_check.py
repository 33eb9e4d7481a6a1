"""`tapetum engines check`: numbers, speed, batches and threads of each model on a backend, against the reference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.engines_build import build_one
from commands.terminal import GOOD, NO, WRONG_USE, err, out, tell

if TYPE_CHECKING:
    from engines.card import ModelCard
    from engines.policy import Wish
    from engines.selfcheck import CheckReport


def engines_check(
    backend: str | None, model: str | None, report: Path | None, weights: Path | None, as_json: bool
) -> int:
    """Check; 1 when something failed or the backend does not run here, 2 on wrong use.

    Args:
        backend: its name, or with a precision, such as ``tensorrt:fp16``; None takes every one that runs here.
        model: None takes every one that is shipped.
        report: file to write, too.
        weights: folder of models.
    """
    from engines.card import load_card
    from engines.errors import EngineError, PolicyError, UnknownModelError
    from engines.loading import shipped, shipped_optional, usual_names

    names = (model,) if model else tuple(dict.fromkeys((*usual_names(weights), *shipped_optional(weights))))
    try:
        wishes = _wishes(backend)
        paths = {name: shipped(name, weights) for name in names}
    except (PolicyError, UnknownModelError) as error:
        err.print(f"tapetum: {error}", markup=False)
        return WRONG_USE
    told: dict[str, Any] = {"backends": {}, "ok": True}
    for name, some in wishes.items():
        try:
            cards = {model_name: load_card(path) for model_name, path in paths.items()}
        except EngineError as error:
            err.print(f"tapetum: {error}", markup=False)
            return NO
        told["backends"][name] = found = _check_backend(name, some, cards, asked=backend is not None, quiet=as_json)
        whole = model is None and weights is None and ":" not in (backend or "")  # of a part nobody is verified
        if found["ok"] and found["unverified"] and whole:
            _verify(name, found, quiet=as_json)
    answers = [found["ok"] for found in told["backends"].values() if found["ok"] is not None]
    told["ok"] = bool(answers) and all(answers)
    if report is not None:
        _write(report, told)
    if not as_json:
        out.print(
            "All is well." if told["ok"] else "Something is wrong: see above." if answers else "No backend runs here."
        )
    tell(told, as_json)
    return GOOD if told["ok"] else NO


def _wishes(backend: str | None) -> dict[str, list[Wish]]:
    """Backend -> what is checked of it; a precision that was not asked for: the file's own, and half where it can.

    Raises:
        PolicyError: there is no such backend or precision.
    """
    from engines.policy import Wish, parse_policy
    from engines.registry import BACKENDS

    if backend is None:
        names = list(BACKENDS)
    else:
        wish = parse_policy(f"require {backend}").wishes[0]
        if ":" in backend:
            return {wish.backend: [wish]}
        names = [wish.backend]
    return {
        name: [Wish(name), *([Wish(name, "fp16")] if "fp16" in BACKENDS[name].precisions else [])] for name in names
    }


def _check_backend(
    name: str, wishes: list[Wish], cards: dict[str, ModelCard], asked: bool, quiet: bool
) -> dict[str, Any]:
    from engines.errors import EngineError
    from engines.probe import probe_backend
    from engines.registry import BACKENDS
    from engines.selfcheck_model import machine_facts

    info = BACKENDS[name]
    found: dict[str, Any] = {"ok": None, "reason": "", "unverified": info.unverified, "checks": []}

    def say(line: str) -> None:
        if not quiet:
            out.print(line, markup=False)

    if not (probe := probe_backend(name)).ok:
        found["reason"] = probe.reason
        found["ok"] = False if asked else None
        say(f"{info.title}: does not run here: {probe.reason}")
        return found
    found["machine"] = machine_facts(name)
    say(f"{info.title}:")
    for model, card in cards.items():
        for wish in wishes:
            try:
                report = _checked(card, wish)
            except EngineError as error:
                found["checks"].append({"model": model, "wish": wish.text(), "ok": False, "failures": [str(error)]})
            else:
                found["checks"].append({**report.to_json(), "wish": wish.text()})
            for line in _lines(found["checks"][-1]):
                say(line)
    found["ok"] = all(check["ok"] for check in found["checks"])
    return found


def _checked(card: ModelCard, wish: Wish) -> CheckReport:
    """Check one engine, building it first where it must be.

    Raises:
        EngineError: it cannot be built or loaded.
    """
    from engines.backend import LoadOptions
    from engines.errors import NotBuiltError
    from engines.registry import BACKENDS
    from engines.selfcheck_model import check_model
    from engines.variants import variant_of

    try:
        return check_model(card, wish)
    except NotBuiltError:
        pass
    if wish.precision == "int8" and card.precision != "int8":
        build_one("int8", card, LoadOptions())
    if BACKENDS[wish.backend].builds:
        with variant_of(card, wish.precision) as source:
            precision = "file" if wish.precision == "int8" else wish.precision
            build_one(wish.backend, source, LoadOptions(precision=precision))
    return check_model(card, wish)


def _lines(check: dict[str, Any]) -> list[str]:
    head = f"  {check['model']} ({check['wish']})"
    if not check["ok"]:
        return [f"{head}: FAILED", *(f"    {failure}" for failure in check["failures"])]
    first, last = check["batches"][0], check["batches"][-1]
    worst = max(output["found"]["rms"] for batch in check["batches"] for output in batch["outputs"])
    return [
        f"{head}: well, {check['precision']}, off by {100 * worst:.2g} % rms at most, {first['ms']:.2f} ms "
        f"(reference {first['reference_ms']:.2f}), {last['ms']:.1f} ms for {last['batch']} (reference "
        f"{last['reference_ms']:.1f})"
    ]


def _verify(name: str, found: dict[str, Any], quiet: bool) -> None:
    from engines.errors import StoreError
    from engines.verified import keep_verified

    try:
        path = keep_verified(name, found)
    except StoreError as error:
        err.print(f"tapetum: the report is not kept, {name} stays unverified: {error}", markup=False)
        return
    found["verified"] = str(path)
    if not quiet:
        out.print(f"  {name} is verified on this machine now: {path}", markup=False)


def _write(path: Path, told: dict[str, Any]) -> None:
    from engines.store_files import write_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, (json.dumps(told, indent=2, sort_keys=True) + "\n").encode())
