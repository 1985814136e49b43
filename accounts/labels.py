"""Labels within a sentence, in the language of who reads."""

from django.utils.translation import get_language


def in_sentence(label: object) -> str:
    """Say a label in the middle of a sentence: English writes it small, German keeps its nouns."""
    is_english = (get_language() or "en").startswith("en")
    return str(label).lower() if is_english else str(label)
