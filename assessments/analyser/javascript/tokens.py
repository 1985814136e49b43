"""A JavaScript text as tokens that tell what it does: the leaves of its tree, without comments."""

from collections.abc import Sequence

from assessments.analyser.forms import Token
from assessments.analyser.javascript.reading import STATEMENTS, Reading
from assessments.analyser.javascript.scopes import Scopes

# In `{ name }` a name is a property's, too.
SHORT = ("shorthand_property_identifier", "shorthand_property_identifier_pattern")
LEFT_OUT = ("comment", "html_comment", "hash_bang_line")
# Where a semicolon is no end of a statement.
DIVIDED = ("for_statement", "class_body")


def tokens(reading: Reading, scopes: Scopes) -> Sequence[Token]:
    """A statement ends with a semicolon, whether it was typed or only meant."""
    names, found = own_names(reading, scopes), list[Token]()
    cursor = reading.tree.walk()
    while (node := cursor.node) is not None:
        if node.type not in LEFT_OUT:
            if cursor.goto_first_child():
                continue
            above = node.parent
            if node.type != ";" or (above is not None and above.type in DIVIDED):
                text = reading.content[node.start_byte : node.end_byte].decode("utf-8", "replace")
                is_name = node.type == "identifier" and text in names
                found.append(Token(node.start_point.row + 1, text, is_name))
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return found
            if cursor.node is not None and cursor.node.type.endswith(STATEMENTS) and found:
                found.append(Token(found[-1].line, ";"))
    return found


def own_names(reading: Reading, scopes: Scopes) -> set[str]:
    """Names that the text declares and could have chosen otherwise."""
    taken = {node.text for node in reading.of(*SHORT)}
    found = set[str]()
    for one in scopes.bindings:
        above = one.node.parent
        # What is imported under its own name has that name from elsewhere.
        plain = above is not None and above.kind == "import_specifier" and not above.get("alias")
        (taken if plain else found).add(one.name)
    return found - taken
