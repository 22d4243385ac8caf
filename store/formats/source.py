"""A file to import: opened plain or gzip, sampled, and read with byte offsets and progress."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from store.errors import UnreadableSource

SAMPLE_BYTES: Final = 64 * 1024
GZIP_MAGIC: Final = b"\x1f\x8b"
