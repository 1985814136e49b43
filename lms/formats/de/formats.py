"""The day with its dot, short months with theirs: "22. Nov. 2026"."""

globals().update(
    {
        "j F": "j. F",
        "j F Y": "j. F Y",
        "j F Y, H:i e": "j. F Y, H:i e",
        "j M": "j. N",
        "j M, H:i": "j. N, H:i",
        "j M Y": "j. N Y",
        "j M Y, H:i": "j. N Y, H:i",
        "j M Y, H:i:s": "j. N Y, H:i:s",
        "j M Y, H:i e": "j. N Y, H:i e",
        "D j M Y": "D, j. N Y",
        "D j M, H:i": "D, j. N, H:i",
        "D j M Y, H:i": "D, j. N Y, H:i",
        "l, j F": "l, j. F",
        "l, j F Y": "l, j. F Y",
    }
)
