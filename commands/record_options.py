"""What a command line says of a recording, over what the configuration says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.options import WATCHING
from commands.terminal import err
from pipeline.config import PipelineConfig


def with_recording(settings: PipelineConfig, given: Mapping[str, Any]) -> PipelineConfig | None:
    """The settings with those of the command line; None (and told) when one is wrong.

    Raises:
        ConfigError: the rules, or whom alarms are told, cannot be used.
        ContextError: a source of the context is none, or cannot be listened at.
    """
    from pydantic import ValidationError

    from pipeline.context.lines import reader_of
    from pipeline.context.ports import open_port
    from pipeline.context.source import parse_sources
    from pipeline.delivery.target import parse_target
    from pipeline.rules.load import RuleSet
    from recordings.config import RecordConfig

    watching = {key: given[key] for key in WATCHING if given.get(key)}
    for several in ("context_from", "on_alarm"):
        if several in watching:
            watching[several] = tuple(watching[several])
    named = {key: value for key, value in given.items() if value is not None and key not in WATCHING}
    try:
        recording = RecordConfig.model_validate({**settings.record.model_dump(), **named})
    except ValidationError as error:
        for one in error.errors():
            option = "--" + str(one["loc"][0]).replace("_", "-")
            err.print(f"tapetum: {option}: {one['msg']}, found {one['input']!r}", markup=False)
        return None
    watch = settings.watch.model_copy(update=watching)
    if watch.rules:
        RuleSet.load(watch.rules)  # what is wrong with it is told before any camera is opened
    for target in watch.targets:
        parse_target(target)
    for source in parse_sources(watch.context_from, watch.context_network):
        reader_of(source.form)
        open_port(source).close()  # a port that is taken, too, is told before any window opens
    return settings.model_copy(update={"record": recording, "watch": watch})
