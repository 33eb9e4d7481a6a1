"""One validated tree of settings, composed of those of the steps. TOML on disk; every key has its unit in its name."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from drivers.patience import Patience
from pipeline.errors import ConfigError
from pipeline.steps.crop import CropConfig
from pipeline.steps.find import FindConfig
from pipeline.steps.follow import FollowConfig
from pipeline.steps.generate import GenerateConfig
from pipeline.steps.landmarks import LandmarkConfig
from pipeline.steps.pose import PoseConfig
from pipeline.steps.synchronise import SynchronizeConfig
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


class PipelineConfig(BaseModel):
    """Every setting of the pipeline."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cameras: Patience = Field(default_factory=Patience)
    synchronize: SynchronizeConfig = Field(default_factory=SynchronizeConfig)
    engines: EngineConfig = Field(default_factory=EngineConfig)
    find: FindConfig = Field(default_factory=FindConfig)
    track: TrackConfig = Field(default_factory=TrackConfig)
    crop: CropConfig = Field(default_factory=CropConfig)
    landmarks: LandmarkConfig = Field(default_factory=LandmarkConfig)
    follow: FollowConfig = Field(default_factory=FollowConfig)
    pose: PoseConfig = Field(default_factory=PoseConfig)
    validity: ValidityConfig = Field(default_factory=ValidityConfig)
    generate: GenerateConfig = Field(default_factory=GenerateConfig)
    record: RecordConfig = Field(default_factory=RecordConfig)


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the configuration {path} is not valid TOML: {error}") from error
    try:
        return PipelineConfig.model_validate(data)
    except ValidationError as error:
        lines = [f"  {'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise ConfigError("\n".join([f"the configuration {path} has wrong settings:", *lines])) from error
