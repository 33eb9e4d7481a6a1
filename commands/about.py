"""What is here: cameras, models, and what is missing."""

from __future__ import annotations

from commands.terminal import GOOD, NO, out, tell


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
