"""Commands, process managers, timers and the outbox; and what corrects what was sent.

A message is handed over at least once: a kill between handing it over and noting that sends it
again with the same id, by which whoever gets it drops the second copy.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from replay.commands.decide import CommandHandler
from replay.states.model_set import bundled_models
from store.beside.outbox import Delivery, Message
from store.events import NewEvent
from store.interface import CommandStore
from store.opening import open_to_write
from store.times import now_us
from tests.crash.campaign.kind import Kind
from tests.crash.campaign.sound import nothing_left, views_agree, whole
from tests.crash.campaign.victim import run_verb
from tests.replay.conference_office import Office
from tests.replay.issued import issued

LOG: Final = "a.foldline"
SENT: Final = "sent.jsonl"
GATEWAYS: Final = "a.foldline-gateways.json"
OWN: Final = {
    *(LOG, SENT, GATEWAYS, "a.foldline-views", "mails.jsonl"),
    *("a.foldline-reprocessed.json", "a.foldline-definitions.jsonl"),
}
ORDERS: Final = 3
MEMBERS: Final = 4
DEPOSITS: Final = 20
MAILS: Final = 5
ONCE: Final = ("OrderPlaced", "OrderReservationCompleted", "OrderExpired")
PAYLOAD: Final = {"to": "a@b.org", "subject": "Hello", "text": "right"}


@contextmanager
def opened(folder: Path) -> Iterator[CommandStore]:
    with closing(open_to_write(folder / LOG)) as store:
        yield store


def prepare_desk(folder: Path) -> None:
    """A store with orders and members that no process manager has heard of yet."""
    office = Office(folder / LOG)
    office.now_us = now_us()
    for number in range(ORDERS):
        office.register(f"o{number}", general=1)
    for number in range(MEMBERS):
        office.do(
            "RegisterMember",
            {"memberId": f"m{number}", "name": "Ada", "email": "ada@a.org"},
        )
    office.close()
    _gateways(folder)


def _gateways(folder: Path) -> None:
    said = {it: {"kind": "file", "messages": SENT} for it in ("mail", "customs", "payments")}
    (folder / GATEWAYS).write_text(json.dumps(said), "utf-8")


def dispatch(folder: Path, _time: int) -> int:
    """Three rounds: what is heard, the mails five minutes later, the timers of the orders."""
    spans = ("1s", "6min", "30min")
    runs = (run_verb("dispatch", folder / LOG, "--from-start", "--advance", it) for it in spans)
    return next(filter(None, runs), 0)  # what comes later is not to come before


def handed_over(folder: Path) -> Counter[tuple[str, str]]:
    """What reached the gateway: ids and texts, and how often. Every line is whole."""
    path = folder / SENT
    if not path.exists():
        return Counter()
    text = path.read_text("utf-8")
    assert not text or text.endswith("\n"), "a torn line"
    found = [json.loads(it) for it in text.splitlines()]
    return Counter((it["id"], json.dumps(it["message"])) for it in found)


def nothing_unknown_was_sent(folder: Path) -> None:
    """What was noted as sent was handed over, and what was handed over stands in the store."""
    found = handed_over(folder)
    ids = {id_ for id_, _ in found}
    assert len(ids) == len(found), "one id with two texts"
    with opened(folder) as store:
        outbox = store.beside.outbox.latest(limit=1_000)
    assert ids <= {it.id for it, _ in outbox}
    assert {it.id for it, last in outbox if last and last.status == "sent"} <= ids


def holds_desk(folder: Path, _time: int, _said: str, _has_ended: bool) -> None:
    """Nothing that was recorded is torn, and nothing was said that is not recorded."""
    events = whole(folder / LOG)
    once = Counter((it.stream, it.type) for it in events if it.type in ONCE)
    assert set(once.values()) <= {1}
    nothing_unknown_was_sent(folder)


def desk_ends(folder: Path) -> None:
    """Each order went its whole way once, its seat is given back, each member has one mail."""
    events = whole(folder / LOG)
    found = Counter(it.type for it in events)
    assert [found[it] for it in ONCE] == [ORDERS] * 3, found
    assert found["SeatsReserved"] == found["SeatsReservationCancelled"] == ORDERS, found
    assert found["MailRequested"] == found["WelcomeNoted"] == MEMBERS, found
    with opened(folder) as store:
        assert set(store.beside.commands.counts()) <= {"done", "refused"}
        assert store.beside.outbox.unsent(now_us() + 10**12) == 0
    nothing_unknown_was_sent(folder)
    assert len(handed_over(folder)) == MEMBERS
    views_agree(folder / LOG)
    nothing_left(folder, but=OWN)


def prepare_account(folder: Path) -> None:
    """An account."""
    with closing(open_to_write(_made(folder))) as store:
        CommandHandler(store, bundled_models()).issue(
            issued("OpenAccount", {"id": "1", "owner": "Ada"})
        )


def _made(folder: Path) -> Path:
    assert not run_verb("new", folder / LOG)
    return folder / LOG


def issue(folder: Path, time: int) -> None:
    """Deposits of one, each answered; a command that was answered is said."""
    with opened(folder) as store:
        handler = CommandHandler(store, bundled_models())
        for number in range(DEPOSITS):
            deposit = {"accountNumber": "1", "amount": 1}
            answered = handler.issue(issued("PerformDeposit", deposit, id_=f"d{time}-{number}"))
            print(f"d{time}-{number} {answered.status}\n", end="", flush=True)


def holds_account(folder: Path, time: int, said: str, has_ended: bool) -> None:
    """Each command that was answered is done, and has one event; of the others none has two."""
    events = whole(folder / LOG)
    deposits = [it for it in events if it.type == "DepositPerformed"]
    with opened(folder) as store:
        for line in said.split("\n")[:-1]:
            id_, status = line.split()
            outcome = store.beside.commands.outcome_of(id_)
            assert outcome is not None
            assert outcome.status == status == "done"
        counts = store.beside.commands.counts()
        state = CommandHandler(store, bundled_models()).state_of("account-1")[0]
    assert counts["done"] == 1 + len(deposits)
    assert state.balance == len(deposits)
    assert not has_ended or said.count("done") == DEPOSITS


def account_ends(folder: Path) -> None:
    """What was issued and not decided on is done; what there was no room for may have failed."""
    _gateways(folder)
    assert not run_verb("dispatch", folder / LOG, "--from-start")
    with opened(folder) as store:
        assert set(store.beside.commands.counts()) <= {"done", "failed"}
    views_agree(folder / LOG)
    nothing_left(folder, but=OWN)


def prepare_letters(folder: Path) -> None:
    """Mails that were sent with a wrong text, and some that came from elsewhere."""
    mail = {"stream": "mail-i%d", "type": "MailRequested", "id": "i%d", "data": PAYLOAD}
    lines = [json.dumps(mail).replace("%d", str(n)) + "\n" for n in range(MAILS)]
    (folder / "mails.jsonl").write_text("".join(lines), "utf-8")
    assert not run_verb("import", folder / "mails.jsonl", "--into", folder / LOG)
    with opened(folder) as store:
        for number in range(MAILS):
            event = NewEvent.of("MailRequested", PAYLOAD)
            done = store.append(f"mail-w{number}", [event], expected=0)
            _sent_wrongly(store, f"w{number}", done.position)
    _gateways(folder)
    told = [json.dumps({"id": f"w{n}", "message": _wrong()}) + "\n" for n in range(MAILS)]
    (folder / SENT).write_text("".join(told), "utf-8")


def _wrong() -> dict[str, Any]:
    return {**PAYLOAD, "text": "wrong"}


def _sent_wrongly(store: CommandStore, id_: str, position: int) -> None:
    message = Message(
        id=id_,
        position=position,
        gateway="mail",
        payload_json=json.dumps(_wrong()),
        release_at_us=1,
    )
    sent = Delivery(message_id=id_, attempt=1, status="sent", answer="written", at_us=2)
    store.submit(lambda writer: writer.beside.outbox.add([message])).result()
    store.submit(lambda writer: writer.beside.outbox.record(sent)).result()


def correct(folder: Path, _time: int) -> int:
    """What was sent is adjusted, what came from elsewhere is sent too, and both go out."""
    run_verb("adjust", folder / LOG, "--apply")
    run_verb("rerun", folder / LOG, "--send", "mail")
    return run_verb("dispatch", folder / LOG, "--from-start", "--advance", "6min")


def holds_letters(folder: Path, _time: int, _said: str, _has_ended: bool) -> None:
    """No correction stands twice, and nothing was said that is not recorded."""
    assert len(whole(folder / LOG)) == 2 * MAILS
    with opened(folder) as store:
        outbox = [it for it, _ in store.beside.outbox.latest(limit=1_000)]
    wrongs = Counter(it.corrects for it in outbox if it.corrects)
    assert set(wrongs.values()) <= {1}, wrongs
    assert max(Counter(it.position for it in outbox if not it.corrects).values()) == 1
    nothing_unknown_was_sent(folder)


def letters_end(folder: Path) -> None:
    """Each wrong one is followed by one adjustment, each from elsewhere was sent once."""
    found = handed_over(folder)
    assert len(found) == 3 * MAILS, found
    with opened(folder) as store:
        outbox = [it for it, _ in store.beside.outbox.latest(limit=1_000)]
        assert store.beside.outbox.unsent(now_us() + 10**12) == 0
    assert sum(bool(it.corrects) for it in outbox) == MAILS
    assert run_verb("adjust", folder / LOG) == 0
    nothing_left(folder, but=OWN)


DISPATCH: Final = Kind(
    name="dispatch", prepare=prepare_desk, work=dispatch, holds=holds_desk, ends=desk_ends
)
ISSUE: Final = Kind(
    name="issue", prepare=prepare_account, work=issue, holds=holds_account, ends=account_ends
)
CORRECT: Final = Kind(
    name="correct",
    prepare=prepare_letters,
    work=correct,
    holds=holds_letters,
    ends=letters_end,
)
