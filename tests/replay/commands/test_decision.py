"""A decision is accepted, with events, or it is a refusal, with a rule; never a bit of both."""

from replay.commands.command_form import command_of
from replay.commands.decision import Accepted, Decision, Refusal, decided
from replay.commands.situations import DecisionSituation, refuse_to_ask
from replay.models.bank_account import MODEL
from store import json_text


def decision_on(state: object, name: str, data: dict[str, object]) -> Decision:
    type_ = next(it for it in MODEL.commands if it.__name__ == name)
    situation = DecisionSituation(
        command=name,
        command_id="c1",
        actor="ada",
        now_us=5,
        reads=(),
        ask=refuse_to_ask,
        state_of=lambda _stream: (None, 0),
        row=lambda _view, _key: (None, 0),
    )
    typed = command_of(type_, json_text.encode(data))
    return decided(MODEL, typed, stream="account-1", state=state, version=0, situation=situation)


def test_an_accepted_command_leads_to_events_and_the_state_with_them() -> None:
    initial = MODEL.initial()

    found = decision_on(initial, "OpenAccount", {"id": "1", "owner": "Ada"})

    assert isinstance(found, Accepted)
    assert found.events
    assert found.state == initial
    assert found.after != initial
    assert found.at_us == 5


def test_a_refused_command_names_its_rule_and_its_reason() -> None:
    opened = decision_on(MODEL.initial(), "OpenAccount", {"id": "1", "owner": "Ada"})
    assert isinstance(opened, Accepted)

    found = decision_on(opened.after, "OpenAccount", {"id": "1", "owner": "Ada"})

    assert isinstance(found, Refusal)
    assert found.rule
    assert found.reason
    assert found.state == opened.after
