"""Which texts a widget draws, and where: read from what it paints, not from what it holds."""

import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QPoint, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

_SVG: Final = "{http://www.w3.org/2000/svg}"
_NUMBERS: Final = re.compile(r"-?[\d.]+(?:e-?\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnText:
    """A run of characters of one font, as it was painted."""

    text: str
    box: QRectF  # in the widget's own pixels: its advance wide, from ascent to descent high


def drawn_texts(widget: QWidget) -> list[DrawnText]:
    """Of the widget itself, in the order in which they are painted; its children have their own.
    What it keeps as a picture is not read."""
    written = QBuffer()
    written.open(QBuffer.OpenModeFlag.WriteOnly)
    svg = QSvgGenerator()
    svg.setOutputDevice(written)
    svg.setSize(widget.size())
    svg.setViewBox(widget.rect())
    svg.setResolution(96)
    painter = QPainter(svg)
    widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag(0))
    painter.end()
    root = ElementTree.fromstring(bytes(written.data().data()))
    found: list[DrawnText] = []
    for group in root.iter(f"{_SVG}g"):
        left, top = _moved(group.get("transform", ""))
        found += [_read(it, left, top) for it in group.findall(f"{_SVG}text") if it.text]
    return [it for it in found if it.text.strip()]


def _moved(transform: str) -> tuple[float, float]:
    numbers = [float(it) for it in _NUMBERS.findall(transform)]
    return (numbers[4], numbers[5]) if len(numbers) == 6 else (0.0, 0.0)


def _read(it: ElementTree.Element, left: float, top: float) -> DrawnText:
    text = (it.text or "").strip("\n")
    font = QFont(it.get("font-family", "").split(","))
    font.setPixelSize(round(float(it.get("font-size", "12"))))
    font.setWeight(QFont.Weight(int(it.get("font-weight", "400"))))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setFeature(QFont.Tag("calt"), 0)
    metrics = QFontMetricsF(font)
    x, y = left + float(it.get("x", "0")), top + float(it.get("y", "0"))
    width = metrics.horizontalAdvance(text)
    return DrawnText(text=text, box=QRectF(x, y - metrics.ascent(), width, metrics.height()))
