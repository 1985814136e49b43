"""Points that staff give and take back, and seasons and challenges that they make."""

from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.utils.timezone import now

from gamification import challenges, ledger, referrals
from gamification.models import (
    BoardRow,
    Challenge,
    Referral,
    Season,
    SeasonResult,
    XPTransaction,
)
from tests.assessments.code_builders import make_lesson_for
from tests.gamification.board_people import pay_lesson
from tests.gamification.contest_builders import (
    earn,
    make_open_challenge,
    make_open_season,
    make_past_season,
)
from tests.gamification.referral_people import qualified

ROOM = "/studio/gamification/"


def text(answer):
    return " ".join(answer.content.decode().split())


def stamp(moment):
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}"


# ---- one person ---------------------------------------------------------------------------------


def test_somebody_is_found_by_their_whole_address(desk, ada):
    answer = desk.post(f"{ROOM}people/", {"email": "ADA@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ROOM}people/{ada.pk}/")


@pytest.mark.parametrize(
    ("email", "words"),
    [("nobody@example.org", "Nobody here"), ("ada", "valid email"), ("", "Enter their")],
)
def test_nobody_is_said_so_and_what_was_typed_stays(desk, email, words):
    answer = desk.post(f"{ROOM}people/", {"email": email})
    assert answer.status_code == 422
    assert words in text(answer)
    assert not email or f'value="{email}"' in text(answer)


def test_a_gift_is_given_once_and_read(desk, ada, root, as_, django_assert_num_queries):
    address = f"{ROOM}people/{ada.pk}/"
    gift = {"base": "40", "reason": "Found a mistake"}
    assert [desk.post(address, gift).status_code for _ in range(2)] == [303, 303]
    assert ledger.total_of(ada) == 40
    desk.post(address, {**gift, "reason": "Found another"})
    assert ledger.total_of(ada) == 80
    desk.get(address)
    with django_assert_num_queries(8):
        html = text(desk.get(address))
    assert "Given by staff: <bdi>Found a mistake</bdi>" in html
    assert html.count("/reversal/") == 2
    assert "Found a mistake" in text(as_(ada).get("/progress/history/"))


@pytest.mark.parametrize(
    ("gift", "words"),
    [({"base": "0", "reason": "x"}, "Enter 1 or more"), ({"base": "1001", "reason": "x"}, "1000"),
     ({"base": "5", "reason": " "}, "Say why."), ({"base": "", "reason": "x"}, "how many")],
)  # fmt: skip
def test_a_gift_without_bounds_or_reason_is_refused(desk, ada, gift, words):
    answer = desk.post(f"{ROOM}people/{ada.pk}/", gift)
    assert answer.status_code == 422
    assert words in text(answer)
    assert ledger.total_of(ada) == 0


def test_nobody_gives_to_themself(desk, root):
    assert "Give XP" not in text(desk.get(f"{ROOM}people/{root.pk}/"))
    answer = desk.post(f"{ROOM}people/{root.pk}/", {"base": "5", "reason": "Me"})
    assert answer.status_code == 422
    assert ledger.total_of(root) == 0


def test_an_entry_is_taken_back_with_a_reason_and_once(desk, ada):
    entry = pay_lesson(ada, 10)
    address = f"{ROOM}entries/{entry.pk}/reversal/"
    assert "Take 10 XP back" in text(desk.get(address))
    assert desk.post(address, {"reason": ""}).status_code == 422
    assert [desk.post(address, {"reason": "Copied"}).status_code for _ in range(2)] == [303, 303]
    assert ledger.total_of(ada) == 0
    counter = XPTransaction.objects.get(source_type="REVERSAL")
    assert "It was taken back on" in text(desk.get(address))
    assert desk.get(f"{ROOM}entries/{counter.pk}/reversal/").status_code == 404


def test_an_address_never_stands_in_an_address(desk, ada):
    assert desk.get(f"{ROOM}people/", {"email": "ada@example.org"}).status_code == 200
    assert '<form class="form" method="post"' in text(desk.get(f"{ROOM}people/"))


def test_nobody_takes_back_from_themself(desk, root):
    entry = pay_lesson(root, 10)
    answer = desk.post(f"{ROOM}entries/{entry.pk}/reversal/", {"reason": "Mine"})
    assert answer.status_code == 422
    assert "Nobody takes XP back from themself." in text(answer)
    assert ledger.total_of(root) == 10


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_nobody_decides_about_a_reward_of_their_own(desk, root, decision):
    referral = qualified(root, "Zoe")
    if decision == "reject":
        referrals.settle(referral.pk)
    else:
        Referral.objects.update(flags=["network"])
    before = ledger.total_of(root)
    given = {"decision": decision, "reason": "Mine"}
    answer = desk.post(f"{ROOM}referrals/{referral.pk}/decision/", given)
    assert answer.status_code == 409
    assert "themself" in text(answer)
    assert ledger.total_of(root) == before


def test_a_reward_that_is_taken_back_ends_its_referral(desk, ada):
    referral = qualified(ada, "Zoe")
    referrals.settle(referral.pk)
    entry = XPTransaction.objects.get(user=ada)
    desk.post(f"{ROOM}entries/{entry.pk}/reversal/", {"reason": "Refunded"})
    assert Referral.objects.get().state == "REJECTED"
    assert ledger.total_of(ada) == 0


def test_what_was_ticked_is_listed_with_who_did(desk, ada):
    for _ in range(21):
        pay_lesson(ada, 10)
    html = text(desk.get(f"{ROOM}uncounted/"))
    assert html.count("<tr>") == 2
    rows = XPTransaction.objects.filter(source_type="LESSON", board_points=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "xp_uncounted" in rows.explain()
    assert "Ada" in html


# ---- seasons ------------------------------------------------------------------------------------


def season(**changes):
    begins = now() + timedelta(days=10)
    return {
        "title": "Winter",
        "slug": "",
        "theme": "Short days",
        "starts_at": stamp(begins),
        "ends_at": stamp(begins + timedelta(days=40)),
        "goal_days": "20",
        **changes,
    }


def test_a_season_is_announced_changed_and_then_stays(desk):
    assert desk.post(f"{ROOM}seasons/new/", season()).status_code == 303
    address = f"{ROOM}seasons/winter/"
    assert 'value="Winter"' in text(desk.get(address))
    assert desk.post(address, season(slug="winter", title="Deep winter")).status_code == 303
    assert Season.objects.get().title == "Deep winter"
    Season.objects.update(starts_at=now() - timedelta(days=1))
    refused = desk.post(address, season(slug="winter", title="Later"))
    assert refused.status_code == 409
    assert "it stays as it is" in text(refused)
    assert Season.objects.get().title == "Deep winter"


@pytest.mark.parametrize("is_new", [True, False])
def test_a_season_with_a_start_in_the_past_finds_the_points_that_are_there(desk, bob, is_new):
    earn(bob, 10, now() - timedelta(days=1))
    address = f"{ROOM}seasons/new/"
    if not is_new:
        desk.post(address, season())
        address = f"{ROOM}seasons/winter/"
    given = season(slug="winter", starts_at=stamp(now() - timedelta(days=2)))
    assert desk.post(address, given).status_code == 303
    period = Season.objects.get().period
    assert BoardRow.objects.get(board__period=period, board__scope="school").points == 10


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"title": ""}, "required"), ({"ends_at": "2020-01-01T00:00"}, "after it begins"),
     ({"slug": "new"}, "taken"), ({"slug": "a b"}, "slug"), ({"title": "日本"}, "no letters"),
     ({"goal_days": "-1"}, "or more")],
)  # fmt: skip
def test_a_season_that_makes_no_sense_is_refused(desk, changes, words):
    answer = desk.post(f"{ROOM}seasons/new/", season(**changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Short days" in text(answer)
    assert not Season.objects.exists()


def test_a_second_season_in_the_same_weeks_is_refused(desk):
    make_open_season()
    answer = desk.post(f"{ROOM}seasons/new/", season(starts_at=stamp(now() + timedelta(days=5))))
    assert answer.status_code == 422
    assert "Another season lies in these weeks." in text(answer)


def test_a_season_is_closed_when_it_is_final_and_not_before(desk, bob):
    early, final = make_past_season("early", ended=3, days=7), make_past_season("final", ended=20)
    earn(bob, 10, final.starts_at)
    refused = desk.post(f"{ROOM}seasons/early/close/")
    assert refused.status_code == 409
    assert "not final yet" in text(refused)
    for _ in range(2):
        assert desk.post(f"{ROOM}seasons/final/close/").status_code == 303
    assert SeasonResult.objects.get().user == bob
    early.refresh_from_db()
    assert early.closed_at is None


# ---- challenges ---------------------------------------------------------------------------------


@pytest.fixture
def tasks(lessons):
    module = lessons[0].module
    return [
        make_lesson_for(module, f"task-{n}", position=60 + n, title=f"Task {n}") for n in (1, 2)
    ]


def challenge(tasks, **changes):
    return {
        "title": "Sprint",
        "slug": "",
        "lessons": [str(one.pk) for one in tasks],
        "opens_at": stamp(now() + timedelta(days=1)),
        "closes_at": stamp(now() + timedelta(days=3)),
        "minutes": "45",
        "rules": "Alone.",
        **changes,
    }


def test_a_challenge_is_made_of_a_course_changed_and_published(desk, course, tasks):
    new = f"{ROOM}challenges/new/"
    assert "Python from zero" in text(desk.get(new))
    assert "Task 2" in text(desk.get(f"{new}?course={course.slug}"))
    assert desk.post(f"{new}?course={course.slug}", challenge(tasks)).status_code == 303
    kept = Challenge.objects.get()
    assert (kept.slug, kept.is_published, kept.tasks.count()) == ("sprint", False, 2)
    address = f"{ROOM}challenges/sprint/"
    assert text(desk.get(address)).count("checked") == 2
    assert desk.post(address, challenge(tasks[:1], slug="sprint")).status_code == 303
    assert kept.tasks.count() == 1
    for _ in range(2):
        assert desk.post(f"{address}publish/").status_code == 303
    assert Challenge.objects.get().is_published


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"lessons": []}, "at least one task"), ({"minutes": "4"}, "minutes"),
     ({"closes_at": "2020-01-01T00:00"}, "after it opens"), ({"title": ""}, "required")],
)  # fmt: skip
def test_a_challenge_that_makes_no_sense_is_refused(desk, course, tasks, changes, words):
    answer = desk.post(f"{ROOM}challenges/new/?course={course.slug}", challenge(tasks, **changes))
    assert answer.status_code == 422
    assert words in text(answer)
    assert "Alone." in text(answer)
    assert not Challenge.objects.exists()


def test_one_that_somebody_has_started_stays(desk, ada, course, tasks):
    begun = make_open_challenge(course)
    challenges.start(ada, begun)
    answer = desk.post(f"{ROOM}challenges/{begun.slug}/", challenge(tasks))
    assert answer.status_code == 409
    assert "It stays as it is." in text(answer)
    assert f"{ROOM}challenges/{begun.slug}/" not in text(desk.get(f"{ROOM}challenges/"))


def test_one_whose_window_is_past_is_not_published(desk, course):
    late = make_open_challenge(course)
    Challenge.objects.update(is_published=False, closes_at=now() - timedelta(minutes=1))
    answer = desk.post(f"{ROOM}challenges/{late.slug}/publish/")
    assert answer.status_code == 409
    assert "Choose a later one." in text(answer)


@pytest.mark.parametrize("blind", [1, 9])
@pytest.mark.parametrize("model", [Season, Challenge])
def test_of_two_who_post_one_address_at_once_the_second_is_told(
    desk, course, tasks, monkeypatch, model, blind
):
    """The form, or the verb too, looks before the other's is there; the database sees both."""
    make_past_season("taken")
    make_open_challenge(course, slug="taken")
    looked, look = [], model.validate_unique

    def look_early(self, exclude=None):
        looked.append(self)
        return look(self, exclude) if len(looked) > blind else None

    monkeypatch.setattr(model, "validate_unique", look_early)
    if model is Season:
        answer = desk.post(f"{ROOM}seasons/new/", season(slug="taken"))
    else:
        new = f"{ROOM}challenges/new/?course={course.slug}"
        answer = desk.post(new, challenge(tasks, slug="taken"))
    assert answer.status_code == 422
    words = "This address is taken." if blind > 1 else "with this Slug already exists."
    assert words in text(answer)
    assert model.objects.count() == 1


def test_without_assignments_there_is_nothing_to_choose(desk, course):
    assert "No course has assignments" in text(desk.get(f"{ROOM}challenges/new/"))
    assert desk.get(f"{ROOM}challenges/new/?course={course.slug}").status_code == 404
