"""A relief that a model imagines is no depth: who lives is never told by it, through the whole of the steps."""

from __future__ import annotations

import dataclasses
from functools import cache
from itertools import islice
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from drivers.frame import Frame, FrameFlag, FrameSet
from engines.loading import Models, load_models
from engines.models.gray_to_depth import GrayToDepth, ReliefResult
from pipeline.config import PipelineConfig
from pipeline.process import Process
from pipeline.schedule import all_frame_sets
from recordings.observation import Face, Observation
from recordings.reader import SessionReader
from recordings.samples import bundled_session
from tests.pipeline.process_cases import DEPTH, GRAY, scene
from tests.pipeline.scenes import StubRelief, stub_models

PERSON = (0.1, -0.05, 1.2)
FRAMES = 12


class FaceRelief(StubRelief):
    """What a model imagines of any picture: a head with a nose of 30 mm."""

    def __call__(self, crop: NDArray[np.uint8]) -> ReliefResult:
        v, u = np.mgrid[0 : self.size, 0 : self.size] - self.size / 2
        relief = 40.0 * np.exp(-(u**2 + v**2) / 900.0) + 30.0 * np.exp(-(u**2 + v**2) / 60.0)
        return ReliefResult(crop.copy(), relief.astype(np.float32), np.ones((self.size, self.size), np.float32))


def with_relief() -> Models:
    return dataclasses.replace(stub_models(), gray_to_depth=cast(GrayToDepth, FaceRelief()))


def face_of(seen: Observation) -> Face:
    (face,) = seen.faces
    return face


@cache
def shown(number: int) -> FrameSet:
    return scene(number, [PERSON])


def test_with_the_shipped_generator_and_no_depth_sensor_liveness_stays_unknown() -> None:
    """The recorded night, seen by its infrared camera alone: a relief is made of every face, and none is believed."""
    models = load_models()
    seen = 0
    with SessionReader(bundled_session("night-drive")) as reader:
        infrared = [stream for stream in reader.streams if stream.name == "infrared"]
        config = PipelineConfig()
        process = Process(infrared, models, config)
        for frame_set in islice(all_frame_sets(reader, infrared, config.synchronize), 14):
            for face in process(frame_set).faces:
                seen += "relief" in [image.name for image in face.generated]
                liveness = face.signals["liveness"]
                assert not liveness.is_valid
                assert liveness.confidence == 0.0
                assert "no depth sensor looks at the face" in liveness.reason
    models.close()
    assert seen > 5


def test_depth_that_its_camera_calls_generated_tells_nothing_and_a_sensors_does() -> None:
    told: dict[FrameFlag, Face] = {}
    for flags in (FrameFlag.NONE, FrameFlag.GENERATED):
        process = Process([GRAY, DEPTH], with_relief())
        for n in range(FRAMES):
            whole = shown(n)
            depth = dataclasses.replace(cast(Frame, whole.frames["depth"]), flags=flags)
            seen = process(FrameSet(n, whole.device_ns, {**whole.frames, "depth": depth}))
        told[flags] = face_of(seen)
    assert told[FrameFlag.NONE].signals["liveness"].is_valid
    refused = told[FrameFlag.GENERATED].signals["liveness"]
    assert not refused.is_valid


def test_what_the_generator_imagines_changes_no_signal_where_a_sensor_looks() -> None:
    """The same pictures with a model that imagines a face, and with none at all."""

    def run(models: Models) -> list[dict[str, Any]]:
        process = Process([GRAY, DEPTH], models)
        return [dict(face_of(process(shown(n))).signals) for n in range(FRAMES)]

    assert run(with_relief()) == run(dataclasses.replace(stub_models(), gray_to_depth=None))
