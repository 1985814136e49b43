"""What Stripe's client sends, `a[b][0][c]=x`, as the tree that it means."""

import re
from typing import Any
from urllib.parse import parse_qsl

PART = re.compile(r"\[([^\]]*)\]")


def read_form(text: str) -> dict[str, Any]:
    """Lists stay lists: `expand[]=a` and `items[0][price]=b` both."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first = name.partition("[")[0]
        put(tree, [first, *PART.findall(name)], value)
    return listed(tree)


def put(tree: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    last = path[-1] or str(len(tree))
    tree[last] = value


def listed(tree: Any) -> Any:
    """Turn the branches whose names are numbers into lists."""
    if not isinstance(tree, dict):
        return tree
    whole = {name: listed(branch) for name, branch in tree.items()}
    if whole and all(name.isdigit() for name in whole):
        return [whole[name] for name in sorted(whole, key=int)]
    return whole
