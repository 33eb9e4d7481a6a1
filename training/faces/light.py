"""Light: where it comes from, its shadow, and the shading of every pixel.

Shading runs at twice the sample's resolution and is averaged over 2 x 2 pixels, since networks read eyes and brows
that are only a few pixels high. All light is relative; the cameras in sensors.py expose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from training.faces.materials import TABLE
from training.faces.rasterizer import project, rasterize
from training.faces.scene import Figure

SHADOW_SIZE = 256
SHADOW_MM = 1.8
"""Width of a texel of the shadow map: brows, noses and lips throw shadows of a few mm."""
SHADOW_BIAS_MM = 6.0
"""What lies so little behind the map's surface is that surface."""
FAR_AWAY = np.float32(1e9)


@dataclass(frozen=True, eq=False)
class Lighting:
    """Directional lights, light from all around, and the night camera's own light."""

    directions: NDArray[np.float32]
    """(L, 3) unit vectors towards the lights, camera axes; the first casts a shadow."""
    colors: NDArray[np.float32]
    """(L, 3) linear RGB irradiance."""
    nir: NDArray[np.float32]
    """(L,) near-infrared irradiance of the same lights (sun and filament lamps have much, LED street light little)."""
    sky: NDArray[np.float32]
    """(3,) RGB from above."""
    ground: NDArray[np.float32]
    """(3,) RGB from below."""
    ambient_nir: float
    ring: float
    """Near infrared from beside the lens: irradiance at 1 m; falls with the square of the distance."""


@dataclass(frozen=True, eq=False)
class Shaded:
    """What every pixel sends towards the camera, before any sensor. Where `cover` is 0, the rest is 0."""

    color: NDArray[np.float32]
    """(H, W, 3) linear, times cover."""
    nir: NDArray[np.float32]
    """(H, W), times cover."""
    celsius: NDArray[np.float32]
    """(H, W) surface temperature, times cover."""
    cosine: NDArray[np.float32]
    """(H, W) cosine between normal and line of sight, times cover."""
    echo: NDArray[np.float32]
    """(H, W) diffuse near-infrared reflectance seen head-on, times cover: what an active sensor gets back."""
    glass: NDArray[np.float32]
    """(H, W) share of the pixel that lies behind spectacles."""
    cover: NDArray[np.float32]
    """(H, W) share of the pixel that the figure covers."""


@dataclass(frozen=True, eq=False)
class Visible:
    """Which triangle every pixel sees at the sample's resolution: exact depth and labels."""

    depth_mm: NDArray[np.float32]
    """(H, W), inf where nothing is."""
    nearest: NDArray[np.int32]
    """(H, W) triangle, -1 where nothing is."""
    glass: NDArray[np.bool_]
    """(H, W) whether a lens lies before it."""


def see(figure: Figure, intrinsics: NDArray[np.float32], height: int, width: int) -> Visible:
    """Rasterize a figure at pixel centers."""
    depth, nearest = rasterize(project(figure.points, intrinsics), figure.triangles, height, width)
    return Visible(depth, nearest, _glass(figure, intrinsics, depth))


def _glass(figure: Figure, intrinsics: NDArray[np.float32], depth: NDArray[np.float32]) -> NDArray[np.bool_]:
    if figure.lenses is None:
        return np.zeros(depth.shape, bool)
    lens, hit = rasterize(project(figure.lenses.vertices, intrinsics), figure.lenses.triangles, *depth.shape)
    return (hit >= 0) & (lens < depth)


def twice(intrinsics: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intrinsics of the grid whose 2 x 2 pixels average to one pixel of the given grid (centers at integers)."""
    fx, fy, cx, cy = intrinsics
    return np.array([2 * fx, 2 * fy, 2 * cx + 0.5, 2 * cy + 0.5], np.float32)


def shade(
    figure: Figure,
    intrinsics: NDArray[np.float32],
    height: int,
    width: int,
    lighting: Lighting,
    noise_seed: int,
) -> Shaded:
    """Light a figure and average it to height x width pixels."""
    fine = twice(intrinsics)
    depth, nearest = rasterize(project(figure.points, fine), figure.triangles, 2 * height, 2 * width)
    glass = _glass(figure, fine, depth)
    lenses = figure.lenses
    lens = np.array(
        [lenses.color_transmission, lenses.nir_transmission, lenses.celsius] if lenses else [1, 1, 0], np.float32
    )
    shadow_axes, shadow = _shadow_map(figure, lighting.directions[0])
    out = np.zeros((height, width, 9), np.float32)
    _shade(
        nearest,
        depth,
        glass,
        lens,
        figure.triangles,
        figure.points,
        figure.normals,
        figure.attributes,
        figure.material,
        TABLE,
        fine,
        lighting.directions,
        lighting.colors,
        lighting.nir,
        lighting.sky,
        lighting.ground,
        np.float32(lighting.ambient_nir),
        np.float32(lighting.ring),
        shadow,
        shadow_axes,
        figure.head_center_mm,
        np.uint32(noise_seed & 0xFFFFFFFF),
        out,
    )
    return Shaded(
        color=np.ascontiguousarray(out[..., :3]),
        nir=out[..., 3].copy(),
        celsius=out[..., 4].copy(),
        cosine=out[..., 5].copy(),
        echo=out[..., 6].copy(),
        glass=out[..., 7].copy(),
        cover=out[..., 8].copy(),
    )


def _shadow_map(figure: Figure, toward_light: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Axes (3, 3) of the light's view (rows: across, along, away from the light) and its depth map in mm."""
    across = np.cross(toward_light, [0.05, 1.0, 0.1])
    across /= np.linalg.norm(across)
    along = np.cross(toward_light, across)
    axes = np.stack([across, along, -toward_light]).astype(np.float32)
    local = (figure.points - figure.head_center_mm) @ axes.T
    flat = np.empty_like(local)
    flat[:, :2] = local[:, :2] / SHADOW_MM + SHADOW_SIZE / 2
    flat[:, 2] = local[:, 2] + 5000.0
    depth, _ = rasterize(flat, figure.triangles, SHADOW_SIZE, SHADOW_SIZE)
    return axes, np.where(np.isinf(depth), FAR_AWAY, depth - 5000.0).astype(np.float32)


@numba.njit(cache=True)
def _hash(x, y, z, seed):
    """A number in 0..1 for a lattice point."""
    h = (
        np.uint32(x) * np.uint32(374761393)
        + np.uint32(y) * np.uint32(668265263)
        + np.uint32(z) * np.uint32(2147483647)
        + seed * np.uint32(3266489917)
    )
    h = np.uint32((h ^ (h >> np.uint32(13))) * np.uint32(1274126177))
    h = np.uint32(h ^ (h >> np.uint32(16)))
    return np.float32(h & np.uint32(0xFFFF)) * np.float32(1.0 / 65535.0)


@numba.njit(cache=True)
def _value_noise(x, y, z, seed):
    """Smooth noise of mean 0 within about -1..1: random numbers at lattice points, interpolated."""
    ix = int(np.floor(x))
    iy = int(np.floor(y))
    iz = int(np.floor(z))
    fx = np.float32(x - ix)
    fy = np.float32(y - iy)
    fz = np.float32(z - iz)
    fx = fx * fx * (np.float32(3) - np.float32(2) * fx)
    fy = fy * fy * (np.float32(3) - np.float32(2) * fy)
    fz = fz * fz * (np.float32(3) - np.float32(2) * fz)
    value = np.float32(0)
    for dz in range(2):
        wz = fz if dz else np.float32(1) - fz
        for dy in range(2):
            wy = fy if dy else np.float32(1) - fy
            for dx in range(2):
                wx = fx if dx else np.float32(1) - fx
                value += wx * wy * wz * _hash(ix + dx, iy + dy, iz + dz, seed)
    return np.float32(2) * value - np.float32(1)


@numba.njit(cache=True, fastmath=True)
def _shade(
    nearest, depth, glass, lens, triangles, points, normals, attributes, material, table, intrinsics,
    directions, colors, light_nir, sky, ground, ambient_nir, ring, shadow, shadow_axes, shadow_origin, seed, out,
):  # fmt: skip
    height, width = nearest.shape
    fx, fy, cx, cy = intrinsics
    one = np.float32(1)
    zero = np.float32(0)
    share = np.float32(0.25)
    a = np.empty(9, np.float32)
    n = np.empty(3, np.float32)
    for y in range(height):
        for x in range(width):
            t = nearest[y, x]
            if t < 0:
                continue
            z = depth[y, x]
            px = (np.float32(x) - cx) / fx * z
            py = (np.float32(y) - cy) / fy * z
            i0 = triangles[t, 0]
            i1 = triangles[t, 1]
            i2 = triangles[t, 2]
            # Barycentric weights from the point itself: areas in the triangle's plane.
            e1x = points[i1, 0] - points[i0, 0]
            e1y = points[i1, 1] - points[i0, 1]
            e1z = points[i1, 2] - points[i0, 2]
            e2x = points[i2, 0] - points[i0, 0]
            e2y = points[i2, 1] - points[i0, 1]
            e2z = points[i2, 2] - points[i0, 2]
            qx = px - points[i0, 0]
            qy = py - points[i0, 1]
            qz = z - points[i0, 2]
            d11 = e1x * e1x + e1y * e1y + e1z * e1z
            d12 = e1x * e2x + e1y * e2y + e1z * e2z
            d22 = e2x * e2x + e2y * e2y + e2z * e2z
            dq1 = qx * e1x + qy * e1y + qz * e1z
            dq2 = qx * e2x + qy * e2y + qz * e2z
            determinant = d11 * d22 - d12 * d12
            if determinant <= zero:
                w1 = zero
                w2 = zero
            else:
                w1 = min(max((d22 * dq1 - d12 * dq2) / determinant, zero), one)
                w2 = min(max((d11 * dq2 - d12 * dq1) / determinant, zero), one - w1)
            w0 = one - w1 - w2
            for k in range(9):
                a[k] = attributes[i0, k] * w0 + attributes[i1, k] * w1 + attributes[i2, k] * w2
            length = zero
            for k in range(3):
                n[k] = normals[i0, k] * w0 + normals[i1, k] * w1 + normals[i2, k] * w2
                length += n[k] * n[k]
            length = np.sqrt(length) + np.float32(1e-9)
            reach = np.sqrt(px * px + py * py + z * z)
            vx = -px / reach
            vy = -py / reach
            vz = -z / reach
            cosine = (n[0] * vx + n[1] * vy + n[2] * vz) / length
            sign = one if cosine >= zero else -one  # sheets of hair and cloth are seen from both sides
            for k in range(3):
                n[k] *= sign / length
            cosine = abs(cosine)

            m = material[t]
            gloss = table[m, 2]
            wrap = table[m, 3]
            own_wrap = table[m, 4]
            texture = _value_noise(a[6], a[7], a[8], seed)
            texture += np.float32(0.6) * _value_noise(
                a[6] * np.float32(2.3), a[7] * np.float32(2.3), a[8] * np.float32(2.3), seed + np.uint32(1)
            )
            texture_color = max(one + table[m, 0] * texture, np.float32(0.1))
            texture_nir = max(one + table[m, 1] * texture, np.float32(0.1))

            upward = np.float32(0.5) - np.float32(0.5) * n[1]
            r = sky[0] * upward + ground[0] * (one - upward)
            g = sky[1] * upward + ground[1] * (one - upward)
            b = sky[2] * upward + ground[2] * (one - upward)
            nir = ambient_nir
            mirror_r = zero
            mirror_g = zero
            mirror_b = zero
            mirror_nir = zero
            for i in range(directions.shape[0]):
                lx = directions[i, 0]
                ly = directions[i, 1]
                lz = directions[i, 2]
                incidence = n[0] * lx + n[1] * ly + n[2] * lz
                lit = (incidence + wrap) / (one + wrap)
                if lit <= zero:
                    continue
                if i == 0:
                    ox = px - shadow_origin[0]
                    oy = py - shadow_origin[1]
                    oz = z - shadow_origin[2]
                    su = (ox * shadow_axes[0, 0] + oy * shadow_axes[0, 1] + oz * shadow_axes[0, 2]) / SHADOW_MM
                    sv = (ox * shadow_axes[1, 0] + oy * shadow_axes[1, 1] + oz * shadow_axes[1, 2]) / SHADOW_MM
                    sz = ox * shadow_axes[2, 0] + oy * shadow_axes[2, 1] + oz * shadow_axes[2, 2]
                    column = int(su + SHADOW_SIZE / 2)
                    row = int(sv + SHADOW_SIZE / 2)
                    bright = zero
                    for dr in range(-1, 3):
                        for dc in range(-1, 3):
                            rr = min(max(row + dr, 0), SHADOW_SIZE - 1)
                            cc = min(max(column + dc, 0), SHADOW_SIZE - 1)
                            if sz < shadow[rr, cc] + np.float32(SHADOW_BIAS_MM):
                                bright += np.float32(0.0625)
                    lit *= bright
                r += colors[i, 0] * lit
                g += colors[i, 1] * lit
                b += colors[i, 2] * lit
                nir += light_nir[i] * lit
                if incidence > zero:
                    hx = lx + vx
                    hy = ly + vy
                    hz = lz + vz
                    hl = np.sqrt(hx * hx + hy * hy + hz * hz) + np.float32(1e-9)
                    half = max((n[0] * hx + n[1] * hy + n[2] * hz) / hl, zero)
                    peak = a[5] * half**gloss * lit * (one + gloss * np.float32(0.04))
                    mirror_r += colors[i, 0] * peak
                    mirror_g += colors[i, 1] * peak
                    mirror_b += colors[i, 2] * peak
                    mirror_nir += light_nir[i] * peak
            near_light = ring * np.float32(1e6) / (reach * reach)
            own = near_light * (cosine + own_wrap) / (one + own_wrap)
            own_mirror = near_light * a[5] * cosine**gloss * (one + gloss * np.float32(0.03))
            red = a[0] * texture_color * r + mirror_r
            green = a[1] * texture_color * g + mirror_g
            blue = a[2] * texture_color * b + mirror_b
            infrared = a[3] * texture_nir * (nir + own) + mirror_nir + own_mirror
            celsius = a[4]
            if glass[y, x]:
                red = red * lens[0] + np.float32(0.03) * sky[0]
                green = green * lens[0] + np.float32(0.03) * sky[1]
                blue = blue * lens[0] + np.float32(0.03) * sky[2]
                infrared = infrared * lens[1] * lens[1] + np.float32(0.02) * near_light
                celsius = lens[2]
                out[y // 2, x // 2, 7] += share
            row_out = out[y // 2, x // 2]
            row_out[0] += share * red
            row_out[1] += share * green
            row_out[2] += share * blue
            row_out[3] += share * infrared
            row_out[4] += share * celsius
            row_out[5] += share * cosine
            row_out[6] += share * a[3] * texture_nir
            row_out[8] += share
