"""What a session's stored configuration means to a version that has more settings."""

from __future__ import annotations

import pytest

from engines.loading import FINDER
from pipeline.config import EngineConfig, PipelineConfig
from pipeline.stored_run import BEFORE_THERE_WERE, added_settings, load_as_stored, stored_config
from recordings.session import ScheduleEntry


def stored(*without: str) -> dict[str, object]:
    """What a version wrote that did not have these groups of settings."""
    configuration = PipelineConfig().model_dump(mode="json")
    for name in without:
        del configuration[name]
    return {"configuration": configuration}


@pytest.mark.parametrize("group", BEFORE_THERE_WERE)
def test_a_recording_from_before_there_was_a_step_is_computed_without_it(group: str) -> None:
    run = stored(group)
    config = stored_config(run).model_dump(mode="json")
    for name, value in BEFORE_THERE_WERE[group].items():
        assert config[group][name] == value
    assert added_settings(run) == [], "nothing of it takes its default, so nothing is to be told"


def test_a_recording_of_today_is_computed_as_it_was() -> None:
    assert stored_config(stored()) == PipelineConfig()
    assert stored_config(stored("second_look")).second_look.looks == 0 < PipelineConfig().second_look.looks


def test_the_models_that_ran_then_are_loaded_again_those_that_were_asked_for_by_name_too() -> None:
    entry = ScheduleEntry(0, {"infrared": 0}, {"eye_to_face": {"backend": "openvino"}, FINDER: {"backend": "openvino"}})
    models = load_as_stored({}, [entry], EngineConfig(), None)
    try:
        assert set(models.loaded()) == {"eye_to_face", FINDER}
    finally:
        models.close()
    without = load_as_stored({"missing_models": {"eye_to_face": "the file is torn"}}, [], EngineConfig(), None)
    assert without.loaded() == {}
    assert without.missing == {"eye_to_face": "the file is torn"}
