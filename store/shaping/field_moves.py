"""Give a field of the payloads another name, or another place."""

from collections.abc import Sequence
from typing import Final

from store.errors import WrongRules
from store.filter.write import field_text
from store.reading.fields import Unusable
from store.shaping.facts import Documents, placed_field
from store.shaping.json_edit import edited_objects, values_at, with_member, without
from store.words import said

_SAME: Final = said("the new name equals the old one")


class FieldMove:
    """One rule of `rename_fields`. Within its object a field keeps its place; the objects may be
    items of a list. To another object it moves as one value."""

    def __init__(self, old: str, new: str) -> None:
        """Raises WrongRules."""
        self.where = f"rename_fields.{old}"
        self.old = placed_field(old, of=self.where)
        self.new = placed_field(new, of=self.where)
        if self.old == self.new:
            raise WrongRules([(self.where, _SAME)])
        if self.new[: len(self.old)] == self.old or self.old[: len(self.new)] == self.new:
            raise WrongRules([(self.where, said("a field cannot be moved into itself"))])
        self.text = f"{field_text(self.old)} → {field_text(self.new)}"
        self._is_within = self.old[:-1] == self.new[:-1]

    def apply(self, documents: Documents) -> tuple[Documents, int]:
        """The payloads with it done, and how many fields moved. Raises Unusable where there is a
        field of the new name already, which would be lost."""
        return self._renamed(documents) if self._is_within else self._moved(documents)

    def _renamed(self, documents: Documents) -> tuple[Documents, int]:
        count = 0

        def rename(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
            nonlocal count
            names = {name for name, _ in pairs}
            if self.old[-1] not in names:
                return pairs
            if self.new[-1] in names:
                raise Unusable(self._taken())
            count += 1
            return [(self.new[-1] if name == self.old[-1] else name, it) for name, it in pairs]

        root = self.old[0]
        text = edited_objects(documents.of(root), self.old[1:-1], rename)
        return (documents.having(root, text), count) if count else (documents, 0)

    def _moved(self, documents: Documents) -> tuple[Documents, int]:
        found = _values(documents, self.old)
        if not found:
            return documents, 0
        if len(found) > 1:
            raise Unusable(
                said(
                    "{old} has {count:,} values and cannot be moved",
                    old=field_text(self.old),
                    count=len(found),
                )
            )
        if _values(documents, self.new):
            raise Unusable(self._taken())
        kept = without(documents.of(self.old[0]), self.old[1:])
        documents = documents.having(self.old[0], kept)
        filled = with_member(documents.of(self.new[0]), self.new[1:], found[0])
        return documents.having(self.new[0], filled), 1

    def _taken(self) -> str:
        return said(
            "{new} already exists: {old} would replace it",
            new=field_text(self.new),
            old=field_text(self.old),
        )


def _values(documents: Documents, field: Sequence[str]) -> list[str]:
    return values_at(documents.of(field[0]), field[1:])
