"""The servers around the open store: how far each is, what the window runs, and new ones."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from gui.selection import Selection
from gui.viewmodels.filter import FilterViewModel
from gui.viewmodels.flow_parts import Flow, Picture, Work, id_of
from gui.viewmodels.said import Said
from gui.window_words import hint_of
from gui.words import counted, said
from gui.work.engine_watch import EngineWatch
from gui.work.jobs import Job, Jobs, sentences
from gui.work.long_work import LongWork
from gui.work.reads import Reads
from gui.work.server_reports import EngineStarted, MadeAt
from gui.work.tasks import Tasks
from replay.engines.arrows import Survey
from store.filter.write import claim_text
from store.place import LOG_SUFFIX, Place
from store.remote.errors import WrongAddress

CHOOSE: Final = said("Choose an arrow, or one of the rows below the picture.")
BY_ITSELF: Final = said("views are folded automatically")
LOCAL: Final = (
    ("kafka", said("Kafka")),
    ("opensearch", "OpenSearch"),
    ("postgresql", "PostgreSQL"),
)


class OpenStore(Protocol):
    """What is asked of the session."""

    jobs: Jobs
    tasks: Tasks
    selection: Selection
    place: Place

    @property
    def filter(self) -> FilterViewModel:
        """Of the event list."""


class EnginesViewModel(QObject):
    """`changed()` when the picture or what is said differs; `events_wanted()` once the events that
    are missing somewhere are listed; `keyring_found()`, in which passwords can be kept;
    `failed(error)`. What runs is stopped with the session,
    except for a mirror, which goes on until it is cancelled. GUI thread."""

    changed = Signal()
    events_wanted = Signal()
    keyring_found = Signal()
    failed = Signal(Exception)

    def __init__(self, of: OpenStore) -> None:
        super().__init__()
        jobs, place = of.jobs, of.place
        self.said = Said()
        self.chosen = ""  # the id of an arrow
        self.watch = EngineWatch(place)
        self._jobs, self._tasks, self._selection = jobs, of.tasks, of.selection
        self._filter, self._place = of.filter, place
        self._survey: Survey | None = None
        self._problems: dict[str, str] = {}  # by the id of an arrow
        self._starting = LongWork(jobs)  # a server on this machine
        self._topic = ""  # that is made when the broker runs
        self._keyring: Job | None = None  # that looks for one
        self.not_installed: dict[str, str] = {}  # by server of this machine: what to install
        self.picture = self._drawn()
        self.watch.surveyed.connect(self._learn)
        self.watch.troubled.connect(self._learn_trouble)
        self._starting.succeeded.connect(self._learn_started)
        self._starting.failed.connect(self._learn_not_started)
        self._starting.changed.connect(self.changed)
        jobs.changed.connect(self._redraw)

    @property
    def is_starting(self) -> bool:
        """Whether a server is just being started on this machine."""
        return self._starting.is_running

    @property
    def ways(self) -> list[Flow]:
        """The arrows whose figures are known, as the picture orders them."""
        return [it for it in self.picture.flows if it.way is not None]

    def want(self, is_wanted: bool) -> None:
        """Whether the panel is in sight; a hidden one asks no server."""
        self.watch.want(is_wanted)

    def choose(self, flow_id: str) -> None:
        """What the buttons are about."""
        self.chosen = flow_id
        self.changed.emit()

    def work_of(self, flow: Flow) -> Work:
        """What the window does along an arrow."""
        return self._work(flow.id)

    def why_not_start(self, flow: Flow | None) -> str:
        """Empty where it can be started."""
        if flow is None or flow.way is None:
            return CHOOSE
        if flow.way.way == "fold":
            return BY_ITSELF
        return said("it runs already") if self._work(flow.id).is_running else ""

    def why_not_stop(self, flow: Flow | None) -> str:
        """Empty where the window runs it."""
        if flow is None or flow.way is None:
            return CHOOSE
        if flow.way.way == "fold":
            return BY_ITSELF
        return "" if self._work(flow.id).is_running else said("the window does not run it")

    def why_not_remove(self, flow: Flow | None) -> str:
        """Empty where a person has added it."""
        if flow is None or flow.way is None:
            return CHOOSE
        if flow.way.way in ("publish", "sink", "rebuild"):
            return ""
        return said("it belongs to the store itself")

    def start(self, flow: Flow) -> None:
        """Begin, or try again."""
        from gui.viewmodels.engine_work import wish_of

        wish = None if flow.way is None else wish_of(flow.way, self._place)
        if wish is None or self._work(flow.id).is_running:
            return
        self._problems.pop(flow.id, None)
        job = Job(wish, self._jobs)
        job.failed.connect(partial(self._learn_failed, flow.id))
        self._jobs.start(job)

    def stop(self, flow: Flow) -> None:
        """It ends with what is on its way; what was written stays."""
        for it in self._jobs_of(flow.id):
            it.cancel()

    def remove(self, flow: Flow) -> None:
        """Stop it, and keep it no longer. Nothing changes at the server."""
        from gui.viewmodels.engine_work import forget

        self.stop(flow)
        if flow.way is not None and not self.why_not_remove(flow):
            self._keep(partial(forget, self._place, flow.way))

    def look_for_keyring(self) -> None:
        """Tell by `keyring_found` whether the system has one. It is looked for once."""
        if self._keyring is None:
            from gui.work.server_wishes import LookForKeyring

            self._keyring = Job(LookForKeyring(), self._jobs)
            self._keyring.succeeded.connect(self._learn_keyring)
            self._jobs.start(self._keyring, is_aside=True)

    def add(self, text: str, password: str = "", *, has_to_be_kept: bool = False) -> bool:
        """Keep a server with this log: a topic, a query store or a master of Spark.
        `has_to_be_kept`: the password, in the system's keyring. False when it is no such address:
        `said` tells why."""
        from gui.viewmodels.engine_work import keep, server_at

        try:
            wanted = server_at(text, password)
        except WrongAddress as error:
            self._say(sentences(_begun(str(error)), hint_of(error)), "error")
            return False
        self._keep(partial(keep, self._place, wanted))
        if has_to_be_kept and password:
            self._keep_password(wanted.address)
        self._say(said("{address} was added. Start begins writing.", address=wanted.address))
        return True

    def look_for_engines(self) -> None:
        """Learn which servers cannot be started on this machine, and what they need."""
        from gui.work.server_wishes import LookForEngines

        job = Job(LookForEngines(), self._jobs)
        job.succeeded.connect(self._learn_engines)
        self._jobs.start(job, is_aside=True)

    def start_here(self, engine: str) -> None:
        """Start a server on this machine, and add it."""
        from gui.work.server_wishes import StartEngine

        if needed := self.not_installed.get(engine):
            self._say(needed, "error")
        elif not self.is_starting:
            self._say(said("{engine} is starting. It may take a minute.", engine=engine))
            self._starting.start(StartEngine(engine=engine))

    def list_missing(self, flow: Flow) -> None:
        """List the events that have not come to the end of an arrow, from the first one."""
        way = flow.way
        if way is None or way.position is None:
            self._say(flow.tip or CHOOSE)
        elif not way.behind:
            self._say(said("No event is missing there."), "ok")
        elif way.way == "mirror":
            missing = counted(
                "{count:,} event of the server is not here yet. Start brings it.",
                "{count:,} events of the server are not here yet. Start brings them.",
                way.behind,
            )
            self._say(missing, "warn")
        else:
            self._filter.clear()
            self._filter.set_where(claim_text(("position",), ">", way.position))
            self._selection.seek(way.position + 1)
            self.events_wanted.emit()

    def close(self) -> None:
        """Look no more, and stop what is written for this store."""
        self.watch.close()
        self._starting.close()
        if not self._jobs.running:
            return
        from gui.viewmodels.engine_work import writes_for

        for it in list(self._jobs.running):
            if writes_for(it, self._place):
                it.close()

    def _work(self, flow_id: str) -> Work:
        jobs = self._jobs_of(flow_id)
        return Work(
            is_running=bool(jobs),
            problem="" if jobs else self._problems.get(flow_id, ""),
            dropped=sum(it.progress.dropped for it in jobs),
            fraction=jobs[0].progress.fraction if jobs else None,
        )

    def _jobs_of(self, flow_id: str) -> list[Job]:
        if not self._jobs.running:
            return []
        from gui.viewmodels.engine_work import flow_of  # late: few stores have servers

        return [it for it in self._jobs.running if flow_of(it, self._place) == flow_id]

    def _keep_password(self, address: str) -> None:
        from gui.work.server_wishes import KeepPassword

        job = Job(KeepPassword(address=address), self._jobs)
        job.failed.connect(self._learn_not_started)
        self._jobs.start(job, is_aside=True)

    @Slot(object)
    def _learn_keyring(self, report: Any) -> None:
        if report.keyring:
            self.keyring_found.emit()

    @Slot(object)
    def _learn_engines(self, report: Any) -> None:
        self.not_installed = {
            it.name: sentences(_begun(it.missing), it.hint) for it in report.local if it.missing
        }
        self.changed.emit()

    def _keep(self, work: Callable[[Reads], None]) -> None:
        self._tasks.latest("kept servers", work, done=self._ignore, failed=self.failed.emit)

    def _ignore(self, _done: None) -> None:
        """The next survey shows it."""

    def _drawn(self) -> Picture:
        ids = [] if self._survey is None else [id_of(it) for it in self._survey.arrows]
        works = {it: self._work(it) for it in ids}
        from gui.viewmodels.engine_picture import picture_of  # loaded once the panel is in sight

        return picture_of(self._survey, works, name=self._place.name.removesuffix(LOG_SUFFIX))

    @Slot()
    def _redraw(self) -> None:
        drawn = self._drawn()
        if drawn != self.picture:
            self.picture = drawn
            self.changed.emit()

    @Slot(object)
    def _learn(self, survey: Survey) -> None:
        self._survey = survey
        if survey.problem:
            self._say(survey.problem, "error")
        self._redraw()

    @Slot(str)
    def _learn_trouble(self, sentence: str) -> None:
        self._say(sentence, "error")

    def _learn_failed(self, flow_id: str, what: str, hint: str) -> None:
        self._problems[flow_id] = what
        self._say(sentences(what, hint), "error")
        self._redraw()

    @Slot(object)
    def _learn_started(self, report: Any) -> None:
        match report:
            case EngineStarted(name="kafka", address=address):
                self._topic = f"{address}/{_plain(self._place.name)}"
                self._starting.ended.connect(self._make_topic)
            case EngineStarted(name="opensearch", address=address):
                self.add(f"{address}/{_plain(self._place.name).lower()}")
            case EngineStarted(address=address):
                self.add(address)
            case MadeAt(address=address):
                self.add(address)

    @Slot()
    def _make_topic(self) -> None:
        """In the broker that has just started, once that job has ended."""
        from gui.work.server_wishes import MakeTopic

        self._starting.ended.disconnect(self._make_topic)
        self._starting.start(MakeTopic(address=self._topic))

    @Slot(str, str)
    def _learn_not_started(self, what: str, hint: str) -> None:
        self._say(sentences(what, hint), "error")

    def _say(self, text: str, role: str = "dim") -> None:
        self.said = Said(text=text, role=role)
        self.changed.emit()


def _plain(name: str) -> str:
    """A name that topics and indexes may have."""
    stem = name.removesuffix(LOG_SUFFIX)
    return "".join(it if it.isascii() and it.isalnum() else "-" for it in stem).strip("-") or "log"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
