"""What a form offers while a step is taught: fields of the samples, and names of the state."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from gui.viewmodels.taught_steps import MISSING, StepDraft
from replay.taught.type_samples import SampledField, SampledType
from replay.taught.words import is_id, plural, words_of

MOST: Final = 60  # of a field
WHOLE: Final = "$"


def offers_of(
    sampled: SampledType | None, drafts: Mapping[str, Sequence[StepDraft]], draft: StepDraft
) -> dict[str, tuple[str, ...]]:
    """By field of the form, the likeliest first."""
    seen = _within(sampled, draft.each)
    numbers = [it for it in seen if "number" in seen[it].kinds]
    objects = [it for it in seen if "object" in seen[it].kinds]
    plain = [it for it in seen if it not in objects]
    lists = [it.path for it in (sampled.fields if sampled else ()) if "list" in it.kinds]
    products = [f"{a} × {b}" for a in numbers for b in numbers if a < b]
    values = {
        "set": [*plain, *objects, *_status(sampled), *products],
        "add": [*numbers, *products, *plain],
        "subtract": [*numbers, *products, *plain],
        "merge": [WHOLE, *objects],
        "remove by key": sorted(plain, key=lambda it: not is_id(it.rpartition(".")[2])),
    }
    names = _names(draft, seen)
    return {
        "to": _once([*_places(draft, drafts, objects), *([WHOLE] if draft.do in _WIDE else ())]),
        "value": _once(values.get(draft.do, plain)),
        "entry": _once([*objects, _all_of(plain), *plain]),
        "key": _once(sorted(names, key=lambda it: not is_id(it))),
        "sum": _once(["", *(it for it, path in names.items() if path in numbers)]),
        "subtract": _once(
            ["", *(f"{it}: {path}" for it, path in names.items() if path in numbers)]
        ),
        "each": _once(["", *lists]),
        "if_missing": MISSING,
    }


_WIDE: Final = ("merge", "delete")


def _within(sampled: SampledType | None, each: str) -> dict[str, SampledField]:
    """The fields by their paths; of the entries of a list, where it is done for each of them."""
    found: dict[str, SampledField] = {}
    prefix = f"{each}[]." if each else ""
    for it in sampled.fields if sampled else ():
        path = it.path.removeprefix(prefix)
        if it.path.startswith(prefix) and "[]" not in path:
            found[path] = it
    return found


def _names(draft: StepDraft, seen: Iterable[str]) -> dict[str, str]:
    """The fields of the entries of a list, and where they come from."""
    is_whole = draft.do == "add to list" and ":" not in draft.entry and "," not in draft.entry
    prefix = f"{draft.entry}." if is_whole and draft.entry in seen else ""
    return {it.removeprefix(prefix).rpartition(".")[2]: it for it in seen if it.startswith(prefix)}


def _places(
    draft: StepDraft, drafts: Mapping[str, Sequence[StepDraft]], objects: Sequence[str]
) -> list[str]:
    """Names that are in use for the like, then those that the fields have."""
    is_list = draft.do in ("add to list", "remove by key")
    like = ("add to list", "remove by key") if is_list else (draft.do, "add", "subtract", "count")
    used = [it.to for steps in drafts.values() for it in steps if it.do in like and it.to]
    other = [it.to for steps in drafts.values() for it in steps if it.to and it.do not in like]
    if is_list:
        return [*used, *(plural(words_of(it)[-1]) for it in objects if words_of(it))]
    last = draft.value.rpartition(".")[2]
    made = [last] if last and not last.startswith('"') and " " not in last else []
    return [*used, *made, *([] if draft.do in ("add", "subtract", "count") else other), "total"]


def _status(sampled: SampledType | None) -> list[str]:
    """The verb of the type as a text."""
    words = words_of(sampled.name) if sampled else ()
    return [f'"{it}"' for it in reversed(words) if it.endswith("ed")]


def _all_of(paths: Sequence[str]) -> str:
    """Every plain field as one entry."""
    named = [(it.rpartition(".")[2], it) for it in paths]
    return ", ".join(name if name == path else f"{name}: {path}" for name, path in named)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(texts)
    return tuple(found)[:MOST]
