"""What may be kept of words that somebody looked for: what reads as a subject, and nothing else."""

import re
import unicodedata

from activity.models.looks import MOST_WORDS

# Words as courses have them: letters, with the marks of "C++", "C#", "node.js" and "don't".
# No numbers of more than four digits, no addresses, no long strings.
WORD = re.compile(r"(?:[^\W\d_][\w'’.+#/-]{0,23}|\d{1,4}(?:\.\d{1,2})?)")
MOST = 6
NUMBER = re.compile(r"\d{5}")


def subject_of(text: str) -> str:
    """The words in one form; nothing where any of them might be about a person."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = plain.split()
    joined = " ".join(words)
    is_plain = all(WORD.fullmatch(word) for word in words) and len(words) <= MOST
    digits = re.sub(r"\D", "", joined)
    is_long = len(joined) > MOST_WORDS or len(digits) > 4 or NUMBER.search(joined)
    return joined if is_plain and not is_long else ""
