"""The same bytes, packed in each way that is read."""

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping

from backports import zstd


def zipped(members: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def checked(content: bytes) -> bytes:
    return zstd.compress(content, options={zstd.CompressionParameter.checksum_flag: 1})


def alone(content: bytes) -> bytes:
    return zipped({"in.jsonl": content})


def twice(content: bytes) -> bytes:
    return zipped({"in.jsonl.gz": gzip.compress(content)}, zipfile.ZIP_STORED)


PACKERS: list[Callable[[bytes], bytes]] = [gzip.compress, checked, alone, twice]
