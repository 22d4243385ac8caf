"""How well texts stand out from what they are painted on, from the pixels of a picture."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QRegion
from PySide6.QtWidgets import QWidget

from gui.look.contrast import contrast
from tests.gui.drawn_text import drawn_texts

JOINER: Final = "\u200d"  # Qt draws it by itself, where no font can join
HIDDEN: Final = 1.05  # nothing of it is there: it was painted outside of what is in sight
RATIO: Final = 3  # pixels a logical one: strokes are thicker than their softened edges


def picture_of(window: QWidget) -> QImage:
    """As it is painted on a screen of three pixels for one."""
    image = QImage(window.size() * RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    window.render(image, QPoint(), QRegion(window.rect()))
    return image


def faint_texts(window: QWidget, *, least: float, part: QWidget | None = None) -> list[str]:
    """Every text of a part of a window, or of all of it, that stands out by less; those in sight,
    one line for each."""
    image, found, root = picture_of(window), [], part or window
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisible() or widget.window() is not window:
            continue
        seen = widget.visibleRegion()
        for it in drawn_texts(widget):
            if not it.text.replace(JOINER, ""):
                continue
            box = it.box.toAlignedRect() & widget.rect()
            if box.isEmpty() or not seen.contains(box):
                continue
            at = QRectF(box).translated(
                QRectF(widget.mapTo(window, box.topLeft()), box.size()).topLeft() - box.topLeft()
            )
            ratio = contrast_in(image, at)
            if HIDDEN < ratio < least:
                found.append(
                    f"{type(widget).__name__} {widget.accessibleName()!r}"
                    f" draws {it.text[:40]!r} at {ratio:.2f}"
                )
    return found


def contrast_in(image: QImage, box: QRectF) -> float:
    """Of the colour that is farthest from the one that most of the pixels have."""
    scale = image.devicePixelRatio()
    area = QRect(
        round(box.x() * scale),
        round(box.y() * scale),
        max(round(box.width() * scale), 1),
        max(round(box.height() * scale), 1),
    )
    colors, counts = np.unique(pixels_in(image, area & image.rect()), return_counts=True)
    ground = QColor.fromRgb(int(colors[np.argmax(counts)]))
    return max(contrast(QColor.fromRgb(it), ground) for it in colors.tolist())


def pixels_in(image: QImage, area: QRect) -> npt.NDArray[np.uint32]:
    """The colours of an area of an image of 32 bits a pixel."""
    flat = np.frombuffer(image.constBits(), dtype=np.uint32)
    rows = flat.reshape(image.height(), image.bytesPerLine() // 4)
    return rows[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
