"""From counts to bars. Its cost follows the pixels, never the number of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from gui.widgets.time.axis_map import AxisMap, Floats, Piece
from gui.widgets.time.lanes import Density

PITCH_PX: Final = 3  # a bar of two pixels and a faint one
BAR_SHARE: Final = 2 / PITCH_PX
BETWEEN_ALPHA: Final = 0.45
LEAST_PX: Final = 2  # a bar is never lower
CURVE: Final = 7.0  # how much steeper a bar grows at first than at last, less one
TOP_MARGIN_PX: Final = 4
BOTTOM_MARGIN_PX: Final = 2  # the line between lanes, and a pixel above it

_Pixels = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Counts of one stretch of the axis. Bucket n begins at pixel `origin + n * PITCH_PX`."""

    left: float
    right: float
    origin: float
    counts: Floats  # [lane, bucket]


def strips(density: Density, to_x: AxisMap, *, anchor: float) -> tuple[Strip, ...]:
    """Count what is in sight. Buckets stand on a grid through `anchor`, so that bars move with
    the axis and do not shimmer."""
    return tuple(_strip(density, it, to_x.scale, anchor) for it in to_x.pieces() if not it.is_gap)


def in_sight(counted: Sequence[Strip]) -> float:
    """About how many events are in sight."""
    return float(sum(strip.counts.sum() for strip in counted))


def most(counted: Sequence[Strip]) -> float:
    """The fullest bucket of all lanes: what a bar of full height means."""
    return float(max((strip.counts.max(initial=0.0) for strip in counted), default=0.0))


def draw_bars(
    image: QImage,
    counted: Sequence[Strip],
    colors: Sequence[QColor],
    *,
    first_lane: int,
    lane_px: int,
    top: float,
) -> None:
    """Draw bars into a premultiplied ARGB image, one row of `lane_px` for each colour.

    Heights are logarithmic, the same scale for all lanes; `top` is the count of a full bar.
    What is behind the bars is left transparent.
    """
    ratio = image.devicePixelRatio()
    canvas = _pixels_of(image)
    height, room = round(lane_px * ratio), (lane_px - TOP_MARGIN_PX - BOTTOM_MARGIN_PX) * ratio
    bottom = height - round(BOTTOM_MARGIN_PX * ratio)
    above = np.arange(bottom, 0, -1, dtype=np.int32)[:, None]  # pixel row → height it stands for
    for strip in counted:
        columns = _columns(strip, ratio, image.width())
        bucket, is_between, start, stop = columns
        shown = strip.counts[first_lane : first_lane + len(colors)]
        heights = _heights(shown, top, room=room, least=LEAST_PX * ratio)
        for row, color in enumerate(colors[: len(shown)]):
            paint = np.where(is_between, _argb(color, BETWEEN_ALPHA), _argb(color, 1.0))
            target = canvas[row * height : row * height + bottom, start:stop]
            is_bar = above[-target.shape[0] :] if target.shape[0] < bottom else above
            is_bar = is_bar[: target.shape[0]] <= heights[row, bucket][None, :]
            np.multiply(is_bar, paint[None, :], out=target, dtype=np.uint32, casting="unsafe")


def skyline(counts: Floats, color: QColor, *, width: float, height: float, ratio: float) -> QImage:
    """A small picture of counts spread evenly over a width; transparent above them."""
    size = (max(round(width * ratio), 1), max(round(height * ratio), 1))
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    at = np.arange(size[0]) * len(counts) // size[0]
    room = float(size[1])
    heights = _heights(counts, float(counts.max(initial=1.0)), room=room, least=ratio)[at]
    above = np.arange(size[1], 0, -1, dtype=np.int32)[:, None]
    pixels = _pixels_of(image)
    pixels[:] = (above <= heights[None, :]) * _argb(color, 1.0)
    return image


def _heights(counts: Floats, top: float, *, room: float, least: float) -> npt.NDArray[np.int32]:
    """Steep for few, flat for many; whatever is not nothing can be seen."""
    shares = np.log1p(counts * (CURVE / max(top, 1.0))) / np.log1p(CURVE)
    heights = np.clip(np.ceil(shares * room), least, room)
    return np.where(counts > 0, heights, 0).astype(np.int32)


def _strip(density: Density, piece: Piece, scale: float, anchor: float) -> Strip:
    bucket = PITCH_PX / scale
    first = floor((piece.start - anchor) / bucket)
    start = anchor + first * bucket
    buckets = max(ceil((piece.end - start) / bucket), 1)
    counts = np.asarray(density(start, start + buckets * bucket, buckets), dtype=np.float64)
    origin = piece.left - (piece.start - start) * scale
    return Strip(left=piece.left, right=piece.right, origin=origin, counts=counts)


def _columns(
    strip: Strip, ratio: float, width: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_], int, int]:
    """For each device column of a strip: its bucket, and whether it is between two bars."""
    start, stop = max(round(strip.left * ratio), 0), min(round(strip.right * ratio), width)
    along = ((np.arange(start, stop) + 0.5) / ratio - strip.origin) / PITCH_PX
    bucket = np.clip(np.floor(along), 0, strip.counts.shape[1] - 1).astype(np.int64)
    return bucket, (along - np.floor(along)) > BAR_SHARE, start, stop


def _argb(color: QColor, alpha: float) -> np.uint32:
    """A premultiplied colour."""
    red, green, blue = (round(part * alpha) for part in (color.red(), color.green(), color.blue()))
    return np.uint32(round(255 * alpha) << 24 | red << 16 | green << 8 | blue)


def _pixels_of(image: QImage) -> _Pixels:
    """The image's own memory as rows of pixels."""
    flat = np.frombuffer(image.bits(), dtype=np.uint32)
    return flat.reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()]
