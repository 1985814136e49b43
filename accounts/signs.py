"""The signs of a text: which of them can be seen, and which look like another one. No database."""

import unicodedata
from itertools import chain

# Controls, formats, surrogates, what is private or none, and separators of lines.
UNSEEN_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# What Unicode lets a page leave out (Default_Ignorable_Code_Point), whatever kind it is of, and a
# pattern of dots without a dot.
IGNORABLE = frozenset(
    chain(
        (0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFEFF, 0xFFA0),
        range(0x180B, 0x1810),
        range(0x200B, 0x2010),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0xFE00, 0xFE10),
        range(0xFFF0, 0xFFF9),
        range(0x1BCA0, 0x1BCA4),
        range(0x1D173, 0x1D17B),
        range(0xE0000, 0xE1000),
    )
)
# Letters of Cyrillic, Greek and Armenian, small capitals and signs that look like those of Latin.
LOOKS = (
    ("АВСЕНІЈКМОРЅТУХԌԚԜҺӀ", "ABCEHIJKMOPSTYXGQWHI"),
    ("асеіјорѕухһԁԛԝѵӏкмтвн", "aceijopsyxhdqwvlkmtbh"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
    ("αβεικνορτυχγωη", "abeikvoptuxywn"),
    ("ոսօհցզ", "nuohgq"),
    ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢıɑɡ", "abcdefghijklmnoprstuvwyziag"),
    ("∶⁄∕", "://"),
)
LOOKS_LIKE = {one: other for ours, theirs in LOOKS for one, other in zip(ours, theirs, strict=True)}


def is_seen(character: str) -> bool:
    """Not a control, a format or a private character, nor a blank that is none for a program."""
    return unicodedata.category(character) not in UNSEEN_KINDS and ord(character) not in IGNORABLE


def usual(text: str) -> str:
    """Without capitals, marks upon letters and what cannot be seen; look-alikes as Latin signs."""
    if text.isascii() and text.isprintable():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    table = str.maketrans({sign: look_of(sign) for sign in set(apart)})
    return unicodedata.normalize("NFC", apart.translate(table).casefold())


def look_of(sign: str) -> str:
    """The sign as it is compared; empty: it says nothing."""
    if sign.isspace():
        return sign
    if not is_seen(sign) or unicodedata.category(sign) == "Mn":
        return ""
    digit = unicodedata.decimal(sign, None)
    return LOOKS_LIKE.get(sign, sign) if digit is None else str(digit)
