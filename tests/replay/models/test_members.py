"""Registering, and the mail that follows: an effect apart from the change, held five minutes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from replay.catalog.rebuild import rebuild
from replay.commands.decide import CommandHandler
from replay.commands.gateways import Gateways
from replay.models.members import HELD_US
from replay.processes.deliveries import Deliveries
from replay.processes.dispatch import Dispatcher
from replay.states.model_set import bundled_models
from store.opening import open_reader
from store.sqlite.store import open_store
from tests.replay.issued import issued
from tests.replay.models.test_ships import Outside


class Club:
    def __init__(self, path: Path) -> None:
        self.now_us = 1_900_000_000_000_000
        self.outside = Outside()
        self.gateways = Gateways({"mail": self.outside})
        self.store = open_store(path, create=True)
        self.handler = CommandHandler(self.store, bundled_models(), clock_us=lambda: self.now_us)
        self.dispatcher = Dispatcher(
            self.store,
            self.handler,
            bundled_models().processes,
            gateways=self.gateways,
            clock_us=lambda: self.now_us,
        )

    def do(self, command: str, **data: Any) -> str:
        return self.handler.issue(issued(command, data)).status

    def register(self) -> str:
        return self.do("RegisterMember", memberId="7", name="Ada", email="ada@example.org")

    def wait(self, us: int) -> list[Any]:
        """What reached the outside in that time."""
        before = len(self.outside.sent)
        self.now_us += us
        self.dispatcher.settle()
        return self.outside.sent[before:]

    def types(self) -> list[str]:
        return [it.type for it in self.store.read()]


@pytest.fixture
def club(tmp_path: Path) -> Iterator[Club]:
    club = Club(tmp_path / "club.foldline")
    yield club
    club.store.close()


def test_registering_sends_nothing_by_itself_and_the_listener_asks_for_the_mail(club: Club) -> None:
    assert club.register() == "done"
    assert club.types() == ["MemberRegistered"]
    assert club.store.beside.outbox.latest(limit=5) == []

    assert club.wait(0) == []  # asked for, and held

    assert club.types() == ["MemberRegistered", "WelcomeNoted", "MailRequested"]
    (mail,) = club.wait(HELD_US)
    assert (mail["to"], mail["subject"]) == ("ada@example.org", "Welcome")


def test_a_mail_can_be_corrected_while_it_is_held(club: Club) -> None:
    club.register()
    club.wait(0)
    ((message, _),) = club.store.beside.outbox.latest(limit=5)

    deliveries = Deliveries(club.store, club.gateways, clock_us=lambda: club.now_us)
    deliveries.correct(message, '{"to":"ada@example.com"}', "corrected")

    assert club.wait(HELD_US) == [{"to": "ada@example.com"}]
    assert club.wait(HELD_US) == []


def test_ten_rebuilds_and_a_listener_that_hears_all_again_send_no_second_mail(club: Club) -> None:
    club.register()
    club.wait(0)
    assert len(club.wait(HELD_US)) == 1

    log = open_reader(club.store.place.path)
    for _ in range(10):
        rebuild(log)
    log.close()
    again = Dispatcher(
        club.store,
        club.handler,
        bundled_models().processes,
        gateways=club.gateways,
        clock_us=lambda: club.now_us,
    )
    again.settle()

    assert len(club.outside.sent) == 1


def test_members_register_once_and_move(club: Club) -> None:
    assert club.do("ChangeEmail", memberId="7", email="a@b.cd") == "refused"
    assert [club.register(), club.register()] == ["done", "refused"]
    assert club.do("ChangeEmail", memberId="7", email="a@b.cd") == "done"
    assert club.do("ChangeEmail", memberId="7", email="a@b.cd") == "done"

    assert club.types() == ["MemberRegistered", "MemberMoved"]
    assert club.handler.state_of("member-7")[0].email == "a@b.cd"


def test_the_same_mail_is_asked_for_once(club: Club) -> None:
    mail = {"mailId": "m", "to": "a@b.cd", "subject": "Hello"}

    assert [club.do("RequestMail", **mail) for _ in range(2)] == ["done", "refused"]
