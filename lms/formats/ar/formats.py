"""With the comma of the language."""

globals().update(
    {
        "j F Y, H:i e": "j F Y، H:i e",
        "j M, H:i": "j M، H:i",
        "j M Y, H:i": "j M Y، H:i",
        "j M Y, H:i:s": "j M Y، H:i:s",
        "j M Y, H:i e": "j M Y، H:i e",
        "D j M Y": "D، j M Y",
        "D j M, H:i": "D، j M، H:i",
        "D j M Y, H:i": "D، j M Y، H:i",
        "l, j F": "l، j F",
        "l, j F Y": "l، j F Y",
    }
)
