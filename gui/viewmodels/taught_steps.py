"""A step of what is taught as a person writes it: texts of a form, and the step that they make."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import UNSET

from gui.words import said
from replay.taught.shape import require_sound
from replay.taught.steps import WHOLE, Count, IfMissing, Step, WrongTeaching
from store import json_text

Texts: TypeAlias = Mapping[str, str]

KEPT: Final = 8_192  # steps that were judged before

KINDS: Final = {
    "set": said("set a field"),
    "merge": said("merge an object"),
    "add to list": said("add to a list"),
    "remove by key": said("remove from a list by key"),
    "count": said("count"),
    "add": said("add to a number"),
    "subtract": said("subtract from a number"),
    "delete": said("delete a field, or all"),
    "ignore": said("ignore the event"),
}
_ALWAYS: Final = ("each", "if_missing")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "set": ("to", "value", *_ALWAYS),
    "merge": ("to", "value", *_ALWAYS),
    "add to list": ("to", "entry", "key", "sum", *_ALWAYS),
    "remove by key": ("to", "key", "value", "subtract", *_ALWAYS),
    "count": ("to", *_ALWAYS),
    "add": ("to", "value", *_ALWAYS),
    "subtract": ("to", "value", *_ALWAYS),
    "delete": ("to", *_ALWAYS),
    "ignore": (),
}
MISSING: Final[tuple[IfMissing, ...]] = ("fail", "skip", "skip rest")
_CONSTANT: Final = re.compile(r'"|-?\d+(\.\d+)?\Z|(true|false|null)\Z')
_PARTS: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,])+')
_PLACE: Final = re.compile(r"\A.*?, step \d+: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """One step. Which of the texts count says FIELDS."""

    do: str = "set"
    to: str = ""
    value: str = ""
    entry: str = ""
    key: str = ""
    sum: str = ""
    subtract: str = ""
    each: str = ""
    if_missing: str = "fail"

    def texts(self) -> dict[str, str]:
        """By field."""
        return {it.name: str(getattr(self, it.name)) for it in fields(self) if it.name != "do"}

    def changed(self, do: str, texts: Texts) -> "StepDraft":
        """With other texts."""
        return replace(self, do=do, **{name: text for name, text in texts.items() if name != "do"})


def draft_of(step: Step) -> StepDraft:
    """A step as texts."""
    do = str(type(step).__struct_config__.tag)
    said: dict[str, Any] = {it: getattr(step, it) for it in step.__struct_fields__}
    constant = said.pop("constant", UNSET)
    if constant is not UNSET:
        said["value"] = json_text.encode(constant)
    if "sum" in said:
        said["sum"] = ", ".join(said["sum"])
    for name in ("entry", "subtract"):
        if isinstance(said.get(name), dict):
            said[name] = _pairs_text(said[name])
    return StepDraft(do=do, **said)


@lru_cache(KEPT)
def step_of(draft: StepDraft) -> Step:
    """Raises WrongTeaching with what is wrong with it."""
    said: dict[str, Any] = {name: getattr(draft, name).strip() for name in FIELDS[draft.do]}
    value = said.get("value", "")
    if draft.do == "set" and _CONSTANT.match(value):
        said["constant"] = _constant(said.pop("value"))
    if draft.do == "merge":
        said |= {"to": said["to"] or WHOLE, "value": value or WHOLE}
    if draft.do == "add to list":
        said |= {"entry": _entry(said["entry"]), "sum": _split(said["sum"])}
    if draft.do == "remove by key":
        said["subtract"] = _pairs(said["subtract"])
    try:
        step: Step = msgspec.convert({"do": draft.do, **said}, Step)
    except msgspec.ValidationError as error:
        raise WrongTeaching(str(error)) from None
    return step


@lru_cache(KEPT)
def wrong_step(draft: StepDraft, *, is_alone: bool) -> str:
    """Why it cannot be used; empty for one that can. Quick: at each edit every step is asked."""
    try:
        step = step_of(draft)
        require_sound({"": (step,) if is_alone else (step, Count(to="another step"))})
    except WrongTeaching as error:
        return _PLACE.sub("", str(error))
    return ""


def sentence(draft: StepDraft) -> str:
    """What it does, in few words."""
    to, value = draft.to or "…", draft.value or "…"
    words = {
        "set": f"{to} = {value}",
        "merge": said(
            "merge {value} into {to}", value=value, to=draft.to or said("the whole state")
        ),
        "add to list": f"{to} + {draft.entry or '…'}"
        + (said(", by {key}", key=draft.key) if draft.key else ""),
        "remove by key": said(
            "{to} − the one whose {key} is {value}", to=to, key=draft.key or "…", value=value
        ),
        "count": f"{to} + 1",
        "add": f"{to} + {value}",
        "subtract": f"{to} − {value}",
        "delete": said("delete {to}", to=to) if draft.to != "$" else said("delete all"),
        "ignore": said("nothing"),
    }[draft.do]
    return (
        said("{words}, for each of {each}", words=words, each=draft.each)
        if draft.each and draft.do != "ignore"
        else words
    )


def _constant(text: str) -> Any:
    try:
        return json_text.decode(text)
    except ValueError:
        raise WrongTeaching(said("the closing quote is missing: {text}", text=text)) from None


def _entry(text: str) -> str | dict[str, str]:
    parts = _split(text)
    return text if len(parts) < 2 and ":" not in text else _pairs(text)


def _pairs(text: str) -> dict[str, str]:
    """Name: path, or a path alone, which gives the last of its names."""
    found: dict[str, str] = {}
    for part in _split(text):
        name, colon, path = part.partition(":")
        if not colon:
            name, path = part.rpartition(".")[2], part
        if not name.strip() or not path.strip():
            raise WrongTeaching(
                said("write a field of the entry as name: path, not {part!r}", part=part)
            )
        found[name.strip()] = path.strip()
    return found


def _pairs_text(pairs: Mapping[str, str]) -> str:
    return ", ".join(name if name == path else f"{name}: {path}" for name, path in pairs.items())


def _split(text: str) -> list[str]:
    return [it.strip() for it in _PARTS.findall(text) if it.strip()]
