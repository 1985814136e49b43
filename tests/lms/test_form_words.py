"""Fields without words of their own speak ours, in whatever form."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import override

from accounts.models import Profile
from studio.snippet_forms import SnippetForm


class Everything(forms.Form):
    word = forms.CharField(max_length=3)
    number = forms.IntegerField(max_value=5, min_value=2)
    choice = forms.ChoiceField(choices=[("a", "A")])
    file = forms.FileField()
    address = forms.URLField(assume_scheme="https")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("word", "", "Fill this in."),
        ("word", "four", "This text is longer than 3 characters."),
        ("word", "\x00", "This text holds characters that cannot be kept."),
        ("number", "6", "Enter 5 or less."),
        ("number", "1", "Enter 2 or more."),
        ("choice", "", "Choose one."),
        ("file", "", "Choose a file."),
        ("address", "nowhere", "Enter a whole address, such as https://example.org/page."),
    ],
)
def test_a_field_says_in_plain_words_what_is_wrong(field, typed, words):
    assert Everything({field: typed}, {}).errors[field] == [words]


@pytest.mark.parametrize("language", ["en-gb", "de", "ar"])
def test_the_summary_names_a_field_once_in_every_language(language):
    form = SnippetForm({"title": "x" * 81, "text": ""})
    with override(language):
        said = render_to_string("_error_summary.html", {"form": form})
        title, text = re.findall(r'<a href="[^"]*">(.*?)</a>', said, re.S)
        assert title.split()[0] == f"{form['title'].label}:"
        assert text.strip() == str(form.fields["text"].error_messages["required"])


def test_a_form_of_a_model_says_the_same():
    form = forms.modelform_factory(Profile, fields=["location"])({"location": "x" * 81})
    assert form.errors["location"] == ["This text is longer than 80 characters."]


def test_a_form_that_has_its_own_words_keeps_them():
    assert SnippetForm({"title": "x" * 81}).errors == {
        "title": ["This text is longer than 80 characters."],
        "text": ["Enter the text."],
    }
