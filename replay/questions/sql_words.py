"""The words of SQL that a question is written with, and names as it must write them."""

import re
from typing import Final

from replay.words import said

KEYWORDS: Final = (
    *("SELECT", "DISTINCT", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "AS"),
    *("JOIN", "LEFT JOIN", "ON", "USING", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN"),
    *("IS NULL", "IS NOT NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "WITH", "UNION ALL"),
    *("UNION", "EXCEPT", "INTERSECT", "ASC", "DESC", "OVER", "PARTITION BY"),
)
FUNCTIONS: Final = {  # → what it gives
    "count(": said("number of rows"),
    "sum(": said("the sum"),
    "avg(": said("the mean"),
    "min(": said("the smallest"),
    "max(": said("the largest"),
    "coalesce(": said("the first one that is not NULL"),
    "json_extract(": said("a field: json_extract(data, '$.total')"),
    "lag(": said("of the previous row: lag(x) OVER (ORDER BY y)"),
    "group_concat(": said("texts, joined"),
    "round(": said("rounded to a number of digits"),
    "substr(": said("a part of a text"),
    "length(": said("number of characters"),
}
_PLAIN: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_RESERVED: Final = re.compile(
    r"add|all|alter|and|as|between|by|case|check|collate|commit|constraint|create|"
    r"cross|current_date|current_time|current_timestamp|default|deferrable|delete|"
    r"distinct|drop|else|end|escape|except|exists|foreign|from|full|glob|group|"
    r"having|if|in|index|inner|insert|intersect|into|is|isnull|join|left|limit|"
    r"natural|not|notnull|null|on|or|order|outer|primary|raise|references|right|"
    r"select|set|table|then|to|transaction|union|unique|update|using|values|when|"
    r"where|with"
)


def as_name(name: str) -> str:
    """A name as it stands in a statement: in quotes where it would be read as something else."""
    if _PLAIN.fullmatch(name) and not _RESERVED.fullmatch(name.lower()):
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
