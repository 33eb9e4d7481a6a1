"""The signals of a face, in the order in which they are asked: one may use what those before it said."""

from __future__ import annotations

from drivers.frame import StreamInfo
from pipeline.signals.attention import Attention
from pipeline.signals.best_camera import BestCamera
from pipeline.signals.blinks import Blinks
from pipeline.signals.breathing import Breathing
from pipeline.signals.config import SignalsConfig
from pipeline.signals.cover import Cover
from pipeline.signals.eyes import Eyes
from pipeline.signals.gaze import Gaze
from pipeline.signals.head import Head
from pipeline.signals.liveness import Liveness
from pipeline.signals.mouth import Mouth
from pipeline.signals.presence import Presence
from pipeline.signals.sight import Signal
from pipeline.signals.skin import Skin
from pipeline.signals.spectra import Spectra


def make_signals(
    config: SignalsConfig, *, looks_twice: bool = False, home: StreamInfo | None = None
) -> tuple[Signal, ...]:
    """New ones, for a face that was not seen before.

    Args:
        looks_twice: the face is read in other cameras' pictures as well: what can be read there is taken from the best.
        home: the stream that faces are looked for in first, whose camera the zones speak of; None: where the face is
            found first.
    """
    zones = config.zones
    eyes: Signal = Eyes(config.eyes)
    mouth: Signal = Mouth(config.mouth)
    if looks_twice:
        eyes = BestCamera(lambda: Eyes(config.eyes), "eye_openness", config.best_camera)
        mouth = BestCamera(lambda: Mouth(config.mouth), "mouth_openness", config.best_camera, lasting=("yawn_rate",))
    return (
        Presence(config.presence),
        eyes,
        Blinks(config.blinks),
        Head(config.head, zones, home),
        Gaze(config.gaze, zones),
        Attention(config.attention, zones),
        Cover(config.cover),
        mouth,
        Skin(config.skin),
        Breathing(config.breathing),
        Liveness(config.liveness),
        Spectra(config.spectra),
    )
