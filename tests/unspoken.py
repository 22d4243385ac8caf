"""Texts that a person would read and that do not come through the door of their layer.

A literal counts as read when it looks like words, or stands where Qt or argparse shows it, unless
the code around it says otherwise: it is compared, a key, a pattern, SQL, a docstring.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final, TypeGuard

# A word, and a space with something behind it; or one word with a capital letter.
_WORDS: Final = re.compile(r"[A-Za-z…:,.)}·;!?'’”\"] +[^ ]|[^ ] +[A-Za-z{(]")
_TITLE: Final = re.compile(r"^&?[A-Z][a-z&]+(…|\.|:|!)?$|^[A-Z]?[a-z&]+…$")
_LETTERS: Final = re.compile(r"[a-z]{2}")
_SQL: Final = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|WITH|PRAGMA|ALTER|BEGIN|COMMIT|ROLLBACK|ATTACH"
    r"|DETACH|VACUUM|SAVEPOINT|RELEASE|ON CONFLICT|WHERE|ORDER BY|FROM|JOIN|LEFT JOIN|AND|OR|UNION"
    r"|LIMIT|GROUP BY|IS)\b"
    r"|.*\b(SELECT|FROM|WHERE|TABLE|INDEX|IS NULL|NOT NULL|ORDER BY|VALUES|INTEGER|EXISTS|BETWEEN"
    r"|STRICT|TRIGGER|COLLATE|PRIMARY KEY|GLOB|CASE|WHEN|json_extract|rowid)\b"
    r".*\b(SELECT|FROM|WHERE|TABLE|INDEX|JOIN|IS NULL|NOT NULL|ORDER BY|VALUES|INTEGER|EXISTS"
    r"|BETWEEN|STRICT|TRIGGER|COLLATE|PRIMARY KEY|GLOB|CASE|WHEN|ESCAPE|json_extract|rowid)\b",
    re.DOTALL,
)
_SHOWN_BY: Final = frozenset(
    [
        "QPushButton",
        "QCheckBox",
        "QRadioButton",
        "QGroupBox",
        "setToolTip",
        "setAccessibleName",
        "setAccessibleDescription",
        "setWindowTitle",
        "setPlaceholderText",
        "setSuffix",
        "setPrefix",
        "addAction",
        "addMenu",
        "set_title",
        "setLabelText",
        "setHeaderLabels",
    ]
)
_SHOWN_AS: Final = frozenset(
    [
        "title",
        "tip",
        "text",
        "unit",
        "over",
        "placeholder",
        "label",
        "hint",
        "help",
        "what",
        "description",
        "epilog",
        "to_do",
        "words",
        "detail",
    ]
)
_NAMES: Final = frozenset(  # arguments that name something, and are not shown
    [
        "id",
        "icon",
        "kind",
        "role",
        "keys",
        "area",
        "parent",
        "tone",
        "menu",
        "taken",
        "encoding",
        "moment",
        "field",
        "tab",
        "key",
        "metavar",
        "dest",
        "action",
        "default",
        "side",
        "mode",
        "scheme",
    ]
)
_QUIET: Final = frozenset(  # functions whose own arguments are not shown
    [
        "latest",
        "cancel",
        "setProperty",
        "property",
        "inherits",
        "strftime",
        "setObjectName",
        "getattr",
        "setattr",
        "hasattr",
        "QKeySequence",
        "QShortcut",
        "TypeVar",
        "NewType",
        "compile",
        "sub",
        "match",
        "search",
        "fullmatch",
        "findall",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "startswith",
        "endswith",
        "removeprefix",
        "removesuffix",
        "strip",
        "lstrip",
        "rstrip",
        "encode",
        "decode",
        "read_text",
        "write_text",
        "open",
        "execute",
        "executemany",
        "executescript",
        "import_module",
        "join",
        "setStyleSheet",
        "addString",
        "findChild",
        "findChildren",
        "choose",
        "show_tab",
        "isinstance",
        "Tag",
        "Path",
        "joinpath",
        "with_suffix",
        "glob",
        "icon",
        "set_bytes",
        "setValue",
        "value",
        "cast",
        "set_side",
        "show_panel_of",
        "array",
        "dtype",
        "astype",
        "searchsorted",
        "unpack",
        "pack",
    ]
)
_FOR_PROGRAMMERS: Final = frozenset(
    [
        "LookupError",
        "RuntimeError",
        "TypeError",
        "AssertionError",
        "NotImplementedError",
        "KeyError",
        "IndexError",
    ]
)
_DOOR: Final = frozenset({"said", "counted"})


def unspoken(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each of them; `{}` stands for a value."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if _is_text(node) and not _is_hidden(node, parents) and _is_read(node, parents[node]):
            yield node.lineno, _text(node)


def _is_text(node: ast.AST) -> TypeGuard[ast.expr]:
    is_constant = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_constant or isinstance(node, ast.JoinedStr)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(it) if isinstance(it, ast.Constant) else "{}" for it in node.values)
    assert isinstance(node, ast.Constant)
    return str(node.value)


def _is_read(node: ast.AST, parent: ast.AST) -> bool:
    text = _text(node)
    if _SQL.match(text) or not _LETTERS.search(text):
        return False
    if _WORDS.search(text):
        return True
    if isinstance(node, ast.Constant) and _TITLE.match(text):
        return True
    is_shown = isinstance(parent, ast.Call) and _called(parent) in _SHOWN_BY
    return is_shown or (isinstance(parent, ast.keyword) and parent.arg in _SHOWN_AS)


def _is_hidden(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether the code around it shows that nobody reads it, or that it came through the door."""
    parent = parents[node]
    if isinstance(parent, ast.JoinedStr | ast.Expr):
        return True
    if isinstance(parent, ast.FormattedValue) and parent.format_spec is node:
        return True
    if isinstance(parent, ast.keyword) and parent.arg in _NAMES:
        return True
    below, is_own = node, True  # whether the call that is met next has it as its own argument
    while True:
        if _hides(parent, below, is_own=is_own):
            return True
        if isinstance(parent, ast.Call) and _called(parent) in _DOOR:
            return False  # a value that is put into a message
        is_own = is_own and not isinstance(parent, ast.Call | ast.Compare | ast.FormattedValue)
        if isinstance(parent, ast.stmt):
            return False
        below, parent = parent, parents[parent]


def _hides(around: ast.AST, below: ast.AST, *, is_own: bool) -> bool:
    """Whether this piece of code, of which `below` is a part, shows no text."""
    match around:
        case ast.Call() if below is not around.func:
            name = _called(around)
            return (name in _DOOR and below in around.args) or (is_own and name in _QUIET)
        case ast.Compare():
            return is_own
        case ast.Subscript(slice=part):
            return below is part
        case ast.Dict(keys=keys):
            return below in keys
        case ast.FunctionDef(returns=returns):
            return below is returns
        case ast.AnnAssign(annotation=annotation):
            return below is annotation
        case ast.arg() | ast.MatchValue() | ast.MatchMapping() | ast.Assert():
            return True
        case ast.Raise(exc=ast.Call() as error):
            return _called(error) in _FOR_PROGRAMMERS
    return False


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
