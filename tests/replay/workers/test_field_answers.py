"""A field's history comes over from the process of the models whole, however much was known."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from replay.children.questions import answer_line, line_of, read_answer, read_question, value_of
from replay.states.field_histories import FieldHistories, FoundField
from replay.states.field_history import FieldHistory
from replay.states.generic_model import GENERIC
from replay.workers.field_answers import answer_of, joined, question_of
from replay.workers.worker_messages import HistoryFound, TellHistory, WorkerQuestion
from replay.workers.worker_states import FIELDS_KEPT, WorkerStates
from store.events import NewEvent
from store.memory import MemoryStore
from tests.replay.json_values import VALUES


def found_in(payloads: list[Any]) -> FoundField:
    log = MemoryStore()
    for it in payloads:
        log.append("a-1", [NewEvent.of("Set", {"a": it})], expected=None)
    return FieldHistories().at(log, GENERIC, "a-1", ("a",), position=log.head())


def sent(held: FieldHistory | None, found: FoundField) -> tuple[FoundField, int]:
    """What arrives by way of two lines, and how many changes were sent."""
    asked = question_of("a-1", ("a",), position=9, axis="recorded", held=held)
    _, question = read_question(line_of(1, asked), WorkerQuestion)
    assert isinstance(question, TellHistory)
    line = read_answer(answer_line(1, answer_of(question, found)))
    answer = value_of(line, asked)  # type: ignore[arg-type]
    return joined(held, answer, ("a",)), len(answer.positions)


@given(
    before=st.lists(VALUES, max_size=4),
    after=st.lists(VALUES, max_size=4),
    other=st.lists(VALUES, max_size=4),
)
def test_what_is_known_is_not_sent_again_unless_it_is_not_true(
    before: list[Any], after: list[Any], other: list[Any]
) -> None:
    whole, known = found_in([*before, *after]), found_in(before).history
    arrived, first_sent = sent(None, whole)
    extended, more_sent = sent(known, whole)
    again, none_sent = sent(whole.history, whole)
    replaced, _ = sent(found_in([*other, 1, 2, 3]).history, whole)

    for it in (arrived, extended, again):
        assert it.at == whole.at
        assert list(it.history.positions) == list(whole.history.positions)
        assert list(it.history.places) == list(whole.history.places)
        assert list(it.history.values) == list(whole.history.values)
        assert it.history.first == whole.history.first
    assert list(replaced.history.positions) == list(whole.history.positions)
    assert first_sent == len(whole.history.positions)
    assert more_sent == first_sent - len(known.positions)
    assert none_sent == 0


class Asked:
    """A worker whose models merge payloads; it notes how many changes it was told to be known."""

    def __init__(self, log: MemoryStore) -> None:
        self._log, self._histories = log, FieldHistories()
        self.known: list[int] = []
        self.meanwhile: list[Callable[[], None]] = []

    def ask(self, question: TellHistory) -> HistoryFound:
        self.known.append(question.known)
        found = self._histories.at(
            self._log, GENERIC, question.stream, question.path, position=question.position
        )
        for it in self.meanwhile:
            it()
        return answer_of(question, found)


def test_the_parent_asks_for_what_is_new_and_forgets_what_an_older_model_said() -> None:
    log = MemoryStore()
    for n in range(3):
        log.append("a-1", [NewEvent.of("Set", {"a": n})], expected=None)
    worker: Any = Asked(log)
    states = WorkerStates(worker)
    states.learn(frozenset({"a"}))

    def told() -> list[Any]:
        found = states.field(log, "a-1", ("a",), position=log.head(), axis="recorded")
        return list(found.history.values)

    assert told() == [0, 1, 2]
    log.append("a-1", [NewEvent.of("Set", {"a": 9})], expected=None)
    assert told() == told() == [0, 1, 2, 9]
    states.learn(frozenset({"a"}))
    worker.meanwhile.append(lambda: states.learn(frozenset({"a"})))
    assert told() == [0, 1, 2, 9]
    worker.meanwhile.clear()
    assert told() == [0, 1, 2, 9]
    assert worker.known == [0, 3, 4, 0, 0]


def test_of_many_fields_the_ones_longest_unused_are_asked_for_whole_again() -> None:
    log = MemoryStore()
    log.append("a-1", [NewEvent.of("Set", {str(n): n for n in range(40)})], expected=None)
    worker: Any = Asked(log)
    states = WorkerStates(worker)
    states.learn(frozenset({"a"}))

    for n in (*range(FIELDS_KEPT + 1), 1, 0):
        states.field(log, "a-1", (str(n),), position=1, axis="recorded")

    assert worker.known == [0] * (FIELDS_KEPT + 1) + [1, 0]
