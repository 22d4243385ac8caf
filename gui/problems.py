"""What to say when something went wrong: what happened, to what, and what to do."""

import traceback
from dataclasses import dataclass
from typing import Any

from replay.command_name import as_typed
from store.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error for a person."""

    what: str  # one sentence
    hint: str  # the next step; may be empty
    details: str  # for a report: the kind of error and where it came from


def problem_of(error: BaseException) -> Problem:
    """Put an error into words. Errors that we did not expect say so."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, StoreError):
        text = str(error)
        details = getattr(error, "details", "") or details  # a model's traceback, from elsewhere
        return Problem(what=text[:1].upper() + text[1:], hint=as_typed(error.hint), details=details)
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
        return Problem(what=what, hint="Check the file and try again.", details=details)
    return Problem(
        what=f"Something unexpected happened: {type(error).__name__}: {error}",
        hint="Nothing was changed. Copy the details and report them.",
        details=details,
    )


def objection(report: Any) -> tuple[str, str]:
    """What `verify`, `rebuild` or `certify` found at fault, and what to do."""
    told = [str(it.get("text", it)) for it in report.get("problems", ())[:2]]
    for it in report.get("views", ()):
        what = it.get("what") or it.get("error")
        if not what and it.get("was_different"):
            what = it["comparison"]["differences"][0]["text"]
        if what:
            told.append(f"the view {it['view']}: {what}")
    told += [f"the snapshot of {it['info']['stream']}" for it in report.get("bad_snapshots", ())]
    hint = "Rebuild the views (File ▸ Rebuild views); delete the snapshots (File ▸ Snapshots…)."
    if report.get("problems"):
        hint = "The log itself is damaged: work on a copy, and import what can be read."
    return f"Not what it should be: {'; '.join(told[:4])}", hint
