"""Questions and options as HTML."""

import re

from assessments.rendering import render_question
from tests.assessments.builders import ask, make_quiz

TEXT = 'Words[^1], not `<h2 id="h-one">`.\n\n## One\n\n[^1]: A note.\n'


def test_ids_of_two_questions_differ_and_links_find_their_own(lessons):
    quiz = make_quiz(lessons[0].module, questions=False)
    pages = []
    for prompt in (TEXT, f"{TEXT}\nMore."):
        question = ask(quiz, "TEXT", prompt, accept=["for"])
        question.explanation = TEXT if prompt == TEXT else "Because."
        render_question(question, [])
        pages += [question.prompt_html, question.explanation_html]
    ids = [found for html in pages for found in re.findall(r'<[^<>]* id="([^"]*)"', html)]
    links = [found for html in pages for found in re.findall(r'href="#([^"]*)"', html)]
    assert len(set(ids)) == len(ids) == 9
    assert set(links) == set(ids)
    assert re.search('id=(&quot;|")h-one', pages[0])  # what is said stays as it is
