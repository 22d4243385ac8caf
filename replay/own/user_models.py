"""Model files that a person opens: loaded only when they are trusted, by path and content."""

import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

from platformdirs import user_config_path

from replay.states.model_set import AnyModel, ModelSet, bundled_models, models_in
from replay.words import said
from store.errors import StoreError
from store.whole_file import write_whole

TRUSTED: Final = "trusted-models.json"
BEFORE: Final = "trusted-before.json"  # what a file was, when it was trusted the time before
TEXTS: Final = "trusted-models"  # the files themselves, each named by its digest


class Untrusted(StoreError):
    """A model file was never trusted, or has changed since."""

    hint = said(
        "Review the file, then trust it. A model is a program that runs with your permissions."
    )

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            said(
                "this model file is not trusted (sha256 {found}…): {path}",
                found=found[:12],
                path=path,
            )
        )
        self.path, self.found = path, found


class ModelFailed(StoreError):
    """A model's code raised, ran for too long, or took too much memory."""

    hint = said("Correct the file and load it again.")

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(reason)
        self.details = details


def digest(path: Path) -> str:
    """The SHA-256 of a file's content, in hex. Raises ModelFailed when it cannot be read."""
    return hashlib.sha256(_content(path)).hexdigest()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelFailed(
            said(
                "the model file cannot be read ({strerror}): {path}",
                strerror=error.strerror,
                path=path,
            )
        ) from error


class Trust:
    """Which files a person trusts, kept as JSON in their configuration folder. A copy of each is
    kept too, and of what it was before, so that two versions can be compared."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or configuration_folder()
        self._file, self._earlier = self._folder / TRUSTED, self._folder / BEFORE

    def holds(self, path: Path) -> bool:
        """Whether the file is trusted as it is now."""
        return _read(self._file).get(str(path.resolve())) == digest(path)

    def require(self, path: Path) -> None:
        """Raises Untrusted unless the file is trusted as it is now."""
        if not self.holds(path):
            raise Untrusted(path, digest(path))

    def as_trusted(self, path: Path) -> Path | None:
        """Where the file lies as it was trusted: there, or, when it has changed since or is gone,
        the copy that was kept. None when it is not trusted, or there is neither."""
        trusted = _read(self._file).get(str(path.resolve()), "")
        kept = self._folder / TEXTS / f"{trusted}.py"
        found = (it for it in (path, kept) if it.is_file() and digest(it) == trusted)
        return next(found, None)

    def give(self, path: Path) -> None:
        """Trust the file as it is now; it is asked for again when it changes."""
        key, found, trusted = str(path.resolve()), digest(path), _read(self._file)
        if key in trusted and trusted[key] != found:
            _write(self._earlier, {**_read(self._earlier), key: trusted[key]})
        _write(self._file, {**trusted, key: found})
        self._keep(path, found)

    def before(self, path: Path) -> Path | None:
        """A copy of the file as it was when it was trusted the time before; None where there is
        none, or where the copy has been changed. It is named by its digest."""
        name = _read(self._earlier).get(str(path.resolve()), "")
        kept = self._folder / TEXTS / f"{name}.py"
        return kept if name and kept.is_file() and digest(kept) == name else None

    def take(self, path: Path) -> None:
        """Trust it no longer."""
        key = str(path.resolve())
        for file in (self._file, self._earlier):
            _write(file, {it: found for it, found in _read(file).items() if it != key})
        self._drop_unknown()

    def _keep(self, path: Path, found: str) -> None:
        kept = self._folder / TEXTS / f"{found}.py"
        kept.parent.mkdir(exist_ok=True)
        write_whole(kept, path.read_bytes(), overwrite=True)
        self._drop_unknown()

    def _drop_unknown(self) -> None:
        known = {*_read(self._file).values(), *_read(self._earlier).values()}
        for kept in (self._folder / TEXTS).glob("*.py"):
            if kept.stem not in known:
                kept.unlink()


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(file: Path, digests: dict[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, json.dumps(digests, indent=1).encode(), overwrite=True)


def configuration_folder() -> Path:
    """Where a person's settings lie on this system."""
    return user_config_path("foldline", appauthor=False, roaming=True)


def load_models(path: Path, *, expected_digest: str = "") -> Sequence[AnyModel]:
    """Run a model file and give its models. Only in a process that may be lost.

    Raises ModelFailed when it is another file than `expected_digest` says; NoModel; and
    whatever the file raises.
    """
    return models_in(load_module(path, expected_digest=expected_digest))


def bundled_and_own(files: Mapping[str, str]) -> ModelSet:
    """The bundled models and those of files, by path and digest; a file's win where both own a
    category. Raises ModelFailed when a file is another one by now, and what `load_models` does."""
    own = [
        model
        for path, found in files.items()
        for model in load_models(Path(path), expected_digest=found)
    ]
    taken = {it.category for it in own}
    return ModelSet([*own, *(it for it in bundled_models().models if it.category not in taken)])


def load_module(path: Path, *, expected_digest: str = "") -> ModuleType:
    """Run a file of a person's own. Raises ModelFailed, and whatever the file raises.

    What runs is the text that was hashed. Compiled code that lies beside the file is not asked:
    Python takes it for that of the file after an edit within a second that keeps the size.
    """
    text = _content(path)
    found = hashlib.sha256(text).hexdigest()
    if expected_digest and found != expected_digest:
        raise ModelFailed(said("the file has changed since it was trusted: {path}", path=path))
    name = f"foldline_own_{found[:16]}"
    loader = _TextLoader(name, path, text)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    if spec is None or path.suffix != ".py":
        raise ModelFailed(said("this is not a Python file: {path}", path=path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # msgspec looks types up by their module
    with _nothing_compiled_is_left():
        loader.exec_module(module)
    return module


class _TextLoader(SourceFileLoader):
    """Loads a module from a text that was read before."""

    def __init__(self, name: str, path: Path, text: bytes) -> None:
        super().__init__(name, str(path))
        self._text = text

    def get_code(self, fullname: str) -> CodeType | None:
        return self.source_to_code(self._text, self.get_filename(fullname))


@contextmanager
def _nothing_compiled_is_left() -> Iterator[None]:
    """Nor is anything written beside what the file imports from its own folder."""
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
