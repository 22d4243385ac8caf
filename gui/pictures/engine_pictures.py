"""Pictures of the Engines panel in each of its states. What servers would tell is given here: the
pictures are the same each time, and drawn where no server runs."""

from pathlib import Path
from typing import Final

from gui.pictures.stage import Stage
from gui.views.engines_view import EnginesView
from gui.work.jobs import Job, Jobs, Progress
from gui.work.server_wishes import MirrorServer, PublishTo, RebuildOn, SinkTo
from gui.work.wishes import Wish
from replay.engines.arrows import Arrow, Survey, ViewReached
from store.place import Place

SIZE: Final = (1280, 800)
HEAD: Final = 5_087
SERVER: Final = "postgresql://ada@db.example:5432/conference"
TOPIC: Final = "kafka://broker.example:9092/conference"
ROWS: Final = "opensearch://search.example:9200/conference"
SPARK: Final = "spark://spark.example:7077"
REBUILT: Final = Arrow(way="rebuild", address=SPARK)
FOLD: Final = Arrow(
    way="fold",
    head=HEAD,
    position=HEAD,
    behind=0,
    views=tuple(ViewReached(view=f"view {n}", position=HEAD) for n in range(16)),
)
MIRROR: Final = Arrow(
    way="mirror", address=SERVER, head=5_099, position=HEAD, behind=12, seconds=0.4, rate=31.0
)
PUBLISHED: Final = Arrow(
    way="publish", address=TOPIC, head=HEAD, position=HEAD, behind=0, rate=31.0
)
WRITTEN: Final = Arrow(
    way="sink", address=ROWS, head=HEAD, position=3_200, behind=1_887, seconds=8.0, rate=240.0
)


def draw_engines(stage: Stage, store: Path) -> None:
    """Nothing but what Foldline does itself; everything at work; servers that do not answer."""
    _draw(stage, store, "light", "engines-embedded", [], [])
    place = Place(store)
    works: list[Wish] = [
        MirrorServer(address=SERVER, into=str(place.path)),
        PublishTo(store=place, address=TOPIC),
        SinkTo(store=place, address=ROWS),
        RebuildOn(store=place, master=SPARK),
    ]
    whole = [MIRROR, PUBLISHED, WRITTEN, REBUILT]
    _draw(stage, store, "light", "engines-light", whole, works)
    _draw(stage, store, "dark", "engines-dark", whole, works)
    troubled = [
        Arrow(way="mirror", address=SERVER, trouble="the server cannot be reached", hint=""),
        Arrow(way="publish", address=TOPIC, trouble="there is no topic conference", hint=""),
        Arrow(way="sink", address=ROWS, head=HEAD, position=HEAD, behind=0),
        Arrow(way="rebuild", address=SPARK, parts=6, parts_done=4),
    ]
    _draw(stage, store, "contrast", "engines-troubled", troubled, [])


def _job(wish: Wish, jobs: Jobs) -> Job:
    """One that is under way."""
    job = Job(wish, jobs)
    if isinstance(wish, RebuildOn):
        job.progress = Progress(fraction=0.62, text="")
    return job


def _draw(
    stage: Stage, store: Path, scheme: str, name: str, arrows: list[Arrow], works: list[Wish]
) -> None:
    window = stage.window(scheme, SIZE)
    stage.open(window, store)
    session, workspace = window.session, window.workspace
    if session is None or workspace is None:
        return
    engines = session.engines
    workspace.show_panel(EnginesView)
    engines.watch.close()  # no server is asked
    window.jobs.running += [_job(it, window.jobs) for it in works]
    survey = Survey(store=store.name, head=HEAD, arrows=(*arrows, FOLD))
    engines.watch.surveyed.emit(survey)
    engines.choose(engines.ways[-1].id)
    stage.wait(lambda: engines.picture.flow(engines.chosen) is not None)
    stage.keep(window, name)
    window.jobs.running.clear()
    window.close()
