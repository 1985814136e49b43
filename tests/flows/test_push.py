"""Messages in the browser: added on the page of settings, shown by the worker, taken away again.

There is no push service behind this browser: where it would ask one, the test answers.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from notifications import browsers, vapid
from notifications.models import PushSubscription
from tests.doubles.push_service import Browser
from tests.flows.conftest import PHONE
from tests.flows.looking import Looker

SETTINGS = "/settings/notifications/"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
# The browser's own part: it keeps a subscription, and gives it back when it is asked.
SUBSCRIBE = """
const kept = () => localStorage.subscribed && {
  endpoint: given.endpoint,
  toJSON: () => ({endpoint: given.endpoint, expirationTime: null, keys: given.keys}),
  unsubscribe: async () => { delete localStorage.subscribed; return true; },
};
PushManager.prototype.getSubscription = async () => kept() || null;
PushManager.prototype.subscribe = async (wish) => {
  if (localStorage.away) throw new DOMException("Registration failed", "AbortError");
  if (!wish.userVisibleOnly || wish.applicationServerKey.length !== 65) throw new TypeError();
  localStorage.subscribed = 1;
  return kept();
};
"""


@pytest.fixture(autouse=True)
def key(settings: Any) -> None:
    settings.PUSH_VAPID_PRIVATE_KEY = vapid.new_key()
    settings.PUSH_CONTACT = "mailto:admin@school.example"


@pytest.fixture
def page(open_page: Any, transactional_db: Any, ada: User, live_server: Any) -> Page:
    """The page of settings in a browser that may show messages, if it is asked to."""
    opened: Page = open_page(ada)
    opened.context.grant_permissions(["notifications"], origin=live_server.url)
    given = Browser(ENDPOINT).given
    keys = {"p256dh": given["p256dh"], "auth": given["auth"]}
    opened.add_init_script(
        f"const given = {json.dumps({'endpoint': ENDPOINT, 'keys': keys})};{SUBSCRIBE}"
    )
    opened.goto(SETTINGS)
    return opened


def test_a_browser_is_added_and_taken_away_again(page: Page, ada: User) -> None:
    add = page.get_by_role("button", name="Show messages in this browser")
    add.click()
    page.get_by_text("This browser shows messages now: those that you tick").first.wait_for()
    expect(page.get_by_text("This browser shows messages.", exact=True)).to_be_visible()
    expect(add).to_be_hidden()
    row = PushSubscription.objects.get()
    assert (row.user, row.endpoint) == (ada, ENDPOINT)
    page.get_by_label("Reviews of my work: Push").check()
    page.get_by_role("button", name="Save notifications").click()
    page.get_by_text("Notifications saved.").first.wait_for()
    page.wait_for_load_state()
    page.get_by_role("button", name=f"Remove {row.label}").click()
    page.get_by_text("That browser shows no messages any more.").first.wait_for()
    expect(add).to_be_visible()
    assert page.evaluate("localStorage.subscribed") is None
    assert not PushSubscription.objects.exists()


def test_a_service_that_does_not_answer_is_said(page: Page) -> None:
    page.evaluate("localStorage.away = 1")
    add = page.get_by_role("button", name="Show messages in this browser")
    add.click()
    expect(page.get_by_text("its push service did not answer")).to_be_visible()
    page.evaluate("delete localStorage.away")
    add.click()
    page.get_by_text("This browser shows messages now").first.wait_for()


def test_a_browser_of_somebody_else_is_taken_over_by_a_press_alone(
    page: Page, ada: User, bob: User
) -> None:
    page.evaluate("localStorage.subscribed = 1")
    browsers.add(bob, **Browser(ENDPOINT).given, name="Firefox")
    page.reload()
    page.get_by_role("button", name="Show messages in this browser").click()
    page.get_by_text("This browser shows messages now").first.wait_for()
    assert PushSubscription.objects.get().user == ada


def test_a_browser_that_blocks_messages_says_how_to_go_on(
    open_page: Any, transactional_db: Any, ada: User
) -> None:
    page: Page = open_page(ada)
    page.add_init_script("Object.defineProperty(Notification, 'permission', {value: 'denied'})")
    page.goto(SETTINGS)
    expect(page.get_by_text("Messages of this site are blocked in this browser.")).to_be_visible()
    expect(page.get_by_role("button", name="Show messages in this browser")).to_be_hidden()


def test_browsers_are_removed_without_scripts(
    open_page: Any, transactional_db: Any, ada: User
) -> None:
    browsers.add(ada, **Browser(ENDPOINT).given, name="Chrome on Windows")
    page: Page = open_page(ada, size=PHONE, script=False)
    page.goto(SETTINGS)
    expect(page.get_by_text("To add a browser, open this page in it")).to_be_visible()
    expect(page.get_by_role("button", name="Show messages in this browser")).to_be_hidden()
    page.get_by_role("button", name="Remove Chrome on Windows").click()
    page.get_by_text("That browser shows no messages any more.").first.wait_for()
    assert not PushSubscription.objects.exists()


def test_the_worker_shows_what_it_is_sent_and_leads_to_this_site_alone(
    page: Page, live_server: Any
) -> None:
    with page.context.expect_event("serviceworker") as started:
        page.evaluate("navigator.serviceWorker.register('/service-worker.js')")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    own = started.value
    said = {"title": "Your work was reviewed", "text": "Loops", "path": "/courses/", "tag": "a"}
    push = """(data) => new Promise((done) => {
      const event = new PushEvent("push", data === null ? {} : {data});
      const whole = [];
      event.waitUntil = (work) => whole.push(work);
      self.dispatchEvent(event);
      Promise.all(whole).then(() => done());
    })"""
    for data in (json.dumps(said), json.dumps(said), "no JSON", None):
        own.evaluate(push, data)
    shown = page.evaluate(
        """navigator.serviceWorker.ready.then((it) => it.getNotifications()).then((all) =>
           all.map(({title, body, tag, data}) => [title, body, tag, data]))"""
    )
    assert sorted(shown) == [
        ["Waymark", "", "told", "/notifications/"],
        ["Your work was reviewed", "Loops", "a", "/courses/"],
    ]
    led = own.evaluate(
        """async () => {
          const led = [];
          const opened = clients.openWindow;
          clients.openWindow = async (url) => led.push(url);
          await lead("/courses/");
          for (const path of ["https://evil.example/", "//evil.example/", "\\\\\\\\evil.example"])
            await lead(path);
          clients.openWindow = opened;
          return led;
        }"""
    )
    assert led == [f"{live_server.url}/courses/"]


def test_nothing_that_a_machine_can_find_is_wrong(page: Page, ada: User) -> None:
    browsers.add(ada, **Browser(f"{ENDPOINT}2").given, name="Samsung Internet on Android")
    looker = Looker(page)
    looker.visit(SETTINGS)
    page.get_by_role("button", name="Show messages in this browser").click()
    page.get_by_text("This browser shows messages now").first.wait_for()
    looker.look("with this browser")
    page.evaluate("document.getElementById('this-browser').querySelector('form').submit()")
    page.get_by_text("This browser cannot be added").wait_for()
    looker.look("with a problem")
    assert not looker.problems, "\n".join(looker.problems)
