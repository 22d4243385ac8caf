"""Model files of a person's own that do what one line says, and packages that bring some."""

from pathlib import Path
from textwrap import dedent

MODEL = '''
    import os, sys
    from replay.typed_model import Command, Event, Refused, State, TypedModel
    {head}

    class Counted(Event, frozen=True):
        """Counted on."""
        by: int

    class Total(State, frozen=True):
        total: int = 0

    class Count(Command, frozen=True):
        """Count on."""
        by: int

    def evolve(state, event):
        {evolve}
        return Total(total=state.total + event.by)

    def decide(state, command, situation):
        {decide}
        return [Counted(by=command.by)]

    MODEL = TypedModel(
        name="{name}", title="Counter", version=1, category="{category}", state=Total,
        events=(Counted,), commands=(Count,), evolve=evolve, decide=decide,
        stream_of=lambda command: "{category}-1", invariants={invariants},
    )
'''


def model_text(
    *,
    decide: str = "pass",
    evolve: str = "pass",
    head: str = "",
    name: str = "counter",
    category: str = "counter",
    invariants: str = "{}",
) -> str:
    """The text of a model file that counts."""
    text = dedent(MODEL)
    for key, value in {
        "head": head,
        "evolve": evolve,
        "decide": decide,
        "name": name,
        "category": category,
        "invariants": invariants,
    }.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def installed_package(folder: Path, module: str, text: str) -> None:
    """Put a package into a folder as an installer does, with an entry point of its own name."""
    (folder / f"{module}.py").write_text(text, "utf-8")
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[foldline.models]\n{module} = {module}\n")
