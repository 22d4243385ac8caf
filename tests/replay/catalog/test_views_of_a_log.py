"""Views of the bundled domains are made for logs that have streams of their categories."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from replay.catalog.all_views import every_name, views_of
from replay.catalog.rebuild import rebuild
from replay.projections import find_projections
from replay.projector.catch_up import catch_up
from replay.questions.view_status import list_views
from replay.views import checkpoints
from replay.views.read_store import open_views_to_read
from store.events import ANY_VERSION, NewEvent
from store.interface import EventReader
from store.opening import reading
from store.sqlite.store import open_store
from tests.replay.written_logs import event, log_of

STRANGERS = ("order-1", event({"id": 1}, type_="OrderPlaced"))
OF_ALL_LOGS = {"causation", "event_types", "latest_states", "search", "streams", "timeline"}
OF_STRANGERS = OF_ALL_LOGS | {"broken_rules"}  # the model of orders has invariants


def names(log: EventReader) -> set[str]:
    return {it.name for it in views_of(log)}


def folded(log: EventReader) -> set[str]:
    db = open_views_to_read(log)
    assert db is not None
    with closing(db):
        return set(checkpoints.read_all(db))


def append(path: Path, stream: str, one: NewEvent) -> None:
    with closing(open_store(path)) as store:
        store.append(stream, [one], expected=ANY_VERSION)


@contextmanager
def strangers_log(folder: Path) -> Iterator[EventReader]:
    """Orders of somebody else's domain, with a type of the same name."""
    with log_of(folder, STRANGERS) as log:
        yield log


def test_a_log_of_another_domain_has_none_of_ours(tmp_path: Path) -> None:
    with strangers_log(tmp_path) as log:
        catch_up(log)

        assert names(log) == folded(log) == OF_STRANGERS
        assert {it.name for it in list_views(None, log)} == OF_STRANGERS


def test_a_view_comes_with_the_first_stream_of_its_categories(tmp_path: Path) -> None:
    with strangers_log(tmp_path) as log:
        before = names(log)
        append(log.place.path, "seats-1", event({}))

        assert names(log) - before == {
            "draft_orders",
            "managed_orders",
            "order_fulfilment",
            "priced_orders",
            "seats_left",
        }


def test_one_that_is_left_out_is_folded_when_it_is_asked_for_by_name(tmp_path: Path) -> None:
    with strangers_log(tmp_path) as log:
        catch_up(log, only=["accounts"])

        assert folded(log) == {"accounts"}
        assert "accounts" in every_name(log.place)


def test_a_rebuild_of_all_views_leaves_it_out(tmp_path: Path) -> None:
    with strangers_log(tmp_path) as log:
        assert {it.view for it in rebuild(log)} == OF_STRANGERS


def test_every_bundled_view_of_a_domain_names_categories() -> None:
    generic = {"event_types", "latest_states", "streams"}

    assert {it.name for it in find_projections() if not it.categories} == generic


def test_the_view_of_rules_comes_with_any_category_that_a_rule_is_about(tmp_path: Path) -> None:
    with log_of(tmp_path, ("thing-1", event({}))) as log:
        assert names(log) == OF_ALL_LOGS

        append(log.place.path, "account-1", event({}))

        assert "broken_rules" in names(log)


def test_a_name_that_only_begins_alike_is_another_category(tmp_path: Path) -> None:
    with log_of(tmp_path, ("accounting-1", event({})), ("account", event({}))) as log:
        assert not log.has_category("account")
        with reading(log.place.path) as again:
            assert again.has_category("accounting")
