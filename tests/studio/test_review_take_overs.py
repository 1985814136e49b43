"""A review that one began and another goes on with: nobody's words pass for another's."""

import pytest

from assessments.attempts import finish_attempt, start_attempt
from assessments.models import AttemptAnalysis, Remark, Review
from assessments.reviewing import reviews
from assessments.reviewing.telling import tell
from tests.assessments.code_builders import make_assignment
from tests.assessments.review_builders import decide, draft_of, hand_in, run_out
from tests.conftest import make_reviewer
from tests.studio.test_review_desk import desk_of, text, typed

YOURS = "What you change from here is yours."


@pytest.fixture
def kim(db):
    return make_reviewer("kim@example.org", "Kim")


@pytest.fixture
def lee(db):
    return make_reviewer("lee@example.org", "Lee")


@pytest.fixture
def review(ada, lessons, kim):
    submission = hand_in(ada, make_assignment(lessons[0].module))
    return reviews.claim(reviews.put_in_queue(submission, Review.Reason.DRAFT).pk, kim)


@pytest.fixture
def begun(review, kim, as_):
    """Kim has written a message, a remark and a note, and given it back."""
    said = typed(review, {"text": "By Kim alone."}, text="Kim says this.", note="Kim's note.")
    as_(kim).post(desk_of(review), {**said, "go": "release"})
    return review


@pytest.fixture
def taken(begun, lee, as_):
    """Lee goes on with it."""
    reviews.claim(begun.pk, lee)
    return as_(lee)


def page(browser, review):
    return " ".join(text(browser.get(desk_of(review))).split())


def write_over(browser, review, **fields):
    key = Remark.objects.get().pk
    said = typed(review, {"pk": key, "text": "Lee's remark."}, text="Lee says that.", **fields)
    assert browser.post(desk_of(review), said).status_code == 303


def test_who_goes_on_is_told_whose_words_these_are(begun, taken):
    html = page(taken, begun)
    assert f"Begun by <bdi>Kim</bdi>. {YOURS}" in html
    assert "By <bdi>Kim</bdi></span>" in html
    assert ">Yours<" not in html
    assert "Kim says this.</textarea>" in html


def test_what_is_written_over_stays_readable_for_both(begun, taken, kim, as_):
    write_over(taken, begun)
    html = page(taken, begun)
    assert f"Begun by <bdi>Kim</bdi>. {YOURS}" in html
    assert ">Yours<" in html
    for reader, whose in ((taken, "<bdi>Kim</bdi>"), (as_(kim), "you")):
        html = page(reader, begun)
        assert f"What {whose} had written" in html
        for words in ("Kim says this.</pre>", "By Kim alone.</pre>", "Kim&#x27;s note.</pre>"):
            assert words in html


def test_a_remark_that_nobody_touched_stays_that_of_who_wrote_it(begun, taken):
    key = Remark.objects.get().pk
    said = typed(begun, {"pk": key, "text": "By Kim alone."}, {"text": "Lee's."}, text="Lee says.")
    taken.post(desk_of(begun), said)
    html = page(taken, begun)
    assert html.count("By <bdi>Kim</bdi></span>") == 1
    assert html.count(">Yours<") == 1


def test_a_claim_that_ran_out_is_taken_over_alike(review, kim, lee, as_):
    as_(kim).post(desk_of(review), typed(review, {"text": "By Kim alone."}, text="Kim says this."))
    run_out(review)
    reviews.claim(review.pk, lee)
    assert f"Begun by <bdi>Kim</bdi>. {YOURS}" in page(as_(lee), review)


def test_who_comes_back_reads_what_the_other_made_of_it(begun, taken, kim, lee, as_):
    write_over(taken, begun)
    reviews.release(begun.pk, lee)
    reviews.claim(begun.pk, kim)
    html = page(as_(kim), begun)
    assert f"<bdi>Lee</bdi> went on with what you had begun. {YOURS}" in html
    assert "By <bdi>Lee</bdi></span>" in html
    as_(kim).post(desk_of(begun), typed(begun, text="Kim again."))
    html = page(as_(kim), begun)
    for words in ("Kim says this.</pre>", "Lee says that.</pre>", "Kim again.</textarea>"):
        assert words in html


def test_who_goes_on_with_own_words_is_told_nothing(begun, kim, as_):
    reviews.claim(begun.pk, kim)
    html = page(as_(kim), begun)
    assert 'id="begun"' not in html
    assert ">Yours<" in html


def test_a_draft_alone_was_begun_by_nobody(review, kim, lee, as_):
    draft_of(review.submission, "One.")
    as_(kim).post(desk_of(review), typed(review, text="Looks fine.", overall="60"))
    reviews.release(review.pk, kim)
    reviews.claim(review.pk, lee)
    assert 'id="begun"' not in page(as_(lee), review)


def test_what_is_the_same_again_takes_nothing_over(begun, taken):
    key = Remark.objects.get().pk
    same = typed(
        begun, {"pk": key, "text": "By Kim alone."}, text="Kim says this.", note="Kim's note."
    )  # fmt: skip
    taken.post(desk_of(begun), same)
    row = Review.objects.get()
    assert (row.earlier, row.writer.name) == (None, "Kim")


def test_the_words_on_an_earlier_attempt_are_found_though_they_were_written_over(
    begun, taken, ada, kim, as_
):
    Remark.objects.all().delete()
    taken.post(desk_of(begun), typed(begun, text=""))
    newer = hand_in(ada, begun.submission.assignment)
    other = reviews.put_in_queue(newer, Review.Reason.DRAFT)
    assert "the words on attempt 1</a>" in page(as_(kim), other)


def test_what_was_put_by_is_forgotten_once_it_is_sent(begun, taken, lee):
    write_over(taken, begun)
    assert Review.objects.get().earlier
    decide(begun, lee)
    assert tell(begun.pk)
    assert Review.objects.get().earlier is None
    assert "Kim says this." not in page(taken, begun)


def test_taking_over_asks_no_more_than_the_desk_may(begun, taken, django_assert_max_num_queries):
    write_over(taken, begun)
    page(taken, begun)
    with django_assert_max_num_queries(12):
        taken.get(desk_of(begun))


@pytest.mark.parametrize("go", ["save", "discard"])
def test_words_about_a_quiz_are_kept_alike(go, ada, quiz, kim, lee, as_):
    attempt, _ = start_attempt(ada, quiz)
    drafted = {"text": "Words of a model.", "held": []}
    AttemptAnalysis.objects.create(
        attempt=finish_attempt(attempt).attempt, kind="AI", text=drafted["text"], drafted=drafted
    )
    review = reviews.put_in_queue(attempt, Review.Reason.HELP)
    reviews.claim(review.pk, kim)
    said = {"version": 0, "text": "Kim says this.", "go": "release"}
    as_(kim).post(desk_of(review), said)
    reviews.claim(review.pk, lee)
    html = page(as_(lee), review)
    assert f"Begun by <bdi>Kim</bdi>. {YOURS}" in html
    review.refresh_from_db()
    as_(lee).post(desk_of(review), {"version": review.version, "text": "Lee says.", "go": go})
    for reader in (kim, lee):
        assert "Kim says this.</pre>" in page(as_(reader), review)
