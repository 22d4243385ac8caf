"""The rules that change payloads: fields renamed, then converted."""

from store.errors import WrongRules
from store.filter.tree import Field
from store.filter.write import field_text
from store.reading.fields import Unusable
from store.shaping.convert import converted
from store.shaping.effects import Effect
from store.shaping.facts import Documents, placed_field
from store.shaping.field_moves import FieldMove
from store.shaping.json_edit import edited
from store.shaping.rules import CONVERSIONS, ImportRules
from store.words import said


class PayloadRules:
    """`rename_fields` and `convert`, in the order in which they are stated."""

    def __init__(self, rules: ImportRules) -> None:
        """Raises WrongRules."""
        self._moves = [FieldMove(old, new) for old, new in rules.rename_fields.items()]
        self._conversions = [Converting(name, kind) for name, kind in rules.convert.items()]

    def apply(self, documents: Documents) -> tuple[Documents, list[Effect]]:
        """The payloads with everything done. Raises Unusable."""
        effects = []
        for move in self._moves:
            documents, count = move.apply(documents)
            if count:
                effects.append(
                    Effect(move.where, "renamed", said("field {text}", text=move.text), count)
                )
        for conversion in self._conversions:
            documents, effect = conversion.apply(documents)
            effects += [effect] if effect else []
        return documents, effects

    @property
    def names(self) -> list[tuple[str, str]]:
        """Each rule, and what it does, for people."""
        moves = [(it.where, said("field {text}", text=it.text)) for it in self._moves]
        return [*moves, *((it.where, it.text) for it in self._conversions)]


class Converting:
    """One rule of `convert`."""

    def __init__(self, name: str, kind: str) -> None:
        """Raises WrongRules."""
        self.where = f"convert.{name}"
        if kind not in CONVERSIONS:
            known = ", ".join(CONVERSIONS)
            raise WrongRules(
                [
                    (
                        self.where,
                        said(
                            "{kind!r} is not a conversion; known are {known}",
                            kind=kind,
                            known=known,
                        ),
                    )
                ]
            )
        self._field: Field = placed_field(name, of=self.where)
        self._kind = kind
        self.text = f"{field_text(self._field)} ({kind})"

    def apply(self, documents: Documents) -> tuple[Documents, Effect | None]:
        """The payloads with it done, and what it did; nothing where the field is missing. Raises
        Unusable."""
        met = changed = 0

        def convert(text: str) -> str:
            nonlocal met, changed
            try:
                new = converted(text, self._kind)
            except Unusable as reason:
                raise Unusable(f"{field_text(self._field)}: {reason}") from None
            met, changed = met + 1, changed + (new != text)
            return new

        root = self._field[0]
        text = edited(documents.of(root), self._field[1:], convert)
        effect = Effect(self.where, "converted", self.text, changed) if met else None
        return documents.having(root, text), effect
