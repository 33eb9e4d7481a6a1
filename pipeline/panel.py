"""One picture of everything: the streams side by side, the generated faces, and a status line.

It is the frame of overlay.mp4; :func:`contact_sheet` lays many such pictures out as one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np

from drivers.frame import Frame, FrameFlag, FrameSet, StreamKind
from pipeline.colormap import (
    DEFAULT_PALETTES,
    RangeFollower,
    Rgb,
    describe_range,
    gray_out,
    palette_colors,
    to_rgb,
)
from pipeline.labels import (
    BLUE,
    ORANGE,
    WHITE,
    Color,
    fit_size,
    generated_picture,
    put_text,
    shorten,
    text_box,
)
from pipeline.overlay import OverlayOptions, draw_plan, label_of, pose_text, reasons_of
from pipeline.overlay_paint import paint
from pipeline.overlay_words import eyes_text, percent
from pipeline.primitives import Primitive
from recordings.observation import Face, Observation

BACKGROUND: Color = (15, 17, 21)
TILE: Color = (27, 31, 37)
GRAY: Color = (168, 176, 188)

_MAIN_KINDS = (StreamKind.COLOR, StreamKind.INFRARED, StreamKind.GRAY, StreamKind.DEPTH, StreamKind.THERMAL)


def main_frame(frame_set: FrameSet, observation: Observation | None = None) -> Frame:
    """The frame to show large: that of the stream the faces are in, else color, infrared, gray, depth, thermal."""
    if observation is not None and observation.faces:
        frame = frame_set.frames.get(observation.faces[0].stream)
        if frame is not None and frame.kind is not StreamKind.DEPTH:
            return frame
    return frame_set.first(*_MAIN_KINDS) or next(iter(frame_set.frames.values()))


class Panel:
    """Composes pictures of one session; it remembers the color ranges and which stream is the large one, so that
    neither flickers."""

    def __init__(
        self,
        size: tuple[int, int] = (1280, 720),
        options: OverlayOptions | None = None,
        ranges: RangeFollower | None = None,
        origin_ns: int | None = None,
    ) -> None:
        """``size``: width and height in px, even, at least 480 x 270.

        Times are shown from ``origin_ns`` (device time) on, by default from the first FrameSet that is composed.
        """
        self.width, self.height = max(480, size[0] // 2 * 2), max(270, size[1] // 2 * 2)
        self.options = options or OverlayOptions()
        self.ranges = ranges or RangeFollower()
        self._main = ""
        self._origin_ns = origin_ns

    def compose(self, frame_set: FrameSet, observation: Observation, meter: str = "") -> Rgb:
        """uint8 (height, width, 3) RGB of one FrameSet and what was seen in it.

        Args:
            meter: words for the right end of the status line, such as the time that a frame took.
        """
        if self._origin_ns is None:
            self._origin_ns = frame_set.device_ns
        canvas = np.empty((self.height, self.width, 3), np.uint8)
        canvas[:] = BACKGROUND
        gap = max(4, self.height // 90)
        bar = round(self.height * 0.062)
        plan = draw_plan(frame_set, observation, self.options)
        main = frame_set.frames.get(self._main)
        if main is None:
            main = main_frame(frame_set, observation)
            self._main = main.stream
        others = [f for f in frame_set.frames.values() if f is not main][:4]

        faces_w = round(self.width * 0.175)
        side_w = round(self.width * 0.235) if others else 0
        main_w = self.width - faces_w - side_w - gap * (4 if others else 3)
        area_h = self.height - bar - 2 * gap
        card_h = round(self.height * 0.15)

        self._tile(canvas, main, plan, gap, gap, main_w, area_h - card_h - gap, title_size=self.height / 40)
        self._cards(canvas, observation, gap, 2 * gap + area_h - card_h - gap, main_w, card_h)
        x = main_w + 2 * gap
        if others:
            rows = max(2, len(others))
            largest = (area_h - gap * (rows - 1)) // rows
            y = gap
            for frame in others:
                tile_h = min(largest, self._tile_height(frame, side_w, self.height / 48))
                self._tile(canvas, frame, plan, x, y, side_w, tile_h, title_size=self.height / 48)
                y += tile_h + gap
            x += side_w + gap
        self._generated(canvas, observation, x, gap, faces_w, area_h)
        self._status(canvas, frame_set, observation, meter, self.height - bar, bar)
        return canvas

    @staticmethod
    def _tile_height(frame: Frame, width: int, title_size: float) -> int:
        """What a tile needs in height when its picture takes its whole width."""
        pad = max(4, round(title_size * 0.35))
        bar = max(6, round(title_size * 0.5)) + 2 * pad if frame.kind in DEFAULT_PALETTES else 0
        return round(title_size * 1.7) + math.ceil(width * frame.info.height / frame.info.width) + bar

    def _tile(
        self,
        canvas: Rgb,
        frame: Frame,
        plan: Sequence[Primitive],
        x: int,
        y: int,
        w: int,
        h: int,
        title_size: float,
    ) -> None:
        """A stream with its name and range above it, its overlay on it, and a color bar where colors mean numbers."""
        _fill(canvas, x, y, w, h, TILE)
        pad = max(4, round(title_size * 0.35))
        head = round(title_size * 1.7)
        counts = None if frame.kind is StreamKind.COLOR else self.ranges.follow(frame)
        put_text(canvas, frame.stream, x + pad, y + head - pad, title_size, WHITE, outline=None)
        if counts is not None and frame.kind in DEFAULT_PALETTES:
            words = describe_range(frame.info, counts)
            name_w = text_box(frame.stream, title_size).width + 3 * pad
            size = fit_size(words, w - name_w - pad, title_size * 0.82)
            at = x + w - pad - text_box(words, size).width
            put_text(canvas, words, at, y + head - pad, size, GRAY, outline=None)
        bar_h = max(6, round(title_size * 0.5)) if frame.kind in DEFAULT_PALETTES else 0
        room_h = h - head - (bar_h + 2 * pad if bar_h else 0)
        scale = min(w / frame.info.width, room_h / frame.info.height)
        pw, ph = max(1, int(frame.info.width * scale)), max(1, int(frame.info.height * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        rgb = to_rgb(frame, counts)
        if frame.flags & FrameFlag.STALE:
            rgb = gray_out(rgb)
        picture = np.ascontiguousarray(cv2.resize(rgb, (pw, ph), interpolation=how), np.uint8)
        paint(picture, plan, scale, frame.stream)
        px, py = x + (w - pw) // 2, y + head + (room_h - ph) // 2
        canvas[py : py + ph, px : px + pw] = picture
        if bar_h:
            colors = palette_colors(DEFAULT_PALETTES[frame.kind])
            if frame.kind is StreamKind.DEPTH:
                colors = colors[::-1]  # near is bright, and near is at the left
            ramp = colors[np.linspace(0, 255, w - 2 * pad).astype(int)]
            top = y + h - pad - bar_h
            canvas[top : top + bar_h, x + pad : x + w - pad] = ramp

    def _cards(self, canvas: Rgb, observation: Observation, x: int, y: int, w: int, h: int) -> None:
        """Up to three faces in numbers, under the large tile."""
        faces = observation.faces[:3]
        if not faces:
            _fill(canvas, x, y, w, h, TILE)
            words = "no face in this frame" if observation.status == "ok" else observation.status
            size = h * 0.2
            box = text_box(words, size)
            put_text(canvas, words, x + (w - box.width) / 2, y + (h + box.height) / 2, size, GRAY, outline=None)
            return
        gap = max(4, self.height // 90)
        each = (w - gap * (len(faces) - 1)) // len(faces)
        for index, face in enumerate(faces):
            self._card(canvas, face, x + index * (each + gap), y, each, h)

    def _card(self, canvas: Rgb, face: Face, x: int, y: int, w: int, h: int) -> None:
        _fill(canvas, x, y, w, h, TILE)
        _fill(canvas, x, y, max(3, h // 30), h, BLUE)
        pad = max(6, h // 9)
        room = w - 2 * pad
        big, small = h * 0.215, h * 0.165
        line = (h - pad) / 4
        rows: list[tuple[str, float, Color]] = [(label_of(face), big, WHITE)]
        if face.pose is not None:
            rows.append((pose_text(face), small, WHITE))
        if face.eyes is not None:
            rows.append((eyes_text(face), small, GRAY))
        rows += [(words, small, ORANGE) for words in reasons_of(face)]
        for row, (words, size, color) in enumerate(rows[:4]):
            fitting = fit_size(words, room, size, smallest=0.6 * size)
            baseline = y + pad * 0.6 + line * (row + 0.8)
            put_text(canvas, shorten(words, room, fitting), x + pad, baseline, fitting, color, outline=None)

    def _generated(self, canvas: Rgb, observation: Observation, x: int, y: int, w: int, h: int) -> None:
        """The column of what the models imagined, each picture with GENERATED on it."""
        _fill(canvas, x, y, w, h, TILE)
        pad = max(4, self.height // 120)
        title = "generated by models"
        size = fit_size(title, w - 2 * pad, self.height / 48)
        head = round(self.height / 48 * 1.7)
        put_text(canvas, title, x + pad, y + head - pad, size, ORANGE, outline=None)
        images = [(face.id, image) for face in observation.faces for image in face.generated]
        if not images:
            return
        caption = self.height / 55
        room = h - head - pad
        columns = 1 if len(images) <= 3 else 2 if len(images) <= 8 else 3
        rows = math.ceil(len(images) / columns)
        side = min((w - pad * (columns + 1)) // columns, int(room / rows - 1.7 * caption))
        if side < 56:  # the word GENERATED would not be readable: fewer pictures, and it says how many are not shown
            side = 56
            columns = max(1, (w - pad) // (side + pad))
            rows = max(1, int(room // (side + 1.7 * caption)))
        shown = images[: rows * columns]
        for index, (face_id, image) in enumerate(shown):
            row, column = divmod(index, columns)
            px = x + pad + column * (side + pad)
            py = round(y + head + row * (side + 1.7 * caption))
            canvas[py : py + side, px : px + side] = generated_picture(image, side)
            sure = "" if image.mean_confidence is None else f"{percent(image.mean_confidence)} sure"
            several = len(observation.faces) > 1
            words = f"#{face_id} {sure or image.name}" if several else f"{image.model or image.name}  {sure}".rstrip()
            put_text(canvas, shorten(words, side, caption), px, py + side + caption * 1.15, caption, GRAY, outline=None)
        if len(shown) < len(images):
            words = f"{len(images) - len(shown)} more"
            put_text(canvas, words, x + pad, y + h - pad, caption, GRAY, outline=None)

    def _status(self, canvas: Rgb, frame_set: FrameSet, observation: Observation, meter: str, y: int, h: int) -> None:
        size = h * 0.46
        base = y + h * 0.62
        distances = [f"{f.distance_m:.2f} m" for f in observation.faces if f.distance_m is not None]
        count = len(observation.faces)
        words = [
            f"frame {frame_set.number}",
            _clock(frame_set.device_ns - (self._origin_ns or 0)),
            f"{count} face{'' if count == 1 else 's'}",
            *([", ".join(distances[:4])] if distances else []),
            *([f"missing: {', '.join(frame_set.missing)}"] if frame_set.missing else []),
        ]
        left = "    ".join(words)
        pad = max(4, self.height // 90)
        room = self.width - 2 * pad
        if meter:
            meter_w = text_box(meter, size * 0.85).width
            put_text(canvas, meter, self.width - pad - meter_w, base, size * 0.85, GRAY, outline=None)
            room -= meter_w + 2 * pad
        put_text(canvas, shorten(left, room, size), pad, base, size, WHITE, outline=None)


def compose(frame_set: FrameSet, observation: Observation, size: tuple[int, int] = (1280, 720), meter: str = "") -> Rgb:
    """One picture of one FrameSet, without the memory of a :class:`Panel`."""
    return Panel(size).compose(frame_set, observation, meter)


def contact_sheet(pictures: Sequence[Rgb], columns: int = 3, titles: Sequence[str] = (), cell_width: int = 640) -> Rgb:
    """Many pictures as one, uint8 (H, W, 3) RGB, in rows of ``columns``, each with its title under it.

    Args:
        pictures: uint8 (h, w, 3) RGB of any sizes, at least one; each is scaled into its cell.
        titles: one a picture, or fewer.
        cell_width: px of a cell; its height follows from the first picture's shape.

    Raises:
        ValueError: there is no picture.
    """
    if not pictures:
        raise ValueError("a contact sheet needs at least one picture")
    columns = max(1, min(columns, len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    gap = max(4, cell_width // 64)
    cell_h = round(cell_width * pictures[0].shape[0] / pictures[0].shape[1])
    font = cell_width / 34
    foot = round(font * 1.6) if titles else 0
    sheet = np.empty((rows * (cell_h + foot + gap) + gap, columns * (cell_width + gap) + gap, 3), np.uint8)
    sheet[:] = BACKGROUND
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        x, y = gap + column * (cell_width + gap), gap + row * (cell_h + foot + gap)
        scale = min(cell_width / picture.shape[1], cell_h / picture.shape[0])
        w, h = max(1, int(picture.shape[1] * scale)), max(1, int(picture.shape[0] * scale))
        small = cv2.resize(picture, (w, h), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        sheet[y + (cell_h - h) // 2 :, x + (cell_width - w) // 2 :][:h, :w] = small
        if index < len(titles):
            words = shorten(titles[index], cell_width, font)
            put_text(sheet, words, x, y + cell_h + font * 1.1, font, WHITE, outline=None)
    return sheet


def _fill(canvas: Rgb, x: int, y: int, w: int, h: int, color: Color) -> None:
    canvas[y : y + h, x : x + w] = color


def _clock(device_ns: int) -> str:
    """Device time since the origin as ``m:ss.mmm``, before it with a minus."""
    minutes, ms = divmod(abs(device_ns) // 1_000_000, 60_000)
    return f"{'-' if device_ns < 0 else ''}{minutes}:{ms // 1000:02d}.{ms % 1000:03d}"
