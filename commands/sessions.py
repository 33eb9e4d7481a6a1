"""What is in a session, and whether it is whole."""

from __future__ import annotations

from pathlib import Path

from commands.terminal import GOOD, NO, err, open_models, out, tell
from pipeline.config import load_config


def session_info(file: Path, as_json: bool) -> int:
    """What is in a session."""
    from recordings.describe import describe, lines

    data = describe(file)
    if not as_json:
        for line in lines(data):
            out.print(line, markup=False)
    tell(data, as_json)
    return GOOD


def session_verify(file: Path, config: Path | None, weights: Path | None, as_json: bool) -> int:
    """Checksums and stored results; 1 at the first difference."""
    from pipeline.verify import verify_session

    settings = load_config(config)
    models = open_models(settings, weights)
    try:
        report = verify_session(file, models, settings)
    finally:
        models.close()
    err.print(f"{report.frames} frames checked, {len(report.bad_frames)} bad")
    for bad in report.bad_frames[:10]:
        err.print(f"  {bad}", markup=False)
    if report.observations or report.different:
        err.print(f"{report.observations} observations computed again, {report.different} differ")
        if report.first_difference:
            err.print(f"  first: {report.first_difference}", markup=False)
        if report.engines_differ:
            err.print(f"  other engine keys than stored: {', '.join(report.engines_differ)}")
    else:
        err.print("no stored results to compare")
    tell(report.to_json(), as_json)
    return GOOD if report.is_good else NO
