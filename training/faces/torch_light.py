"""The light of light.py in torch: a batch of figures seen and shaded at once, on the processor or a GPU.

The formulas are those of light.py, where their meaning is explained. On the processor what is seen (depth,
triangle, glass) comes out to the bit; shaded values differ by rounding, and more where rounding decides: on the edge of
the shadow map's texels and on surfaces seen edge-on. The same input gives the same bytes on the same device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from training.faces.light import FAR_AWAY, SHADOW_BIAS_MM, SHADOW_MM, SHADOW_SIZE, Lighting, Shaded, Visible, twice
from training.faces.materials import ATTRIBUTES, CELSIUS, NIR, SPECULAR, TABLE, TEXTURE_X
from training.faces.scene import Figure
from training.faces.torch_noise import surface_texture
from training.faces.torch_rasterizer import Meshes, draw, pack, project

PIXELS = {"cpu": 1 << 15, "cuda": 1 << 21}
"""Pixels shaded at once, by the kind of device: some hundred bytes each."""
_FROM_LIGHT_MM = 5000.0
"""Added to depths seen from the light, which may lie on either side of the head's center."""


@dataclass(frozen=True, eq=False)
class Figures:
    """Figures on a device, one after another; points are counted through all of them."""

    surface: Meshes
    lenses: Meshes
    """Glass before the eyes; empty meshes where there is none."""
    normals: torch.Tensor
    """(N, 3)."""
    attributes: torch.Tensor
    """(N, ATTRIBUTES)."""
    material: torch.Tensor
    """(M,) int64."""
    centers: torch.Tensor
    """(B, 3) head centers, mm."""
    glass: torch.Tensor
    """(B, 3) what glass lets through of color and of near infrared, and its temperature."""
    table: torch.Tensor
    """materials.TABLE."""


@dataclass(frozen=True, eq=False)
class Lights:
    """The lighting of every figure on a device; where one has fewer lights than another, the rest are black."""

    directions: torch.Tensor
    """(B, L, 3)."""
    strength: torch.Tensor
    """(B, L, 4) red, green, blue and near infrared."""
    sky: torch.Tensor
    """(B, 4) from above: red, green, blue and near infrared."""
    ground: torch.Tensor
    """(B, 4) from below."""
    ring: torch.Tensor
    """(B,)."""
    shadow_axes: torch.Tensor
    """(B, 3, 3) rows: across, along, away from the first light."""


def upload_figures(figures: Sequence[Figure], device: torch.device | str) -> Figures:
    """Put figures onto a device."""
    nothing = (np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32))
    lenses = [figure.lenses for figure in figures]
    glass = [[lens.color_transmission, lens.nir_transmission, lens.celsius] if lens else [1, 1, 0] for lens in lenses]
    return Figures(
        surface=pack([(figure.points, figure.triangles) for figure in figures], device),
        lenses=pack([(lens.vertices, lens.triangles) if lens else nothing for lens in lenses], device),
        normals=torch.tensor(np.concatenate([f.normals for f in figures]), dtype=torch.float32).to(device),
        attributes=torch.tensor(np.concatenate([f.attributes for f in figures]), dtype=torch.float32).to(device),
        material=torch.tensor(np.concatenate([f.material for f in figures]), dtype=torch.int64).to(device),
        centers=torch.tensor(np.stack([f.head_center_mm for f in figures]), dtype=torch.float32).to(device),
        glass=torch.tensor(glass, dtype=torch.float32).to(device),
        table=torch.tensor(TABLE).to(device),
    )


def upload_lights(lightings: Sequence[Lighting], device: torch.device | str) -> Lights:
    """Put the lighting of every figure onto a device.

    Raises:
        ValueError: a lighting has no light at all; give it a black one.
    """
    for number, lighting in enumerate(lightings):
        if not len(lighting.directions):
            raise ValueError(f"lighting {number} has no light; the first one casts the shadow, so give it a black one")
    most = max(len(lighting.directions) for lighting in lightings)
    directions = np.zeros((len(lightings), most, 3), np.float32)
    strength = np.zeros((len(lightings), most, 4), np.float32)
    for row, lighting in enumerate(lightings):
        count = len(lighting.directions)
        directions[row, :count] = lighting.directions
        strength[row, :count, :3], strength[row, :count, 3] = lighting.colors, lighting.nir
    around = np.array([[[*light.sky, light.ambient_nir], [*light.ground, light.ambient_nir]] for light in lightings])
    on_device = [
        torch.tensor(array, dtype=torch.float32).to(device)
        for array in (
            directions,
            strength,
            around[:, 0],
            around[:, 1],
            np.array([light.ring for light in lightings]),
            np.stack([_shadow_axes(light.directions[0]) for light in lightings]),
        )
    ]
    return Lights(*on_device)


def _shadow_axes(toward_light: NDArray[np.float32]) -> NDArray[np.float32]:
    across = np.cross(toward_light, [0.05, 1.0, 0.1])
    across /= np.linalg.norm(across)
    return np.stack([across, np.cross(toward_light, across), -toward_light]).astype(np.float32)


def see_figures(
    figures: Figures, intrinsics: torch.Tensor, height: int, width: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Rasterize every figure at pixel centers with its row of `intrinsics` (B, 4).

    Returns:
        depth (B, height, width) float32 mm, nearest triangle int32, and whether glass lies before it, as in `Visible`.
    """
    depth, nearest = draw(figures.surface, project(figures.surface, intrinsics), height, width)
    lens, hit = draw(figures.lenses, project(figures.lenses, intrinsics), height, width)
    return depth, nearest, (hit >= 0) & (lens < depth)


def shade_figures(
    figures: Figures, intrinsics: NDArray[np.float32], height: int, width: int, lights: Lights, seeds: Sequence[int]
) -> torch.Tensor:
    """Light every figure and average it to height x width pixels.

    Args:
        intrinsics: (B, 4) of the averaged picture.
        seeds: of every figure's surface texture.

    Returns:
        (B, height, width, 9) float32: red, green, blue, near infrared, celsius, cosine, echo, glass and cover, as the
        fields of `Shaded`.
    """
    device = figures.centers.device
    fine = torch.tensor(np.stack([twice(row) for row in intrinsics])).to(device)
    depth, nearest, glass = see_figures(figures, fine, 2 * height, 2 * width)
    shadow = _shadow_maps(figures, lights)
    flat = nearest.view(-1)
    seen = torch.nonzero(flat >= 0).squeeze(1)
    out = torch.zeros((len(flat), 9), device=device)
    step = PIXELS.get(device.type, PIXELS["cpu"])
    for first in range(0, len(seen), step):
        pixel = seen[first : first + step]
        place = _Place.of(figures, fine, pixel, depth.view(-1)[pixel], flat[pixel], (2 * height, 2 * width))
        out[pixel] = _light(figures, lights, shadow, seeds, place, glass.view(-1)[pixel])
    out = out.view(len(seeds), height, 2, width, 2, 9)
    return 0.25 * out[:, :, 0, :, 0] + 0.25 * out[:, :, 0, :, 1] + 0.25 * out[:, :, 1, :, 0] + 0.25 * out[:, :, 1, :, 1]


def _shadow_maps(figures: Figures, lights: Lights) -> torch.Tensor:
    """Depth in mm seen from every figure's first light, (B, SHADOW_SIZE, SHADOW_SIZE)."""
    mesh = figures.surface
    offset = mesh.points - figures.centers[mesh.point_mesh]
    across, along, away = _dot(offset[:, None], lights.shadow_axes[mesh.point_mesh]).unbind(1)
    middle = SHADOW_SIZE / 2
    flat = torch.stack([across / SHADOW_MM + middle, along / SHADOW_MM + middle, away + _FROM_LIGHT_MM], dim=1)
    depth, _ = draw(mesh, flat, SHADOW_SIZE, SHADOW_SIZE)
    return torch.where(torch.isinf(depth), float(FAR_AWAY), depth - _FROM_LIGHT_MM)


@dataclass(frozen=True, eq=False)
class _Place:
    """The surface at P pixels."""

    figure: torch.Tensor
    """(P,) which figure."""
    point: torch.Tensor
    """(P, 3) camera axes, mm."""
    reach: torch.Tensor
    """(P,) mm from the camera."""
    attributes: torch.Tensor
    """(P, ATTRIBUTES)."""
    normal: torch.Tensor
    """(P, 3) unit, toward the camera."""
    view: torch.Tensor
    """(P, 3) unit, toward the camera."""
    cosine: torch.Tensor
    """(P,) between the two."""
    table: torch.Tensor
    """(P, 4) the material's row of TABLE."""

    @classmethod
    def of(
        cls,
        figures: Figures,
        intrinsics: torch.Tensor,
        pixel: torch.Tensor,
        z: torch.Tensor,
        nearest: torch.Tensor,
        size: tuple[int, int],
    ) -> _Place:
        height, width = size
        figure = torch.div(pixel, height * width, rounding_mode="floor")
        within = pixel - figure * (height * width)
        row = torch.div(within, width, rounding_mode="floor")
        column = within - row * width
        fx, fy, cx, cy = intrinsics[figure].unbind(1)
        point = torch.stack([(column - cx) / fx * z, (row - cy) / fy * z, z], dim=1)
        triangle = nearest + figures.surface.first_triangle[figure]
        corner = figures.surface.triangles[triangle]
        weights = _barycentric(figures.surface.points[corner], point)[:, :, None]
        attributes = (figures.attributes[corner] * weights).sum(dim=1)
        normal = (figures.normals[corner] * weights).sum(dim=1)
        length = _dot(normal, normal).sqrt() + 1e-9
        reach = _dot(point, point).sqrt()
        view = -point / reach[:, None]
        cosine = _dot(normal, view) / length
        sign = torch.where(cosine >= 0, 1.0, -1.0)  # sheets of hair and cloth are seen from both sides
        table = figures.table[figures.material[triangle]]
        return cls(figure, point, reach, attributes, normal * (sign / length)[:, None], view, cosine.abs(), table)


def _dot(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Inner products over the last axis, by plain products: matrix units may round more coarsely."""
    return one[..., 0] * other[..., 0] + one[..., 1] * other[..., 1] + one[..., 2] * other[..., 2]


def _barycentric(corners: torch.Tensor, point: torch.Tensor) -> torch.Tensor:
    """Weights (P, 3) of the triangles' corners (P, 3, 3) at points in their planes (P, 3)."""
    a = corners[:, 0]
    e1, e2, q = corners[:, 1] - a, corners[:, 2] - a, point - a
    d11, d12, d22 = _dot(e1, e1), _dot(e1, e2), _dot(e2, e2)
    dq1, dq2 = _dot(q, e1), _dot(q, e2)
    determinant = d11 * d22 - d12 * d12
    flat = determinant <= 0
    one = torch.where(flat, 0.0, ((d22 * dq1 - d12 * dq2) / determinant).clamp(0, 1))
    two = torch.where(flat, 0.0, torch.minimum(((d11 * dq2 - d12 * dq1) / determinant).clamp(min=0), 1 - one))
    return torch.stack([1 - one - two, one, two], dim=1)


def _light(
    figures: Figures, lights: Lights, shadow: torch.Tensor, seeds: Sequence[int], place: _Place, glass: torch.Tensor
) -> torch.Tensor:
    """What P pixels send towards the camera: (P, 9), ordered as in `shade_figures`."""
    figure, attributes, normal = place.figure, place.attributes, place.normal
    texture_color, texture_nir, gloss, wrap, own_wrap = place.table.unbind(1)
    texture = surface_texture(attributes[:, TEXTURE_X:ATTRIBUTES], figure, seeds)[:, None]
    texture = (1 + torch.stack([*[texture_color] * 3, texture_nir], dim=1) * texture).clamp(min=0.1)
    specular = attributes[:, SPECULAR]
    upward = (0.5 - 0.5 * normal[:, 1])[:, None]
    light = lights.sky[figure] * upward + lights.ground[figure] * (1 - upward)
    mirror = torch.zeros_like(light)
    for number in range(lights.directions.shape[1]):
        toward = lights.directions[:, number][figure]
        incidence = _dot(normal, toward)
        lit = ((incidence + wrap) / (1 + wrap)).clamp(min=0)
        if number == 0:
            lit = lit * _brightness(figures, lights, shadow, place)
        half = toward + place.view
        shine = (_dot(normal, half) / (_dot(half, half).sqrt() + 1e-9)).clamp(min=0)
        peak = specular * shine**gloss * lit * (1 + gloss * 0.04)
        strength = lights.strength[:, number][figure]
        light = light + strength * lit[:, None]
        mirror = mirror + strength * torch.where(incidence > 0, peak, 0.0)[:, None]
    near = lights.ring[figure] * 1e6 / (place.reach * place.reach)
    own = near * (place.cosine + own_wrap) / (1 + own_wrap)
    own_mirror = near * specular * place.cosine**gloss * (1 + gloss * 0.03)
    light[:, 3] += own
    mirror[:, 3] += own_mirror
    seen = attributes[:, : NIR + 1] * texture * light + mirror
    through = figures.glass[figure]
    color = torch.where(glass[:, None], seen[:, :3] * through[:, :1] + 0.03 * lights.sky[figure, :3], seen[:, :3])
    nir = torch.where(glass, seen[:, 3] * through[:, 1] * through[:, 1] + 0.02 * near, seen[:, 3])
    celsius = torch.where(glass, through[:, 2], attributes[:, CELSIUS])
    echo = attributes[:, NIR] * texture[:, 3]
    rest = torch.stack([nir, celsius, place.cosine, echo, glass.to(nir.dtype), torch.ones_like(nir)], dim=1)
    return torch.cat([color, rest], dim=1)


def _brightness(figures: Figures, lights: Lights, shadow: torch.Tensor, place: _Place) -> torch.Tensor:
    """Share of the first light that reaches P pixels: 4 x 4 texels of the shadow map about each."""
    offset = place.point - figures.centers[place.figure]
    across, along, away = _dot(offset[:, None], lights.shadow_axes[place.figure]).unbind(1)
    middle = SHADOW_SIZE / 2
    column, row = ((v.to(torch.float64) / SHADOW_MM + middle).to(torch.int64) for v in (across, along))
    around = torch.arange(-1, 3, device=row.device)
    rows = (row[:, None] + around).clamp(0, SHADOW_SIZE - 1)
    columns = (column[:, None] + around).clamp(0, SHADOW_SIZE - 1)
    depths = shadow[place.figure[:, None, None], rows[:, :, None], columns[:, None, :]]
    return (away[:, None, None] < depths + SHADOW_BIAS_MM).sum(dim=(1, 2)) / 16


def to_visible(depth: torch.Tensor, nearest: torch.Tensor, glass: torch.Tensor) -> list[Visible]:
    """What `see_figures` returned, figure by figure in memory."""
    return [Visible(*parts) for parts in zip(*(t.cpu().numpy() for t in (depth, nearest, glass)), strict=True)]


def to_shaded(planes: torch.Tensor) -> list[Shaded]:
    """What `shade_figures` returned, figure by figure in memory."""
    host = planes.cpu().numpy()
    return [
        Shaded(np.ascontiguousarray(one[..., :3]), *(np.ascontiguousarray(one[..., k]) for k in range(3, 9)))
        for one in host
    ]
