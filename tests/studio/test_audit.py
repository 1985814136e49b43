"""Whatever is to be noted is noted once, with who did it, from where, in which request, and why."""

import csv
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts import actions, audit, erasure, exports, impersonation, owner, school, tokens
from accounts.audit_kinds import KINDS
from accounts.models import AuditEntry, User
from accounts.session_store import SessionStore
from assessments import regrading, rejudgings
from assessments.accommodations import set_extra_time
from assessments.model_drafts import pausing
from assessments.models import DraftPause
from billing import deliveries, grants
from billing.models import WebhookDelivery
from billing.writing import write_transactions
from billing.written import Written
from certificates import actions as certificates
from courses import actions as courses
from courses.models import Tier
from enrollments import actions as enrollments
from enrollments.models import Enrollment
from gamification import (
    boards,
    challenge_making,
    challenges,
    ledger,
    multiplier_making,
    referrals,
    seasons,
    streak_choices,
)
from gamification.achievements.revoking import revoke
from gamification.days import today_of
from gamification.models import Award, Multiplier, Referral
from notifications import announcing
from notifications.models import EmailLog
from studio import looks as site_looks
from studio import student_verbs
from studio.importing.apply import import_course
from studio.importing.formats import read_course
from tests.assessments.code_builders import make_assignment
from tests.billing import seeing
from tests.billing.rows import make_customer
from tests.conftest import PASSWORD
from tests.gamification.contest_builders import (
    make_open_challenge,
    make_past_season,
    midnight,
)
from tests.gamification.referral_people import qualified

DEMO = Path(__file__).parents[2] / "demo"
WHY = "It was asked for on the phone."
LOG = "/admin/accounts/auditentry/"
KEY = "9c1c5a52f0b34a5d8a6f2c1e4b7d9a10"


@pytest.fixture
def cast(request, root, ada, course, lessons):
    """Root asks, from somewhere, in a request of its own."""
    asked = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    asked.user, asked.id = root, KEY
    token = audit.REQUEST.set(asked)
    yield SimpleNamespace(
        root=root, ada=ada, course=course, lessons=lessons, request=asked,
        fixture=request.getfixturevalue,
    )  # fmt: skip
    audit.REQUEST.reset(token)


def signed_in(c):
    Client().post("/accounts/login/", {"login": c.ada.email, "password": PASSWORD})


def wrong(c):
    Client().post("/accounts/login/", {"login": c.ada.email, "password": "wrong words"})


def locked_out(c):
    for _ in range(7):
        wrong(c)


def said(signal, **more):
    """What allauth says once it has done it; that it does is shown in the tests of accounts."""

    def tell(c):
        user = c.root
        thing = SimpleNamespace(type="totp")
        whole = {"request": c.request, "user": user, "authenticator": thing, **more}
        c.request.session = SessionStore()
        signal.send(User, **whole)

    return tell


def connected(c):
    account_there = SocialAccount(user=c.root, provider="github", uid="1")
    login = SimpleNamespace(account=account_there)
    social.social_account_added.send(User, request=c.request, sociallogin=login)


def disconnected(c):
    account_there = SocialAccount(user=c.root, provider="github", uid="1")
    social.social_account_removed.send(User, request=c.request, socialaccount=account_there)


def change_role(c):
    c.ada.role = User.Role.ADMIN
    actions.save_person(c.ada, role_changed=True, by=c.root)


def into_a_group(c):
    before = actions.groups_of(c.ada)
    c.ada.groups.add(Group.objects.create(name="Tutors"))
    actions.note_groups(c.ada, before)


def a_letter(c):
    words = announcing.Words(c.course, "A break", "No lessons.")
    return announcing.write(c.root, words, uuid4())


def sent_letter(c, at=None):
    draft = a_letter(c)
    return announcing.send(draft, draft.version, at)


def multiplier(c):
    begins = midnight() + timedelta(days=14)
    begins += timedelta(days=(3 - begins.weekday()) % 7)
    one = Multiplier(title="Autumn", factor="1.5", starts_at=begins)
    one.ends_at, one.announced_at = begins + timedelta(days=5), now()
    multiplier_making.announce(one, by=c.root)
    return one


def season(c):
    begins = midnight() + timedelta(days=3)
    return seasons.make_season(
        slug="winter", title="Winter", starts_at=begins, ends_at=begins + timedelta(days=28)
    )


def certificate(c):
    return certificates.issue(c.ada, c.course, now(), by=c.root)[0]


def grant(c):
    return grants.grant_plan(c.ada, Tier.PRO, WHY, c.root)[0]


def referral(c):
    found = qualified(c.ada, "Zoe")
    Referral.objects.update(flags=["network"])
    return found


def badge(c):
    return Award.objects.create(user=c.ada, key="first-lesson", tier=1)


def refund(c):
    customer = make_customer(c.ada)
    back = seeing.payment(id="re_1", kind="REFUND", invoice_id="")
    write_transactions(customer, [back], {}, Written())


def message(c):
    WebhookDelivery.objects.create(
        id="evt_1", type="invoice.paid", happened_at=now(), state="UNMATCHED"
    )
    deliveries.dismiss(["evt_1"])


def exported(c):
    c.fixture("desk").get(f"/studio/courses/{c.course.slug}/export/zip/")


def freed(c):
    EmailLog.objects.create(to="a@example.org", kind="review", state=EmailLog.State.BOUNCED)
    sent = {"action": "mail_again", "_selected_action": [str(EmailLog.objects.get().pk)]}
    c.fixture("desk").post("/admin/notifications/emaillog/", sent)


def enrolled(c):
    person = c.fixture("bob")
    sent = {"user": str(person.pk), "course": str(c.course.pk)}
    c.fixture("desk").post("/admin/enrollments/enrollment/add/", sent)


def group(c, **sent):
    c.fixture("desk").post("/admin/auth/group/add/", {"name": "Helpers", **sent})
    return Group.objects.get(name="Helpers")


def renamed_group(c):
    one = group(c)
    c.fixture("desk").post(f"/admin/auth/group/{one.pk}/change/", {"name": "Reviewers"})


def deleted_group(c):
    one = group(c)
    c.fixture("desk").post(f"/admin/auth/group/{one.pk}/delete/", {"post": "yes"})


def draft(c):
    courses.unpublish_course(c.course)


def deleted(c):
    courses.delete_course(c.course)


def restored(c):
    courses.delete_course(c.course)
    courses.restore_course(c.course)


def published(c):
    courses.unpublish_course(c.course)
    c.course.refresh_from_db()
    courses.publish_course(c.course, by=c.root)


def again(c):
    entry = challenges.start(c.ada, make_open_challenge(c.course))
    challenges.restart_entry(entry, c.root, WHY)


def paused(c):
    enrollments.pause(Enrollment.objects.all())


def resumed(c):
    paused(c)
    enrollments.end_pause(Enrollment.objects.all())


def streak_waits(c):
    today = today_of(c.ada)
    streak_choices.pause(c.ada, today, today + timedelta(days=3), given_by=c.root)


def revoked_token(c):
    tokens.revoke_token(tokens.create_token(c.root, "Editor")[0])


def closed_and_opened(c):
    actions.deactivate(c.ada)
    actions.reactivate(c.ada)


def lost_app(c):
    c.ada.authenticator_set.create(type="totp", data={})
    actions.remove_second_factor(c.ada, reason=WHY)


def put_back(c):
    student_verbs.take_out(c.course, [c.ada], c.root)
    student_verbs.put_back(c.course, [c.ada], c.root)


def called_off_challenge(c):
    challenge_making.call_off(make_open_challenge(c.course))


def right_name(c):
    certificates.correct_name(certificate(c), "Ada Byron", c.root)


def marked_again(c):
    regrading.regrade(c.fixture("quiz"), by=c.root, lower=True, reason=WHY)


def judged_again(c):
    assignment = make_assignment(c.lessons[0].module)
    rejudgings.ask(assignment, c.root, preview=False, lower=True, reason=WHY)


def drafts_again(c):
    DraftPause.objects.create(suggested=50, overridden=13)
    pausing.try_again()


def made_owner(c):
    User.objects.filter(role=User.Role.ADMIN).update(role=User.Role.USER, is_superuser=False)
    owner.create_owner("owner@example.org", "Olga", PASSWORD, "UTC")


def looks(c):
    c.request.session = SessionStore()
    c.request.session.create()
    impersonation.begin(c.request, c.ada, c.root, WHY)


def stops_looking(c):
    looks(c)
    impersonation.end(c.request, "by hand")


HAPPENINGS = {
    "SIGNED_IN": signed_in,
    "SIGN_IN_FAILED": wrong,
    "SIGN_IN_LOCKED": locked_out,
    "PASSWORD_CHANGED": said(account.password_changed),
    "PASSWORD_SET": said(account.password_set),
    "PASSWORD_RESET": said(account.password_reset),
    "EMAIL_CHANGED": said(account.email_changed, from_email_address=object()),
    "SECOND_FACTOR_ADDED": said(mfa.authenticator_added),
    "SECOND_FACTOR_REMOVED": said(mfa.authenticator_removed),
    "RECOVERY_CODES_MADE": said(mfa.authenticator_reset),
    "PROVIDER_CONNECTED": connected,
    "PROVIDER_DISCONNECTED": disconnected,
    "TOKEN_MADE": lambda c: tokens.create_token(c.root, "Editor"),
    "TOKEN_REVOKED": revoked_token,
    "OWNER_MADE": made_owner,
    "ROLE_CHANGED": change_role,
    "GROUPS_CHANGED": into_a_group,
    "ACCOUNT_CLOSED": lambda c: actions.deactivate(c.ada),
    "ACCOUNT_OPENED": closed_and_opened,
    "LOOK_BEGAN": looks,
    "LOOK_ENDED": stops_looking,
    "SECOND_FACTOR_TAKEN": lost_app,
    "EXPORT_ASKED": lambda c: exports.ask_for_export(c.ada),
    "ERASED": lambda c: erasure.erase_person(c.ada),
    "LOOK_ASKED": lambda c: site_looks.ask(c.root),
    "SCHOOL_CHANGED": lambda c: school.renew_invitation(),
    "ADDED": group,
    "CHANGED": renamed_group,
    "DELETED": deleted_group,
    "EXTRA_TIME_SET": lambda c: set_extra_time(c.ada, 50),
    "ENROLLED": enrolled,
    "TAKEN_OUT": lambda c: student_verbs.take_out(c.course, [c.ada], c.root),
    "PUT_BACK": put_back,
    "PLACES_PAUSED": paused,
    "PLACES_RESUMED": resumed,
    "WROTE": lambda c: student_verbs.write_to(c.course, [c.ada], c.root, "Well done.", uuid4()),
    "REGRADED": marked_again,
    "REJUDGED": judged_again,
    "DRAFTS_TRIED_AGAIN": drafts_again,
    "XP_GIVEN": lambda c: ledger.grant(c.ada, 5, by=c.root, reason=WHY),
    "XP_TAKEN_BACK": lambda c: ledger.reverse(
        ledger.grant(c.ada, 5, by=c.root, reason=WHY), by=c.root, reason=WHY
    ),
    "BADGE_TAKEN_BACK": lambda c: revoke(badge(c), by=c.root, reason=WHY),
    "OFF_THE_BOARDS": lambda c: boards.take_off(c.ada),
    "STREAK_PAUSED": streak_waits,
    "MULTIPLIER_ANNOUNCED": multiplier,
    "MULTIPLIER_CALLED_OFF": lambda c: multiplier_making.call_off(multiplier(c)),
    "SEASON_WRITTEN": season,
    "SEASON_CALLED_OFF": lambda c: seasons.call_off(season(c)),
    "SEASON_CLOSED": lambda c: seasons.close_season(make_past_season()),
    "CHALLENGE_WRITTEN": lambda c: make_open_challenge(c.course),
    "CHALLENGE_PUBLISHED": lambda c: make_open_challenge(c.course),
    "CHALLENGE_CALLED_OFF": called_off_challenge,
    "STARTED_AGAIN": again,
    "REFERRAL_ACCEPTED": lambda c: referrals.accept(referral(c), c.root, WHY),
    "REFERRAL_REJECTED": lambda c: referrals.reverse_reward(referral(c), c.root, WHY),
    "CERTIFICATE_ISSUED": certificate,
    "CERTIFICATE_REVOKED": lambda c: certificates.revoke(certificate(c), c.root, WHY),
    "CERTIFICATE_RENAMED": right_name,
    "PLAN_GIVEN": grant,
    "PLAN_WITHDRAWN": lambda c: grants.withdraw(grant(c)),
    "REFUNDED": refund,
    "MESSAGES_DISMISSED": message,
    "COURSE_PUBLISHED": published,
    "COURSE_TAKEN_BACK": draft,
    "COURSE_ARCHIVED": lambda c: courses.archive_course(c.course),
    "COURSE_DELETED": deleted,
    "COURSE_RESTORED": restored,
    "COURSE_IMPORTED": lambda c: import_course(read_course(tea(c)), by=c.root),
    "EXPORTED": exported,
    "ANNOUNCEMENT_SENT": sent_letter,
    "ANNOUNCEMENT_WITHDRAWN": lambda c: announcing.withdraw(
        sent_letter(c, now() + timedelta(days=1))
    ),
    "MAIL_FREED": freed,
}
# Who asks is not signed in, or is not known yet.
NOBODY = {"SIGN_IN_FAILED", "SIGN_IN_LOCKED"}
THEMSELVES = {"SIGNED_IN", "OWNER_MADE"}
REASONED = {
    "LOOK_BEGAN", "SECOND_FACTOR_TAKEN",
    "REGRADED", "REJUDGED", "XP_GIVEN", "XP_TAKEN_BACK", "BADGE_TAKEN_BACK", "STARTED_AGAIN",
    "REFERRAL_ACCEPTED", "REFERRAL_REJECTED", "CERTIFICATE_REVOKED", "PLAN_GIVEN",
}  # fmt: skip


def tea(c):
    folder = c.fixture("tmp_path") / "tea"
    (folder / "01-water").mkdir(parents=True)
    (folder / "course.yaml").write_text("format: 1\nid: tea\ntitle: Tea\nsummary: Hot.\n")
    (folder / "01-water" / "module.yaml").write_text("id: water\ntitle: Water\nsummary: Hot.\n")
    lesson = "---\nid: boil\ntitle: Boil\n---\nBoil it.\n"
    (folder / "01-water" / "01-boil.md").write_text(lesson)
    return folder


def test_every_kind_of_note_has_something_that_brings_it():
    assert set(HAPPENINGS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_is_noted(cast, kind):
    HAPPENINGS[kind](cast)
    [entry] = AuditEntry.objects.filter(kind=kind)
    who = cast.root
    if kind in NOBODY:
        who = None
    if kind in THEMSELVES:
        who = entry.person
    assert entry.actor == who
    assert entry.ip
    assert len(entry.request_id) == 32
    assert entry.reason == (WHY if kind in REASONED else "")
    assert str(entry) == str(KINDS[kind].title)
    assert entry.keep_until - entry.created_at == KINDS[kind].kept


def test_a_season_closed_because_time_passed_was_closed_by_nobody(db):
    seasons.close_season(make_past_season())
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.ip, entry.request_id) == (None, None, "")


def test_a_note_holds_nothing_that_its_kind_does_not_name(cast):
    with pytest.raises(audit.SaysTooMuch):
        audit.note("PASSWORD_CHANGED", cast.ada, password=PASSWORD)
    assert not AuditEntry.objects.exists()


def test_what_does_not_happen_is_not_noted(cast):
    with pytest.raises(ledger.GrantRefused):
        ledger.grant(cast.ada, 5000, by=cast.root, reason=WHY)
    assert not actions.reactivate(cast.ada)
    assert not AuditEntry.objects.exists()


def test_of_a_change_in_the_admin_the_names_of_fields_are_noted(desk, ada):
    sent = {"name": "Ada Byron", "role": "USER", "timezone": "UTC", "is_minor": "on"}
    assert desk.post(f"/admin/accounts/user/{ada.pk}/change/", sent).status_code == 302
    entry = AuditEntry.objects.get(kind="CHANGED")
    assert entry.person == ada
    assert entry.data["fields"] == ["Minor", "Name"]
    assert "Byron" not in str(entry.data)


# ---- the list -----------------------------------------------------------------------------------


@pytest.fixture
def full(cast):
    for _ in range(3):
        audit.note("ACCOUNT_CLOSED", cast.ada)
        audit.note("COURSE_DELETED", cast.course, reason='=HYPERLINK("http://evil")')
    return cast


def rows(answer):
    return answer.content.decode().count("<th ")


def test_staff_read_the_list_in_a_fixed_number_of_queries(desk, full):
    counts = []
    desk.get(LOG)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert "Closed an account" in desk.get(LOG).content.decode()
        counts.append(len(queries))
        for _ in range(20):
            audit.note("ACCOUNT_CLOSED", full.ada)
    assert counts == [6, 6]


def test_it_is_found_by_person_kind_and_target(desk, full, bob):
    audit.note("ACCOUNT_CLOSED", bob)
    found = {
        "": 7, "?kind=COURSE_DELETED": 3, f"?person={bob.pk}": 1, f"?actor={full.root.pk}": 7,
        f"?target=user:{bob.pk}": 1, "?q=bob@example.org": 1, f"?q=course:{full.course.pk}": 3,
        "?q=nobody@example.org": 0, "?kind=NONSENSE": 0,
    }  # fmt: skip
    for query, count in found.items():
        page = desk.get(f"{LOG}{query}").content.decode()
        assert page.count('class="field-created_at') == count, query
    assert desk.get(f"{LOG}?person=nonsense").status_code == 302


BAD = (
    "person=abc", "actor=abc", "person__exact=1", "actor=%00", "target=%00", "kind=%00", "q=%00",
    "q=%00@x", "q=%ED%A0%80", "created_at__gte=abc", "created_at__lt=2026-99-99",
    "created_at__gte=0001-01-01%2000:00:00%2B14:00",
    "created_at__gte=9999-12-31%2023:59:59-14:00&o=-1.99",
    "created_at__lt=%00", "created_at__isnull=x", "nonsense=1", "password=1", "p=abc", "p=999999",
    "p=-1", "o=abc", "all=x", "e=1", "reason__regex=(", "person__email=root@example.org",
    "data__x=1", "target=" + "x" * 3000, "person=abc&kind=ERASED", "_facets=x", "_popup=x",
)  # fmt: skip


def test_what_cannot_be_asked_for_is_answered_alike_by_list_and_file(desk, full):
    given = 0
    for query in BAD:
        page, file = desk.get(f"{LOG}?{query}"), desk.get(f"{LOG}export/?{query}")
        assert page.status_code in (200, 302, 400), query
        assert file.status_code == page.status_code, query
        assert file.get("Location") == (f"{LOG}?e=1" if file.status_code == 302 else None), query
        given += file.status_code == 200
        assert AuditEntry.objects.filter(kind="EXPORTED").count() == given, query


def test_in_the_file_keys_are_the_same_in_every_language(desk, full):
    User.objects.filter(pk=full.root.pk).update(language="de")
    file = desk.get(f"{LOG}export/?kind=COURSE_DELETED").content.decode("utf-8-sig")
    head, first, *_ = csv.reader(file.splitlines())
    assert head[:4] == ["when (UTC)", "kind", "what", "who"]
    assert first[1:3] == ["COURSE_DELETED", "Kurs gelöscht"]


def test_it_goes_into_a_file_that_calculates_nothing(desk, full):
    answer = desk.get(f"{LOG}export/?kind=COURSE_DELETED")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 4
    assert "'=HYPERLINK" in lines[1]
    assert AuditEntry.objects.get(kind="EXPORTED").actor == full.root


@pytest.mark.parametrize(
    "sent", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}]
)
def test_what_a_browser_fetches_unasked_is_neither_given_nor_noted(desk, full, quiz, sent, caplog):
    """Later it would show what it kept, of which no note says that somebody took it along."""
    course = full.course.slug
    for address in (
        f"{LOG}export/", f"/studio/courses/{course}/export/folder/",
        f"/studio/courses/{course}/insights/students/export/",
        f"/studio/quizzes/{quiz.pk}/export/",
    ):  # fmt: skip
        answer = desk.get(address, headers=sent)
        assert (answer.status_code, answer.content) == (503, b""), address
        assert desk.head(address).status_code == 405, address
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert not AuditEntry.objects.filter(kind="EXPORTED").exists()
    assert desk.get(f"/studio/quizzes/{quiz.pk}/export/").status_code == 200
    assert AuditEntry.objects.filter(kind="EXPORTED").count() == 1


def test_nobody_adds_changes_or_deletes_a_row(desk, full):
    one = AuditEntry.objects.first()
    assert desk.get(f"{LOG}add/").status_code == 403
    page = f"{LOG}{one.pk}/"
    assert desk.get(f"{page}change/").status_code == 200
    assert desk.post(f"{page}change/", {"reason": "x"}).status_code == 403
    assert desk.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    assert AuditEntry.objects.filter(pk=one.pk, reason=one.reason).exists()


@pytest.mark.parametrize("address", [LOG, f"{LOG}export/"])
def test_learners_and_staff_without_the_right_do_not_see_it(as_, bob, address):
    assert as_(bob).get(address).status_code == 302
    User.objects.filter(pk=bob.pk).update(role=User.Role.ADMIN)
    assert as_(bob).get(address).status_code in (302, 403)
    assert not AuditEntry.objects.filter(kind="EXPORTED").exists()
