"""Files of each kind that play as cameras, and how tests open them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from drivers.camera import Camera, CameraState
from drivers.errors import EndOfStream
from drivers.frame import Frame
from recordings.file_camera import FileCamera
from tests.recordings import flir_files
from tests.recordings import rgbd_cases as rgbd_files
from tests.recordings import tiff_cases as tiff_files
from tests.recordings import video_cases as video_files

COUNT = 12
Make = Callable[[Path], Path]
Opener = Callable[[str], FileCamera]


def a_video(folder: Path) -> Path:
    return video_files.write(folder / "a.mp4", ("libx264", "yuv420p", video_files.color(COUNT)), rate=50)


def motion_jpeg(folder: Path) -> Path:
    return video_files.write(folder / "a.avi", ("mjpeg", "yuvj420p", video_files.color(COUNT)), rate=50)


def a_matroska(folder: Path) -> Path:
    return video_files.write(
        folder / "a.mkv", ("ffv1", "gray", [v[:, :, 0] for v in video_files.color(COUNT)]), rate=50
    )


def a_sequence(folder: Path) -> Path:
    path = folder / "a.seq"
    path.write_bytes(b"".join(flir_files.frame(n, counter=n, status=0) for n in range(COUNT)))
    return path


def a_csq(folder: Path) -> Path:
    path = folder / "a.csq"
    path.write_bytes(b"".join(flir_files.frame(n, "jpeg-ls", counter=n) for n in range(COUNT)))
    return path


def radiometric_pictures(folder: Path) -> Path:
    for n in range(COUNT):
        flir_files.write_picture(folder / "shots" / f"{n:03d}.jpg", n, visual=flir_files.visual_jpeg(n))
    return folder / "shots"


def a_tiff(folder: Path) -> Path:
    return tiff_files.write(folder / "a.tiff", *(tiff_files.counts(n) for n in range(COUNT)))


def colour_and_depth(folder: Path) -> Path:
    out = folder / "person"
    for n in range(COUNT):
        rgbd_files.write_image(out / f"{n:03d}.jpg", rgbd_files.color_image(n))
        rgbd_files.write_image(out / f"{n:03d}_depth.png", rgbd_files.depth_image(n))
    rgbd_files.write_camera(out / "000_camera.xml")
    for n in range(1, COUNT):
        shutil.copy(out / "000_camera.xml", out / f"{n:03d}_camera.xml")
    return out


def one_picture(folder: Path) -> Path:
    return flir_files.write_picture(folder / "one.jpg", visual=flir_files.visual_jpeg())


EVERY: list[Make] = [
    a_video,
    motion_jpeg,
    a_matroska,
    a_sequence,
    a_csq,
    radiometric_pictures,
    a_tiff,
    colour_and_depth,
    one_picture,
]


@contextlib.contextmanager
def opener() -> Iterator[Opener]:
    """Opens files as cameras; closes them in the end."""
    made: list[FileCamera] = []

    def open_it(rest: str) -> FileCamera:
        made.append(FileCamera(rest))
        made[-1].open()
        return made[-1]

    yield open_it
    for camera in made:
        camera.close()


def to_the_end(camera: Camera) -> list[Frame]:
    """All frames to the end, which the camera tells."""
    out: list[Frame] = []
    with contextlib.suppress(EndOfStream):
        while len(out) < 10_000:
            out.append(camera.read(10.0))
    assert camera.health().state is CameraState.ENDED
    return out
