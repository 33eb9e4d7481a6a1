"""What is here: cameras, models, and what is missing."""

from __future__ import annotations

from pathlib import Path

from commands.terminal import GOOD, NO, out, tell
from pipeline.config import load_config


def devices(as_json: bool) -> int:
    """Cameras that are plugged in, and the families that this version knows."""
    from drivers.registry import discover, families

    found, known = discover(), families()
    if not as_json:
        out.print("Cameras here:" if found else "No camera is here.", markup=False)
        for camera in found:
            out.print(f"  {camera.source:24s} {camera.title}  {camera.detail}".rstrip(), markup=False)
        out.print("\nFamilies:", markup=False)
        for family in known:
            state = "available" if family.available else family.reason
            out.print(f"  {family.name + ':':11s} {family.title}: {state}", markup=False)
        for how in dict.fromkeys(f.how for f in known if not f.available and f.how):
            out.print(f"\nUntil then: {how}", markup=False)
    tell(
        {
            "cameras": [{"source": c.source, "title": c.title, "detail": c.detail} for c in found],
            "families": [
                {"name": f.name, "title": f.title, "available": f.available, "reason": f.reason, "how": f.how}
                for f in known
            ],
        },
        as_json,
    )
    return GOOD


def doctor(as_json: bool) -> int:
    """Every check; 1 when something that must work is broken."""
    from pipeline.doctor import examine

    diagnosis = examine()
    if not as_json:
        marks = {"ok": "ok    ", "missing": "-     ", "broken": "BROKEN"}
        for check in diagnosis.checks:
            out.print(f"{marks[check.state]}  {check.name}: {check.found}", markup=False)
            if check.state != "ok" and check.fix:
                out.print(f"        {check.fix}", markup=False)
        out.print("Healthy." if diagnosis.is_healthy else "Something that must work is broken: see above.")
    tell(diagnosis.to_json(), as_json)
    return GOOD if diagnosis.is_healthy else NO


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
    if not as_json:
        for name, d in told.items():
            line = f"{name} {d['version']} ({d['preset']}): {d['backend']} {d['backend_version']}, {d['precision']}"
            out.print(f"{line}, {d['threads']} threads", markup=False)
            out.print(f"    key {d['engine_key']}", markup=False)
            for backend, reason in d.get("reasons", {}).items():
                out.print(f"    not on {backend}: {reason}", markup=False)
        for name, reason in missing.items():
            out.print(f"{name}: MISSING: {reason}", markup=False)
    tell({"models": told, "missing": missing}, as_json)
    return NO if missing else GOOD
