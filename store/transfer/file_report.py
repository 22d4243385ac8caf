"""What became of one file of several that came in together."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, structs

from store.words import said

# What is counted of each; the rest is counted of all together.
COUNTED: Final = ("read", "stored", "duplicates", "conflicts", "rejected", "skipped")


class FileReport(Struct, frozen=True, kw_only=True):
    """`error` says why nothing of it could be read; then there are no counts."""

    file: str
    format: str = ""
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    skipped: int = 0
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As JSON values; what is nothing is left out, but for the name."""
        plain = structs.asdict(self)
        return {name: it for name, it in plain.items() if it or name in ("file", "stored")}

    @property
    def line(self) -> str:
        """In words, for people."""
        if self.error:
            return f"{self.file}: {self.error}"
        more = [
            f"{count:,} {words}"
            for count, words in (
                (self.duplicates, said("already here")),
                (self.conflicts, said("in conflict")),
                (self.rejected, "rejected"),
            )
            if count
        ]
        told = said(
            "{file}: {stored:,} of {read:,} stored as {format}",
            file=self.file,
            stored=self.stored,
            read=self.read,
            format=self.format,
        )
        return ", ".join((told, *more))


def file_report(file: str, format_name: str, counts: Mapping[str, int]) -> FileReport:
    """Of a file that was read."""
    return structs.replace(
        FileReport(file=file, format=format_name), **{it: counts.get(it, 0) for it in COUNTED}
    )
