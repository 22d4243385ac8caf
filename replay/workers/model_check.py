"""Try a model on examples made from its own types: does it load, fold and decide?

Runs the model's code, so only in a process that may be lost:
python -P -m replay.workers.model_check FILE.
"""

import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from replay.children.parent import end_with_parent
from replay.commands.command_form import errors_in, help_of, schema_of
from replay.commands.situations import DecisionSituation
from replay.own.memory_limit import limit_memory
from replay.own.user_models import load_models
from replay.standard_output import OUTPUT
from replay.states.diff import diff
from replay.states.model_set import AnyModel
from replay.states.typed_fold import folding
from replay.typed_model import Elsewhere, Refused
from replay.words import said
from store import json_text


def problems_of(model: AnyModel) -> Iterator[str]:
    """Everything that is wrong with it, a sentence each."""
    for event in model.events:
        yield from _event_problems(model, event)
    for command in model.commands:
        if not help_of(command):
            yield said(
                "{name__} has no docstring, so its form shows no help", name__=command.__name__
            )
        for name, field in schema_of(command).get("properties", {}).items():
            if "title" not in field and "$ref" not in str(field):
                yield said(
                    "{name__}.{name} has no title, so its form shows no label",
                    name__=command.__name__,
                    name=name,
                )
        if model.elsewhere_of(command) is Elsewhere.LOCK and not model.reads.get(command):
            yield said(
                "{name__} has fields for what it reads, but declares no reads",
                name__=command.__name__,
            )
        yield from _decision_problems(model, command)


def _event_problems(model: AnyModel, type_: Any) -> Iterator[str]:
    fold, name = folding(model), type_.__name__
    if not (type_.__doc__ or "").strip():
        yield said("{name} has no docstring", name=name)
    try:
        before = model.initial()
        event = example(type_)
        text = json_text.encode(fold.to_json(before))
        after = model.evolve(before, event)
        if json_text.encode(fold.to_json(before)) != text:
            yield said("evolve modified the state it was given, at {name}", name=name)
        if json_text.encode(fold.to_json(model.evolve(before, event))) != json_text.encode(
            fold.to_json(after)
        ):
            yield said("evolve returned two different states for the same {name}", name=name)
        again = fold.from_json(json_text.decode(json_text.encode(fold.to_json(after))))
        if list(diff(fold.to_json(after), fold.to_json(again))):
            yield said(
                "the state after {name} is changed by writing it as JSON and reading it back",
                name=name,
            )
    except Exception as error:  # the edge: a model may raise anything
        yield said(
            "evolve raised {name__} at {name}: {error}",
            name__=type(error).__name__,
            name=name,
            error=error,
        )


def _decision_problems(model: AnyModel, command: Any) -> Iterator[str]:
    name = command.__name__
    try:
        issued = example(command)
    except msgspec.ValidationError:
        return  # its fields are too particular for an example
    if errors_in(command, json_text.decode(json_text.encode(issued))):
        return
    try:
        stream = model.stream_of(issued)
        if not model.owns(stream):
            yield said(
                "{name} belongs to {stream!r}, which is not in the category {category!r}",
                name=name,
                stream=stream,
                category=model.category,
            )
        events = model.decide(model.initial(), issued, _situation(model, command))
        if any(type(it) not in model.events for it in events):
            yield said("{name} produces events that the model does not declare", name=name)
    except Refused as refusal:
        if not (refusal.rule and refusal.reason):
            yield said("{name} is refused without a rule or a reason", name=name)
    except LookupError:
        return  # it asks the outside, which there is none of here
    except Exception as error:  # the edge: a model may raise anything
        yield said(
            "decide raised {name__} at {name}: {error}",
            name__=type(error).__name__,
            name=name,
            error=error,
        )


def example(type_: Any) -> Any:
    """A value of a struct, out of its schema. Raises msgspec.ValidationError."""
    document = msgspec.json.schema(type_)
    return msgspec.convert(_example(document, document.get("$defs", {})), type_, strict=False)


def _example(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return _example(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        shown = (name for name, it in fields.items() if it.get("examples"))
        wanted = dict.fromkeys((*schema.get("required", ()), *shown))
        return {name: _example(fields[name], definitions) for name in wanted}
    if kind == "array":
        count = int(schema.get("minItems", 0))
        return [_example(schema.get("items", {}), definitions)] * count
    if kind == "boolean":
        return True
    if kind in ("integer", "number") or schema.get("format") == "decimal":
        return max(schema.get("minimum", 1), 1)
    return {"date": "2026-03-14", "date-time": "2026-03-14T09:41:09Z"}.get(
        str(schema.get("format")), "example"
    )


def _situation(model: AnyModel, command: Any) -> DecisionSituation:
    def nobody(*_facts: Any) -> Any:
        raise LookupError("an example asks nobody")

    return DecisionSituation(
        command=command.__name__,
        command_id="example",
        actor="example",
        now_us=0,
        reads=model.reads.get(command, ()),
        ask=nobody,
        state_of=nobody,
        row=nobody,
    )


def main(arguments: list[str]) -> int:
    """Print a JSON report of one model file."""
    limit_memory()
    end_with_parent()
    OUTPUT.keep_apart()  # what a model prints is no finding
    try:
        found = load_models(Path(arguments[0]))
    except (Exception, SystemExit) as error:  # the edge: the file of a person's own
        why = f"{type(error).__name__}: {error}"
        facts: dict[str, Any] = {
            "models": [],
            "problems": [said("the file cannot be loaded: {why}", why=why)],
            "details": traceback.format_exc(),
        }
        OUTPUT.write(json_text.encode(facts) + "\n")
        return 1
    problems = [f"{it.title}: {problem}" for it in found for problem in problems_of(it)]
    models: list[dict[str, Any]] = [
        {
            "name": it.name,
            "title": it.title,
            "category": it.category,
            "events": len(it.events),
            "commands": len(it.commands),
        }
        for it in found
    ]
    facts = {"models": models, "problems": problems, "details": ""}
    OUTPUT.write(json_text.encode(facts) + "\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
