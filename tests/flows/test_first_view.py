"""What a first visit fetches, and how films and widgets come."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from playwright.sync_api import Page, Route, expect

from assessments.attempts import start_attempt
from courses.models import Asset, Lesson
from tests.assessments.builders import make_quiz
from tests.flows.school import WIDGET

BUDGET = {"script": 60_000, "stylesheet": 48_000, "font": 20_000, "document": 40_000}
FILM = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
PLAYER = "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa?autoplay=1"

SHIFT = """
  window.shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((x) => window.shift += x.value))
    .observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def lesson(lessons: list[Lesson]) -> Lesson:
    return lessons[0]


def test_a_lesson_comes_in_nine_requests_at_most_all_of_them_ours(
    open_page: Any, watch: Any, ada: Any, lesson: Lesson
) -> None:
    page = open_page(ada)
    page.goto(lesson.get_absolute_url(), wait_until="networkidle")
    fetched = [urlsplit(x.url).path for x in watch.requests if not x.url.startswith("data:")]
    assert len(fetched) == len(set(fetched)) <= 9
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")
    expect(page.locator("html")).to_have_attribute("dir", "ltr")


def test_what_a_lesson_carries_stays_small(open_page: Any, ada: Any, lesson: Lesson) -> None:
    """A budget without the server's compression, which takes two thirds away."""
    page = open_page(ada)
    sizes = weigh(page)
    page.goto(lesson.get_absolute_url(), wait_until="networkidle")
    assert {kind: sizes[kind] for kind, most in BUDGET.items() if sizes[kind] > most} == {}


def weigh(page: Page) -> dict[str, int]:
    """Bytes of what arrives from now on, by kind."""
    sizes: dict[str, int] = {}

    def weigh_one(answer: Any) -> None:
        sizes[answer.request.resource_type] = sizes.get(answer.request.resource_type, 0) + len(
            answer.body()
        )

    page.on("response", weigh_one)
    return sizes


def test_a_question_is_as_light_as_a_lesson(
    open_page: Any, watch: Any, ada: Any, lessons: Any
) -> None:
    """Its own script is one request more."""
    attempt, _ = start_attempt(ada, make_quiz(lessons[0].module, time_limit=10))
    page = open_page(ada)
    sizes = weigh(page)
    page.goto(attempt.get_absolute_url(), wait_until="networkidle")
    fetched = [urlsplit(x.url).path for x in watch.requests if not x.url.startswith("data:")]
    assert len(fetched) == len(set(fetched)) <= 10
    assert {kind: sizes[kind] for kind, most in BUDGET.items() if sizes[kind] > most} == {}


def test_nothing_moves_once_it_is_shown(open_page: Any, ada: Any, lesson: Lesson) -> None:
    page = open_page(ada)
    page.add_init_script(SHIFT)
    attempt, _ = start_attempt(ada, make_quiz(lesson.module, time_limit=10))
    addresses = (lesson.get_absolute_url(), "/classroom/", "/courses/", attempt.get_absolute_url())
    for address in addresses:
        page.goto(address, wait_until="networkidle")
        assert page.evaluate("window.shift") <= 0.02, address


def test_a_slow_machine_shows_a_page_once_and_whole(
    open_page: Any, ada: Any, lesson: Lesson
) -> None:
    """Painted while it is still parsed, the header's tools would wander to their places."""
    page: Page = open_page(ada)
    page.add_init_script(SHIFT)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    for address in ("/", lesson.get_absolute_url(), "/classroom/", "/courses/"):
        page.goto(address, wait_until="networkidle", timeout=60_000)
        assert page.evaluate("window.shift") == 0, address


def film(lesson: Lesson) -> None:
    lesson.kind, lesson.video_url = Lesson.Kind.VIDEO, FILM
    lesson.save()


def test_a_film_elsewhere_is_a_link_until_it_is_pressed(
    open_page: Any, watch: Any, ada: Any, lesson: Lesson
) -> None:
    film(lesson)
    page: Page = open_page(ada)

    def play(route: Route) -> None:
        route.fulfill(content_type="text/html", body="<!doctype html><title>Player</title>")

    page.context.route("https://www.youtube-nocookie.com/**", play)
    page.goto(lesson.get_absolute_url(), wait_until="networkidle")
    link = page.get_by_role("link", name="Play: Lesson-1")
    expect(link).to_have_attribute("href", FILM)
    assert watch.faults == []
    with page.expect_request(PLAYER):
        link.click()
    player = page.locator("iframe")
    expect(player).to_have_attribute("src", PLAYER)
    expect(player).to_have_attribute("title", "Lesson-1")
    expect(player).to_be_focused()
    assert watch.faults == [f"asked another host: {PLAYER}"]
    watch.meant.append("asked another host")


def test_without_script_the_film_is_a_plain_link(open_page: Any, ada: Any, lesson: Lesson) -> None:
    film(lesson)
    page: Page = open_page(ada, script=False)
    page.goto(lesson.get_absolute_url())
    expect(page.get_by_role("link", name="Play: Lesson-1")).to_have_attribute("href", FILM)
    expect(page.locator("iframe")).to_have_count(0)


def test_our_own_film_plays_with_captions(open_page: Any, ada: Any, lesson: Lesson) -> None:
    folder = Path(settings.BASE_DIR, "demo", "python-basics", "assets")
    for number, end in enumerate(("webm", "vtt")):
        content = (folder / f"loop-step-by-step.{end}").read_bytes()
        Asset.objects.create(
            course=lesson.course,
            path=f"film.{end}",
            sha256=f"{number}" * 64,
            size=len(content),
            file=ContentFile(content, f"film.{end}"),
        )
    lesson.kind = Lesson.Kind.VIDEO
    lesson.video_url = f"/courses/{lesson.course.slug}/files/film.webm"
    lesson.captions = f"/courses/{lesson.course.slug}/files/film.vtt"
    lesson.save()
    page: Page = open_page(ada)
    page.goto(lesson.get_absolute_url())
    video = page.locator("video")
    expect(video).to_have_attribute("controls", "")
    expect(video.locator("track")).to_have_attribute("kind", "captions")
    seen = page.evaluate("""async () => {
      const video = document.querySelector("video");
      const cues = () => video.textTracks[0].cues?.length ?? 0;
      const wait = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
      video.muted = true;
      await video.play();
      for (let turn = 0; turn < 50 && !(video.currentTime > 0.2 && cues()); turn++) await wait(100);
      return [video.currentTime, cues()];
    }""")
    assert seen[0] > 0.2
    assert seen[1] > 0


def test_a_widget_runs_without_reaching_us(
    open_page: Any, watch: Any, ada: Any, lesson: Lesson
) -> None:
    lesson.kind = Lesson.Kind.INTERACTIVE
    lesson.widget = WIDGET.replace(
        "<script>", "<script>try { document.cookie } catch { document.title = 'shut out' }\n"
    )
    lesson.save()
    page: Page = open_page(ada)
    page.goto(lesson.get_absolute_url())
    inside = page.frame_locator("iframe")
    inside.get_by_role("button").click()
    expect(inside.get_by_role("button")).to_have_text("01")
    frame = page.frames[1]
    assert frame.title() == "shut out"
    assert re.search(r"/lessons/[^/]+/widget/$", frame.url)
    # And it may not fetch anything, not even from here.
    watch.meant.append("healthz")
    assert frame.evaluate("fetch('/healthz').then(() => 'came', () => 'refused')") == "refused"
