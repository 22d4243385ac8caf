"""The tests that a branch makes, as lines of a table: given, when, then."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from gui.viewmodels.branch_commands import BranchCommandsViewModel, CommandLine, Detail, Listed
from gui.viewmodels.said import Said
from gui.words import counted, said
from gui.work.branch_reports import BranchTest, BranchTests
from gui.work.branch_wishes import SaveTests
from gui.work.jobs import Jobs
from store.place import Place

TITLES: Final = (said("given"), said("when"), said("then"))
NOTHING: Final = said("No command was issued in this branch, so it makes no test.")


def testing(jobs: Jobs, branch: Place, model: str) -> BranchCommandsViewModel:
    """Of the branch in a file; `model`: a file of a person's own, or empty."""
    return BranchCommandsViewModel(jobs, partial(_wish, branch, model), listed)


def _wish(branch: Place, model: str, is_preview: bool, _options: frozenset[str]) -> SaveTests:
    return SaveTests(store=branch, name=branch.branch_name, is_preview=is_preview, model=model)


def listed(report: BranchTests, is_preview: bool) -> Listed:
    """As it is shown."""
    kept = sum(it.case is not None for it in report.cases)
    return Listed(
        lines=[_line(it) for it in report.cases],
        said=_said(report.cases, kept, is_preview=is_preview),
        can_run=is_preview and kept > 0,
    )


def _said(cases: Sequence[BranchTest], kept: int, *, is_preview: bool) -> Said:
    if not cases:
        return Said(text=NOTHING)
    if is_preview:
        text = counted("{count:,} test can be saved.", "{count:,} tests can be saved.", kept)
        return Said(text=text)
    text = counted(
        "{count:,} test was saved with the store.",
        "{count:,} tests were saved with the store.",
        kept,
    )
    return Said(text=text, role="ok")


def _line(it: BranchTest) -> CommandLine:
    if it.case is None:
        why = said("no test: {reason}", reason=it.reason)
        detail = Detail(title=said("This command becomes no test"), text=it.reason, tone="warn")
        return CommandLine(texts=("", it.command, why), detail=detail, is_warning=True)
    given = counted("{count:,} event", "{count:,} events", len(it.given))
    return CommandLine(texts=(given, it.command, _then(it)), detail=_detail(it))


def _then(it: BranchTest) -> str:
    if it.refusal:
        return said("refused: {rule}", rule=it.refusal)
    return ", ".join(event["type"] for event in it.then) or said("no event")


def _detail(it: BranchTest) -> Detail:
    then: Any = said("refused: {rule}", rule=it.refusal) if it.refusal else list(it.then)
    value = {"given": list(it.given), "when": it.when, "then": then}
    return Detail(title=it.case or "", value=value, name=said("test"))
