"""The servers around a log as a picture: roles, what is between them, and what each figure says."""

from collections.abc import Mapping
from typing import Final

from gui.viewmodels.flow_parts import (
    LOG,
    VIEWS,
    Flow,
    Picture,
    Role,
    Work,
    end_of,
    id_of,
    tip_of,
)
from gui.viewmodels.rebuild_picture import rebuild_flows, rebuild_roles
from gui.viewmodels.said import Said
from gui.words import counted, said
from replay.engines.arrows import Arrow, Survey
from store.remote.address import address_of

TITLES: Final = {
    "postgresql": "PostgreSQL",
    "postgres": "PostgreSQL",
    "cassandra": said("Cassandra"),
    "kafka": said("Kafka"),
    "opensearch": "OpenSearch",
    "elasticsearch": said("Elasticsearch"),
}
COMMANDS: Final = "commands"
SERVER: Final = "server"
PROJECTOR: Final = "projector"
NO_TOPIC: Final = "no-topic"
NO_ROWS: Final = "no-rows"
IN_FLIGHT_S: Final = 2.0  # being behind for less is nothing to worry about


def picture_of(survey: Survey | None, works: Mapping[str, Work], *, name: str) -> Picture:
    """`name` is that of the log's file; `works` by the id of the arrow."""
    arrows = () if survey is None else survey.arrows
    head = 0 if survey is None else survey.head
    mirror = next((it for it in arrows if it.way == "mirror"), None)
    fold = next((it for it in arrows if it.way == "fold"), Arrow(way="fold"))
    topics = [it for it in arrows if it.way == "publish"]
    rows = [it for it in arrows if it.way == "sink"]
    sparks = [it for it in arrows if it.way == "rebuild"]
    below = max(len(topics), 1)
    roles = [
        Role(
            id=COMMANDS,
            column=0,
            row=0,
            caption=said("Command model"),
            title=said("Commands"),
            note=said("in this window"),
            tip=said("Commands are decided here, and their events appended to the event store."),
        ),
        *_stores(mirror, name=name, head=head),
        *(_far(it, said("Broker"), row=at, works=works) for at, it in enumerate(topics)),
        *([] if topics else [_no_topic()]),
        Role(
            id=PROJECTOR,
            column=1,
            row=below,
            caption=said("Projector"),
            title=said("Foldline"),
            note=said("in this window"),
            tip=said("Folds the events of the log into views, in the order of their positions."),
        ),
        _views(fold, row=below),
        *(_far(it, said("Query store"), row=below + at, works=works) for at, it in enumerate(rows)),
        *([] if rows else [_no_rows(below)]),
        *rebuild_roles(sparks, works, row=below + 1),
    ]
    return Picture(
        roles=tuple(roles),
        flows=(*_flows(mirror, fold, topics, rows, works), *rebuild_flows(sparks, works)),
    )


def _stores(mirror: Arrow | None, *, name: str, head: int) -> list[Role]:
    position = said("position {head:,}", head=head)
    if mirror is None:
        return [
            Role(
                id=LOG,
                column=1,
                row=0,
                caption=said("Event store"),
                title=name,
                note=position,
                tip=said("The log is a file on this machine."),
            )
        ]
    server = Role(
        id=SERVER,
        column=1,
        row=0,
        caption=said("Event store"),
        title=title_of(mirror.address),
        note=place_of(mirror.address),
        tone="error" if mirror.trouble else "",
        tip=tip_of(mirror.address, mirror.trouble, mirror.hint),
    )
    copy = Role(
        id=LOG,
        column=2,
        row=0,
        caption=said("Local copy"),
        title=name,
        note=position,
        tip=said("The window reads this file, which mirrors the server."),
    )
    return [server, copy]


def _views(fold: Arrow, *, row: int) -> Role:
    count = len(fold.views)
    return Role(
        id=VIEWS,
        column=2,
        row=row,
        caption=said("Rows of views"),
        title=said("Views file"),
        note=counted("{count:,} view", "{count:,} views", count),
        tone="error" if fold.trouble else "",
        tip=tip_of(said("Rows and their history, beside the log"), fold.trouble, ""),
    )


def _far(arrow: Arrow, caption: str, *, row: int, works: Mapping[str, Work]) -> Role:
    """A server that a person chose."""
    problem = arrow.trouble or works.get(id_of(arrow), Work()).problem
    return Role(
        id=end_of(arrow),
        column=3,
        row=row,
        caption=caption,
        title=title_of(arrow.address),
        note=_last(arrow.address),
        tone="error" if problem else "",
        tip=tip_of(arrow.address, problem, arrow.hint),
    )


def _no_topic() -> Role:
    return Role(
        id=NO_TOPIC,
        column=3,
        row=0,
        caption=said("Broker"),
        title=said("none"),
        note=said("log read directly"),
        tip=said("Events are published to no topic. Add one with Add a server…"),
        is_missing=True,
    )


def _no_rows(row: int) -> Role:
    return Role(
        id=NO_ROWS,
        column=3,
        row=row,
        caption=said("Query store"),
        title=said("none"),
        note=said("rows read here"),
        tip=said("Rows of views are written to no server. Add one with Add a server…"),
        is_missing=True,
    )


def _flows(
    mirror: Arrow | None,
    fold: Arrow,
    topics: list[Arrow],
    rows: list[Arrow],
    works: Mapping[str, Work],
) -> list[Flow]:
    store = LOG if mirror is None else SERVER
    flows = [Flow(id="issue", here=COMMANDS, there=store, tip=said("Events of commands"))]
    if mirror is not None:
        flows.append(_flow(mirror, SERVER, LOG, works))
    flows += [_flow(it, LOG, end_of(it), works) for it in topics]
    if not topics:
        flows.append(Flow(id="to-no-topic", here=LOG, there=NO_TOPIC, is_still=True))
    always = {id_of(fold): Work(is_running=True)}
    flows.append(Flow(id="read", here=LOG, there=PROJECTOR))
    flows.append(_flow(fold, PROJECTOR, VIEWS, always))
    flows += [_flow(it, VIEWS, end_of(it), works) for it in rows]
    if not rows:
        flows.append(Flow(id="to-no-rows", here=VIEWS, there=NO_ROWS, is_still=True))
    return flows


def _flow(arrow: Arrow, here: str, there: str, works: Mapping[str, Work]) -> Flow:
    work = works.get(id_of(arrow), Work())
    state = state_of(arrow, work)
    late = said("{s:.1f} s", s=arrow.seconds) if arrow.behind else ""
    rate = f"{arrow.rate:,.0f}/s" if arrow.rate else ""
    return Flow(
        id=id_of(arrow),
        here=here,
        there=there,
        label=_label(arrow, work),
        note=" · ".join(it for it in (late, rate) if it) or _rest(arrow, work),
        tone="error" if state.role == "error" else "warn" if state.role == "warn" else "",
        tip=f"{state.text}. {hint}" if (hint := arrow.hint) else state.text,
        is_still=not work.is_running,
        state=state.text,
        way=arrow,
    )


def _rest(arrow: Arrow, work: Work) -> str:
    """Below figures of which none moves."""
    is_told = arrow.behind is not None and not work.problem
    return said("stopped") if is_told and not work.is_running else ""


def _label(arrow: Arrow, work: Work) -> str:
    if arrow.trouble or work.problem:
        return said("error") if arrow.way == "fold" or work.problem else said("no answer")
    if arrow.behind is None:
        return said("asking…")
    if not arrow.behind:
        return said("up to date")
    return said("{count:,} behind", count=arrow.behind)


def state_of(arrow: Arrow, work: Work) -> Said:
    """How it stands, in a sentence without its end."""
    if work.problem:
        return Said(text=work.problem, role="error")
    if arrow.trouble:
        return Said(text=arrow.trouble, role="error")
    if arrow.behind is None:
        return Said(text=said("being asked"))
    if not arrow.behind:
        return Said(text=said("up to date"), role="ok")
    if not work.is_running:
        return Said(text=said("stopped"), role="warn")
    is_late = arrow.seconds > IN_FLIGHT_S
    return Said(text=said("catching up"), role="warn" if is_late else "ok")


def title_of(address: str) -> str:
    """The kind of server, as its makers write it."""
    scheme = address_of(address).scheme
    return TITLES.get(scheme, scheme)


def place_of(address: str) -> str:
    """Host and port."""
    return address_of(address).place.partition("://")[2].rpartition("@")[2]


def _last(address: str) -> str:
    """The name of the topic, or what the names of a query store begin with."""
    path = address_of(address).shown.partition("://")[2].partition("?")[0].partition("/")[2]
    return path.strip("/") or place_of(address)
