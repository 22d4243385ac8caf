"""What the fields of a step are called, and what goes into them."""

from typing import Final

from gui.words import said

STEP_FORM: Final = (  # (id, title, tip)
    ("to", said("Field of the state"), said("a name, such as total or customer.name")),
    (
        "value",
        said("Value"),
        said('a field of the data, a product (quantity × price), or a constant: "open", 0, true'),
    ),
    ("entry", said("Entry"), said("an object of the data, or name: field, name: field")),
    ("key", said("Known by"), said("the field that tells one entry from another")),
    ("sum", said("Added up"), said("fields of an entry that is there already")),
    ("subtract", said("Less of it"), said("name: field; it goes once nothing is left")),
    ("each", said("For each of"), said("a list in the data; empty: once an event")),
    (
        "if_missing",
        said("If it is missing"),
        said(
            "fail: no state from there on; skip: leave the step out; skip rest: the later ones too"
        ),
    ),
)
