"""Every verb with every option: none ends in a traceback, prints Python, or prints JSON that is
none. What an option does is tested where its verb is."""

import argparse
import importlib
import json
import pkgutil
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from replay import command_line, verbs
from resources.samples.catalog import SAMPLES
from tests.replay.own_models import model_text
from tests.replay.verbs.conftest import Run

# Run in this order in one folder, as written and with --json behind; "!" may exit with 1.
LINES: Final = """
new bank.foldline
import ships.jsonl.gz --into ships.foldline
import lines.jsonl --into lines.foldline --format canonical --dry-run
import lines.jsonl --into lines.foldline --role seed
import orders.ocel2.json --into lines.foldline --choice leading_type=Order
import lines.jsonl --into ruled.foldline --order recorded --save-rules rules.json --dry-run
import lines.jsonl --into ruled.foldline --rules rules.json --encoding utf-8 --convert total=text
import lines.jsonl --into ruled.foldline --map actor=total --rename Placed=Put --mask total=blank
import lines.jsonl --into ruled.foldline --reject "total > 1" --dry-run
follow lines.jsonl --once --free-name
follow lines.jsonl --into followed.foldline --once --format canonical --role seed
follow lines.jsonl --into followed.foldline --once --again --encoding utf-8 --convert total=text
follow lines.jsonl --into mapped.foldline --once --map actor=total --rename Placed=Put
follow lines.jsonl --into masked.foldline --once --mask total=blank --reject "total > 1"
follow lines.jsonl --into again.foldline --once --rules masked.foldline
changes rows-1.csv rows-2.csv --key id --into changed.foldline --dry-run --role seed
changes rows-1.csv rows-2.csv --key id --table t --into changed.foldline --first
changes rows-1.csv rows-2.csv --key id --choice separator=comma --into c2.foldline --encoding utf-8
changes rows-1.csv rows-2.csv --key id --into c3.foldline --map actor=name --rename RowAdded=New
changes rows-1.csv rows-2.csv --key id --into c4.foldline --convert n=number --mask name=blank
changes rows-1.csv rows-2.csv --key id --into c5.foldline --reject "n > 1" --order file
changes rows-1.csv rows-2.csv --key id --into c6.foldline --rules c4.foldline
changes rows-1.csv rows-2.csv --key id --look 5
preview lines.jsonl --map actor=total --rename Placed=Put --mask total --order x
preview lines.jsonl --reject "total > 1"
preview lines.jsonl --rules rules.json --encoding utf-8 --convert total=text
preview lines.jsonl --mapping --into ruled.foldline
preview ships.jsonl.gz --limit 3 --format canonical
preview orders.ocel2.json --choice leading_type=Order --limit 2
info ships.foldline
log ships.foldline --type Arrival --from 2 --to 900 --limit 3 --reverse
log ships.foldline --stream ship-king-roy --where "data.port = honolulu"
search ships.foldline "data.port = honolulu and type is present" --at 900 --limit 2
search ships.foldline honolulu --at 900 --limit 2 --patience 5
state ships.foldline ship-king-roy --at 400
state ships.foldline ship-king-roy --occurred 2026-08-01 --known 400
ways ships.foldline ship-king-roy --at 400
branch new ships.foldline fix --at 3 --note wrong
branch new ships.foldline of-it --of fix --at 9
branch new ships.foldline alone --at 9 --alone
branch new ships.foldline again --at 9 --decide-again
branch edit ships.foldline fix --leave-out 5
branch edit ships.foldline fix --replace 6 --data {} --metadata {} --type ShipRegistered
branch edit ships.foldline fix --insert-before 7 --stream a-1 --type T --occurred 2005-09-01
branch edit ships.foldline fix --replace 8 --recorded 2005-10-01T00:00:00Z
branch edit ships.foldline fix --move 9 --before 5
branch edit ships.foldline fix --swap 6 7
branch edit ships.foldline fix --undo
branch edit ships.foldline fix --redo
branch edit ships.foldline fix --decide-again
branch decide ships.foldline fix
branch case ships.foldline fix
branch case ships.foldline fix --preview
dispatch ships.foldline --branch fix
rerun ships.foldline --into rules --after 900 --json
branch bring-in ships.foldline fix --preview
branch bring-in ships.foldline fix --anyway --go-on
branch edit ships.foldline fix --keep-events
branch edit ships.foldline fix --note better
consequences ships.foldline fix
consequences ships.foldline fix --kind stream --kind message --json
consequences ships.foldline fix --against fix --json
!consequences ships.foldline fix --model counter.py --trust
branch show ships.foldline fix
branch list ships.foldline
!compare ships.foldline streams@400 streams@400@fix
!compare ships.foldline streams@@main streams@@fix --first
branch update ships.foldline fix
branch export ships.foldline fix fix.jsonl --format canonical
branch rename ships.foldline of-it other
branch drop ships.foldline other
correct ships.foldline 40 --kind rejected --preview
correct ships.foldline 40 --kind rejected --actor ada --reason mistyped --partly
!correct ships.foldline 41 --kind late --before 2 --preview --json
!correct ships.foldline 42 --kind wrong --data {} --preview
correct ships.foldline 40 --kind rejected --preview --model counter.py --trust
diff ships.foldline ship-king-roy --from 2 --to 400
audit ships.foldline --stream ship-king-roy --type Arrival --limit 2 --at 900
audit ships.foldline --limit 3 --csv
audit ships.foldline --limit 3 --out audit.csv --overwrite
audit ships.foldline --limit 3 --out audit.jsonl --json
audit ships.foldline --stream ship-king-roy --field port --out audit.jsonl --overwrite
audit ships.foldline --stream ship-king-roy --field port --model counter.py --trust
history ships.foldline ship-king-roy port --at 900 --limit 3
history ships.foldline ship-king-roy port --occurred --model counter.py --trust
history ships.foldline ship-king-roy port --occurred --known 500
model use ships.foldline counter.py --trust
state ships.foldline ship-king-roy --at 400
view ships.foldline latest_states --limit 2
model leave ships.foldline
find ships.foldline ship-king-roy "port changed" --all
find ships.foldline "ship-*" "port changed" --all
find ships.foldline ship-king-roy "port = honolulu" --first --stays
find ships.foldline ship-king-roy "port = honolulu" --last --occurred
find ships.foldline ship-king-roy "port = honolulu" --next --at 3
find ships.foldline ship-king-roy "port is present" --previous --at 900 --model counter.py --trust
rules ships.foldline --add afloat --where "port is missing" --of ship --severity info --note x
!rules ships.foldline --at 900 --limit 2
!rules ships.foldline --rule afloat --limit 1
rules ships.foldline --remove afloat
definitions list ships.foldline --kind rules
definitions show ships.foldline 1
definitions diff ships.foldline 1 --to 1
!definitions restore ships.foldline 1 --name afloat --why again
definitions restore ships.foldline 1 --before
teach ships.foldline ship --types
teach ships.foldline ship --set taught.json --preview ship-king-roy --at 400
teach ships.foldline ship --set taught.json --note x --actor ada
teach ships.foldline ship --forget --after 1
teach ships.foldline ship --put-back 1
teach ships.foldline ship --versions
teach ships.foldline ship
teach ships.foldline ship --version 2
teach ships.foldline
teach ships.foldline ship --export taught.py
teach ships.foldline ship --export taught.py --overwrite
teach ships.foldline ship --forget
trace ships.foldline 30
trace ships.foldline 30 --mil --patience 5
trace ships.foldline 30 --limit 2
without ships.foldline 30
without ships.foldline 31 --patience 5
view ships.foldline streams --limit 2 --at 500
view ships.foldline latest_states --key ship-king-roy --history --limit 3
view ships.foldline latest_states --key ship-king-roy --writers
view ships.foldline latest_states --changed 10 20 --limit 3
view ships.foldline latest_states --must-show 10 --patience 5 --limit 1
views ships.foldline
!compare ships.foldline streams@100 streams@200 --first --limit 3 --patience 5
!compare ships.foldline streams event_types --at 300
certify ships.foldline streams --patience 5
build ships.foldline calls --group-by data.port --column n=count --type Arrival --preview
build ships.foldline calls --group-by data.port --column n=count --where "data.port != x"
build ships.foldline calls --group-by data.port --column n=count --preview --limit 2
view ships.foldline calls
build ships.foldline calls --remove
sql ships.foldline "SELECT * FROM streams" --limit 2 --seconds 5 --explain
sql ships.foldline "SELECT * FROM streams" --limit 2 --save few --must-show 10 --patience 5
sql ships.foldline --saved few
sql ships.foldline --list
sql ships.foldline --tables
rebuild ships.foldline streams --beside
rebuild ships.foldline streams
rebuild ships.foldline streams --back
rebuild ships.foldline streams --reset
rebuild ships.foldline streams --forget
rebuild ships.foldline --views-only
! rebuild streams --on local[2] --from ships.foldline --into parquet:r --work w --set spark.x=y
parked ships.foldline --patience 5
!parked ships.foldline streams --retry
!parked ships.foldline streams --skip "a test" --actor ada
!lab ships.foldline --view streams --duplicate 5 --reorder 5 --drop 5 --delay 5 --findings 2
!lab ships.foldline --view streams --drop-at 3 --swap-at 9 --crash-every 50 --crash-at append
!lab ships.foldline --view streams --publisher outbox --crash-at append --crash-every 90
!lab ships.foldline --view streams --partitions 2 --partition-by type --seed 3
!lab ships.foldline --view streams --guard ids
!lab ships.foldline --view streams --through kafka://127.0.0.1:1/trial
verify ships.foldline
lint ships.foldline
snapshots list ships.foldline --model ship --stream ship-king-roy
snapshots create ships.foldline --model ship --stream ship-king-roy --position 400
snapshots create ships.foldline --above 3 --all
snapshots verify ships.foldline
snapshots advise ships.foldline
snapshots policy ships.foldline --every 50 --model ship
snapshots export ships.foldline --file snaps.jsonl
!snapshots import ships.foldline --file snaps.jsonl
!snapshots delete ships.foldline --one ship 400 ship-king-roy
commands ships.foldline --stream ship-king-roy --at 400
commands bank.foldline --sent
commands bank.foldline --queues PerformDeposit
issue bank.foldline OpenAccount --data '{"id":"7","owner":"Ada"}' --id c1 --actor ada --role clerk
issue bank.foldline PerformDeposit --data '{"accountNumber":"7","amount":5}' --preview
issue bank.foldline PerformDeposit --data '{"accountNumber":"7","amount":5}' --queue --because 1
!issue bank.foldline PerformDeposit --data '{"accountNumber":"7","amount":5}' --expected 1
undo bank.foldline 2 --preview --actor ada --role clerk
undo bank.foldline 2 --data '{"reference":"a test"}'
!undo bank.foldline 1
dispatch bank.foldline --from-start --no-lanes --advance 1h
outbox bank.foldline
!outbox bank.foldline --correct nobody --payload "{}"
!outbox bank.foldline --withdraw nobody --why "a test" --actor ada
deadletters bank.foldline
!deadletters bank.foldline --retry all
!deadletters bank.foldline --give-up 1 --why "a test" --actor ada
adjust bank.foldline
adjust bank.foldline --apply
rerun bank.foldline --after 0 --until 9
rerun bank.foldline --send "account manager"
cases bank.foldline
cases bank.foldline --export cases_test.py
model list
model new Parking --into .
!model check counter.py
model trust counter.py
issue bank.foldline Count --data '{"by":2}' --model counter.py --trust
state bank.foldline counter-1 --model counter.py --trust
diff bank.foldline counter-1 --from 0 --to 1 --model counter.py --trust
ways bank.foldline counter-1 --model counter.py --trust
commands bank.foldline --model counter.py --trust
!undo bank.foldline 3 --model counter.py --trust
lint bank.foldline --model counter.py --trust
rerun bank.foldline --model counter.py --trust
adjust bank.foldline --model counter.py --trust
dispatch bank.foldline --model counter.py --trust
deadletters bank.foldline --model counter.py --trust
cases bank.foldline --export cases_too.py --model counter.py --trust
snapshots create bank.foldline --own counter.py --trust --all
upcast bank.foldline Counted --model counter.py --trust --add "note=1" --from-version 1
!reducers bank.foldline --model counter.py --trust --against older.py --stream counter-1 --limit 2
model distrust counter.py
!upcast ships.foldline Arrival --rename port=place --drop ship
upcast ships.foldline Arrival --retire "no more"
upcast ships.foldline Arrival --becomes ShipCame --becomes-version 2
projection list ships.foldline
projection new Calls --into .
!projection add ships.foldline calls.py --trust
!projection remove ships.foldline calls
export ships.foldline out.jsonl --stream ship-king-roy --type Arrival --processing --overwrite
export ships.foldline out.jsonl --where "anything contains honolulu" --overwrite
export ships.foldline out.json --format cloudevents-batch --overwrite
export ships.foldline dry.sqlite --format emmett --dry-run
backup ships.foldline saved.foldline
compact ships.foldline small.foldline
!salvage ships.foldline saved-again.foldline
migrate bank.foldline migrated.foldline --rule rule.json --why "a test" --by ada
engines list
engines keep ships.foldline opensearch://127.0.0.1:1/none --view streams
engines of ships.foldline
engines forget ships.foldline opensearch://127.0.0.1:1/none
!engines of nowhere.foldline --follow
engines password
!mirror postgresql://nobody@127.0.0.1:1/none --into mirrored.foldline --role seed
!mirror postgresql://nobody@127.0.0.1:1/none --into mirrored.foldline --follow
!consume kafka://127.0.0.1:1/none --into c.foldline --follow --map stream=id --rename A=B
!consume kafka://127.0.0.1:1/none --into c.foldline --convert data.at=epoch-ms --mask data.n
!consume kafka://127.0.0.1:1/none --into c.foldline --reject "type is X" --rules rules.json
!consume kafka://127.0.0.1:1/none --into c.foldline --order time --encoding cp1252 --role seed
!publish ships.foldline --to kafka://127.0.0.1:1/none
!publish ships.foldline --to kafka://127.0.0.1:1/none --follow
!sink ships.foldline streams --to postgresql://nobody@127.0.0.1:1/none --anew --patience 5
!sink ships.foldline no_view --to opensearch://127.0.0.1:1/none --follow
!compare ships.foldline streams --against opensearch://127.0.0.1:1/none
!certify ships.foldline streams --against postgresql://nobody@127.0.0.1:1/none
!search opensearch://127.0.0.1:1/none honolulu --in streams
"""
FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
ELSEWHERE: Final = frozenset(
    {
        ("follow", "--choice"),  # no format that can be followed leaves anything to choose
        ("follow", "--order"),  # refused: tests/store/following
        ("log", "--follow"),  # for ever: tests/test_follow.py
        ("dispatch", "--follow"),
        ("sample", "--fresh"),  # the program's own files: tests/replay/verbs/test_sample_verb.py
        ("sample", "--into"),
        ("sample", "--json"),
    }
)
WRITES_PYTHON: Final = frozenset({"upcast"})  # the text of a function, for a model file
PYTHON: Final = re.compile(
    r"Decimal\(|\{'|\['|\('|', '|\bNone\b|\bTrue\b|\bFalse\b|<[\w.]+ object|datetime\.|\bUUID\("
)


def commands() -> Iterator[tuple[list[str], bool]]:
    """Each line as words, and whether it may exit with 1."""
    for line in LINES.strip().splitlines():
        yield shlex.split(line.removeprefix("!")), line.startswith("!")


def options_of(verb: str) -> set[str]:
    """Every option that a verb tells of; --progress, which is the window's, is not among them."""
    files = {it.name.removesuffix("_"): it.name for it in pkgutil.iter_modules(verbs.__path__)}
    parser = argparse.ArgumentParser(add_help=False)
    importlib.import_module(f"{verbs.__name__}.{files[verb]}").add_arguments(parser)
    return set(re.findall(r"--[a-z][a-z-]*", parser.format_usage()))


def test_every_option_of_every_verb_has_a_line() -> None:
    tried = defaultdict[str, set[str]](set)
    for words, _ in commands():
        tried[words[0]] |= {it for it in words if it.startswith("--")} | {"--json"}

    missing = {
        (verb, option)
        for verb in command_line.verb_names()
        for option in options_of(verb)
        if option not in tried[verb]
    }

    assert missing - ELSEWHERE == set()


def test_no_line_ends_in_a_traceback_or_prints_python(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    ships = next(it.path for it in SAMPLES if it.name == "ships")
    Path("ships.jsonl.gz").write_bytes(ships.read_bytes())
    Path("orders.ocel2.json").write_bytes((FIXTURES / "orders.ocel2.json").read_bytes())
    Path("lines.jsonl").write_bytes(lines.read_bytes())
    Path("rows-1.csv").write_text("id,name,n\n1,a,1\n2,b,2\n", "utf-8")
    Path("rows-2.csv").write_text("id,name,n\n1,a,2\n3,c,3\n", "utf-8")
    Path("rule.json").write_text('{"changes":[{"type":"Counted","becomes":"Told"}]}', "utf-8")
    Path("taught.json").write_text('{"Arrival":[{"do":"count","to":"n"}]}', "utf-8")
    Path("counter.py").write_text(model_text(), "utf-8")
    Path("older.py").write_text(model_text(name="older"), "utf-8")
    wrong = []

    for words, may_fail in commands():
        takes_json = "--json" in options_of(words[0]) and not {"--mil", "--csv"} & set(words)
        for more in ((), ("--json",)) if takes_json else ((),):
            code, out, err = run(*words, *more)
            line = " ".join((*words, *more))
            is_again = bool(more) and code == 1  # what was made by the line before is there
            if code not in ((0, 1) if may_fail or is_again else (0,)):
                wrong.append(f"{line}: exit {code}, {err.strip()}")
            if words[0] not in WRITES_PYTHON and not more and (python := PYTHON.search(out)):
                wrong.append(f"{line}: {out[max(python.start() - 40, 0) : python.end() + 40]!r}")
            if more and not is_json(out):
                wrong.append(f"{line}: no JSON: {out[:90]!r}")

    assert not wrong, "\n".join(wrong)


def is_json(out: str) -> bool:
    """One value, or one a line."""
    try:
        json.loads(out or "null")
    except ValueError:
        try:
            return all(isinstance(json.loads(it), dict | list) for it in out.splitlines())
        except ValueError:
            return False
    return True
