"""Which models a verb works with: the bundled ones, and a file that was named and is trusted."""

import argparse
from pathlib import Path

from replay.model_set import ModelSet, bundled_models
from replay.user_models import Trust, load_models


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """--model FILE, and --trust for a file that was read."""
    parser.add_argument("--model", type=Path, metavar="FILE", help="a model file of your own")
    parser.add_argument("--trust", action="store_true", help="trust the model file as it is now")


def chosen_models(arguments: argparse.Namespace) -> ModelSet:
    """The models to work with; those of a named file come first. Raises Untrusted."""
    if arguments.model is None:
        return bundled_models()
    return models_with(arguments.model, is_trusted_now=arguments.trust)


def models_with(path: Path, *, is_trusted_now: bool = False) -> ModelSet:
    """The bundled models and those of a file, which wins where both own a category."""
    trust = Trust()
    if is_trusted_now:
        trust.give(path)
    trust.require(path)
    own = load_models(path)
    taken = {it.category for it in own}
    return ModelSet([*own, *(it for it in bundled_models().models if it.category not in taken)])
