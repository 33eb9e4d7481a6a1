"""The fine texture of surfaces in torch: light.py's smooth noise, whose lattice numbers come out to the bit."""

from __future__ import annotations

from collections.abc import Sequence

import torch

_LOW_32 = 0xFFFFFFFF
_LOW_45 = (1 << 45) - 1
"""light.py hashes with 64 bits and no sign; only these reach the result, and sums of them fit into signed numbers."""
_X, _Y, _Z, _SEED, _MIX = 374761393, 668265263, 2147483647, 3266489917, 1274126177


def surface_texture(places: torch.Tensor, figure: torch.Tensor, seeds: Sequence[int]) -> torch.Tensor:
    """Noise of two octaves, of mean 0 within about -1.6..1.6.

    Args:
        places: (P, 3) float32 places in the noise.
        figure: (P,) which of the `seeds` each belongs to.
        seeds: one a figure; their lower 32 bits count.
    """
    coarse = _value_noise(places, _salts(seeds, 0, places.device)[figure])
    return coarse + 0.6 * _value_noise(places * 2.3, _salts(seeds, 1, places.device)[figure])


def _salts(seeds: Sequence[int], octave: int, device: torch.device) -> torch.Tensor:
    salts = [((int(seed) & _LOW_32) + octave) * _SEED & _LOW_45 for seed in seeds]
    return torch.tensor(salts, dtype=torch.int64).to(device)


def _value_noise(places: torch.Tensor, salt: torch.Tensor) -> torch.Tensor:
    """Random numbers at lattice points, interpolated; of mean 0 within -1..1."""
    corner = torch.floor(places)
    share = places - corner
    share = share * share * (3 - 2 * share)
    corner = corner.to(torch.int64)
    # Per axis, the hash's terms and the weights at the lattice points on either side.
    terms = [
        [((corner[:, axis] + side) & _LOW_32) * factor & _LOW_45 for side in (0, 1)]
        for axis, factor in enumerate((_X, _Y, _Z))
    ]
    weights = [[1 - share[:, axis], share[:, axis]] for axis in range(3)]
    value = torch.zeros_like(share[:, 0])
    for z in (0, 1):
        for y in (0, 1):
            for x in (0, 1):
                h = (terms[0][x] + terms[1][y] + terms[2][z] + salt) & _LOW_45
                h = ((h ^ (h >> 13)) & _LOW_32) * _MIX & _LOW_32
                h = h ^ (h >> 16)
                number = (h & 0xFFFF).to(torch.float32) * (1.0 / 65535.0)
                value = value + weights[0][x] * weights[1][y] * weights[2][z] * number
    return 2 * value - 1
