"""What to say when something went wrong: what happened, to what, and what to do."""

import sqlite3
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gui.window_words import hint_of
from gui.words import said
from gui.work.reports import Certified, Verified, ViewProof, ViewRebuilt
from store.errors import StoreError
from store.failure import said_of
from store.same_log import SameLog

SHOWN: Final = 4  # kinds of problems, or views, that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error for a person."""

    what: str  # one sentence
    hint: str  # the next step; may be empty
    details: str  # for a report: the kind of error and where it came from


def problem_of(error: BaseException, log: Path | None = None) -> Problem:
    """Put an error into words; `log` is what the window works on. Errors that we did not expect say
    so."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, sqlite3.Error | OSError):
        error = said_of(error, log or Path()) or error
    if isinstance(error, StoreError):
        text = str(error)
        details = getattr(error, "details", "") or details  # a model's traceback, from elsewhere
        return Problem(what=text[:1].upper() + text[1:], hint=hint_of(error), details=details)
    if isinstance(error, OSError) and error.strerror:
        what = f"{error.strerror}: {error.filename}" if error.filename else error.strerror
        return Problem(what=what, hint=said("Check the file and try again."), details=details)
    return Problem(
        what=said(
            "Something unexpected happened: {name__}: {error}",
            name__=type(error).__name__,
            error=error,
        ),
        hint=said("Nothing was changed. Copy the details and report them."),
        details=details,
    )


def copy_words(log: SameLog) -> tuple[str, str]:
    """What happened to a log in whose place another copy was put, and what is left to do."""
    happened = said(
        "The log file was replaced by another copy, which is shown now: {path}", path=log.path
    )
    if log.aside is None:
        return happened, ""
    return happened, said(
        "Changes that were not yet merged into the previous file are in {aside}", aside=log.aside
    )


def objection(report: Verified | Certified) -> tuple[str, str]:
    """What `verify` or `certify` found at fault, and what to do."""
    views = [(it.view, _fault(it)) for it in report.views]
    found = [said("the view {view}: {what}", view=view, what=what) for view, what in views if what]
    hint = said(
        "Rebuild the views (File ▸ Rebuild views) and delete the snapshots (File ▸ Snapshots…)."
    )
    if isinstance(report, Certified):
        found += [
            said("the snapshot of {stream}", stream=it.info.stream) for it in report.bad_snapshots
        ]
    elif report.problems:
        return _damage(report), (
            said("The log itself is damaged. Work on a copy, and import what can be read.")
        )
    elif not found and report.views_unchecked:
        return said(
            "The log is sound; {views_unchecked}", views_unchecked=report.views_unchecked
        ), ""
    return said("The check failed: {found}", found="; ".join(_some(found))), hint


def _damage(report: Verified) -> str:
    """What kinds of problems a log has, the first of each in words, and where it fails first."""
    counts = Counter(it.kind for it in report.problems)
    first = {it.kind: it.text for it in reversed(report.problems)}
    kinds = ", ".join(f"{kind} {counts[kind]:,}" for kind in counts)
    more = report.problem_count - len(report.problems)
    kinds += said(" and {more:,} more", more=more) if more else ""
    where = ""
    if report.first_position is not None:
        where = said(
            " The first position that fails is {first_position:,}.",
            first_position=report.first_position,
        )
    texts = "; ".join(_some([first[kind] for kind in counts]))
    return said(
        "The check failed: {texts}. Problems by kind: {kinds}.{where}",
        texts=texts,
        kinds=kinds,
        where=where,
    )


def _some(texts: list[str]) -> list[str]:
    """The first ones, and how many there are beside them."""
    more = len(texts) - SHOWN
    return [*texts[:SHOWN], said("and {more:,} more", more=more)] if more > 0 else texts


def _fault(it: ViewRebuilt | ViewProof) -> str:
    if isinstance(it, ViewProof):
        return it.what
    if it.error:
        return it.error
    return it.comparison.differences[0].text if it.comparison and it.was_different else ""
