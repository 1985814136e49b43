"""Mail about notifications: to whom, what, and at most once whatever the server does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils.timezone import now

from accounts.models import User
from gamification.models import Policy
from notifications import mailing, outbox, tasks
from notifications.models import Contact, EmailLog, Mute, Notification, Preference
from notifications.outbox import LEASE, MOST_TRIES, PAUSES
from notifications.telling import tell
from tests.conftest import make_person
from tests.doubles.smtp_server import GONE, SILENT
from tests.notifications.conftest import REVIEW, send, tell_review, transport_to

pytestmark = pytest.mark.usefixtures("noon")


def the_mail():
    return EmailLog.objects.get()


def parts(message):
    return {part.get_content_type(): part.get_content() for part in message.iter_parts()}


def test_a_review_is_mailed_once(bob, mail_server, settings):
    tell_review(bob)
    assert not send()
    assert not send()
    (mail,) = mail_server.mails
    row = the_mail()
    assert (row.state, row.to, row.subject) == ("SENT", "bob@example.org", "Your work was reviewed")
    assert (row.tries, row.fault, row.claimed_until) == (1, "", None)
    assert row.sent_at == now()
    assert (mail["To"], mail["Subject"]) == ("bob@example.org", "Your work was reviewed")
    assert mail["Message-ID"] == f"<{row.pk}@{settings.SITE_HOST}>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_it_says_the_same_as_text_and_as_html_and_why_it_came(bob, mail_server, settings):
    tell_review(bob)
    send()
    words = parts(mail_server.mails[0])
    assert set(words) == {"text/plain", "text/html"}
    for said in words.values():
        assert "Hello Bob," in said
        assert "Loops" in said
        assert f"{settings.SITE_URL}/submissions/1/" in said
        assert "You get this because your work was reviewed." in said
        assert "Unsubscribe from “Reviews of my work”" in said
    assert "<img" not in words["text/html"]
    assert "prefers-color-scheme: dark" in words["text/html"]


def test_a_long_word_in_a_title_breaks_and_makes_no_mail_wider(bob, mail_server):
    tell([bob.pk], "TAKEN_OUT", "it:1", {"title": "W" * 60})
    send()
    said = parts(mail_server.mails[0])["text/html"]
    assert "overflow-wrap: anywhere" in said.split("W" * 60)[-2].rsplit("<", 1)[-1]


def test_a_letter_says_that_an_answer_to_the_mail_does_not_reach_its_writer(bob, mail_server):
    for kind in ("TEACHER_WROTE", "TAKEN_OUT"):
        tell([bob.pk], kind, "it:1", {"title": "Python", "text": "See you."})
    send()
    for mail in mail_server.mails:
        for said in parts(mail).values():
            is_letter = "See you." in said
            assert ("An answer to this mail does not reach whoever wrote it." in said) == is_letter


@pytest.mark.parametrize(("language", "runs"), [("en-gb", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_it_says_its_language_and_a_letter_runs_as_its_own_words_do(
    bob, mail_server, language, runs
):
    User.objects.filter(pk=bob.pk).update(language=language)
    for kind in ("TEACHER_WROTE", "TAKEN_OUT"):
        tell([bob.pk], kind, "it:1", {"title": "Python", "text": "See you."})
    send()
    assert len(mail_server.mails) == 2
    for mail in mail_server.mails:
        said = parts(mail)["text/html"]
        assert f'<html lang="{language}" dir="{runs}">' in said
        assert f'<div lang="{language}" dir="{runs}" ' in said
        assert said.count('dir="auto"') == ("See you." in said)


def test_it_says_which_work_of_which_course_was_judged_how_and_by_whom(bob, grace, mail_server):
    facts = {"assignment": "a", "decision": "ACCEPTED", "by": str(grace.pk)}
    tell_review(bob, data=REVIEW | facts)
    send()
    for said in parts(mail_server.mails[0]).values():
        assert "Assignment · Python · Accepted · by Grace" in said


def test_it_can_be_left_by_one_click(bob, mail_server, settings):
    tell_review(bob)
    send()
    (mail,) = mail_server.mails
    link = mail["List-Unsubscribe"]
    assert link.startswith(f"<{settings.SITE_URL}/notifications/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.strip("<>") in parts(mail)["text/plain"]


def test_mail_about_plans_cannot_be_left(bob, mail_server):
    Preference.objects.create(user=bob, topic="billing", channel="EMAIL", is_on=False)
    tell([bob.pk], "PLAN_GRANTED", "grant:1", {"title": "Pro"})
    send()
    (mail,) = mail_server.mails
    assert mail["List-Unsubscribe"] is None
    assert "cannot be switched off" in parts(mail)["text/plain"]


def test_what_people_wrote_is_no_markup_and_no_header(bob, mail_server):
    data = {"title": "A\r\nBcc: eve@example.org <b>"}
    Preference.objects.create(user=bob, topic="news", channel="EMAIL", is_on=True)
    tell([bob.pk], "NEWS", "announcement:1", data)
    send()
    (mail,) = mail_server.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "A Bcc: eve@example.org <b>"
    assert "<b>" not in parts(mail)["text/html"]
    assert len(mail_server.recipients) == 1


@pytest.mark.parametrize("url", ["https://evil.example/x", "//evil.example/x"])
def test_links_lead_to_this_site_only(bob, mail_server, url):
    tell_review(bob, data={**REVIEW, "url": url})
    send()
    assert all("evil.example" not in said for said in parts(mail_server.mails[0]).values())


def test_what_is_rolled_back_is_not_mailed(bob, mail_server):
    with transaction.atomic():
        tell_review(bob)
        transaction.set_rollback(True)
    send()
    assert not mail_server.arrived


def switch_off(bob):
    Preference.objects.create(user=bob, topic="review", channel="EMAIL", is_on=False)


def mute(bob):
    Mute.objects.create(user=bob, about="course:c", title="Python")


def close_account(bob):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)


def lose_address(bob):
    bob.emailaddress_set.update(verified=False)


def complain(bob):
    EmailLog.objects.create(user=bob, kind="review", to=bob.email, state="COMPLAINED")


def bounce(bob):
    EmailLog.objects.create(kind="account", to=bob.email, state="BOUNCED")


def delete_notification(bob):
    Notification.objects.all().delete()


@pytest.mark.parametrize(
    "change",
    [switch_off, mute, close_account, lose_address, complain, bounce, delete_notification],
)
def test_what_is_not_wanted_any_more_is_not_mailed(bob, mail_server, change):
    tell_review(bob)
    change(bob)
    send()
    assert not mail_server.steps
    row = EmailLog.objects.get(kind="review", state="DROPPED")
    assert row.fault
    assert row.tries == 0


@pytest.mark.parametrize("change", [mute, complain, bounce])
def test_mail_about_plans_comes_whatever_was_chosen(bob, mail_server, change):
    tell([bob.pk], "PLAN_GRANTED", "grant:1", {"title": "Pro"}, "course:c")
    change(bob)
    send()
    assert len(mail_server.arrived) == 1


def of_points(bob):
    Preference.objects.create(user=bob, topic="achievement", channel="EMAIL", is_on=True)
    tell([bob.pk], "LEVEL_REACHED", "level:2", {"level": 2})


def test_who_hides_points_meanwhile_gets_no_mail_of_them(bob, mail_server):
    of_points(bob)
    bob.profile.preferences = {"show_points": False}
    bob.profile.save()
    send()
    assert the_mail().state == "DROPPED"
    assert not mail_server.arrived


def test_a_school_that_hides_points_meanwhile_mails_nothing_of_them(bob, mail_server):
    of_points(bob)
    Policy.objects.create(show_points=False)
    send()
    assert the_mail().state == "DROPPED"


def test_an_address_that_changed_meanwhile_gets_the_mail(bob, mail_server):
    tell_review(bob)
    bob.emailaddress_set.update(email="new@example.org")
    type(bob).objects.filter(pk=bob.pk).update(email="new@example.org")
    send()
    assert mail_server.mails[0]["To"] == the_mail().to == "new@example.org"


NIGHT = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_quiet_hours_end_before_mail_comes(bob, mail_server, noon):
    noon.move_to(NIGHT, tick=False)
    tell_review(bob)
    send()
    row = the_mail()
    assert (row.state, row.due_at, row.tries) == ("DUE", MORNING, 0)
    noon.move_to(MORNING, tick=False)
    send()
    assert len(mail_server.arrived) == 1


def test_quiet_hours_are_those_of_the_persons_clock(bob, mail_server):
    type(bob).objects.filter(pk=bob.pk).update(timezone="Asia/Tokyo")  # it is nine in the evening
    tell_review(bob)
    send()
    assert the_mail().due_at == datetime(2026, 11, 18, 23, tzinfo=UTC)


def test_who_has_no_quiet_hours_is_mailed_at_night(bob, mail_server, noon):
    noon.move_to(NIGHT, tick=False)
    Contact.objects.create(user=bob, is_quiet=False)
    tell_review(bob)
    send()
    assert len(mail_server.arrived) == 1


def test_what_is_urgent_and_what_is_paid_waits_for_no_morning(bob, mail_server, noon):
    noon.move_to(NIGHT, tick=False)
    Preference.objects.create(user=bob, topic="streak", channel="EMAIL", is_on=True)
    tell([bob.pk], "STREAK_AT_RISK", "streak:1", {"days": 3})
    tell([bob.pk], "PLAN_GRANTED", "grant:1", {"title": "Pro"})
    send()
    assert len(mail_server.arrived) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "content"])
def test_a_refusal_for_now_is_tried_again_later(bob, mail_server, noon, step):
    mail_server.says[step] = "451 later"
    tell_review(bob)
    send()
    row = the_mail()
    assert (row.state, row.tries, row.fault) == ("DUE", 1, "451 later")
    assert row.due_at == now() + PAUSES[0]
    del mail_server.says[step]
    send()
    assert the_mail().state == "DUE"
    mail_server.arrived.clear()
    noon.shift(PAUSES[0])
    send()
    assert (the_mail().state, len(mail_server.arrived)) == ("SENT", 1)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "content"])
def test_a_refusal_for_good_is_the_end(bob, mail_server, noon, step):
    mail_server.says[step] = "550 no such person"
    tell_review(bob)
    send()
    noon.shift(timedelta(days=3))
    send()
    row = the_mail()
    assert (row.state, row.tries, row.fault) == ("FAILED", 1, "550 no such person")
    assert mail_server.steps[step] == 1


@pytest.mark.parametrize("said", ["421 too busy", "554 go away", GONE, SILENT])
def test_a_server_that_does_not_greet_is_asked_again(bob, mail_server, noon, said):
    mail_server.says["greeting"] = said
    tell_review(bob)
    send()
    assert (the_mail().state, the_mail().tries) == ("DUE", 1)
    mail_server.says.clear()
    noon.shift(PAUSES[0])
    send()
    assert (the_mail().state, len(mail_server.arrived)) == ("SENT", 1)


def test_a_server_that_is_away_is_asked_so_many_times(bob, settings, noon):
    settings.MAILERS = {"transport": transport_to(1)}
    Contact.objects.create(user=bob, is_quiet=False)
    tell_review(bob)
    began = now()
    for tries in range(1, MOST_TRIES + 1):
        row = the_mail()
        assert (row.state, row.tries) == ("DUE", tries - 1)
        noon.move_to(row.due_at, tick=False)
        send()
    assert (the_mail().state, the_mail().tries) == ("FAILED", 12)
    assert timedelta(days=1) < now() - began < timedelta(days=2)
    noon.shift(timedelta(days=3))
    send()
    assert the_mail().tries == 12


@pytest.mark.parametrize("said", [GONE, SILENT])
@pytest.mark.parametrize("step", ["MAIL", "content"])
def test_what_is_lost_after_it_was_handed_over_is_never_sent_again(
    bob, mail_server, noon, step, said
):
    mail_server.says[step] = said
    tell_review(bob)
    send()
    row = the_mail()
    assert (row.state, row.tries) == ("UNCERTAIN", 1)
    assert row.fault
    mail_server.says.clear()
    noon.shift(timedelta(days=3))
    send()
    assert the_mail().state == "UNCERTAIN"
    assert len(mail_server.arrived) == (step == "content")


def test_after_one_that_is_lost_the_others_go_on(ada, bob, mail_server):
    tell_review(ada, bob)
    way = mailing.Mail()
    first, second = outbox.claim(way)
    mail_server.says["RCPT"] = GONE
    assert outbox.send(way, first)
    mail_server.says.clear()
    assert outbox.send(way, second)
    way.close()
    states = dict(EmailLog.objects.values_list("pk", "state"))
    assert states == {first.pk: "UNCERTAIN", second.pk: "SENT"}


def test_many_go_by_one_connection_and_one_that_was_cut_is_made_anew(db, mail_server):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(12)]
    tell_review(*people)
    mail_server.says["NOOP"] = "421 I am tired"
    assert not send()
    assert len(mail_server.arrived) == 12
    assert len({mail["To"] for mail in mail_server.mails}) == 12
    assert mail_server.steps["greeting"] == 12
    mail_server.says.clear()
    tell_review(*people, subject="review:2")
    send()
    assert len(mail_server.arrived) == 24
    assert mail_server.steps["greeting"] == 13


def test_each_takes_a_fixed_number_of_queries(db, mail_server, django_assert_num_queries):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(3)]
    tell_review(*people)
    # Nine to look for what is due, twice; for each mail three: ask, hand over, settle.
    with django_assert_num_queries(9 + 3 * 3):
        send()


def test_a_turn_ends_and_another_is_asked_for(db, mail_server):
    people = [make_person(f"p{n}@example.org", f"P{n}") for n in range(3)]
    tell_review(*people)
    assert outbox.send_due(mailing.Mail(), seconds=0.0001)
    sent = len(mail_server.arrived)
    assert sent < 3
    assert EmailLog.objects.filter(state="DUE", tries=0).count() == 3 - sent


def test_a_claim_that_ran_out_hands_nothing_over(bob, mail_server, noon):
    tell_review(bob)
    slow, quick = mailing.Mail(), mailing.Mail()
    (row,) = outbox.claim(slow)
    assert outbox.claim(quick) == []
    noon.shift(LEASE + timedelta(seconds=1))
    outbox.send(slow, row)
    assert not mail_server.arrived
    (again,) = outbox.claim(quick)
    outbox.send(slow, row)
    outbox.send(quick, again)
    assert len(mail_server.arrived) == 1
    slow.close()
    quick.close()


def test_a_notification_that_cannot_be_written_is_tried_again(bob, mail_server, monkeypatch):
    def broken(*given, **named):
        raise RuntimeError("no template")

    monkeypatch.setattr(mailing, "letter", broken)
    tell_review(bob)
    send()
    assert (the_mail().state, the_mail().tries) == ("DUE", 1)
    assert not mail_server.steps


def test_telling_wakes_the_worker_once_a_transaction(
    ada, bob, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(tasks.send_mail, "delay", lambda: woken.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        tell_review(ada)
        tell_review(bob)
        tell_review(bob, subject="review:2")
    assert woken == [1]
    with django_capture_on_commit_callbacks(execute=True):
        tell_review(bob)
        tell([bob.pk], "LEVEL_REACHED", "level:2", {"level": 2})
    assert woken == [1]
