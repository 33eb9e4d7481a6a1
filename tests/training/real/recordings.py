"""Small recordings in the layout of the development data, with a ball for a head: no real person is in them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


def ball_depth(
    height: int, width: int, center: tuple[float, float], distance: int, fx: float, deep: float = 100.0, wall: int = 0
) -> np.ndarray:
    """uint16 mm: an upright ellipsoid of 160 x 230 mm, `deep` mm deep, before a wall (0: nothing behind it)."""
    rows, columns = np.mgrid[:height, :width]
    px = fx / distance
    radius = ((columns - center[0]) / (80 * px)) ** 2 + ((rows - center[1]) / (115 * px)) ** 2
    inside = radius < 1
    depth = np.full((height, width), wall, np.uint16)
    depth[inside] = (distance + deep * (1 - np.sqrt(1 - radius[inside]))).astype(np.uint16)
    return depth


def write_rap(data: Path, people: int = 4, poses: int = 2) -> None:
    """rap3df_set2 of `people` with balls of different depth and brightness."""
    random = np.random.default_rng(0)
    subject, pose, color, depth, infrared = [], [], [], [], []
    for who in range(people):
        for k in range(poses):
            z = ball_depth(149, 119, (60 + k, 70), 800 + 8 * k, 365.0, deep=70 + 15 * who)
            shade = np.where(z > 0, 200 - (z.astype(int) - 800) // 2 - 20 * who, 0).clip(0, 255).astype(np.uint8)
            subject.append(f"s{who}")
            pose.append("front" if k == 0 else "left")
            noise = random.integers(0, 12, (149, 119, 3))
            color.append(np.clip(shade[..., None] + np.array([0, 10, 20]) + noise, 0, 255).astype(np.uint8))
            depth.append(z)
            infrared.append(shade)
    folder = data / "rap3df_set2"
    folder.mkdir(parents=True)
    np.savez_compressed(
        folder / "rap3df_set2.npz",
        subject=np.array(subject),
        pose=np.array(pose),
        color_bgr=np.stack(color),
        depth_mm=np.stack(depth),
        ir=np.stack(infrared),
    )


def write_turning(data: Path, frames: int = 2) -> None:
    """kinect_person of a ball that moves a little."""
    folder = data / "kinect_person"
    folder.mkdir(parents=True)
    for i in range(frames):
        z = ball_depth(480, 640, (320 + i, 200), 900, 525.0, wall=2500)
        cv2.imwrite(str(folder / f"{i:010d}.jpg"), np.repeat((z // 12).astype(np.uint8)[..., None], 3, axis=2))
        cv2.imwrite(str(folder / f"{i:010d}_mask.jpg"), np.zeros((480, 640), np.uint8))
        cv2.imwrite(str(folder / f"{i:010d}_depth.png"), z)


def write_thermal(data: Path) -> None:
    """lepton_faces: a warm ball in gray and in a palette."""
    images, notes = data / "lepton_faces" / "images", data / "lepton_faces" / "annotations"
    images.mkdir(parents=True)
    notes.mkdir()
    warm = np.full((120, 160), 60, np.uint8)
    cv2.ellipse(warm, (80, 50), (12, 16), 0, 0, 360, 220, -1)
    pictures = (np.repeat(warm[..., None], 3, axis=2), cv2.applyColorMap(warm, cv2.COLORMAP_JET))
    for number, picture in zip((12, 13), pictures, strict=True):
        cv2.imwrite(str(images / f"1_{number}.jpeg"), picture)
        (notes / f"1_{number}.txt").write_text("0 0.5 0.4166 0.15 0.2666\n")
