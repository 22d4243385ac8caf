"""Later commands of an edited branch, decided again, come to what a fresh store comes to."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.commands.situations import MissingAnswer
from replay.deciding.decide_branch import decide_branch
from replay.states.model_set import bundled_models
from store.branches.create import create_branch
from store.branches.editing import BranchEditor
from store.branches.edits import Content
from store.branches.errors import NothingToUndo
from store.branches.opening import facts_of, reading_branch
from store.branches.store import BranchStore
from store.opening import reading
from tests.replay.commands.test_rerun import forget_answers
from tests.replay.deciding.jars import JARS, MODELS, Step, again, do, jar_streams, jars, told
from tests.replay.models.test_ships import Fleet
from tests.store.branches.lines import IN_MEMORY

names = st.sampled_from(JARS)
coins = st.integers(1, 6)
steps = st.one_of(
    st.tuples(st.just("PutIn"), st.fixed_dictionaries({"jar": names, "coins": coins})),
    st.tuples(st.just("TakeOut"), st.fixed_dictionaries({"jar": names, "coins": coins})),
    st.tuples(st.just("Pour"), st.fixed_dictionaries({"jar": names, "into": names})),
    st.tuples(st.just("Mirror"), st.fixed_dictionaries({"jar": names, "other": names})),
    st.tuples(st.just("Put"), st.fixed_dictionaries({"jar": names, "coins": coins})),
)
EDITS = ("leave out", "replace", "insert", "move", "swap")


def edit(editor: BranchEditor, kind: str, head: int, a: int, b: int) -> None:
    """Make one, where it can be made."""
    one, other = a % head + 1, b % head + 1
    match kind:
        case "leave out" if head > 1:
            editor.leave_out(one)
        case "replace":
            editor.replace(one, Content(data_json=f'{{"coins":{b % 9},"into":"c"}}'))
        case "insert":
            jar = JARS[b % len(JARS)]
            editor.insert(
                one, Content(stream=f"jar-{jar}", type="Put", data_json=f'{{"coins":{a % 9}}}')
            )
        case "move" if other not in (one, one + 1):
            editor.move(one, before=other)
        case "swap" if one != other:
            editor.swap(one, other)


@settings(max_examples=60)
@given(
    steps=st.lists(steps, min_size=4, max_size=20),
    edits=st.lists(
        st.tuples(st.sampled_from(EDITS), st.integers(0, 60), st.integers(0, 60)),
        min_size=1,
        max_size=3,
    ),
)
def test_it_comes_to_what_the_same_commands_come_to_in_a_fresh_store(
    steps: Sequence[Step], edits: Sequence[tuple[str, int, int]]
) -> None:
    with TemporaryDirectory(dir=IN_MEMORY) as folder:
        begin = [("PutIn", {"jar": it, "coins": n}) for n, it in enumerate(JARS, 3)]
        log = jars(Path(folder) / "log.foldline", [*begin, *steps])
        path = create_branch(log, "b", fork=0, later="decide")
        for kind, a, b in edits:
            with reading_branch(path) as branch:
                head = branch.undecided().head()
            editor = BranchEditor(path)
            if head:
                edit(editor, kind, head, a, b)

        decide_branch(path, MODELS)

        with reading_branch(path) as branch:
            plain = branch.undecided()
            layout = plain.layout
            edited = {it.event.id for it in layout.placed} | {it.id for it in layout.removed}
            with closing(again(plain, edited, Path(folder) / "fresh.foldline")) as fresh:
                assert told(branch) == told(fresh)
                assert branch.head() == fresh.head()
                for name in jar_streams():
                    assert branch.stream_version(name) == fresh.stream_version(name)
            assert not branch.layout.unfit


class TestABranch:
    """Three commands: 5 coins come in, 3 go out, 2 are poured."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        log = jars(
            tmp_path / "log.foldline",
            [
                ("PutIn", {"jar": "a", "coins": 5}),
                ("TakeOut", {"jar": "a", "coins": 3}),
                ("Pour", {"jar": "a", "into": "b"}),
            ],
        )
        return create_branch(log, "b", fork=0, later="decide")

    def test_what_a_rule_refuses_now_is_left_out_with_rule_and_reason(self, path: Path) -> None:
        BranchEditor(path).replace(1, Content(data_json='{"coins":2}'))

        found = decide_branch(path, MODELS)

        told = [(it.type, it.came, it.rule, it.reason) for it in found.commands]
        assert told[0] == ("TakeOut", "refused", "has coins", "there are 2")
        assert said(path) == [("Put", {"coins": 2}), ("Poured", {"coins": 2, "into": "b"})]

    def test_what_comes_to_the_same_stays_as_it_was_recorded(self, path: Path) -> None:
        BranchEditor(path).replace(1, Content(data_json='{"coins":5}', type="Put"))

        found = decide_branch(path, MODELS)

        assert (found.commands, found.edits) == ((), ())

    def test_to_keep_events_shows_them_as_recorded_again(self, path: Path) -> None:
        BranchEditor(path).leave_out(1)
        kept = said(path)
        decide_branch(path, MODELS)
        assert said(path) == []

        BranchEditor(path).decide_later("keep")
        assert said(path) == kept
        BranchEditor(path).decide_later("decide")
        assert said(path) == []

    def test_the_choice_is_undone_and_made_again_in_the_order_of_the_edits(
        self, path: Path
    ) -> None:
        editor = BranchEditor(path)
        editor.decide_later("keep")
        editor.leave_out(1)
        editor.decide_later("decide")
        taken_back = list[tuple[str, int]]()
        for turn in (editor.undo, editor.undo, editor.undo, editor.redo, editor.redo, editor.redo):
            turn()
            facts, edits = facts_of(path)
            taken_back.append((facts.later, sum(not it.is_undone for it in edits)))

        assert taken_back == [
            ("keep", 1),
            ("keep", 0),
            ("decide", 0),
            ("keep", 0),
            ("keep", 1),
            ("decide", 1),
        ]
        with pytest.raises(NothingToUndo):
            editor.redo()

    def test_a_choice_forgets_what_was_undone_and_an_edit_an_undone_choice(
        self, path: Path
    ) -> None:
        editor = BranchEditor(path)
        editor.leave_out(1)
        editor.undo()
        editor.decide_later("keep")
        with pytest.raises(NothingToUndo):
            editor.redo()
        editor.undo()
        editor.leave_out(1)
        with pytest.raises(NothingToUndo):
            editor.redo()
        assert facts_of(path)[0].later == "decide"

    def test_a_choice_that_changes_nothing_is_no_step(self, path: Path) -> None:
        BranchEditor(path).decide_later("decide")
        with pytest.raises(NothingToUndo):
            BranchEditor(path).undo()

    def test_a_branch_of_a_branch_begins_without_its_choices(self, path: Path) -> None:
        BranchEditor(path).decide_later("keep")
        of_it = create_branch(path, "of-it", fork=0)
        assert facts_of(of_it)[0].later == "keep"
        with pytest.raises(NothingToUndo):
            BranchEditor(of_it).undo()

    def test_undoing_the_edit_takes_what_was_decided_with_it(self, path: Path) -> None:
        recorded = said(path)
        editor = BranchEditor(path)
        editor.leave_out(1)
        decide_branch(path, MODELS)
        with reading_branch(path) as branch:
            decided = branch.store_id()

        editor.undo()
        assert said(path) == recorded
        editor.redo()
        assert said(path) == []
        with reading_branch(path) as branch:
            assert branch.store_id() == decided
            assert not branch.is_undecided()

    def test_another_edit_shows_events_as_recorded_until_they_are_decided(self, path: Path) -> None:
        editor = BranchEditor(path)
        editor.replace(1, Content(data_json='{"coins":2}'))
        decide_branch(path, MODELS)

        editor.replace(1, Content(data_json='{"coins":9}'))

        with reading_branch(path) as branch:
            assert branch.is_undecided()
            assert [it.type for it in branch.read()] == ["Put", "Took", "Poured"]
        decide_branch(path, MODELS)
        assert said(path)[-1] == ("Poured", {"coins": 6, "into": "b"})

    def test_commands_that_were_issued_in_the_branch_are_decided_again_too(
        self, path: Path
    ) -> None:
        with closing(BranchStore(path)) as store:
            do(store, ("PutIn", {"jar": "a", "coins": 1}), "own-1")
            do(store, ("TakeOut", {"jar": "b", "coins": 500}), "own-2")
        BranchEditor(path).leave_out(1)

        found = decide_branch(path, MODELS)

        assert [it.came for it in found.commands] == ["refused"] * 3
        assert said(path) == [("Put", {"coins": 1})]

    def test_what_was_decided_before_more_came_is_not_taken_for_what_came(self, path: Path) -> None:
        editor = BranchEditor(path)
        editor.leave_out(1)
        decide_branch(path, MODELS)
        editor.undo()
        with closing(BranchStore(path)) as store:
            do(store, ("TakeOut", {"jar": "b", "coins": 500}), "own-1")

        editor.redo()

        with reading_branch(path) as branch:
            assert branch.is_undecided()
        decide_branch(path, MODELS)
        assert said(path) == []


def test_an_answer_that_is_missing_stops_it_and_says_which(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path / "ships.foldline", bundled_models())
    fleet.ship("king-roy", "san-francisco", "2005-10-31")
    fleet.cargo("refact", "san-francisco")
    fleet.do("LoadCargo", ship="king-roy", cargo="refact", occurred="2005-11-01")
    fleet.do("ReportArrival", ship="king-roy", port="los-angeles", occurred="2005-11-03")
    asked, path = len(fleet.outside.asked), fleet.store.place.path
    branch = create_branch(path, "b", fork=4, later="decide")
    fleet.store.close()
    BranchEditor(branch).replace(5, Content(metadata_json='{"note":"of a ship"}'))

    found = decide_branch(branch, bundled_models())
    decided = said(branch)
    forget_answers(path)

    assert (found.commands, found.looked_at) == ((), 3)
    with pytest.raises(MissingAnswer, match=r"'pricing' to .*refact.*2005-11-03.*the command"):
        decide_branch(branch, bundled_models())
    assert said(branch) == decided
    assert len(fleet.outside.asked) == asked


def said(path: Path) -> list[Any]:
    with reading(path) as line:
        return [(it.type, it.data) for it in line.read()]
