"""Small TIFF files for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

W, H = 20, 15


def counts(n: int, dtype: Any = np.uint16) -> NDArray[Any]:
    return np.random.default_rng(n).integers(0, np.iinfo(dtype).max, (H, W)).astype(dtype)


def write(path: Path, *images: NDArray[Any], **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tifffile.TiffWriter(
        path, bigtiff=options.pop("bigtiff", False), byteorder=options.pop("byteorder", "<")
    ) as out:
        for image in images:
            out.write(
                image,
                photometric=options.get("photometric", "minisblack"),
                contiguous=False,
                **{k: v for k, v in options.items() if k != "photometric"},
            )
    return path
