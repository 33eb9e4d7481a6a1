"""How often somebody breathes, by the warmth under the nose: breath that goes out is warm, breath that comes in cools.

In every thermal picture the mean count between the nose's base (landmarks 31 to 35) and the upper lip (51), less that
of the cheeks, which takes the camera's drift and its shutter's steps away. The last 30 s, evenly spaced again on the
thermal camera's own clock and without their trend, give a spectrum between 0.1 and 0.7 Hz (spectrum.py). Its peak is
told where it stands out, where crossings of the middle agree, where both halves have it, and where three looks in turn
say the same; otherwise nothing is told. Published thermal work reaches 0.6 breaths a minute so (PMC12788367,
PMC8271612).

Of 1500 windows each of white, pink and strongly correlated noise these gates let 0, 1.5 and 2.7 % pass before the three
looks are compared.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from drivers.frame import Frame, FrameFlag
from pipeline.signals.sight import Sight, unknown
from pipeline.signals.spectrum import BAND_HZ, Rhythm, detrended, rhythm_of
from pipeline.signals.timing import Window
from pipeline.signals.warm_look import WarmLook
from pipeline.signals.warm_pictures import WarmPictures
from recordings.observation import SignalValue

NAMES: Final = ("breathing_rate",)
UNIT: Final = "1/min"

_GRID_HZ: Final = 10.0
_BLIND: Final = FrameFlag.STALE | FrameFlag.SHUTTER | FrameFlag.GENERATED
_LEAST_NS: Final = 60_000_000
"""Between two samples: 9 Hz cameras give all of theirs, 30 Hz cameras every second."""
_SLOWEST_HZ: Final = 8.0
_AGAIN_NS: Final = 1_000_000_000
_LOOKS: Final = 3


class BreathingConfig(BaseModel):
    """When a rhythm is breathing."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    window_s: float = Field(30.0, ge=20, le=120, description="seconds whose rhythm is told")
    valid_share: float = Field(0.7, ge=0.5, le=1, description="of the window that must be known")
    gap_s: float = Field(3.0, gt=0, le=10, description="after a longer gap the window begins anew")
    lowest_min: float = Field(6.0, ge=6, le=40, description="breaths a minute; fewer are not told apart from drift")
    highest_min: float = Field(40.0, ge=6, le=42, description="breaths a minute")
    least_share: float = Field(0.7, gt=0, le=1, description="of the band's power that lies at the rhythm")
    over_noise: float = Field(8.0, ge=1, description="the rhythm's power over the power from 1 Hz on")
    uneven: float = Field(0.25, gt=0, le=1, description="standard deviation of the breaths' lengths over their mean")
    agree: float = Field(0.1, gt=0, le=1, description="by which crossings and spectrum may differ, of the rate")
    halves: float = Field(0.2, gt=0, le=1, description="by which the window's halves may differ, of the rate")
    speed: float = Field(0.6, gt=0, le=20, description="eye distances a second: what is measured faster is not used")
    sway: float = Field(
        0.12, gt=0, le=2, description="eye distances, standard deviation of the head's place: more is a moving head"
    )
    talk_share: float = Field(
        0.3, gt=0, le=1, description="of the window's seconds in which the mouth may move: talking is no even breathing"
    )
    talk: float = Field(
        0.15, gt=0, le=2, description="mouth aspect ratio by which a mouth that talks moves in a second"
    )
    most_yaw_deg: float = Field(45.0, gt=0, le=90, description="of a head turned farther the nostrils are not read")
    nose_px: float = Field(3.0, gt=0, description="fewest pixels across the nose's base")


@dataclass(frozen=True, slots=True)
class _Read:
    """The thermal picture that was looked at last: whose, which, when by its camera's clock, and whether it showed the
    face."""

    stream: str
    number: int
    device_ns: int
    shows_face: bool


@dataclass(frozen=True, slots=True)
class _Sample:
    """One thermal picture: the warmth, the nose's place in px, and the mouth's aspect ratio."""

    ns: int
    warmth: float
    x: float
    y: float
    mouth: float


class Breathing:
    """The breathing rate of one face."""

    def __init__(self, config: BreathingConfig | None = None) -> None:
        self._config = config or BreathingConfig()
        self._pictures = WarmPictures()
        self._read: _Read | None = None
        self._shown = unknown(UNIT, "nothing was seen yet")
        self._forget()

    def _forget(self) -> None:
        self._samples: deque[_Sample] = deque()
        self._stream = ""
        self._last: tuple[int, tuple[float, float]] | None = None
        """Time and place of the last thermal frame, on its camera's clock."""
        self._looked_ns = 0
        self._began_ns: int | None = None
        self._told: SignalValue | None = None
        self._rates: deque[float] = deque(maxlen=_LOOKS)
        self._trusts: deque[float] = deque(maxlen=64)
        self._moving = Window(self._config.window_s)

    def step(self, sight: Sight, known: Mapping[str, SignalValue]) -> Mapping[str, SignalValue]:
        """Breaths a minute over the last 30 s."""
        frame = self._pictures.see(sight)
        if self._is_wanted(sight, frame):
            self._shown = self._step(sight, known, frame)
        return {NAMES[0]: self._shown}

    def _is_wanted(self, sight: Sight, frame: Frame | None) -> bool:
        """Whether a thermal picture can tell more than what is shown; where there is none, whether none is to come."""
        if frame is None:
            return not self._pictures.is_awaited(sight.device_ns)
        read = self._read
        if read is None or frame.stream != read.stream:
            return True
        if frame.number == read.number:  # the same again counts once; an old one is told as such
            return not read.shows_face or bool(frame.flags & _BLIND)
        # By the camera's own clock: FrameSets without a picture of it do not take the next one's turn.
        return not 0 < frame.device_ns - read.device_ns < _LEAST_NS

    def _step(self, sight: Sight, known: Mapping[str, SignalValue], frame: Frame | None) -> SignalValue:
        look = self._pictures.look(sight)
        frame = look.frame if isinstance(look, WarmLook) else frame
        if frame is not None:
            self._read = _Read(frame.stream, frame.number, frame.device_ns, isinstance(look, WarmLook))
        if isinstance(look, str):
            return unknown(UNIT, look)
        reason = self._take(sight, look, known)
        now = look.frame.device_ns
        if self._told is None or now - self._looked_ns >= _AGAIN_NS:
            self._looked_ns = now
            self._told = self._tell(now, look)
        silent_ns = now - self._samples[-1].ns if self._samples else 0
        if reason and (not self._samples or silent_ns > 2 * _AGAIN_NS):
            return unknown(UNIT, reason, source=look.stream)
        return self._told

    # -- samples ------------------------------------------------------------------------------------------------------

    def _take(self, sight: Sight, look: WarmLook, known: Mapping[str, SignalValue]) -> str:
        """Remember what this frame shows under the nose; or why it shows nothing."""
        config, frame = self._config, look.frame
        before = self._last
        nose = look.xy[27:36]
        place = (sum(x for x, _ in nose) / 9, sum(y for _, y in nose) / 9)
        if (
            before is None
            or look.stream != self._stream
            or not 0 < frame.device_ns - before[0] <= round(config.gap_s * 1e9)
        ):
            self._forget()
            before = None
        self._stream = look.stream
        self._last = (frame.device_ns, place)
        if self._began_ns is None:
            self._began_ns = frame.device_ns
        pose = sight.face.pose
        if pose is not None and abs(pose.yaw_deg) > config.most_yaw_deg:
            return f"the head is turned {abs(pose.yaw_deg):.0f} degrees: the nostrils are hidden"
        across = math.dist(look.xy[35], look.xy[31])
        if across < config.nose_px:
            return f"too few pixels: {across:.1f} px across the nose"
        speed = 0.0
        if before is not None:
            speed = math.dist(place, before[1]) / look.eyes_px / ((frame.device_ns - before[0]) / 1e9)
        self._moving.add(frame.device_ns, float(speed > config.speed))
        if speed > config.speed:
            return "the head moves"
        warmth = _warmth(look, across)
        if not math.isfinite(warmth):
            return "the thermal picture does not show nose and cheeks"
        self._trusts.append(look.trust)
        mouth = _mouth(sight, known)
        self._samples.append(_Sample(frame.device_ns, warmth, *place, mouth))
        begin = frame.device_ns - round(config.window_s * 1e9)
        while self._samples[0].ns < begin:
            self._samples.popleft()
        return ""

    # -- the rate -----------------------------------------------------------------------------------------------------

    def _tell(self, now_ns: int, look: WarmLook) -> SignalValue:
        config = self._config

        def no(reason: str) -> SignalValue:
            self._rates.clear()
            return unknown(UNIT, reason, source=look.stream)

        seconds = 0.0 if self._began_ns is None else (now_ns - self._began_ns) / 1e9
        moves = (self._moving.mean() or 0.0) > 0.2
        if seconds < 0.8 * config.window_s:
            return no(f"only {seconds:.0f} s are known, {0.8 * config.window_s:.0f} are needed")
        times = np.array([s.ns for s in self._samples], np.int64)
        if times.size < 16:
            return no("the head moves" if moves else "nose and cheeks were not seen")
        relative = (times - times[-1]) / 1e9
        gaps = np.diff(relative)
        # What lies between two samples that follow each other is known.
        held = float(np.minimum(gaps, 2.5 / _SLOWEST_HZ).sum())
        span = min(seconds, config.window_s)
        if held < config.valid_share * span:
            why = "the head moves" if moves else "nose and cheeks were not seen"
            return no(f"only {100 * held / span:.0f} % of the last {span:.0f} s are known: {why}")
        rate = (len(self._samples) - 1) / max(held, 1e-3)
        if rate < _SLOWEST_HZ:
            return no(f"{rate:.1f} thermal pictures a second are too few, {_SLOWEST_HZ:g} are needed")
        if reason := self._restless(relative, look.eyes_px):
            return no(reason)
        warmth = np.array([s.warmth for s in self._samples])
        rhythm = rhythm_of(_even(relative, warmth), _GRID_HZ, BAND_HZ)
        if rhythm is None or (reason := self._no_breath(rhythm)):
            return no("nothing changes under the nose" if rhythm is None else reason)
        minute = 60.0 * rhythm.hz
        self._rates.append(minute)
        if len(self._rates) < _LOOKS or max(self._rates) - min(self._rates) > 2.0:
            return unknown(UNIT, "the rhythm is not steady yet", source=look.stream)
        stands_out = (rhythm.share - config.least_share) / max(0.95 - config.least_share, 0.01)
        trust = sum(self._trusts) / max(len(self._trusts), 1)
        confidence = (0.4 + 0.6 * min(max(stands_out, 0.0), 1.0)) * min(held / span, 1.0) * trust
        return SignalValue(minute, UNIT, confidence, source=look.stream)

    def _restless(self, relative: NDArray[np.float64], eyes_px: float) -> str:
        """Whether the head or the mouth moves more than breathing lets them."""
        config = self._config
        for axis in ("x", "y"):
            place = np.array([getattr(s, axis) for s in self._samples])
            if float(detrended(place, 1).std()) > config.sway * eyes_px:
                return "the head moves"
        mouth = np.array([s.mouth for s in self._samples])
        second = np.floor(relative).astype(np.int64)
        known = np.isfinite(mouth)
        if known.sum() < 16:
            return ""
        starts = np.flatnonzero(np.diff(second[known], prepend=second[known][0] - 1))
        spans = np.maximum.reduceat(mouth[known], starts) - np.minimum.reduceat(mouth[known], starts)
        if float((spans > config.talk).mean()) > config.talk_share:
            return "the mouth moves: who talks breathes unevenly"
        return ""

    def _no_breath(self, rhythm: Rhythm) -> str:
        config = self._config
        minute = 60.0 * rhythm.hz
        if not rhythm.is_peak or rhythm.share < config.least_share or rhythm.over_noise < config.over_noise:
            return f"no rhythm stands out: {100 * rhythm.share:.0f} % of the changes follow one"
        if not config.lowest_min <= minute <= config.highest_min:
            return f"{minute:.0f} a minute is no breathing"
        if abs(rhythm.crossings_hz - rhythm.hz) > config.agree * rhythm.hz or rhythm.uneven > config.uneven:
            return "the breaths are uneven: spectrum and crossings do not agree"
        if rhythm.halves > config.halves:
            return "the rhythm changes within the window"
        return ""


def _warmth(look: WarmLook, across: float) -> float:
    """The mean count under the nose less that of the cheeks; NaN where they are not seen."""
    xy = look.xy
    low, high, cheek = xy[33], xy[51], 0.1 * look.eyes_px
    places = [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, across / 2, max(math.dist(low, high) / 2, 0.5)]
    rectangles = [(places[0], places[1], places[2], places[3])]
    rectangles += [((xy[a][0] + xy[b][0]) / 2, (xy[a][1] + xy[b][1]) / 2, cheek, cheek) for a, b in ((2, 31), (14, 35))]
    under, *cheeks = look.means_of(rectangles)
    seen = [c for c in cheeks if math.isfinite(c)]
    return under - sum(seen) / len(seen) if seen else math.nan


def _mouth(sight: Sight, known: Mapping[str, SignalValue]) -> float:
    """The mouth's aspect ratio by its inner lips, as in the signal ``mouth_openness``; NaN where nobody knows it."""
    told = known.get("mouth_openness")
    if told is not None and told.is_valid:
        return told.value
    marks = sight.landmarks
    if marks is None or float(marks.confidence[60:68].min()) < 0.2:
        return math.nan
    points = marks.points[60:68].tolist()
    width = math.dist(points[0], points[4])
    if not width > 1.0:
        return math.nan
    return sum(math.dist(points[a], points[b]) for a, b in ((1, 7), (2, 6), (3, 5))) / (3.0 * width)


def _even(relative: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values on a grid of ``_GRID_HZ`` from the first to the last instant, straight lines between."""
    count = max(int((relative[-1] - relative[0]) * _GRID_HZ) + 1, 2)
    grid = relative[-1] - np.arange(count - 1, -1, -1) / _GRID_HZ
    return np.asarray(np.interp(grid, relative, values), np.float64)
