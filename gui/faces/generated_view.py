"""A generated image beside a face's numbers, with the word GENERATED on its pixels and how sure its model is."""

from __future__ import annotations

from gui.look import theme
from gui.qt import QtCore, QtGui, QtWidgets
from gui.tiles.face_pictures import COLOR, FACE_FROM_EYE, generated_rgb
from gui.tiles.overlay_ink import to_qimage
from gui.tiles.picture_worker import Easel, Failed, Pictures
from gui.words import tr
from pipeline.overlay_words import percent
from recordings.observation import GeneratedImage

PICTURE_PX = 138

LATE_MS = 1000
"""One that was ordered so long ago is missed: what stands in its place is old, and fades."""
_FADED = 0.45

LEAST_MS = 80
"""A picture is painted anew no more often: an imagined one need not run at the cameras' rate. What is painted is always
the newest, at most so much later."""


class GeneratedPicture(QtWidgets.QWidget):
    """A generated image; the word GENERATED is part of its pixels (pipeline/labels.py)."""

    def __init__(self) -> None:
        super().__init__()
        self._image: GeneratedImage | None = None
        self._painted: tuple[GeneratedImage, float, bool] | None = None
        self._picture = QtGui.QImage()
        self.setFixedSize(PICTURE_PX, PICTURE_PX)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._later = QtCore.QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LEAST_MS)
        self._later.timeout.connect(self._renew)
        self._easel: Easel | None = None
        self.is_late = False
        """Whether a newer one was ordered long ago, and has not come."""
        self._overdue = QtCore.QTimer(self)
        self._overdue.setSingleShot(True)
        self._overdue.setInterval(LATE_MS)
        self._overdue.timeout.connect(self._miss)

    def use(self, pictures: Pictures) -> None:
        """Have the pictures made by a worker; the last one stays until the next is there."""
        self._easel = pictures.easel(self._take)

    @property
    def picture(self) -> QtGui.QImage:
        """What is painted, mark and all."""
        ratio, is_night = how = self.devicePixelRatioF(), theme.now().is_night
        if self._image is None:
            return self._picture
        was = self._painted
        is_coming = self._easel is not None and was is not None and was[1:] == how and was[0].name == self._image.name
        if was != (self._image, *how) and not is_coming:
            self._painted = (self._image, *how)
            self._picture = _made(self._image, ratio, is_night)
        return self._picture

    def show_image(self, image: GeneratedImage) -> None:
        """Show another one; what is not seen is not painted."""
        if image is self._image:
            return
        was, self._image = self._image, image
        if was is None or was.name != image.name:
            self.setAccessibleName(tr("Generated {name}", name=image.name))
            self.setToolTip(generated_tip(image))
            self.update()
        elif not self._later.isActive():
            self._later.start()

    def _renew(self) -> None:
        if self._easel is None or self._image is None or not self.isVisible():
            self.update()
            return
        image, ratio, is_night = self._image, self.devicePixelRatioF(), theme.now().is_night
        if not self.is_late and not self._overdue.isActive():
            self._overdue.start()
        self._easel.order(lambda: ((image, ratio, is_night), _made(image, ratio, is_night)))

    def _miss(self) -> None:
        self.is_late = True
        self.update()

    def _take(self, made: object) -> None:
        self._overdue.stop()
        self.is_late = False
        if isinstance(made, Failed):
            self._painted = None  # it is tried once more where it is painted, and fails where it is seen
        else:
            assert isinstance(made, tuple)
            self._painted, self._picture = made
        self.update()

    def event(self, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.ToolTip and self._image is not None:
            self.setToolTip(generated_tip(self._image))  # the numbers of now, only when they are asked for
        return bool(super().event(event))

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        picture = self.picture
        if self.is_late:
            painter.fillRect(self.rect(), QtGui.QColor(theme.now().panel))
            painter.setOpacity(_FADED)
        if picture.size() == self.size():
            painter.drawImage(0, 0, picture)
        else:
            painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QtCore.QRectF(self.rect()), picture)
        painter.end()


def _made(image: GeneratedImage, ratio: float, is_night: bool) -> QtGui.QImage:
    return to_qimage(generated_rgb(image, round(PICTURE_PX * ratio), is_night))


def sureness(*images: GeneratedImage) -> str:
    """How sure the models are of images, in a few words: ``relief 52 % sure``; those that do not tell come last."""
    told = [(image.name, image.mean_confidence) for image in images]
    words = [tr("{name} {share} sure", name=name, share=percent(mean)) for name, mean in told if mean is not None]
    untold = ", ".join(name for name, mean in told if mean is None)
    return ",  ".join([*words, *([tr("{name}: sureness not told", name=untold)] if untold else [])])


def generated_tip(image: GeneratedImage) -> str:
    """What a generated image is, and is not."""
    words = tr("GENERATED by {model}: imagined, not measured.", model=image.model)
    if image.mean_confidence is None:
        untold = tr("This model does not tell how sure it is.")
        if image.name == COLOR:
            untold += " " + tr("Depth hardly tells colors: no part of this picture is surer than another.")
        if image.name == FACE_FROM_EYE:
            untold += " " + tr("One eye does not tell a face: this is no likeness of anybody.")
        return f"{words}\n{untold}"
    told = tr(
        "Mean confidence {share}: so likely is the relief of a pixel right to 10 mm. "
        "Where the model is unsure, the surface lies in fog.",
        share=percent(image.mean_confidence),
    )
    return f"{words}\n{told}"
