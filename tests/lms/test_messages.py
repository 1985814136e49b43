"""Texts and their translations: sound, compiled, and told by the clock of who reads them."""

import re
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import ngettext, override

from tools import messages
from tools.check import checks

ROOT = Path(settings.BASE_DIR)
# The sheet is a document: its date does not change with its reader.
OF_DOCUMENTS = {"certificates/printing.py"}
NAMED_BY_C = re.compile(r"%-?[aAbB]")
RAW = re.compile(r"\{\{[^}]*\.(?:isoformat|strftime)|\|date:\"c\"[^\"]*\}\}(?!\")")


def sources(*endings):
    return [path for path in messages.source_files() if path.suffix in endings]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_translated_keeps_places_tags_and_quotes(language):
    catalog = messages.stored(language)
    said = [one for one in catalog if one.id and not messages.is_empty(one)]
    faults = {str(one.id): found for one in said if (found := messages.faults_of(one, language))}
    assert not faults
    assert not [one.id for one in said if one.fuzzy]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_file_is_that_of_the_texts(language):
    kept = messages.po_of(language).with_suffix(".mo").read_bytes()
    assert kept == messages.in_mo(messages.stored(language))


def test_every_language_of_the_site_has_its_texts():
    assert set(messages.LANGUAGES) | {settings.LANGUAGE_CODE} == set(dict(settings.LANGUAGES))


def test_a_fault_of_a_translation_is_found():
    catalog = messages.empty("de")
    for number, (english, german) in enumerate(
        [
            ("%(n)s of %(of)s", "%(n)s von %(off)s"),
            ("A <b>bold</b> word", "Ein <b>fettes Wort"),
            ("A quote", 'Ein "Zitat"'),
            (("%(n)s day", "%(n)s days"), ("ein Tag", "Tage")),
            ("Write {{n}} braces", "Schreibe {n} Klammern"),
            ("Write {{{n}}} braces", "Schreibe {{{n}} Klammern"),
        ]
    ):
        catalog.add(english, german, context=str(number))
    assert [len(messages.faults_of(one, "de")) for one in catalog if one.id] == [1] * 6


@pytest.mark.parametrize("silent", range(6))
def test_arabic_leaves_its_number_out_where_one_number_is_meant_alone(silent):
    forms = [f"%(n)s {number}" for number in range(6)]
    forms[silent] = "n"
    catalog = messages.empty("ar")
    catalog.add(("%(n)s day", "%(n)s days"), forms)
    found = [messages.faults_of(one, "ar") for one in catalog if one.id]
    # Few is said of 3 to 10, many of 11 to 99.
    assert found == [[]] if silent < 3 else found == [["other places for values"]]


def test_a_text_without_its_translation_fails_the_check(monkeypatch, tmp_path, capsys):
    catalogs = {language: messages.stored(language) for language in messages.LANGUAGES}
    one = next(one for one in catalogs["de"] if one.id == "Save")
    one.string = ""
    monkeypatch.setattr(messages, "po_of", lambda language: tmp_path / f"{language}.po")
    for language, catalog in catalogs.items():
        path = messages.po_of(language)
        path.write_bytes(messages.in_po(catalog))
        path.with_suffix(".mo").write_bytes(messages.in_mo(catalog))
    monkeypatch.setattr(messages, "extracted", lambda: catalogs["ar"])
    assert messages.main(["check"]) == 1
    assert capsys.readouterr().out == "de: not translated: 'Save'\n1 in all\n"
    assert [sys.executable, "-m", "tools.messages", "check"] in [one.command for one in checks()]


def test_arabic_counts_in_six_ways():
    with override("ar"):
        rule = messages.LANGUAGES["ar"]
        assert rule.startswith("nplurals=6;")
        assert ngettext("%(x)s none", "%(x)s nones", 3)


def test_no_month_and_no_weekday_is_named_in_english_alone():
    found = [
        str(path.relative_to(ROOT))
        for path in sources(".py")
        if re.search(r"strftime|:%", path.read_text()) and named_by_c(path.read_text())
    ]
    assert set(found) <= OF_DOCUMENTS


def named_by_c(text):
    formats = re.findall(r"strftime\([^)]*\)|\{[^{}]*:(%[^{}]*)\}", text)
    return any(NAMED_BY_C.search(one) for one in formats)


def test_pages_tell_times_by_the_clock_of_who_reads_them():
    """What is raw stands in attributes, for programs; `date` and `when` turn it to the clock."""
    assert not [
        f"{path.relative_to(ROOT)}: {one[0]}"
        for path in sources(".html", ".txt")
        for one in RAW.finditer(path.read_text())
    ]
