"""A simulated Boson: a thermal camera that says nothing of its counts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from drivers.cameras.v4l2_formats import Mode
from tests.drivers.cameras.fake_lepton import scene, shot
from tests.drivers.cameras.fake_v4l2 import FakeDevice, Shot

BOSON = [Mode("Y16 ", 640, 512, (60.0,)), Mode("YU12", 640, 512, (60.0,))]
PLANCK = "planck=16951.796875,1435.0999755859375,1,-7142,0.014294867403805256"


def boson(
    shots: Callable[[Mode], Iterator[Shot]] | None = None, modes: list[Mode] | None = None, period_s: float = 0.02
) -> FakeDevice:
    def plays(mode: Mode) -> Iterator[Shot]:
        return (shot(scene(n, mode.height, mode.width)) for n in itertools.count())

    return FakeDevice(
        modes or BOSON,
        shots or plays,
        name="Boson: FLIR Video",
        usb_id="09cb:4007",
        serial="B1",
        period_s=period_s,
    )
