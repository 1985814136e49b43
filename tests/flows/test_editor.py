"""The field for code, on a page of its own: with CodeMirror, as a plain field, on a phone."""

import gzip
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Locator, Page, Route, expect

from tests.flows.conftest import DESKTOP, NARROW, PHONE, Watch, sign_in
from tests.flows.looking import Looker

pytestmark = pytest.mark.urls("tests.flows.test_editor")
VENDOR = Path(settings.BASE_DIR, "static", "vendor", "codemirror")
START = 'def total(prices):\n    """The sum of all prices."""\n    return 0\n'
ROOM = 125_000  # bytes that CodeMirror may take on the line

PAGE = """
{% extends "base.html" %}
{% block title %}Basket total{% endblock %}
{% block styles %}
  <link rel="stylesheet" href="{% static "css/lesson.css" %}">
  <link rel="stylesheet" href="{% static "css/editor.css" %}">
{% endblock %}
{% block scripts %}<script type="module" src="{% static "js/editor.js" %}"></script>{% endblock %}
{% block content %}
  <h1>Basket total</h1>
  <form id="work" method="post" action="/desk/" hx-post="/desk/" hx-target="#save-state"
        hx-trigger="input from:#source delay:300ms" hx-swap="outerHTML">{% csrf_token %}</form>
  <form id="reset" method="post" action="/desk/">
    {% csrf_token %}<input type="hidden" name="go" value="reset"></form>
  {% include "classroom/_editor.html" with form_id="work" %}
  <p class="actions">
    <button class="btn" form="work" name="go" value="run" data-run>Run tests</button>
    <button class="btn primary" form="work" name="go" value="submit" data-submit>Submit</button>
    <button class="link" type="button" data-goto="3">Line 3</button>
  </p>
{% endblock %}
"""
SAVED = """
<span class="save-state" id="save-state">Saved {{ draft }}</span>
<input type="hidden" id="draft" name="draft" value="{{ draft }}" form="work" hx-swap-oob="true">
"""


@dataclass
class Assignment:
    language: str = "python"

    def get_language_display(self) -> str:
        return self.language.title()


@dataclass
class Desk:
    """What the server has of the work, and what was asked of it."""

    source: str = START
    draft: int = 0
    tab_indents: bool = False
    assignment: Assignment = field(default_factory=Assignment)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def keep(self, go: str, source: str) -> None:
        self.asked.append((go, source))
        self.source = START if go == "reset" else source
        self.draft += 1


DESKS = [Desk()]


def sit_down(request: HttpRequest) -> HttpResponse:
    desk = DESKS[-1]
    go = request.POST.get("go", "")
    if request.method == "POST":
        desk.keep(go, request.POST.get("source", "").replace("\r\n", "\n"))
    if go:
        return HttpResponseRedirect("/desk/")
    template = SAVED if request.method == "POST" else PAGE
    return HttpResponse(engines["django"].from_string(template).render(vars(desk), request))


urlpatterns = [path("desk/", sit_down), path("", include("lms.urls"))]


@pytest.fixture
def desk() -> Desk:
    DESKS.append(Desk())
    return DESKS[-1]


def field_of(page: Page) -> Locator:
    """What one writes in, whichever it is."""
    return page.get_by_role("textbox", name="Your code")


def editor_of(page: Page) -> Locator:
    """CodeMirror, once it has taken the place of the plain field."""
    editor = page.locator(".cm-content")
    expect(editor).to_be_visible()
    return editor


def write(page: Page, text: str) -> None:
    """At the end, by keys."""
    editor_of(page).focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(text)


@pytest.fixture
def page(open_page: Any, ada: Any, desk: Desk) -> Page:
    page: Page = open_page(ada)
    page.goto("/desk/")
    return page


def is_kept(page: Page, desk: Desk, text: str) -> None:
    """The page may say so of an earlier saving: what the server has is waited for first."""
    for _ in range(100):
        if desk.source == text:
            break
        page.wait_for_timeout(50)
    assert desk.source == text
    expect(page.locator("#save-state")).to_have_text(re.compile(r"Saved \d"))
    expect(page.locator("#draft")).to_have_value(str(desk.draft))


def lose_the_line(page: Page, watch: Watch) -> None:
    """Pages still come, nothing is saved."""
    watch.meant += ["ERR_FAILED", "Failed to fetch"]
    page.route("**/desk/", lambda x: x.abort() if x.request.method == "POST" else x.continue_())


def test_without_script_it_is_a_field_of_the_form(open_page: Any, ada: Any, desk: Desk) -> None:
    page = open_page(ada, script=False)
    page.goto("/desk/")
    expect(field_of(page)).to_have_value(START)
    expect(page.get_by_role("group", name="Symbols")).to_be_hidden()
    field_of(page).fill("print(1)\n")
    page.get_by_role("button", name="Run tests").click()
    expect(field_of(page)).to_have_value("print(1)\n")
    assert desk.asked == [("run", "print(1)\n")]
    page.get_by_role("button", name="Reset code").click()
    expect(field_of(page)).to_have_value(START)


def test_what_is_typed_is_saved_and_handed_in_with_the_form(page: Page, desk: Desk) -> None:
    write(page, "print(2)")
    is_kept(page, desk, f"{START}print(2)")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_load_state()
    assert desk.asked[-1] == ("submit", f"{START}print(2)")


@pytest.mark.parametrize(("keys", "asked"), [("Enter", "run"), ("Shift+Enter", "submit")])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_keys_press_the_buttons_from_either_field(
    open_page: Any, ada: Any, desk: Desk, size: tuple[int, int], keys: str, asked: str
) -> None:
    page = open_page(ada, size=size)
    page.goto("/desk/")
    if size != PHONE:
        editor_of(page)
    field_of(page).focus()
    with page.expect_navigation():
        page.keyboard.press(f"ControlOrMeta+{keys}")
    assert desk.asked == [(asked, START)]


def test_tab_leaves_and_shift_tab_comes_back(page: Page) -> None:
    editor_of(page).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run tests")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor_of(page)).to_be_focused()


def test_where_tab_indents_escape_leads_out(page: Page, desk: Desk) -> None:
    expect(page.get_by_text("Esc, then Tab")).to_have_count(0)
    desk.tab_indents = True
    page.reload()
    expect(editor_of(page)).to_have_accessible_description("Esc, then Tab leaves the editor.")
    write(page, "")
    page.keyboard.press("Tab")
    expect(page.locator("#source")).to_have_value(f"{START}    ")
    expect(editor_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run tests")).to_be_focused()


def test_a_new_line_is_indented_as_the_language_has_it(page: Page, desk: Desk) -> None:
    write(page, "if x:\npass")
    is_kept(page, desk, f"{START}if x:\n    pass")
    desk.source, desk.assignment = "", Assignment("javascript")
    page.evaluate("sessionStorage.clear()")
    page.goto("/desk/?js")
    write(page, "if (x) {\nrun(")
    expect(page.locator("#source")).to_have_value("if (x) {\n  run()\n}")


@pytest.mark.parametrize(
    ("chosen", "typed", "left"),
    [
        (["ControlOrMeta+a"], "total = 1", "total = 1"),
        (["ControlOrMeta+Home", "ControlOrMeta+Shift+ArrowRight"], "k", START.replace("def", "k")),
        (["ControlOrMeta+Home", "Shift+ArrowRight"], '"', START.replace("def", '"d"ef')),
    ],
)
def test_a_coloured_selection_is_typed_over_and_brought_back(
    page: Page, desk: Desk, chosen: list[str], typed: str, left: str
) -> None:
    editor_of(page).focus()
    for keys in chosen:
        page.keyboard.press(keys)
    page.keyboard.type(typed)
    is_kept(page, desk, left)
    page.keyboard.press("ControlOrMeta+z")
    expect(page.locator("#source")).to_have_value(START)


def test_what_was_not_saved_comes_back_after_a_reload(page: Page, desk: Desk, watch: Watch) -> None:
    lose_the_line(page, watch)
    write(page, "# mine")
    expect(page.locator("#source")).to_have_value(f"{START}# mine")
    page.reload()
    expect(page.locator("#source")).to_have_value(f"{START}# mine")
    expect(editor_of(page)).to_contain_text("# mine")
    expect(page.locator("#say")).to_have_text("What you typed and had not saved is back.")
    assert desk.asked == []
    page.unroute("**/desk/")
    write(page, "!")
    is_kept(page, desk, f"{START}# mine!")


def test_what_came_back_is_saved_without_another_key(page: Page, desk: Desk, watch: Watch) -> None:
    lose_the_line(page, watch)
    write(page, "# mine")
    expect(page.locator("#net")).to_be_visible()
    page.unroute("**/desk/")
    page.reload()
    is_kept(page, desk, f"{START}# mine")


def test_what_another_device_saved_is_not_undone(page: Page, desk: Desk, watch: Watch) -> None:
    lose_the_line(page, watch)
    write(page, "# old")
    expect(page.locator("#net")).to_be_visible()
    desk.keep("elsewhere", "print('newer')\n")
    page.goto("/desk/?again")
    expect(page.locator("#source")).to_have_value("print('newer')\n")
    assert page.evaluate("sessionStorage.length") == 0


def test_what_was_typed_after_a_saving_comes_back_though_its_answer_was_lost(
    page: Page, desk: Desk, watch: Watch
) -> None:
    def save_and_say_nothing(route: Route) -> None:
        if not desk.asked:
            route.fetch()
        route.abort()

    watch.meant += ["ERR_FAILED", "Failed to fetch"]
    page.route("**/desk/", save_and_say_nothing)
    editor_of(page).focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.insert_text("# one")  # at once: half of it could be saved by itself
    expect(page.locator("#net")).to_be_visible()
    page.keyboard.type(" two")
    page.unroute("**/desk/")
    page.reload()
    expect(page.locator("#source")).to_have_value(f"{START}# one two")
    assert desk.asked[0] == ("", f"{START}# one")


def test_nobody_is_given_what_another_person_typed(
    page: Page, bob: Any, live_server: Any, watch: Watch
) -> None:
    lose_the_line(page, watch)
    write(page, "# of ada")
    page.context.clear_cookies()
    sign_in(page.context, bob, live_server.url)
    page.reload()
    expect(page.locator("#source")).to_have_value(START)


def test_a_saved_text_leaves_no_draft(page: Page, desk: Desk) -> None:
    write(page, "x")
    is_kept(page, desk, f"{START}x")
    page.wait_for_function("() => sessionStorage.length === 0")


def test_the_editor_shows_what_the_page_puts_into_the_field(page: Page) -> None:
    editor_of(page)
    page.locator("#source").evaluate("""(field) => {
      field.value = "print('from elsewhere')";
      field.dispatchEvent(new Event("change", {bubbles: true}));
    }""")
    expect(editor_of(page)).to_have_text("print('from elsewhere')")


@pytest.mark.parametrize("swap", ["outerHTML", "outerMorph"])
def test_a_frame_that_the_server_swaps_gets_an_editor_again(
    page: Page, desk: Desk, swap: str
) -> None:
    editor_of(page)
    desk.source = "print('given back')\n"
    script = "(swap) => htmx.ajax('GET', '/desk/', {target: '.editor', select: '.editor', swap})"
    page.evaluate(script, swap)
    expect(editor_of(page)).to_contain_text("given back")
    write(page, "x")
    expect(page.locator("#source")).to_have_value("print('given back')\nx")
    expect(page.locator(".cm-editor")).to_have_count(1)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_line_can_be_gone_to(open_page: Any, ada: Any, desk: Desk, size: tuple[int, int]) -> None:
    page = open_page(ada, size=size)
    page.goto("/desk/")
    if size != PHONE:
        editor_of(page)
    page.get_by_role("button", name="Line 3").click()
    expect(field_of(page)).to_be_focused()
    page.keyboard.type("#")
    expect(page.locator("#source")).to_have_value(START.replace("    return", "#    return"))


def test_a_phone_keeps_the_field_and_gets_keys_for_symbols(
    open_page: Any, ada: Any, desk: Desk, watch: Watch
) -> None:
    page = open_page(ada, size=PHONE)
    page.goto("/desk/", wait_until="networkidle")
    code = page.locator("textarea#source")
    assert code.evaluate("(field) => parseFloat(getComputedStyle(field).fontSize)") >= 16
    code.fill("")
    for name in ("Tab", "Opening brace", "Double quote"):
        page.get_by_role("button", name=name, exact=True).tap()
    expect(code).to_be_focused()
    page.keyboard.type("x")
    expect(code).to_have_value('    {"x')
    page.keyboard.press("ControlOrMeta+z")
    expect(code).not_to_have_value('    {"x')
    assert not [x for x in watch.requests if "codemirror" in x.url]


def test_the_plain_field_goes_on_where_codemirror_does_not_come(
    open_page: Any, ada: Any, desk: Desk, watch: Watch
) -> None:
    watch.meant.append("ERR_FAILED")
    page = open_page(ada)
    page.route("**/codemirror.js", lambda route: route.abort())
    page.goto("/desk/", wait_until="networkidle")
    field_of(page).fill("print(3)")
    is_kept(page, desk, "print(3)")


def test_nothing_moves_when_codemirror_comes(open_page: Any, ada: Any, desk: Desk) -> None:
    page = open_page(ada)
    page.add_init_script("""
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((x) => window.shift += x.value))
        .observe({type: "layout-shift", buffered: true});
    """)
    page.route("**/codemirror.js", lambda route: None)
    page.goto("/desk/")
    before = page.locator(".editor").bounding_box()
    page.unroute("**/codemirror.js")
    page.reload()
    editor_of(page)
    assert page.locator(".editor").bounding_box() == before
    assert page.evaluate("window.shift") == 0


def test_a_machine_finds_nothing_wrong_with_it(page: Page, desk: Desk) -> None:
    editor_of(page).focus()
    looker = Looker(page)
    looker.look("CodeMirror")
    desk.assignment, desk.source = Assignment("javascript"), "const x = [/a/, 'b', 1]; // c\n"
    page.goto("/desk/?js")
    editor_of(page)
    looker.look("CodeMirror with JavaScript")
    assert looker.problems == []


def test_a_machine_finds_nothing_wrong_with_the_phones_field(
    open_page: Any, ada: Any, desk: Desk
) -> None:
    page = open_page(ada, size=PHONE)
    page.goto("/desk/")
    looker = Looker(page, widths=(NARROW, PHONE))
    looker.look("phone")
    assert looker.problems == []


def test_it_stays_within_its_budget() -> None:
    assert len(gzip.compress((VENDOR / "codemirror.js").read_bytes())) <= ROOM
