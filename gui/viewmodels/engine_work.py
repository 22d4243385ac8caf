"""What the window runs along the arrows between a log and its servers, and how those are kept."""

from gui.viewmodels.flow_parts import id_of
from gui.work.jobs import Job
from gui.work.reads import Reads
from gui.work.server_wishes import MirrorServer, PublishTo, RebuildOn, SinkTo
from gui.work.wishes import Wish
from replay.engines import kept_engines
from replay.engines.arrows import Arrow
from replay.engines.kept_engines import SPARK, KeptEngine, Role, role_of
from replay.engines.surveyor import WAYS
from store.place import Place, path_of
from store.remote.address import address_of
from store.remote.passwords import remember_password


def server_at(text: str, password: str) -> KeptEngine:
    """What a person typed, without its secrets, which are held for this run of the program.
    Raises WrongAddress."""
    role = role_of(text.strip())
    if role == SPARK:
        return kept_engines.sound(KeptEngine(role=role, address=text.strip()))
    address = address_of(text.strip())
    found = kept_engines.sound(KeptEngine(role=role, address=address.shown))
    if typed := password or address.password:
        remember_password(address, typed)
    return found


def keep(place: Place, engine: KeptEngine, _reads: Reads) -> None:
    """Off the GUI thread. Raises what keeping raises."""
    kept_engines.keep(place, engine)


def forget(place: Place, way: Arrow, _reads: Reads) -> None:
    """Off the GUI thread. Raises what keeping raises."""
    role: Role = next(it for it in WAYS if WAYS[it] == way.way)
    kept_engines.forget(place, KeptEngine(role=role, address=way.address))


def wish_of(way: Arrow, place: Place) -> Wish | None:
    """What brings events along an arrow; None where nobody has to."""
    match way.way:
        case "mirror":
            return MirrorServer(address=way.address, into=str(place.path))
        case "publish":
            return PublishTo(store=place, address=way.address)
        case "sink":
            views = tuple(it.view for it in way.views) if way.is_chosen else ()
            return SinkTo(store=place, address=way.address, views=views)
        case "rebuild":
            return RebuildOn(store=place, master=way.address)
    return None


def flow_of(job: Job, place: Place) -> str:
    """The id of the arrow of this log that a job works along; empty for any other job."""
    match job.wish:
        case PublishTo(store=store, address=address) if store == place:
            return id_of(Arrow(way="publish", address=address))
        case SinkTo(store=store, address=address) if store == place:
            return id_of(Arrow(way="sink", address=address))
        case RebuildOn(store=store, master=master) if store == place:
            return id_of(Arrow(way="rebuild", address=master))
        case MirrorServer(address=address, into=into) if Place(path_of(into)) == place:
            return id_of(Arrow(way="mirror", address=address))
    return ""


def writes_for(job: Job, place: Place) -> bool:
    """Whether a job takes to a server what this log holds."""
    return isinstance(job.wish, PublishTo | SinkTo | RebuildOn) and job.wish.store == place
