"""Which files of a folder are colour, which are depth, and what belongs together. Looks at names only.

Three layouts are known (NNN stands for whatever names a frame):

- pairs beside each other: ``NNN.jpg`` or ``NNN_color.png`` with ``NNN_depth.png``;
- prefixes: ``color_NNN.jpg`` or ``rgb_NNN.png`` with ``depth_NNN.png``;
- two folders: ``rgb/NNN.png`` (or color, image) and ``depth/NNN.png``. Names that are seconds with a decimal point,
  as TUM's, are the clock, and each folder then has its own.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recordings.errors import SessionImportError
from recordings.importers import calibration_files

_IMAGES: Final = (".jpg", ".jpeg", ".png")
_COLOR_WORDS: Final = ("color", "colour", "rgb", "image", "img")
_DEPTH_WORDS: Final = ("depth",)
_MASK_WORDS: Final = ("mask", "label", "seg")
_SECONDS: Final = re.compile(r"\d{1,12}\.\d{1,9}")
_COLOR_FOLDERS: Final = ("rgb", "color", "colour", "image", "images")


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a recording.

    Attributes:
        color, depth: image files in the order of time. Without ``color_ns`` the two go by pairs.
        color_ns, depth_ns: device times from the file names; None when the names are no times.
        calibrations: files that may hold intrinsics, by what they belong to: a frame's key, or '' for the folder.
        keys: the frames' names, one for each pair; empty with times.
        ignored: what was found and is not used: a description -> how many files.
    """

    color: tuple[Path, ...]
    depth: tuple[Path, ...]
    color_ns: tuple[int, ...] | None
    depth_ns: tuple[int, ...] | None
    calibrations: dict[str, Path]
    keys: tuple[str, ...]
    ignored: dict[str, int]


def find_layout(folder: Path) -> Layout:
    """The layout of a folder.

    Raises:
        SessionImportError: it is no folder, is empty, or its files do not pair.
    """
    if not folder.exists():
        raise SessionImportError(f"there is no folder {folder}; check the path")
    if not folder.is_dir():
        raise SessionImportError(f"{folder} is a file; name the folder that holds the images")
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise SessionImportError(f"the folder {folder} cannot be read: {error.strerror or error}") from error
    if not entries:
        raise SessionImportError(f"the folder {folder} is empty")
    folders = {p.name.lower(): p for p in entries if p.is_dir()}
    color_folder = next((folders[n] for n in _COLOR_FOLDERS if n in folders), None)
    depth_folder = folders.get("depth")
    files = [p for p in entries if p.is_file() and not p.name.startswith(".")]
    if color_folder and depth_folder:
        return _two_folders(folder, color_folder, depth_folder, files)
    if not any(p.suffix.lower() in _IMAGES for p in files):
        raise SessionImportError(
            f"the folder {folder} holds no images; expected NNN.jpg beside NNN_depth.png, or rgb/ beside depth/"
        )
    return _one_folder(folder, files)


def _one_folder(folder: Path, files: list[Path]) -> Layout:
    color: dict[str, Path] = {}
    depth: dict[str, Path] = {}
    ignored: dict[str, int] = {}
    calibrations: dict[str, Path] = {}
    for path in files:
        if path.suffix.lower() in calibration_files.SUFFIXES:
            _note_calibration(path, calibrations, ignored)
            continue
        if path.suffix.lower() not in _IMAGES:
            _count(ignored, f"*{path.suffix}")
            continue
        key, word = _key_and_word(path.stem)
        if word in _MASK_WORDS:
            _count(ignored, f"{word} images")
            continue
        group = depth if word in _DEPTH_WORDS else color
        if key in group:
            kind = "depth" if group is depth else "color"
            raise SessionImportError(f"{group[key]} and {path} are both the {kind} image of frame {key!r}")
        group[key] = path
    if not depth:
        raise SessionImportError(f"the folder {folder} holds no depth images (NNN_depth.png or depth_NNN.png)")
    return _in_pairs(folder, color, depth, calibrations, ignored)


def _two_folders(folder: Path, color_folder: Path, depth_folder: Path, files: list[Path]) -> Layout:
    ignored: dict[str, int] = {}
    calibrations: dict[str, Path] = {}
    for path in files:
        if path.suffix.lower() in calibration_files.SUFFIXES:
            _note_calibration(path, calibrations, ignored)
        else:
            _count(ignored, path.name)
    color = _images_of(color_folder, ignored)
    depth = _images_of(depth_folder, ignored)
    if all(_SECONDS.fullmatch(stem) for stem in (*color, *depth)):
        color_times = sorted((_seconds_to_ns(stem), path) for stem, path in color.items())
        depth_times = sorted((_seconds_to_ns(stem), path) for stem, path in depth.items())
        _check_overlap(folder, [t for t, _ in color_times], [t for t, _ in depth_times])
        return Layout(
            color=tuple(p for _, p in color_times),
            depth=tuple(p for _, p in depth_times),
            color_ns=tuple(t for t, _ in color_times),
            depth_ns=tuple(t for t, _ in depth_times),
            calibrations=calibrations,
            keys=(),
            ignored=ignored,
        )
    color = {_key_and_word(stem)[0]: path for stem, path in color.items()}
    depth = {_key_and_word(stem)[0]: path for stem, path in depth.items()}
    return _in_pairs(folder, color, depth, calibrations, ignored)


def _in_pairs(
    folder: Path,
    color: dict[str, Path],
    depth: dict[str, Path],
    calibrations: dict[str, Path],
    ignored: dict[str, int],
) -> Layout:
    """Of images that belong together by the key in their names."""
    _check_pairs(folder, color, depth)
    keys = tuple(sorted(color, key=_natural))
    return Layout(
        color=tuple(color[k] for k in keys),
        depth=tuple(depth[k] for k in keys),
        color_ns=None,
        depth_ns=None,
        calibrations=calibrations,
        keys=keys,
        ignored=ignored,
    )


def _images_of(folder: Path, ignored: dict[str, int]) -> dict[str, Path]:
    images: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        if path.suffix.lower() not in _IMAGES:
            _count(ignored, f"{folder.name}/*{path.suffix}")
        elif path.stem in images:
            raise SessionImportError(f"{images[path.stem]} and {path} have the same name")
        else:
            images[path.stem] = path
    if not images:
        raise SessionImportError(f"the folder {folder} holds no PNG or JPEG images")
    return images


def _key_and_word(stem: str) -> tuple[str, str]:
    """A frame's name and what the file shows: ``0007_depth`` -> ``0007``, ``depth``; ``0007`` -> ``0007``, ''."""
    words = (*_DEPTH_WORDS, *_COLOR_WORDS, *_MASK_WORDS)
    for word in words:
        match = re.fullmatch(rf"(?:(.+)[_.-]{word}s?|{word}s?[_.-]?(\d.*))", stem, re.IGNORECASE)
        if match:
            return match[1] or match[2], word
    return stem, ""


def _note_calibration(path: Path, calibrations: dict[str, Path], ignored: dict[str, int]) -> None:
    words = r"(?:camera|calibration|calib|intrinsics?|cam)"
    of_frame = re.fullmatch(rf"(.+)[_.-]{words}", path.stem, re.IGNORECASE)
    of_folder = re.fullmatch(words, path.stem, re.IGNORECASE)
    if of_frame:
        calibrations[of_frame[1]] = path
    elif of_folder and "" not in calibrations:
        calibrations[""] = path
    else:
        _count(ignored, path.name)


def _check_pairs(folder: Path, color: dict[str, Path], depth: dict[str, Path]) -> None:
    if not color:
        raise SessionImportError(f"the folder {folder} holds depth images but no color images")
    for have, lack, what in ((color, depth, "depth"), (depth, color, "color")):
        alone = sorted(set(have) - set(lack), key=_natural)
        if alone:
            more = f" (and {len(alone) - 1} more)" if len(alone) > 1 else ""
            raise SessionImportError(
                f"{have[alone[0]]} has no {what} image beside it{more}; add it or remove the frame"
            )


def _check_overlap(folder: Path, color_ns: list[int], depth_ns: list[int]) -> None:
    if color_ns[0] > depth_ns[-1] or depth_ns[0] > color_ns[-1]:
        raise SessionImportError(
            f"the file names in {folder} are times, but color and depth never overlap: color begins at "
            f"{color_ns[0] / 1e9} s, depth at {depth_ns[0] / 1e9} s"
        )
    for times in (color_ns, depth_ns):
        for before, after in itertools.pairwise(times):
            if before == after:
                raise SessionImportError(f"two images in {folder} have the same time {before / 1e9} s")


def _seconds_to_ns(stem: str) -> int:
    # By digits, not by float: an epoch time in ns has more of them than a float keeps.
    whole, fraction = stem.split(".")
    return int(whole) * 10**9 + int(fraction.ljust(9, "0"))


def _natural(key: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers in names by their value: 2 before 10."""
    parts = re.split(r"(\d+)", key)
    return tuple((0, int(p), p) if p.isdigit() else (1, 0, p) for p in parts if p)


def _count(ignored: dict[str, int], what: str) -> None:
    ignored[what] = ignored.get(what, 0) + 1
