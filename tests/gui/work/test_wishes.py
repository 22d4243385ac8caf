"""What long work is asked for, as command lines that the verbs take, and what it ends with."""

import argparse
import json
import os
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import structs

from gui.work import (
    branch_wishes,
    checkpoint_wishes,
    copy_wishes,
    import_wishes,
    server_wishes,
    snapshot_wishes,
    wishes,
)
from gui.work.import_wishes import (
    FollowFile,
    ImportFile,
    InferChanges,
    LookAtChanges,
    PreviewFile,
)
from gui.work.reports import ChangeTried, ModelsCompared, Rebuilt
from gui.work.wishes import (
    DraftColumn,
    DraftView,
    FieldEdit,
    NewShape,
    Retirement,
    TryChange,
    Wish,
)
from replay.children.job_messages import JobHeld, JobProgress, report_from, told_on_the_way
from replay.command_line import verb_names
from store.place import Place, place_of
from store.shaping.rules import ImportRules

STORE = Place(Path("orders.foldline"))
DRAFT = DraftView(
    name="spent",
    group_by="customer",
    columns=(DraftColumn(name="total", fold="sum", field="amount"),),
    types=("Paid",),
    where="-data.amount < 0",
)
HARM = wishes.Disturbance(
    drop=2.5,
    drop_at=("3", "4"),
    swap_at=("7",),
    crash_every=10,
    crash_at="append",
    publisher="outbox",
)
NAMED = snapshot_wishes.SavedState(model="generic", position=7, stream="order-1")
RULES = ImportRules(map={"type": "kind"}, rename_types={"a=b": "c"})
EVERY: list[Wish] = [
    PreviewFile(source="a.jsonl", format="canonical", limit=20),
    ImportFile(source="a.jsonl", into="b.foldline", format="canonical"),
    wishes.ExportEvents(
        store=STORE, out="a.jsonl", format="canonical", stream="o-1", types=("A", "B")
    ),
    wishes.Verify(store=STORE),
    wishes.Certify(store=STORE),
    wishes.RebuildViews(store=STORE),
    wishes.RebuildViews(store=STORE, view="streams", is_beside=True),
    wishes.PutViewBack(store=STORE, view="streams"),
    wishes.ResetView(store=STORE, view="streams"),
    wishes.LetViewGoOn(store=STORE, view="streams"),
    wishes.LetViewGoOn(store=STORE, view="streams", skip_reason="it never mattered"),
    wishes.CompareModels(store=STORE, model=Path("bank.py")),
    wishes.AddProjection(store=STORE, file=Path("tally.py")),
    TryChange(store=STORE, type="Paid", version=1, change=Retirement(why="gone")),
    TryChange(
        store=STORE,
        type="Paid",
        version=2,
        model="bank.py",
        change=NewShape(
            becomes="Settled",
            edits=(
                FieldEdit(kind="add", field="currency", value='"EUR"'),
                FieldEdit(kind="rename", field="sum", value="amount"),
                FieldEdit(kind="drop", field="note"),
            ),
        ),
    ),
    wishes.ListConsequences(store=STORE, name="fix", against="other", model="bank.py"),
    branch_wishes.DecideBranch(store=STORE, name="fix", model="bank.py"),
    branch_wishes.BringIn(store=STORE, name="fix", is_preview=True, model="bank.py"),
    branch_wishes.BringIn(store=STORE, name="fix", is_preview=False, is_anyway=True, goes_on=True),
    branch_wishes.SaveTests(store=STORE, name="fix", is_preview=True, model="bank.py"),
    branch_wishes.SaveTests(store=STORE, name="fix", is_preview=False),
    wishes.RerunCommands(store=STORE),
    wishes.RerunCommands(store=STORE, after=3, until=9, model="bank.py"),
    wishes.PreviewView(store=STORE, draft=DRAFT, limit=5),
    wishes.SaveView(store=STORE, draft=DRAFT),
    wishes.RemoveView(store=STORE, name="spent"),
    wishes.RunLab(store=STORE, disturbance=wishes.Disturbance(), findings=10),
    wishes.RunLab(store=STORE, disturbance=HARM, findings=10),
    snapshot_wishes.MakeSnapshots(store=STORE, streams=("o-1", "--odd"), own=Path("bank.py")),
    snapshot_wishes.MakeSnapshots(store=STORE, above=100),
    snapshot_wishes.MakeSnapshots(store=STORE, is_all=True),
    snapshot_wishes.SetPolicy(store=STORE, model="bank", every=0),
    snapshot_wishes.ExportSnapshots(store=STORE, file=Path("s.jsonl")),
    snapshot_wishes.ImportSnapshots(store=STORE, file=Path("s.jsonl")),
    snapshot_wishes.CheckSnapshots(store=STORE),
    snapshot_wishes.AdviseOnSnapshots(store=STORE),
    snapshot_wishes.DeleteSnapshots(store=STORE),
    snapshot_wishes.DeleteSnapshots(store=STORE, chosen=(NAMED,)),
    copy_wishes.NewStore(out="new.foldline"),
    copy_wishes.BackUp(store=STORE, out="b.foldline"),
    copy_wishes.Compact(store=STORE, out="b.foldline"),
    copy_wishes.Salvage(store=STORE, out="b.foldline"),
    copy_wishes.Migrate(store=STORE, out="b.foldline", rule="rule.json", why="--odd"),
    checkpoint_wishes.MakeKeys(key="mine.key"),
    checkpoint_wishes.SignCheckpoint(store=STORE, key="--odd", out="c.json"),
    checkpoint_wishes.ProveCheckpoint(store=STORE, checkpoint="c.json", key="mine.key.pub"),
    wishes.ExportAudit(store=STORE, out="a.csv", stream="o-1"),
    PreviewFile(source="a.jsonl", into="b.foldline", rules=RULES, limit=20),
    ImportFile(source="a.jsonl", into="b.foldline", rules=RULES, is_dry_run=True),
    FollowFile(source="a.jsonl"),
    LookAtChanges(states=("a.csv", "b.csv"), key=("id",), table="rows", limit=20),
    InferChanges(states=("a.csv", "b.csv"), key=("id", "part"), into="b.foldline"),
    InferChanges(states=("a.csv",), key=(), has_first=True, into="b.foldline"),
    server_wishes.LookAtServer(address="postgresql://ada@db/shop"),
    server_wishes.MirrorServer(address="postgresql://ada@db/shop", into="b.foldline"),
    server_wishes.PublishTo(store=STORE, address="kafka://host/orders"),
    server_wishes.SinkTo(store=STORE, address="opensearch://host/shop"),
    server_wishes.SinkTo(store=STORE, address="opensearch://host/shop", views=("streams",)),
    server_wishes.RebuildOn(store=STORE, master="local[2]"),
    server_wishes.LookForEngines(),
    server_wishes.StartEngine(engine="kafka"),
    server_wishes.MakeTopic(address="kafka://host/orders"),
    server_wishes.LookForKeyring(),
    server_wishes.KeepPassword(address="kafka://ada@host/orders"),
    wishes.CountLosses(export=wishes.ExportEvents(store=STORE, out="a.jsonl", format="canonical")),
]


def parsed(wish: Wish) -> argparse.Namespace:
    """As the verb's own parser reads it; it ends the test when it does not."""
    name, *rest = wish.arguments()
    parser = argparse.ArgumentParser(exit_on_error=False)
    assert name in verb_names()
    module = f"replay.verbs.{'import_' if name == 'import' else name}"
    import_module(module).add_arguments(parser)
    return parser.parse_args([*rest, "--json", "--progress"])


@pytest.mark.parametrize("wish", EVERY, ids=lambda it: " ".join(it.arguments()[:4]))
def test_every_wish_is_a_command_line_that_its_verb_takes(wish: Wish) -> None:
    assert parsed(wish).json


@pytest.mark.parametrize("wish", [it for it in EVERY if hasattr(it, "store")], ids=repr)
def test_a_log_whose_name_is_no_unicode_reaches_the_verb(wish: Wish) -> None:
    place = Place(Path(os.fsdecode(b"/data/caf\xe9.foldline")))

    moved = structs.replace(cast(Any, wish), store=place)

    assert any("caf" in it and place_of(it) == place for it in moved.arguments())
    assert " ".join(moved.arguments()).encode()


def test_every_kind_of_wish_is_tried_here() -> None:
    kinds = {
        it
        for module in (
            wishes,
            import_wishes,
            snapshot_wishes,
            copy_wishes,
            checkpoint_wishes,
            server_wishes,
            branch_wishes,
        )
        for it in vars(module).values()
        if isinstance(it, type) and it.__module__ == module.__name__ and hasattr(it, "report")
    }

    assert kinds - {Wish} == {type(it) for it in EVERY}


def test_what_is_set_arrives_at_the_verb() -> None:
    lab = parsed(wishes.RunLab(store=STORE, disturbance=HARM, findings=10))
    change = parsed(EVERY[14])
    view = parsed(wishes.SaveView(store=STORE, draft=DRAFT))

    assert (lab.drop, lab.drop_at, lab.swap_at) == (2.5, (3, 4), (7,))
    assert (lab.crash_every, lab.crash_at, lab.publisher) == (10, "append", "outbox")
    assert (change.add, change.rename, change.drop) == (
        ['currency="EUR"'],
        ["sum=amount"],
        ["note"],
    )
    assert (view.column, view.where) == (["total=sum:amount"], "-data.amount < 0")


def test_lines_on_the_way_are_told_from_the_report() -> None:
    progress = told_on_the_way(b'{"job":"progress","fraction":0.5,"events":1200,"rate":3e4}')
    held = told_on_the_way(b'{"job":"held","is_held":false}')

    assert isinstance(progress, JobProgress)
    assert progress.text == "1,200 events · 30,000/s"
    assert held == JobHeld(False)
    assert told_on_the_way(b'{"views": []}') is None
    assert told_on_the_way(b"[1, 2]") is None
    with pytest.raises(ValueError, match="Expecting value"):
        report_from(b"a complaint", Rebuilt)


def test_a_report_keeps_every_digit_of_a_value() -> None:
    shown = {"position": 3, "before": {"sum": 1}, "after": None, "problem": ""}
    line = json.dumps(
        {"events": 1, "is_all": True, "unfit": 0, "code": "", "shown": [shown]}
    ).replace('"sum": 1', '"sum": 1.10')

    report = report_from(line.encode(), ChangeTried)

    assert report.shown[0].before == {"sum": Decimal("1.10")}


def test_a_report_with_half_a_character_is_read() -> None:
    facts = {"models": ["\ud83d"], "against": "", "events": 1, "streams": 1, "parted": 0}
    more = {"differing_now": 0, "only_old": [], "only_new": [], "partings": []}

    report = report_from(json.dumps({**facts, **more}).encode(), ModelsCompared)

    assert report.models == ("\ud83d",)


def test_a_report_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="views"):
        report_from(b'{"verdicts": []}', Rebuilt)
