"""What a person has stated about an import so far, and the rules that it makes."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct, field, structs

from gui.words import said
from store.shaping.rules import CONVERSIONS, MASKS, ORDERS, ROLES, ImportRules, Rejection

ROLE_TITLES: Final[Mapping[str, str]] = {
    "stream": said("Stream"),
    "type": said("Type"),
    "occurred": said("Time (occurred)"),
    "recorded": said("Time (recorded)"),
    "id": said("Id"),
    "version": said("Version"),
    "correlation": said("Correlation"),
    "causation": said("Causation"),
    "actor": said("Actor"),
}
# What the second field of a rule is filled from, and what it stands for.
ROW_TITLES: Final[Mapping[str, str]] = {
    "type": said("Rename a type"),
    "field": said("Rename a field"),
    "convert": said("Convert a field"),
    "mask": said("Mask a field"),
    "reject": said("Reject events"),
}
ROW_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "type": ("type", said("new name")),
    "field": ("field", said("new name")),
    "convert": ("field", "as"),
    "mask": ("field", "with"),
    "reject": (said("filter, such as type = Heartbeat"), "why"),
}
ROW_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "type": (),
    "field": (),
    "convert": tuple(CONVERSIONS),
    "mask": tuple(MASKS),
    "reject": (),
}
ORDER: Final = "order"
ENCODING: Final = "encoding"
FROM_FILE: Final = said("from the file")
ORDER_CHOICES: Final = tuple(ORDERS)
# Name, title and meaning of every field: the roles, the order and the encoding.
FIELD_WORDS: Final = (
    *((role, title, ROLES[role]) for role, title in ROLE_TITLES.items()),
    (ORDER, said("Order"), said("a choice of the list, or a field")),
    (ENCODING, said("Encoding"), said("of text that is not UTF-8")),
)
# Kind, title, words and values of every kind of row.
ROW_FORMS: Final = tuple(
    (kind, title, ROW_WORDS[kind], ROW_VALUES[kind]) for kind, title in ROW_TITLES.items()
)
ENCODINGS: Final = (
    *("", "utf-8", "cp1252", "iso-8859-1", "cp1250", "shift_jis", "gb18030"),
    *("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"),
)
_OF_ROW: Final[Mapping[str, str]] = {
    "type": "rename_types",
    "field": "rename_fields",
    "convert": "convert",
    "mask": "mask",
    "reject": "reject",
}


class RuleRow(NamedTuple):
    """One rule beside the mapping, as it is typed."""

    kind: str  # one of ROW_TITLES
    what: str
    to: str

    @property
    def rule(self) -> str:
        """As problems name it."""
        return f"{_OF_ROW[self.kind]}.{self.what}"


class ImportDraft(Struct, frozen=True, kw_only=True):
    """Everything that is typed and chosen."""

    source: str
    into: str
    format: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[RuleRow, ...] = ()
    order: str = "file"

    @property
    def rules(self) -> ImportRules:
        """What is stated beside format and choices; rows that say nothing are left out."""
        said = [it for it in self.rows if it.what]
        return ImportRules(
            encoding=self.encoding,
            map={role: it for role, it in self.mapping.items() if it},
            rename_types=_pairs(said, "type"),
            rename_fields=_pairs(said, "field"),
            convert=_pairs(said, "convert"),
            mask=_pairs(said, "mask"),
            reject=tuple(Rejection(where=it.what, why=it.to) for it in said if it.kind == "reject"),
            order=self.order,
        )

    @property
    def to_save(self) -> ImportRules:
        """The same with format and choices, for a file."""
        rules = self.rules
        return ImportRules(
            format=self.format,
            choices=dict(self.choices),
            **{
                name: getattr(rules, name)
                for name in ImportRules.__struct_fields__
                if name not in ("format", "choices")
            },
        )

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {**self.mapping, ORDER: self.order, ENCODING: self.encoding}

    def repeated(self) -> list[RuleRow]:
        """Rows that speak of the same as one before them."""
        seen, found = set[str](), list[RuleRow]()
        for it in self.rows:
            if it.what and it.rule in seen:
                found.append(it)
            seen.add(it.rule)
        return found


def mapping_of(values: Mapping[str, str]) -> dict[str, str]:
    """The roles among the fields."""
    return {role: values[role] for role in ROLE_TITLES if role in values}


def with_rules(draft: ImportDraft, rules: ImportRules) -> ImportDraft:
    """The draft with other rules."""
    return structs.replace(
        draft,
        format=rules.format,
        choices=rules.choices,
        encoding=rules.encoding,
        mapping=rules.map,
        rows=rows_of(rules),
        order=rules.order or "file",
    )


def rows_of(rules: ImportRules) -> tuple[RuleRow, ...]:
    """The rules beside the mapping, as they are typed."""
    return (
        *(RuleRow("type", old, new) for old, new in rules.rename_types.items()),
        *(RuleRow("field", old, new) for old, new in rules.rename_fields.items()),
        *(RuleRow("convert", name, kind) for name, kind in rules.convert.items()),
        *(RuleRow("mask", name, kind) for name, kind in rules.mask.items()),
        *(RuleRow("reject", it.where, it.why) for it in rules.reject),
    )


def _pairs(rows: Sequence[RuleRow], kind: str) -> dict[str, str]:
    return {it.what: it.to for it in rows if it.kind == kind}
