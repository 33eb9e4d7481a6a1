"""What a command line says of a recording, over what the configuration says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.terminal import err
from pipeline.config import PipelineConfig


def with_recording(settings: PipelineConfig, given: Mapping[str, Any]) -> PipelineConfig | None:
    """The settings with those of the command line; None (and told) when one is wrong."""
    from pydantic import ValidationError

    from recordings.config import RecordConfig

    named = {key: value for key, value in given.items() if value is not None}
    try:
        recording = RecordConfig.model_validate({**settings.record.model_dump(), **named})
    except ValidationError as error:
        for one in error.errors():
            option = "--" + str(one["loc"][0]).replace("_", "-")
            err.print(f"tapetum: {option}: {one['msg']}, found {one['input']!r}", markup=False)
        return None
    return settings.model_copy(update={"record": recording})
