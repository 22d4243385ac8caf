"""What there is to choose from, in a file of views that holds others only."""

from pathlib import Path

from replay.history.navigation import StreamList, list_streams, list_types
from replay.projections.latest_states import PROJECTION
from replay.views.read_store import reading_views
from replay.views.view import view_of
from store.opening import reading
from tests.replay.logs import made_by, make_log


def test_views_that_are_not_made_yet_list_nothing(tmp_path: Path) -> None:
    with reading(make_log(tmp_path / "a.foldline", 10)) as log:
        made_by(view_of(PROJECTION), log)
        with reading_views(log) as views:
            assert views is not None

            assert list_streams(views) == StreamList(streams=(), total=0)
            assert list_types(views, numbered=10).types == ()
