"""Every setting of the signals, composed of those of each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.signals.attention import AttentionConfig
from pipeline.signals.best_camera import BestCameraConfig
from pipeline.signals.blinks import BlinksConfig
from pipeline.signals.breathing import BreathingConfig
from pipeline.signals.cover import CoverConfig
from pipeline.signals.eyes import EyesConfig
from pipeline.signals.gaze import GazeConfig
from pipeline.signals.liveness import LivenessConfig
from pipeline.signals.mouth import MouthConfig
from pipeline.signals.presence import PresenceConfig
from pipeline.signals.skin import SkinConfig
from pipeline.signals.smoothing import SmoothingConfig
from pipeline.signals.spectra import SpectraConfig
from pipeline.signals.straight import HeadConfig
from pipeline.signals.zones import USUAL, ZoneSet, load_zones


def _zones(found: Any) -> Any:
    """By name or file: what a recording stores are the zones themselves, so that it needs no file later."""
    return load_zones(found) if isinstance(found, str) else found


class SignalsConfig(BaseModel):
    """What is measured of faces over time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(True, description="false: no signals, as before there were any")
    zones: Annotated[ZoneSet, BeforeValidator(_zones)] = Field(
        default_factory=lambda: load_zones(USUAL),
        description="where people look: car-left-hand-drive, car-right-hand-drive, desk, or a file in TOML",
    )
    smoothing: SmoothingConfig = Field(default_factory=SmoothingConfig)
    eyes: EyesConfig = Field(default_factory=EyesConfig)
    blinks: BlinksConfig = Field(default_factory=BlinksConfig)
    mouth: MouthConfig = Field(default_factory=MouthConfig)
    head: HeadConfig = Field(default_factory=HeadConfig)
    gaze: GazeConfig = Field(default_factory=GazeConfig)
    attention: AttentionConfig = Field(default_factory=AttentionConfig)
    presence: PresenceConfig = Field(default_factory=PresenceConfig)
    cover: CoverConfig = Field(default_factory=CoverConfig)
    skin: SkinConfig = Field(default_factory=SkinConfig)
    breathing: BreathingConfig = Field(default_factory=BreathingConfig)
    liveness: LivenessConfig = Field(default_factory=LivenessConfig)
    spectra: SpectraConfig = Field(default_factory=SpectraConfig)
    best_camera: BestCameraConfig = Field(default_factory=BestCameraConfig)
