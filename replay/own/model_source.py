"""Which models a verb works with: the bundled ones, those of installed packages, and those of a
file that is trusted: the one that was named, or else the one that the log is read with."""

import argparse
import os
import sys
from pathlib import Path

from replay.command_name import complain
from replay.own.installed_models import entries, installed_models, with_installed
from replay.own.own_code import Watch, held, limit_s
from replay.own.own_models import OwnModels
from replay.own.own_models import of as models_of
from replay.own.user_models import Trust, Untrusted, digest, load_module
from replay.standard_output import OUTPUT
from replay.states.model_set import ModelSet, bundled_models, models_in, processes_in
from replay.words import said
from store.place import Place

HELD = "FOLDLINE_VERB_MARK"  # set in a process that runs a verb apart: the file it marks its end in


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """--model FILE, and --trust for a file that was read."""
    add_file_argument(parser, "--model")


def add_file_argument(parser: argparse.ArgumentParser, name: str) -> None:
    """As above, where --model means something else."""
    parser.add_argument(
        name, dest="model_file", type=Path, metavar="FILE", help=said("your own model file")
    )
    parser.add_argument(
        "--trust", action="store_true", help=said("trust the current content of the model file")
    )
    parser.set_defaults(runs_own_code=needs_own_process)


def needs_own_process(arguments: argparse.Namespace) -> bool:
    """Whether the verb would run code of a person's own, or of an installed package's models."""
    if HELD in os.environ:
        return False
    is_named = arguments.model_file is not None
    return is_named or _models_of_log(arguments) is not None or bool(entries())


def chosen_models(arguments: argparse.Namespace) -> ModelSet:
    """The models to work with; those of a named file come first. Raises Untrusted, ModelFailed,
    NoModel. Own code is run by this only in a process that was started for it."""
    if HELD not in os.environ:
        return bundled_models()
    watch = Watch(stop, limit_s=limit_s())
    own = ModelSet(())
    if arguments.model_file is not None:
        own = own_models(arguments.model_file, watch, is_trusted_now=arguments.trust)
    elif (named := _models_of_log(arguments)) is not None:
        own = _as_trusted(Path(named.path), watch)
    installed = installed_models(watch)
    for name, why in installed.problems.items():
        complain(said("the installed models {name!r} were skipped: {why}", name=name, why=why))
    return with_installed(own, installed)


def _models_of_log(arguments: argparse.Namespace) -> OwnModels | None:
    """The file that the log is read with."""
    store: Path | None = getattr(arguments, "store", None)
    return None if store is None else models_of(Place(store))


def _as_trusted(path: Path, watch: Watch) -> ModelSet:
    """The models of the log's file as it was trusted, whatever it has become since."""
    trust = Trust()
    kept = trust.as_trusted(path)
    if kept is None:
        raise Untrusted(path, digest(path))
    return _loaded(kept, digest(kept), watch)


def own_models(path: Path, watch: Watch, *, is_trusted_now: bool = False) -> ModelSet:
    """The models and process managers of a file, as it was when its trust was looked at."""
    trust = Trust()
    if is_trusted_now:
        trust.give(path)
    expected = digest(path)
    trust.require(path)
    return _loaded(path, expected, watch)


def _loaded(path: Path, expected: str, watch: Watch) -> ModelSet:
    with watch.holding(said("the import of {name}", name=path.name)):
        module = load_module(path, expected_digest=expected)
    return ModelSet(held(tuple(models_in(module)), watch), held(tuple(processes_in(module)), watch))


def trusted_before(path: Path) -> ModelSet | None:
    """The models of a file as it was when it was trusted the time before; None where that is not
    known. Only in a process that was started for own code."""
    kept = Trust().before(path)
    if kept is None or HELD not in os.environ:
        return None
    watch = Watch(stop, limit_s=limit_s())
    with watch.holding(said("the import of the previous version of {name}", name=path.name)):
        module = load_module(kept, expected_digest=kept.stem)
    return ModelSet(held(tuple(models_in(module)), watch))


def stop(sentence: str) -> None:
    """End the process of a verb that runs own code; whatever it was recording is not in the log."""
    OUTPUT.close()
    complain(sentence, said("Correct the file and try again."))
    sys.stderr.flush()
    Path(os.environ[HELD]).write_text("stopped", "utf-8")
    os._exit(1)
