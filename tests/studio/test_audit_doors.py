"""Whatever staff can change is noted in the audit log, or says here why it is not."""

from django.contrib import admin

from accounts.audit_admin import NotedAdmin
from accounts.audit_kinds import KINDS
from tests.routes import routes, takes_posts

STAFF = ("studio/", "setup/", "admin/health/")
OF_A_COURSE = "What is taught is seen by all its authors; publishing and taking away are noted."
OF_A_REVIEW = "The review itself keeps who wrote and sent what, for good."
ASKS = "It asks for work and changes nothing."
A_DRAFT = "Nobody is told by a draft; sending it is noted."

# What a page that takes forms notes, or why nothing.
DOORS: dict[str, set[str] | str] = {
    "setup:checklist": {"SCHOOL_CHANGED"},
    "setup:owner": {"OWNER_MADE"},
    "setup:school": {"SCHOOL_CHANGED"},
    "setup:invitation": {"SCHOOL_CHANGED"},
    "setup:step": {"SCHOOL_CHANGED", "COURSE_IMPORTED"},
    "site_health": {"LOOK_ASKED"},
    "studio:insights_count": ASKS,
    "studio:insights_aside": "A reminder of one's own: it changes nothing of anybody's.",
    "studio:message_students": {"WROTE"},
    "studio:extra_time_students": {"EXTRA_TIME_SET"},
    "studio:take_out_students": {"TAKEN_OUT"},
    "studio:put_back_students": {"PUT_BACK"},
    "studio:imports": "An upload changes nothing until its plan is carried out.",
    "studio:import": {"COURSE_IMPORTED"},
    "studio:regrade": {"REGRADED"},
    "studio:trial": ASKS,
    "studio:rejudge": {"REJUDGED"},
    "studio:runner": ASKS,
    "studio:try_drafts_again": {"DRAFTS_TRIED_AGAIN"},
    "studio:report": "The report keeps who answered it, and its author reads the answer.",
    "studio:new_announcement": A_DRAFT,
    "studio:change_announcement": A_DRAFT,
    "studio:test_announcement": "It is shown to whoever asks, and to nobody else.",
    "studio:send_announcement": {"ANNOUNCEMENT_SENT"},
    "studio:withdraw_announcement": {"ANNOUNCEMENT_WITHDRAWN"},
    "studio:new_snippet": "Words of a reviewer's own.",
    "studio:snippet": "Words of a reviewer's own.",
    "studio:delete_snippet": "Words of a reviewer's own.",
    "studio:new_multiplier": {"MULTIPLIER_ANNOUNCED"},
    "studio:call_multiplier_off": {"MULTIPLIER_CALLED_OFF"},
    "studio:new_season": {"SEASON_WRITTEN"},
    "studio:season": {"SEASON_WRITTEN"},
    "studio:close_season": {"SEASON_CLOSED"},
    "studio:new_challenge": {"CHALLENGE_WRITTEN"},
    "studio:challenge": {"CHALLENGE_WRITTEN"},
    "studio:publish_challenge": {"CHALLENGE_PUBLISHED"},
    "studio:start_again": {"STARTED_AGAIN"},
    "studio:decide_referral": {"REFERRAL_ACCEPTED", "REFERRAL_REJECTED"},
    "studio:people": "It looks somebody up.",
    "studio:person": {"XP_GIVEN"},
    "studio:pauses": {"STREAK_PAUSED"},
    "studio:take_back": {"XP_TAKEN_BACK", "REFERRAL_REJECTED"},
    "studio:next_review": OF_A_REVIEW,
    "studio:review": OF_A_REVIEW,
    "studio:claim_review": OF_A_REVIEW,
    "studio:undo_review": OF_A_REVIEW,
    "studio:answer_reply": OF_A_REVIEW,
    "studio:review_submission": OF_A_REVIEW,
    "studio:": "Older addresses that lead to the queue.",
    "studio:new_course": OF_A_COURSE,
    "studio:course": OF_A_COURSE,
    "studio:course_verb": {
        "COURSE_PUBLISHED", "COURSE_TAKEN_BACK", "COURSE_ARCHIVED", "COURSE_DELETED",
        "COURSE_RESTORED",
    },
    "studio:new_module": OF_A_COURSE,
    "studio:module": OF_A_COURSE,
    "studio:module_verb": OF_A_COURSE,
    "studio:new_lesson": OF_A_COURSE,
    "studio:lesson": OF_A_COURSE,
    "studio:move_lesson": OF_A_COURSE,
    "studio:lesson_verb": OF_A_COURSE,
    "studio:edit_quiz": OF_A_COURSE,
    "studio:new_question": OF_A_COURSE,
    "studio:edit_question": OF_A_COURSE,
    "studio:question_verb": OF_A_COURSE,
    "studio:edit_assignment": OF_A_COURSE,
    "studio:new_case": OF_A_COURSE,
    "studio:edit_case": OF_A_COURSE,
    "studio:case_verb": OF_A_COURSE,
}  # fmt: skip

# What else can be done to rows that were ticked in a list of the admin.
ACTIONS: dict[tuple[str, str], set[str] | str] = {
    ("accounts.User", "deactivate_people"): {"ACCOUNT_CLOSED"},
    ("accounts.User", "reactivate_people"): {"ACCOUNT_OPENED"},
    ("accounts.User", "remove_second_factors"): {"SECOND_FACTOR_TAKEN"},
    ("assessments.Accommodation", "delete_selected"): {"EXTRA_TIME_SET"},
    ("billing.Customer", "ask_stripe_again"): ASKS,
    ("billing.Subscription", "ask_stripe_again"): ASKS,
    ("billing.WebhookDelivery", "look_again"): ASKS,
    ("billing.WebhookDelivery", "dismiss"): {"MESSAGES_DISMISSED"},
    ("billing.Grant", "withdraw"): {"PLAN_WITHDRAWN"},
    ("enrollments.Enrollment", "take_out"): {"TAKEN_OUT"},
    ("enrollments.Enrollment", "pause"): {"PLACES_PAUSED"},
    ("enrollments.Enrollment", "resume"): {"PLACES_RESUMED"},
    ("gamification.Award", "take_back"): {"BADGE_TAKEN_BACK"},
    ("gamification.Challenge", "publish"): {"CHALLENGE_PUBLISHED"},
    ("gamification.XPTransaction", "take_back"): {"XP_TAKEN_BACK"},
    ("gamification.BoardChoice", "take_off"): {"OFF_THE_BOARDS"},
    ("certificates.Certificate", "revoke"): {"CERTIFICATE_REVOKED"},
    ("certificates.Certificate", "correct_name"): {"CERTIFICATE_RENAMED"},
    ("notifications.EmailLog", "mail_again"): {"MAIL_FREED"},
    ("courses.Course", "publish_them"): {"COURSE_PUBLISHED"},
    ("courses.Course", "unpublish_them"): {"COURSE_TAKEN_BACK"},
    ("courses.Course", "archive_them"): {"COURSE_ARCHIVED"},
    ("courses.Lesson", "publish_them"): OF_A_COURSE,
    ("courses.Lesson", "hide_them"): OF_A_COURSE,
}

# Admins whose verbs note what is added, changed and deleted there.
VERBS_NOTE = {
    "gamification.XPTransaction": {"XP_GIVEN"},
    "gamification.Multiplier": {"MULTIPLIER_ANNOUNCED", "MULTIPLIER_CALLED_OFF"},
    "gamification.Season": {"SEASON_WRITTEN", "SEASON_CALLED_OFF"},
    "gamification.Challenge": {"CHALLENGE_WRITTEN", "CHALLENGE_CALLED_OFF"},
    "billing.Grant": {"PLAN_GIVEN"},
    "certificates.Certificate": {"CERTIFICATE_ISSUED"},
    "enrollments.Enrollment": {"ENROLLED"},
    "assessments.Accommodation": {"EXTRA_TIME_SET"},
}


def test_every_page_of_staff_that_takes_a_form_notes_it_or_says_why_not():
    there = {name for name, path, view in routes() if path.startswith(STAFF) and takes_posts(view)}
    assert there == set(DOORS)


def test_every_admin_notes_what_is_changed_in_it():
    assert all(isinstance(one, NotedAdmin) for one in admin.site._registry.values())
    by_verbs = {
        model._meta.label for model, one in admin.site._registry.items() if one.is_noted_by_verbs()
    }
    assert by_verbs == set(VERBS_NOTE)


def test_every_action_of_the_admin_notes_it_or_says_why_not():
    there = {
        (model._meta.label, action if isinstance(action, str) else action.__name__)
        for model, one in admin.site._registry.items()
        for action in one.actions
    }
    usual = {(label, name) for label, name in ACTIONS if name == "delete_selected"}
    assert there == set(ACTIONS) - usual


def test_what_is_said_to_be_noted_is_a_kind():
    for said in (*DOORS.values(), *ACTIONS.values(), *VERBS_NOTE.values()):
        assert said <= set(KINDS) if isinstance(said, set) else said.endswith(".")
