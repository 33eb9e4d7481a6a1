"""Whether results that were saved can still be computed again, and what the end of a torn file left half done."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np

from recordings import schemas
from recordings.byte_source import ByteSource
from recordings.losses import Counted, StreamLoss
from recordings.recover_plan import Plan
from recordings.survey import ContentCache, Survey

_RESULTS = ("observations", "schedule entries")


def leave_out_half_results(source: ByteSource, survey: Survey, plan: Plan) -> int:
    """Take schedule entries at a torn file's end from the plan whose observations had not reached the file.

    A schedule promises an observation for every entry: without them the rest verifies.

    Returns:
        How many.
    """
    if survey.is_ended:
        return 0
    rows = plan.messages
    topics = {channel: spec.topic for channel, spec in plan.specs.items()}
    place = np.lexsort((rows["offset"], rows["at"]))
    names = [topics[int(channel)] for channel in rows["channel"][place].tolist()]
    if schemas.OBSERVATIONS_TOPIC not in names:
        return 0
    last = len(names) - 1 - names[::-1].index(schemas.OBSERVATIONS_TOPIC)
    cache = ContentCache()
    # an observation may have been written before its schedule entry, too
    observed = _number(survey.message_data(source, rows[place[last]], cache))
    half = [
        place[k]
        for k in range(last + 1, len(names))
        if names[k] == schemas.SCHEDULE_TOPIC
        and _number(survey.message_data(source, rows[place[k]], cache)) != observed
    ]
    plan.messages = np.delete(rows, half)
    return len(half)


def why_not_replayable(
    survey: Survey, plan: Plan, streams: Mapping[str, StreamLoss], messages: Mapping[str, Counted]
) -> str:
    """Why results cannot be computed again from what was saved; '' when only the end is missing, or nothing is."""
    counts = [*(s.count for s in streams.values()), *(c for name, c in messages.items() if name in _RESULTS)]
    if not any(c.lost or (survey.broken_data and not c.is_exact) for c in counts):
        return ""
    saved = [s.first_images["at"] for s in plan.streams.values() if len(s)] + [plan.messages["at"]]
    last_at = max((int(at.max()) for at in saved if len(at)), default=0)
    middle = any(b.begin < last_at for b in survey.broken_data)
    middle = middle or any(gap.before_ns is not None for s in streams.values() for gap in s.gaps)
    if survey.is_ended or middle:
        return "it was recovered from a damaged file, and some of what was processed is lost"
    return ""


def _number(data: bytes) -> int | None:
    try:
        said = json.loads(data)
        return int(said["frame_set"])
    except (ValueError, KeyError, TypeError):
        return None
