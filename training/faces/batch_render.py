"""Figures seen and shaded in batches by torch, in place of one at a time by `see` and `shade`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from training.faces.light import Lighting, Shaded, Visible
from training.faces.sample import SIZE, FaceSample
from training.faces.scene import Figure
from training.faces.studio import Shot, develop
from training.faces.torch_light import see_figures, shade_figures, to_shaded, to_visible, upload_figures, upload_lights

AT_ONCE_PIXELS = {"cpu": 1 << 18, "cuda": 1 << 21}
"""Pixels of the samples rendered at once, by the kind of device; about 470 bytes each on it, beside the pieces."""


class DeviceError(RuntimeError):
    """The device can't be had; the message says which there are."""


def find_device(name: str) -> torch.device:
    """The torch device "cpu", "cuda" or "cuda:N".

    Raises:
        DeviceError: it has another name, or is not there.
    """
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"no device is called {name!r}; there are cpu, cuda and cuda:0, cuda:1, ...") from error
    if device.type not in AT_ONCE_PIXELS:
        raise DeviceError(f"figures are rendered on cpu or cuda, not on {name}")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(
            f"{name} was asked for, but torch {torch.__version__} sees {torch.cuda.device_count()} NVIDIA GPUs here; "
            "render on the processor with --device cpu, or install a torch built for this GPU's driver"
        )
    return device


def render_figures(
    figures: Sequence[Figure],
    intrinsics: Sequence[NDArray[np.float32]] | NDArray[np.float32],
    height: int,
    width: int,
    lightings: Sequence[Lighting],
    seeds: Sequence[int],
    device: str | torch.device = "cpu",
) -> list[tuple[Visible, Shaded]]:
    """See and shade each figure: what `see(figure, intrinsics, height, width)` and `shade(...)` give, in batches.

    Args:
        intrinsics: (fx, fy, cx, cy) of each, in pixels of the height x width grid.
        seeds: noise seed of each, as `shade` takes it.
        device: where to render; the results lie in memory.

    Raises:
        ValueError: not as many intrinsics, lightings and seeds as figures, or a lighting without a light.
        DeviceError: the device is not there.
    """
    found = [len(intrinsics), len(lightings), len(seeds)]
    if found != [len(figures)] * 3:
        raise ValueError(
            f"{len(figures)} figures, but {found[0]} intrinsics, {found[1]} lightings and {found[2]} seeds: "
            "each figure needs its own"
        )
    where = find_device(str(device))
    together = max(1, AT_ONCE_PIXELS[where.type] // (height * width))
    rendered: list[tuple[Visible, Shaded]] = []
    for first in range(0, len(figures), together):
        some = slice(first, first + together)
        cameras = np.asarray(intrinsics[some], np.float32).reshape(-1, 4)
        uploaded = upload_figures(figures[some], where)
        lights = upload_lights(lightings[some], where)
        seen = see_figures(uploaded, torch.tensor(cameras).to(where), height, width)
        shaded = shade_figures(uploaded, cameras, height, width, lights, seeds[some])
        rendered += zip(to_visible(*seen), to_shaded(shaded), strict=True)
    return rendered


def photograph(shots: Sequence[Shot], device: str | torch.device = "cpu") -> list[FaceSample]:
    """Render staged samples (studio.py: `stage_face`, `stage_clutter`) together and read them with every sensor.

    Truth is that of `draw_face` and `draw_clutter` to the bit; pictures differ where rounding does, see torch_light.py.

    Raises:
        DeviceError: the device is not there.
    """
    rendered = render_figures(
        [shot.figure for shot in shots],
        [shot.intrinsics for shot in shots],
        SIZE,
        SIZE,
        [shot.lighting for shot in shots],
        [shot.seed for shot in shots],
        device,
    )
    return [develop(shot, seen, shaded) for shot, (seen, shaded) in zip(shots, rendered, strict=True)]
