"""Ask the peers (MediaPipe, dlib) for boxes, points, reliefs and descriptors: they run under a Python of their own.

Their packages pull in an OpenCV that does not go with ours, so they are no dependency: a small script of ours runs
under a Python that has them, takes the pictures as one npz file and gives its answers back as another.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.out_folder import cannot_write, make_folder
from training.wrong_use import WrongUseError

SCRIPT = Path(__file__).parent / "peers_script.py"
NEEDS = 'mediapipe==0.10.21 dlib-bin face_recognition_models "setuptools<81" "opencv-python-headless<5"'

TRIED_S = 60.0
"""A Python that has not imported OpenCV by then is none to work with."""

Answer = dict[str, NDArray]


class PeersError(Exception):
    """The other Python cannot be run or fails; the message says what it said."""


class NoPythonError(PeersError, WrongUseError):
    """What was named is no Python that could run the peers; the message says what it did."""


def require_python(python: Path) -> None:
    """Try out the peers' Python, in a second or two.

    Raises:
        NoPythonError: it is not there, can't be run, or lacks what the script itself needs.
    """
    try:
        done = subprocess.run(
            [str(python), "-c", "import cv2, numpy"], capture_output=True, text=True, timeout=TRIED_S, check=False
        )
    except OSError as error:
        raise NoPythonError(
            f"cannot run {python} ({error.strerror or error}); --peers names the program of a Python with: {NEEDS}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise NoPythonError(
            f"{python} did not answer within {TRIED_S:.0f} s; --peers names the program of a Python"
        ) from error
    if done.returncode != 0:
        raise NoPythonError(_failed(python, done.stderr))


def _failed(python: Path | None, stderr: str) -> str:
    said = stderr.strip().splitlines()
    return (
        f"the peers' Python {python} failed: {said[-1] if said else 'it said nothing'}; it needs: pip install {NEEDS}"
    )


@dataclass
class Peers:
    """Collects jobs by picture set, runs them in one go, and keeps the answers in `folder` for the next time.

    Without a Python (`python` is None) every job's answer is None: its columns say "not measured".
    """

    python: Path | None
    folder: Path
    versions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def ask(
        self, tool: str, images: NDArray | list[NDArray], *, scale: int = 1, timeout_s: float = 3600.0, **more: Any
    ) -> Answer | None:
        """One job on a set of pictures (uint8, gray or BGR).

        Args:
            tool: see the script.
            scale: enlarge so many times first.
            more: words of the job (str), or arrays that go with it (`boxes`, `fallback`).

        Returns:
            The arrays of the answer; None where the tool cannot be had.

        Raises:
            PeersError: the other Python fails.
            OutFolderError: its answers can't be kept.
        """
        if self.python is None:
            return None
        words = {key: value for key, value in more.items() if not isinstance(value, np.ndarray)}
        arrays = {f"job/{key}": value for key, value in more.items() if isinstance(value, np.ndarray)}
        job = {"name": "job", "tool": tool, "images": "images", "scale": scale, **words}
        request = {"jobs": np.array(json.dumps([job], sort_keys=True)), **arrays}
        if isinstance(images, np.ndarray):
            request["images"] = images
        else:
            request |= {f"images/{i}": image for i, image in enumerate(images)}
        make_folder(self.folder)
        answer_path = self.folder / f"{tool}-{_digest(request, self.python)}.npz"
        if not _is_whole(answer_path):
            self._run(request, answer_path, timeout_s)
        with np.load(answer_path, allow_pickle=False) as file:
            self.versions = json.loads(str(file["versions"]))
            missing = json.loads(str(file["missing"]))
            if missing:
                self.missing[str(words.get("detector", tool))] = missing["job"]
                return None
            return {key.removeprefix("job/"): file[key] for key in file.files if key.startswith("job/")}

    def _run(self, request: dict[str, NDArray], answer_path: Path, timeout_s: float) -> None:
        request_path = answer_path.with_name(f"{answer_path.stem}.request.npz")
        part = answer_path.with_name(f"{answer_path.stem}.part.npz")
        try:
            np.savez(request_path, **request)
        except OSError as error:
            with contextlib.suppress(OSError):
                request_path.unlink(missing_ok=True)
            raise cannot_write(request_path, error) from error
        try:
            done = subprocess.run(
                [str(self.python), str(SCRIPT), str(request_path), str(part)],
                capture_output=True,
                text=True,
                timeout=timeout_s,
                check=False,
            )
        except OSError as error:
            raise PeersError(f"cannot run the peers' Python {self.python}: {error.strerror or error}") from error
        except subprocess.TimeoutExpired as error:
            raise PeersError(f"the peers took longer than {timeout_s:.0f} s; their answers so far are kept") from error
        finally:
            request_path.unlink(missing_ok=True)
        if done.returncode != 0 or not part.is_file():
            part.unlink(missing_ok=True)
            raise PeersError(_failed(self.python, done.stderr))
        part.replace(answer_path)


def _is_whole(answer: Path) -> bool:
    """Whether an answer was kept and can be read; one that a full disk or a crash tore is asked for again."""
    try:
        with zipfile.ZipFile(answer) as file:
            return file.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _digest(request: dict[str, NDArray], python: Path) -> str:
    """Of the pictures, the job, the script and the Python: another of these is another answer."""
    digest = hashlib.sha256(SCRIPT.read_bytes() + str(python).encode())
    for key in sorted(request):
        value = np.ascontiguousarray(request[key])
        digest.update(f"{key} {value.dtype} {value.shape}".encode())
        digest.update(value.tobytes())
    return digest.hexdigest()[:24]
