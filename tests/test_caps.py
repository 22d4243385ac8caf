"""Every constant that takes only a part of something is written down, with where that is told."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LIMITS: Final = frozenset({"limit", "within", "newest", "most", "findings"})
TOLD: Final = {  # lists, and where it is told that they are not all there is
    "gui/viewmodels/build.py:PREVIEWED": "the preview's words",
    "gui/viewmodels/written_rows.py:SHOWN": "`50+`, and a line of the list",
    "replay/commands/decide.py:BETWEEN": "`The first 100 of the 203 events in between are told.`",
    "replay/workers/worker.py:CHOICES_SHOWN": "`The first 5,000 of N are offered`, below the field",
    "gui/viewmodels/copying.py:SHOWN": "`and N more`",
    "gui/viewmodels/import_words.py:NAMED": "`and N more`",
    "gui/viewmodels/importing.py:PREVIEWED": "the preview's words",
    "gui/viewmodels/issued.py:SHOWN": "the tab: `Issued (newest 500 of 1,203)`",
    "gui/viewmodels/lab.py:SHOWN": "`5,000 of N findings are listed`",
    "gui/viewmodels/panes.py:SHOWN": "`the first 1,000 are shown`",
    "gui/viewmodels/row_history.py:SHOWN": "`there are earlier ones`",
    "gui/viewmodels/search.py:SHOWN": "`the newest 200; there are more`",
    "gui/viewmodels/signing.py:SHOWN": "`and N more`",
    "gui/problems.py:SHOWN": "`and N more`",
    "gui/viewmodels/snapshots.py:LISTED": "the list's words count all",
    "gui/viewmodels/timeline.py:MOST_MARKS": "density is drawn instead of marks: all are counted",
    "replay/history/lint.py:FIRST": "each finding counts all, and says `first at`",
    "replay/processes/process_desk.py:CHAINS": "`there are more`, below the circles",
    "replay/processes/process_desk.py:LOOKED_AT": "the words above the adjustments",
    "replay/processes/process_desk.py:SHOWN": "`The newest 500 of N are listed.`",
    "replay/processes/unsent.py:SHOWN": "the words above both lists",
    "replay/questions/unknown_fields.py:SHOWN": "`and N more`",
    "replay/states/change_trial.py:LOOKED_AT": "`of the first 1,000`",
    "replay/states/change_trial.py:SHOWN": "examples; the counts are of all that were tried",
    "replay/verbs/commands.py:SENT_SHOWN": "standard error: `the newest 1,000 of N`",
    "replay/verbs/issue.py:NAMED": "`and N more`",
    "replay/verbs/lab.py:NAMED": "the counts are of all",
    "replay/verbs/rerun.py:SHOWN": "`… and N more (--json lists all)`",
    "replay/verbs/salvage.py:SHOWN": "`and N more`; the report has all",
}
TEXT: Final = {  # letters of one value, which the inspector or --json shows whole
    "gui/viewmodels/event_rows.py:SUMMARY_FIELDS",
    "gui/viewmodels/event_rows.py:SUMMARY_LENGTH",
    "gui/viewmodels/rebuild_words.py:HASH_LENGTH",
    "gui/viewmodels/row_history.py:LONGEST",
    "gui/views/sql_view.py:LETTERS",
    "gui/widgets/chart/chart.py:NAME_LETTERS",
    "gui/widgets/tree/json_words.py:LONGEST",
    "replay/models/conference/management.py:CODE_LENGTH",
    "replay/models/conference/orders.py:CODE_LENGTH",
    "replay/own/own_process.py:LENGTH",
    "replay/own/own_worker.py:LONGEST_REASON",
    "replay/own/own_worker.py:LONGEST_TRACE",
    "replay/states/field_history.py:WHOLE_TEXT",
    "replay/states/rule_version.py:HASH_LENGTH",
    "replay/verbs/lab.py:VALUE",
    "replay/verbs/log.py:SUMMARY",
    "replay/verbs/search.py:SUMMARY",
    "replay/views/view_compare.py:LONGEST_TOLD",
}
PACES: Final = {  # a step of work that goes on with the rest, or how far back something is kept
    "gui/settings.py:RECENT",
    "gui/viewmodels/history.py:KEPT",
    "gui/widgets/grid/text_grid.py:LOOKED_AT",  # the width of a column
    "replay/children/child.py:CHUNK",
    "replay/history/causation_index.py:PAGE",
    "replay/history/field_changes.py:READ_AT_ONCE",
    "replay/lab/delivery.py:WINDOW",
    "replay/own/own_writer.py:EVENTS_PER_FOLD",
    "replay/processes/deliveries.py:BATCH",
    "replay/processes/dispatch.py:BATCH",
    "replay/processes/hearing.py:BATCH",
    "replay/questions/pane_compare.py:PAGE",
    "replay/questions/unknown_fields.py:CLOSE",  # names that are like a wrong one
    "replay/questions/unknown_fields.py:LOOKED_AT",
    "replay/snapshots/snapshot_advice.py:WARMING",
    "replay/snapshots/snapshot_desk.py:SAMPLED",
    "replay/states/state_at.py:INTERVAL",
    "replay/states/step_back.py:STEPS",
}
SILENT: Final[frozenset[str]] = frozenset()  # told nowhere: none may be


def caps(source: str) -> Iterator[str]:
    """The constants by which a file takes a part: in slices, `islice`, and `limit=`."""
    for node in ast.walk(ast.parse(source)):
        bounds: list[ast.expr | None] = []
        match node:
            case ast.Slice(lower=lower, upper=upper):
                bounds = [lower, upper]
            case ast.Call(func=function, args=args, keywords=keywords):
                bounds = [it.value for it in keywords if it.arg in LIMITS]
                if isinstance(function, ast.Name) and function.id == "islice":
                    bounds += args[1:]
        yield from filter(None, map(_constant, bounds))


def _constant(bound: ast.expr | None) -> str:
    """`N` in N, -N, N + 1 and module.N; empty for anything else."""
    if isinstance(bound, ast.UnaryOp):
        bound = bound.operand
    if isinstance(bound, ast.BinOp):
        bound = bound.left
    name = bound.attr if isinstance(bound, ast.Attribute) else getattr(bound, "id", "")
    return name if name.isupper() else ""


def test_every_cap_is_written_down_with_where_it_is_told() -> None:
    files = [it for folder in ("gui", "replay") for it in (ROOT / folder).rglob("*.py")]
    found = {
        f"{it.relative_to(ROOT).as_posix()}:{name}"
        for it in files
        for name in caps(it.read_text("utf-8"))
    }

    assert found - {"replay/processes/reaction_recording.py:RULE"} == {
        *TOLD,
        *TEXT,
        *PACES,
        *SILENT,
    }


def test_a_new_cap_is_noticed() -> None:
    source = "a[:SHOWN]; a[-LAST:]; log.read(limit=MOST + 1); islice(it, desk.FIRST); a[:n]"

    assert sorted(caps(source)) == ["FIRST", "LAST", "MOST", "SHOWN"]
