"""What staff see and decide about points: the overview, multipliers, referrals."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils.timezone import now

from accounts.models import User
from gamification import ledger, referrals
from gamification.ledger import Payment, Source, pay
from gamification.models import BoardChoice, Challenge, Multiplier, Policy, Referral
from gamification.multiplier_making import announce
from tests.conftest import make_person
from tests.gamification.board_people import pay_lesson
from tests.gamification.contest_builders import make_past_season
from tests.gamification.referral_people import qualified

ROOM = "/studio/gamification/"
SECTIONS = ["", "multipliers/", "seasons/", "challenges/", "referrals/", "people/", "uncounted/"]
FORMS = ["multipliers/new/", "seasons/new/", "challenges/new/"]


@pytest.fixture
def clerk(db):
    """On the staff, with no right of their own."""
    return make_person("kim@example.org", "Kim", role=User.Role.ADMIN)


def text(answer):
    return " ".join(answer.content.decode().split())


def next_weekday(day, *, weeks=1):
    """A coming date: Monday is 0."""
    today = now().astimezone(UTC).date() + timedelta(weeks=weeks)
    return today + timedelta(days=(day - today.weekday()) % 7)


def span(**changes):
    """A form that announces from Thursday to the Tuesday after it."""
    begins = next_weekday(3)
    return {
        "title": "Autumn",
        "factor": "1.5",
        "course": "",
        "starts_at": f"{begins}T00:00",
        "ends_at": f"{begins + timedelta(days=5)}T00:00",
        **changes,
    }


@pytest.fixture
def flagged(ada):
    referral = qualified(ada, "Zoe")
    Referral.objects.update(flags=["network"])
    return referral


# ---- the door -----------------------------------------------------------------------------------


@pytest.mark.parametrize("section", [*SECTIONS, *FORMS])
def test_guests_sign_in_learners_find_nothing_and_staff_enter(
    section, client, desk, ada, as_, clerk
):
    assert client.get(ROOM + section).headers["Location"].startswith("/accounts/login/")
    assert as_(ada).get(ROOM + section).status_code == 404
    assert desk.get(ROOM + section).status_code == 200
    assert as_(clerk).get(ROOM + section).status_code == (403 if section in FORMS else 200)


def test_staff_without_a_second_factor_set_one_up(as_, root, settings):
    settings.DEMO_SCHOOL = False
    assert "2fa" in as_(root).get(ROOM).headers["Location"]


def test_the_studio_leads_here(desk):
    assert f'href="{ROOM}"' in desk.get("/studio/").content.decode()


@pytest.mark.parametrize(
    ("section", "queries"),
    [("", 11), ("multipliers/", 7), ("seasons/", 7), ("challenges/", 7), ("referrals/", 7),
     ("people/", 5), ("uncounted/", 7)],
)  # fmt: skip
def test_sections_take_the_same_queries_however_full(
    section, queries, desk, ada, course, flagged, root, django_assert_num_queries
):
    window = {"opens_at": now(), "closes_at": now() + timedelta(days=1)}
    for number in range(3):
        Multiplier.objects.create(
            title=f"M{number}", factor=2, made_by=root, announced_at=now() - timedelta(days=5),
            starts_at=now() - timedelta(days=3), ends_at=now() + timedelta(days=1 + number),
        )  # fmt: skip
        pay(ada, Payment(Source.LESSON, f"lesson:{number}", 10), now())
        Challenge.objects.create(slug=f"c{number}", title="C", course=course, **window)
        make_past_season(f"s{number}", ended=30 * number, days=7)
    desk.get("/studio/")
    with django_assert_num_queries(queries):
        assert desk.get(ROOM + section).status_code == 200


# ---- the overview -------------------------------------------------------------------------------


def test_an_empty_school_has_no_flags_and_divides_by_nothing(desk):
    html = text(desk.get(ROOM))
    assert "No flags." in html
    assert "Nothing is on or announced." in html


def test_numbers_are_of_learners_and_of_what_was_paid(desk, ada, bob, grace, root, flagged):
    pay_lesson(ada, 170)
    ledger.grant(bob, 30, by=root, reason="Thanks")
    BoardChoice.objects.create(user=ada, shown="NAME", is_listed=True)
    grace.profile.preferences = {"show_points": False}
    grace.profile.save()
    html = text(desk.get(ROOM))
    # Ada, Bob, Grace and whom Ada brought: Root is staff.
    assert html.count("2 of 4") == 1
    assert html.count("1 of 4") == 2
    assert "85%" in html
    assert "Of 200 XP in 90 days" in html
    assert "1 referral waits for somebody to look." in html
    assert "prove nothing" in html


def test_it_says_when_the_school_hides_points(desk):
    Policy.objects.create(show_points=False, boards=False)
    html = text(desk.get(ROOM))
    assert "hidden for everybody" in html
    assert "Boards are switched off." in html


@pytest.mark.parametrize(
    ("pays", "words"), [(True, "pay XP of their own."), (False, "work done again pay nothing")]
)
def test_it_says_whether_bonuses_pay(desk, pays, words):
    Policy.objects.create(bonuses_pay=pays)
    assert words in text(desk.get(ROOM))


# ---- multipliers --------------------------------------------------------------------------------


def test_one_is_announced_in_utc_whoever_types_it(desk, root):
    root.timezone = "Pacific/Auckland"
    root.save()
    answer = desk.post(f"{ROOM}multipliers/new/", span())
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ROOM}multipliers/")
    kept = Multiplier.objects.get()
    begins = datetime.combine(next_weekday(3), datetime.min.time(), UTC)
    assert (kept.starts_at, kept.made_by, kept.course) == (begins, root, None)
    html = text(desk.get(f"{ROOM}multipliers/"))
    assert "× 1.5" in html
    assert f"{begins:%Y}, 00:00" in html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_at": "2020-01-02T00:00"}, "at least 48 hours from now"),
        ({"ends_at": (timedelta(0), "10:00")}, "last at least 48 hours"),
        ({"ends_at": (timedelta(days=2), "00:00")}, "a day of a weekend"),
        ({"factor": "3"}, "Enter 2 or less"),
        ({"factor": "1"}, "Enter 1.01 or more"),
        ({"title": ""}, "Fill this in"),
        ({"starts_at": "soon"}, "Enter a date and a time."),
        ({"course": "x"}, "Select a valid choice"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_what_was_typed_stays(desk, changes, words):
    if isinstance(changes.get("ends_at"), tuple):
        later, hour = changes["ends_at"]
        changes = {"ends_at": f"{next_weekday(3) + later}T{hour}"}
    answer = desk.post(f"{ROOM}multipliers/new/", span(**changes))
    html = text(answer)
    assert answer.status_code == 422
    assert words in html
    for name, value in span(**changes).items():
        assert name == "course" or not value or f'value="{value}"' in html
    assert not Multiplier.objects.exists()


def test_what_has_begun_is_not_called_off(desk, root):
    coming = Multiplier(
        title="Coming", factor=2,
        starts_at=datetime.combine(next_weekday(3), datetime.min.time(), UTC),
        ends_at=datetime.combine(next_weekday(3), datetime.min.time(), UTC) + timedelta(days=5),
    )  # fmt: skip
    announce(coming, by=root)
    on = Multiplier.objects.create(
        title="On", factor=2, made_by=root, announced_at=now() - timedelta(days=5),
        starts_at=now() - timedelta(days=3), ends_at=now() + timedelta(days=1),
    )  # fmt: skip
    page = text(desk.get(f"{ROOM}multipliers/"))
    assert page.count("call-off") == 1
    address = f"{ROOM}multipliers/{coming.pk}/call-off/"
    assert [desk.post(address).status_code for _ in range(2)] == [303, 303]
    refused = desk.post(f"{ROOM}multipliers/{on.pk}/call-off/")
    assert refused.status_code == 409
    assert "it stays" in text(refused)
    assert list(Multiplier.objects.all()) == [on]
    assert desk.get(address).status_code == 405


# ---- referrals ----------------------------------------------------------------------------------


def decide(browser, referral, decision="accept", reason="One school", query=""):
    data = {"decision": decision, "reason": reason}
    return browser.post(f"{ROOM}referrals/{referral.pk}/decision/{query}", data)


def test_a_flagged_one_stands_with_what_is_unusual_and_what_was_learned(desk, flagged):
    html = text(desk.get(f"{ROOM}referrals/"))
    assert "Ada</bdi> brought <bdi>Zoe" in html
    assert "from the network of the referrer" in html
    assert "learned on 1 day, finished 0 lessons and passed no assignment and no quiz" in html


def test_accepted_it_is_paid_and_gone_from_the_list(desk, ada, flagged, root):
    answer = decide(desk, flagged, query="?show=&page=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ROOM}referrals/?show=")
    assert ledger.total_of(ada) == 100
    assert "No flags" in text(desk.get(f"{ROOM}referrals/"))
    html = text(desk.get(f"{ROOM}referrals/?show=rewarded"))
    assert "Decided by <bdi>Root</bdi>: One school" in html
    again = decide(desk, flagged)
    assert again.status_code == 409
    assert "Somebody has decided" in text(again)


def test_rejected_and_taken_back_it_pays_nothing(desk, ada, flagged):
    decide(desk, flagged)
    taken = decide(desk, flagged, "reject", "The same person")
    assert taken.status_code == 303
    assert ledger.total_of(ada) == 0
    assert decide(desk, flagged, "reject", "Again").status_code == 409
    html = text(desk.get(f"{ROOM}referrals/?show=ended"))
    assert "The same person" in html
    assert 'name="decision"' not in html


@pytest.mark.parametrize(
    ("decision", "reason", "words"),
    [("accept", " ", "Say why."), ("", "Why not", "Choose what"), ("pay", "Why not", "valid"),
     ("reject", "x" * 301, "longer than 300"), ("reject", "a\ufffdb", "cannot be kept")],
)  # fmt: skip
def test_without_reason_or_decision_nothing_changes(desk, ada, flagged, decision, reason, words):
    answer = decide(desk, flagged, decision, reason)
    assert answer.status_code == 422
    assert words in text(answer)
    assert list(referrals.to_look_at()) == [flagged]


def test_the_right_to_decide_is_one_of_its_own(as_, clerk, flagged):
    browser = as_(clerk)
    assert 'name="decision"' not in browser.get(f"{ROOM}referrals/").content.decode()
    assert decide(browser, flagged).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="change_referral"))
    assert decide(browser, flagged).status_code == 303


def test_a_list_that_is_not_there_is_the_first(desk, flagged):
    assert "brought" in text(desk.get(f"{ROOM}referrals/?show=%00&page=x".replace("%00", "zz")))
