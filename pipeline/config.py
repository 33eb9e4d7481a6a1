"""One validated tree of settings, composed of those of the steps. TOML on disk; every key has its unit in its name."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drivers.patience import Patience
from pipeline.errors import ConfigError
from pipeline.live_rules import WatchConfig
from pipeline.signals.config import SignalsConfig
from pipeline.steps.crop import CropConfig
from pipeline.steps.find import FindConfig
from pipeline.steps.follow import FollowConfig
from pipeline.steps.generate import GenerateConfig
from pipeline.steps.landmarks import LandmarkConfig
from pipeline.steps.pose import PoseConfig
from pipeline.steps.second_look import SecondLookConfig
from pipeline.steps.synchronise import SynchronizeConfig
from pipeline.steps.take_over import TakeOverConfig
from pipeline.steps.track import TrackConfig
from pipeline.steps.validity import ValidityConfig
from recordings.config import RecordConfig


class EngineConfig(BaseModel):
    """Which backends run the models."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str = Field("prefer openvino, onnxruntime", description="see engines/select.py")
    threads: int = Field(
        1,
        ge=1,
        le=256,
        description="CPU threads of one inference; part of OpenVINO's engine key, since bits may change",
    )
    latency_budget_ms: float = Field(
        0.0,
        ge=0,
        le=10_000,
        allow_inf_nan=False,
        description="mean processing time per FrameSet that live runs keep by letting slow models run on every n-th "
        "FrameSet only, with faces followed between; 0 runs every model on every FrameSet",
    )


class KeepConfig(BaseModel):
    """What a live window keeps in memory, to be saved afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    seconds: float = Field(
        60.0, ge=0, le=3600, description="of all streams, counted back from the newest frame; 0: none"
    )
    mib: float = Field(512.0, gt=0, le=1 << 20, description="of memory at most, so that it may be fewer seconds")


class PipelineConfig(BaseModel):
    """Every setting of the pipeline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cameras: Patience = Field(default_factory=Patience)
    synchronize: SynchronizeConfig = Field(default_factory=SynchronizeConfig)
    engines: EngineConfig = Field(default_factory=EngineConfig)
    take_over: TakeOverConfig = Field(default_factory=TakeOverConfig)
    find: FindConfig = Field(default_factory=FindConfig)
    track: TrackConfig = Field(default_factory=TrackConfig)
    crop: CropConfig = Field(default_factory=CropConfig)
    landmarks: LandmarkConfig = Field(default_factory=LandmarkConfig)
    follow: FollowConfig = Field(default_factory=FollowConfig)
    pose: PoseConfig = Field(default_factory=PoseConfig)
    validity: ValidityConfig = Field(default_factory=ValidityConfig)
    generate: GenerateConfig = Field(default_factory=GenerateConfig)
    second_look: SecondLookConfig = Field(default_factory=SecondLookConfig)
    signals: SignalsConfig = Field(default_factory=SignalsConfig)
    record: RecordConfig = Field(default_factory=RecordConfig)
    keep: KeepConfig = Field(default_factory=KeepConfig, exclude=True)
    """No result depends on it: it stands in no recording."""
    watch: WatchConfig = Field(default_factory=WatchConfig, exclude=True)
    """What the events in a recording come from; observations do not depend on it."""


def load_config(path: Path | None) -> PipelineConfig:
    """Settings from a TOML file; the defaults without one.

    Raises:
        ConfigError: the file is missing, no TOML, or has an unknown or impossible setting; the message names it.
    """
    if path is None:
        return PipelineConfig()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the configuration {path}: {error.strerror or error}") from error
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise ConfigError(f"the configuration {path} is not valid TOML: {error}") from error
    try:
        return PipelineConfig.model_validate(data)
    except ValidationError as error:
        lines = [f"  {'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise ConfigError("\n".join([f"the configuration {path} has wrong settings:", *lines])) from error
