"""A decision is accepted, with events, or it is a refusal, with a rule; never a bit of both."""

from dataclasses import replace
from decimal import Decimal

from replay.commands.command_form import command_of
from replay.commands.decision import Accepted, Decision, Refusal, decided, messages
from replay.commands.situations import DecisionSituation, refuse_to_ask
from replay.models.bank_account import MODEL, DepositPerformed
from replay.typed_model import Effect
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


def test_each_message_names_its_own_event_and_waits_as_long_as_it_may_be_corrected() -> None:
    effect = Effect(gateway="bank", message=lambda it: it.reference or None, delay_us=30)
    model = replace(MODEL, effects={DepositPerformed: effect})
    events = [
        DepositPerformed(account_id="1", amount=Decimal(1), reference=it) for it in ("a", "", "c")
    ]

    found = messages(model, events, "c1", last_position=12, now_us=1_000)

    assert [(it.position, it.payload_json) for it in found] == [(10, '"a"'), (12, '"c"')]
    assert {it.release_at_us for it in found} == {1_030}
    assert len({it.id for it in found}) == 2
