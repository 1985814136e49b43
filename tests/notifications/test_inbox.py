"""The inbox: what it lists, what its buttons do, and whose it is."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from notifications import actions, inbox
from notifications.models import Mute, Notification
from notifications.telling import tell

DATA = {"title": "Loops", "url": "/courses/", "course": "c", "course_title": "Python from zero"}
HTMX = {"headers": {"HX-Request": "true"}}


def told(user, number=1, *, kind="REVIEW_GIVEN", about="course:c", at=None, **data):
    tell([user.pk], kind, f"review:{number}", {**DATA, **data}, about, at)
    return Notification.objects.get(user=user, subject=f"review:{number}")


@pytest.fixture
def row(bob):
    return told(bob)


def test_a_guest_is_sent_to_sign_in(client, row):
    assert client.get("/notifications/").status_code == 302
    answer = client.post(f"/notifications/{row.pk}/done/")
    assert answer["Location"] == "/accounts/login/?next=/notifications/"


def test_what_is_unread_stands_there_with_its_reason(as_, bob, row, django_assert_max_num_queries):
    browser = as_(bob)
    with django_assert_max_num_queries(4):
        page = browser.get("/notifications/").text
    assert "Your work was reviewed" in page
    assert "Loops" in page
    assert "Notifications, 1 unread" in page
    assert "Mute Python from zero" in page
    assert "and mark what is unread about it as read" in page


def test_an_announcement_is_called_by_its_title_and_what_it_is_of_stands_above(as_, bob):
    row = told(bob, kind="ANNOUNCEMENT", title="We are away in May")
    page = as_(bob).get("/notifications/").text
    link = f'<a dir="auto" href="/notifications/{row.pk}/" data-row>We are away in May</a>'
    assert link in page
    assert '<p class="why"><span dir="auto">Python from zero</span> <time' in page


def test_nothing_unread_says_so(as_, bob):
    page = as_(bob).get("/notifications/").text
    assert "All caught up." in page
    assert "unread</span>" not in page


@pytest.mark.parametrize("show", ["nonsense", "unread", ""])
def test_an_unknown_tab_is_the_first(as_, bob, row, show):
    assert "Loops" in as_(bob).get(f"/notifications/?show={show}").text


@pytest.mark.parametrize("before", ["x", "9" * 30, "99999999999999999-" + "f" * 32, "1-\u0661"])
def test_a_place_that_is_none_is_the_beginning(as_, bob, row, before):
    page = as_(bob).get("/notifications/", {"before": before})
    assert page.status_code == 200
    assert "Loops" in page.text


def test_done_takes_it_from_the_list_and_keeps_it_under_all(as_, bob, row):
    browser = as_(bob)
    answer = browser.post(f"/notifications/{row.pk}/done/", {"show": "unread"})
    assert (answer.status_code, answer["Location"]) == (303, "/notifications/?show=unread")
    assert "Loops" not in browser.get("/notifications/").text
    assert "Loops" in browser.get("/notifications/?show=all").text


def test_done_again_changes_nothing(as_, bob, row):
    browser = as_(bob)
    browser.post(f"/notifications/{row.pk}/done/")
    first = Notification.objects.get().read_at
    assert browser.post(f"/notifications/{row.pk}/done/").status_code == 303
    assert Notification.objects.get().read_at == first


@pytest.mark.parametrize("verb", ["done", "unread", "saved", "mute"])
@pytest.mark.parametrize("more", [{}, HTMX])
def test_what_is_not_there_or_not_theirs_is_not_found(as_, bob, ada, row, verb, more):
    hers = told(ada)
    for key in (uuid.uuid4(), hers.pk):
        answer = as_(bob).post(f"/notifications/{key}/{verb}/", {"saved": "1"}, **more)
        assert answer.status_code == 404
    assert Notification.objects.unread().count() == 2
    assert not Mute.objects.exists()


def test_what_was_read_is_marked_unread_where_it_stands_and_again_changes_nothing(
    as_, bob, ada, row
):
    browser, address = as_(bob), f"/notifications/{row.pk}/unread/"
    assert "Mark unread" not in browser.get("/notifications/?show=all").text
    browser.post(f"/notifications/{row.pk}/done/")
    assert f'action="{address}"' in browser.get("/notifications/?show=all").text
    assert as_(ada).post(address).status_code == 404
    assert not Notification.objects.unread().exists()
    answer = browser.post(address, {"show": "all"}, **HTMX)
    assert "Notifications, 1 unread" in answer.text
    assert 'id="bell-count" hx-swap-oob="true"' in answer.text
    assert f'id="done-{row.pk}" data-done autofocus' in answer.text
    for _ in range(2):
        again = browser.post(address, {"show": "all"})
        assert (again.status_code, again["Location"]) == (303, "/notifications/?show=all")
    assert Notification.objects.unread().get() == row


def test_done_by_htmx_brings_the_list_and_the_bell(as_, bob):
    rows = [told(bob, n, title=f"Thing {n}", at=now() - timedelta(minutes=n)) for n in (1, 2, 3)]
    answer = as_(bob).post(f"/notifications/{rows[1].pk}/done/", {"show": "unread"}, **HTMX)
    assert "Thing 2" not in answer.text
    assert "Notifications, 2 unread" in answer.text
    assert 'id="bell-count" hx-swap-oob="true"' in answer.text
    assert f'id="done-{rows[2].pk}" data-done autofocus' in answer.text
    assert answer.text.count("autofocus") == 1
    last = as_(bob).post(f"/notifications/{rows[2].pk}/done/", {"show": "unread"}, **HTMX)
    assert f'id="done-{rows[0].pk}" data-done autofocus' in last.text
    none = as_(bob).post(f"/notifications/{rows[0].pk}/done/", {"show": "unread"}, **HTMX)
    assert '<h2 tabindex="-1" autofocus>All caught up.</h2>' in none.text


def test_nobody_touches_what_is_anothers(as_, bob, ada, row):
    browser = as_(ada)
    assert browser.get(f"/notifications/{row.pk}/").status_code == 404
    for address, data in [("done", {}), ("saved", {"saved": "1"}), ("mute", {})]:
        browser.post(f"/notifications/{row.pk}/{address}/", data)
    browser.post("/notifications/done/", {"until": now().isoformat()})
    row.refresh_from_db()
    assert (row.read_at, row.saved_at) == (None, None)
    assert not Mute.objects.exists()
    assert "Loops" not in browser.get("/notifications/?show=all").text


def test_going_to_the_thing_reads_it(as_, bob, row):
    browser = as_(bob)
    assert browser.head(f"/notifications/{row.pk}/")["Location"] == "/courses/"
    row.refresh_from_db()
    assert row.read_at is None
    assert browser.get(f"/notifications/{row.pk}/")["Location"] == "/courses/"
    row.refresh_from_db()
    assert row.read_at


def letter(user, by, **more):
    data = {"title": "Python", "by": str(by.pk), "text": "Well <done>.\nGo on.\n\nSee you.", **more}
    return told(user, kind="TEACHER_WROTE", course_title="", **data)


def test_what_a_teacher_wrote_is_read_at_the_address_of_its_notification(as_, bob, grace):
    row, browser = letter(bob, grace), as_(bob)
    assert browser.head(f"/notifications/{row.pk}/").status_code == 200
    assert Notification.objects.unread().count() == 1
    page = browser.get(f"/notifications/{row.pk}/").text
    assert "<p>Well &lt;done&gt;.<br>Go on.</p>\n\n<p>See you.</p>" in page
    assert "A teacher wrote to you about “Python”" in page
    assert "by Grace" in page
    assert 'href="/courses/"' in page
    assert not Notification.objects.unread().exists()
    assert as_(grace).get(f"/notifications/{row.pk}/").status_code == 404


def test_in_the_inbox_it_stands_whole_under_a_link_and_is_read_out_once(as_, bob, grace):
    row = letter(bob, grace)
    page = as_(bob).get("/notifications/").text
    link = f'<a dir="auto" href="/notifications/{row.pk}/" data-row>A teacher wrote to you about'
    assert link in page
    assert "<p>Well &lt;done&gt;.<br>Go on.</p>" in page
    assert page.count("See you.") == 1


def test_in_the_bell_what_people_wrote_runs_as_its_script_does_and_our_words_do_not(
    as_, bob, grace
):
    """Ours begin with a name or a title at times, and run as the page does all the same."""
    letter(bob, grace)
    told(bob, 2, kind="ANNOUNCEMENT")
    panel = as_(bob).get("/notifications/latest/").text
    assert '<span dir="auto">Well &lt;done&gt;.' in panel
    assert "<strong>A teacher wrote to you about" in panel
    assert panel.count('<strong dir="auto">') == 1


def test_who_was_erased_is_nobody_in_what_they_wrote(as_, bob, grace):
    row = letter(bob, grace)
    type(grace).objects.filter(pk=grace.pk).update(deleted_at=now(), is_active=False)
    for path in ("/notifications/", f"/notifications/{row.pk}/"):
        assert "Grace" not in as_(bob).get(path).text


def test_a_letter_leads_to_no_page_of_anybody_elses(as_, bob, grace):
    row = letter(bob, grace, url="javascript:1")
    assert "javascript:1" not in as_(bob).get(f"/notifications/{row.pk}/").text


@pytest.mark.parametrize("url", ["https://else.example/", "//else.example/", "javascript:1"])
def test_nobody_is_sent_elsewhere(as_, bob, url):
    row = told(bob, 1, url=url)
    assert as_(bob).get(f"/notifications/{row.pk}/")["Location"] == "/notifications/"


def test_what_is_saved_stays_in_its_tab(as_, bob, row):
    browser = as_(bob)
    browser.post(f"/notifications/{row.pk}/saved/", {"saved": "1"})
    browser.post(f"/notifications/{row.pk}/done/")
    assert "Loops" in browser.get("/notifications/?show=saved").text
    browser.post(f"/notifications/{row.pk}/saved/", {"saved": "0"})
    assert "Nothing saved." in browser.get("/notifications/?show=saved").text


def test_saving_says_what_it_wants(as_, bob, row):
    answer = as_(bob).post(f"/notifications/{row.pk}/saved/", {"saved": "perhaps"})
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text


def test_what_is_muted_is_done_and_not_told_again(as_, bob, row):
    as_(bob).post(f"/notifications/{row.pk}/mute/")
    mute = Mute.objects.get()
    assert (mute.user, mute.about, mute.title) == (bob, "course:c", "Python from zero")
    assert not Notification.objects.unread().exists()
    assert tell([bob.pk], "REVIEW_GIVEN", "review:2", DATA, "course:c").people == 0
    actions.unmute(bob, mute.pk)
    assert tell([bob.pk], "REVIEW_GIVEN", "review:2", DATA, "course:c").people == 1


def test_muting_says_what_it_did_and_leads_to_where_it_is_undone(as_, bob, row):
    browser = as_(bob)
    hostile = told(bob, 2, about="course:d", course_title="<b>Loops</b>")
    answer = browser.post(f"/notifications/{hostile.pk}/mute/", **HTMX)
    assert '<a href="/settings/notifications/#muted">' in answer.text
    assert '<div hx-swap-oob="beforeend:#toasts">' in answer.text
    assert "<bdi>&lt;b&gt;Loops&lt;/b&gt;</bdi>. What it said counts as read" in answer.text
    spoken = json.loads(answer["HX-Trigger"])["say"]["text"]
    assert spoken.endswith("To hear of it again: Settings, Muted.")
    answer = browser.post(f"/notifications/{row.pk}/mute/", follow=True)
    assert '<a href="/settings/notifications/#muted">' in answer.text
    assert '<h2 id="muted">' in browser.get("/settings/notifications/").text


def test_all_is_read_that_the_page_has_shown(as_, bob, row):
    until = now()
    later = told(bob, 2, title="Later", at=until + timedelta(seconds=1))
    as_(bob).post("/notifications/done/", {"until": until.isoformat()})
    assert list(Notification.objects.unread()) == [later]


@pytest.mark.parametrize("until", ["soon", "\x00", "", "2026-11-22", "2026-11-22T12:00:00", None])
@pytest.mark.parametrize("more", [{}, HTMX])
def test_no_moment_reads_nothing(as_, bob, row, until, more):
    answer = as_(bob).post("/notifications/done/", {"until": until} if until else {}, **more)
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text
    assert list(Notification.objects.unread()) == [row]


def test_what_is_muted_already_is_not_offered_for_muting(as_, bob, row):
    other = told(bob, 2, about="course:d", course_title="Go on")
    as_(bob).post(f"/notifications/{row.pk}/mute/")
    page = as_(bob).get("/notifications/?show=all").text
    assert "Mute Python from zero" not in page
    assert "Mute Go on" in page
    as_(bob).post(f"/notifications/{other.pk}/mute/")
    assert "Mute this" not in as_(bob).get("/notifications/?show=all").text


BADGE = {"title": "Steady", "url": "/achievements/#steady", "tier": 2, "tiers": 4}


def badge(user, number, **data):
    tell([user.pk], "ACHIEVEMENT_EARNED", f"achievement:{number}", {**BADGE, **data})
    return Notification.objects.get(user=user, subject=f"achievement:{number}")


def test_a_badge_says_which_of_its_tiers_it_is(as_, bob):
    badge(bob, 1)
    for address in ("/notifications/", "/notifications/latest/"):
        assert "Steady, tier 2 of 4" in as_(bob).get(address).text
    Notification.objects.update(data={"title": "First steps", "url": "/", "tier": 1, "tiers": 1})
    assert "tier 1" not in as_(bob).get("/notifications/").text


def test_badges_beside_each_other_are_one_line_with_one_press(as_, bob, row):
    rows = [badge(bob, number, tier=number) for number in (1, 2, 3)]
    browser = as_(bob)
    page = browser.get("/notifications/").text
    assert page.count("You earned 3 badges") == 2
    assert page.count("Steady, tier 2 of 4") == 3
    also = {"also": [one.pk for one in rows]}
    answer = browser.post(f"/notifications/{rows[2].pk}/done/", also, **HTMX)
    assert "You earned" not in answer.text
    assert f'id="done-{row.pk}" data-done autofocus' in answer.text
    assert list(Notification.objects.unread()) == [row]


def test_a_fold_stays_open_while_somebody_is_at_it(as_, bob):
    rows = [badge(bob, number, tier=number) for number in (1, 2, 3)]
    browser = as_(bob)
    assert "<details open>" not in browser.get("/notifications/").text
    answer = browser.post(f"/notifications/{rows[2].pk}/done/", **HTMX)
    assert "<details open>" in answer.text
    assert "You earned 2 badges" in answer.text


@pytest.mark.parametrize("also", ["x", "\x00", str(uuid.UUID(int=1)), "theirs", "many"])
def test_nothing_else_is_done_than_what_is_there_and_ones_own(as_, bob, ada, row, also):
    keys = {"theirs": [str(told(ada).pk)], "many": [str(row.pk)] * 30}.get(also, [also])
    answer = as_(bob).post(f"/notifications/{row.pk}/done/", {"also": keys})
    assert answer.status_code == 404
    assert row in Notification.objects.unread()


def test_it_says_which_work_of_which_course_was_judged_how_and_by_whom(
    as_, bob, grace, django_assert_max_num_queries
):
    told(bob, assignment="a", decision="ACCEPTED", by=str(grace.pk))
    facts = "".join(
        f"<span>{one}</span>" for one in ("Assignment", "Python from zero", "Accepted", "by Grace")
    )
    browser = as_(bob)
    with django_assert_max_num_queries(5):
        assert facts in browser.get("/notifications/").text
    type(grace).objects.filter(pk=grace.pk).update(deleted_at=now(), is_active=False)
    assert "by Grace" not in browser.get("/notifications/").text


def test_pages_go_on_where_they_ended(as_, bob, django_assert_max_num_queries):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(45):
        told(bob, number, title=f"Thing {number}.", at=start + timedelta(minutes=number // 3))
    seen, before = [], ""
    while True:
        page = inbox.inbox_of(bob, "unread", before, now())
        seen += [row.notification.data["title"] for row in page.rows]
        before = page.older
        if not before:
            break
    assert len(seen) == len(set(seen)) == 45
    assert seen[:3] == ["Thing 44.", "Thing 43.", "Thing 42."]
    browser = as_(bob)
    with django_assert_max_num_queries(4):
        assert "Older" in browser.get("/notifications/").text


def test_the_bell_counts_no_further_than_it_shows(as_, bob):
    tell([bob.pk], "NEWS", "first", DATA)
    rows = [
        Notification(user=bob, kind="REVIEW_GIVEN", subject=str(n), data=DATA) for n in range(120)
    ]
    Notification.objects.bulk_create(rows)
    assert inbox.count_unread(bob) == inbox.MANY
    page = as_(bob).get("/courses/").text
    assert "99+" in page
    assert "more than 99 unread" in page


def test_the_bell_opens_the_newest(as_, bob, django_assert_max_num_queries):
    for number in range(10):
        told(bob, number, title=f"Thing {number}.", at=now() - timedelta(minutes=number))
    browser = as_(bob)
    with django_assert_max_num_queries(3):
        panel = browser.get("/notifications/latest/").text
    assert "Thing 0." in panel
    assert "Thing 7." in panel
    assert "Thing 8." not in panel


def test_what_has_no_words_any_more_is_passed_over(as_, bob):
    Notification.objects.create(user=bob, kind="OLD", subject="x")
    assert as_(bob).get("/notifications/").status_code == 200
    assert as_(bob).get("/notifications/latest/").status_code == 200


def test_old_news_is_forgotten_unless_saved_or_unread(bob):
    long_ago = now() - timedelta(days=366)
    kept = {told(bob, 1), told(bob, 2), told(bob, 3)}
    for number in range(4, 10):
        told(bob, number)
    mine = Notification.objects
    mine.filter(subject="review:1").update(read_at=long_ago, saved_at=now())
    mine.filter(subject="review:2").update(created_at=long_ago)
    mine.filter(subject="review:3").update(read_at=now())
    mine.exclude(pk__in=[one.pk for one in kept]).update(read_at=long_ago)
    assert actions.forget_old(batch=4) == 6
    assert set(mine.all()) == kept
