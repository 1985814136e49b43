"""The page of an import: its plan, the word to do it, and what it did."""

import pytest
from django.contrib.messages import get_messages

from accounts.models import User
from courses.models import Course, CourseImport, Lesson
from studio import course_importing, course_imports
from studio.course_imports import Choices, Gone
from tests.conftest import make_person
from tests.studio.test_assignment_pages import text
from tests.studio.test_import_folder import lesson
from tests.studio.uploading import archive, bring, stored, upload

pytestmark = pytest.mark.django_db
__all__ = ["upload"]
Status = CourseImport.Status


@pytest.fixture
def teacher(db) -> User:
    return make_person("tea@example.org", "Tea", role=User.Role.ADMIN, is_superuser=True)


class TestPlanning:
    def test_a_plan_says_what_would_change_and_changes_nothing(self, desk, upload):
        row = upload()
        assert row.status == Status.READY
        assert not Course.objects.exists()
        html = text(desk.get(row.get_absolute_url()))
        assert "The plan: 4 changes" in html
        assert "This makes a new course: <strong>Tea</strong>" in html
        assert "<span>+ 4 new</span>" in html
        assert "Lesson <strong>“Boil”</strong>" in html
        assert "1 warning" in html
        assert "01-water/02-cool.md:" in html
        assert "Import now" in html

    def test_while_it_is_worked_out_the_page_asks_again(self, desk, root):
        row = course_imports.ask(root, archive(), "tea.zip")
        html = text(desk.get(row.get_absolute_url()))
        assert 'hx-trigger="every 2s"' in html
        assert "Check again" in html
        assert "Import now" not in html
        piece = desk.get(row.get_absolute_url(), headers={"HX-Request": "true"})
        assert "<h1" not in text(piece)
        assert "HX-Trigger" not in piece
        course_importing.plan(row.pk)
        piece = desk.get(row.get_absolute_url(), headers={"HX-Request": "true"})
        assert "hx-trigger" not in text(piece)
        assert "The plan: 4 changes." in piece["HX-Trigger"]

    def test_a_refusal_says_every_reason_in_words_of_the_page(self, desk, upload, course):
        Course.objects.filter(pk=course.pk).update(slug="tea")
        row = upload()
        assert row.status == Status.REFUSED
        html = text(desk.get(row.get_absolute_url()))
        assert "was written on the site. “Take the folder’s side” replaces it." in html
        assert "Import now" not in html
        course_imports.choose(row.pk, row.by, Choices(overwrite=True))
        assert course_importing.plan(row.pk).status == Status.READY

    def test_conflicts_come_first_and_the_folders_side_may_be_taken(self, desk, upload):
        bring(upload())
        Lesson.objects.filter(key="boil").update(title="Mine")
        row = upload(archive(**{"01-water/01-boil.md": lesson("Theirs", id="boil")}))
        html = text(desk.get(row.get_absolute_url()))
        assert "1 conflict" in html
        assert "The plan: nothing would change" in html
        assert "Import now" not in html
        answer = desk.post(row.get_absolute_url(), {"do": "choose", "overwrite": "on"})
        assert answer.status_code == 303
        row = course_importing.plan(row.pk)
        assert row.overwrite
        html = text(desk.get(row.get_absolute_url()))
        assert "conflict" not in html
        assert "~ 1 changed" in html
        bring(row)
        assert Lesson.objects.get(key="boil").title == "Theirs"

    def test_words_of_authors_stay_as_they_are(self, desk, upload):
        bring(upload())
        again = {"01-water/01-boil.md": lesson("Boil", "Say --publish or content.", id="boil")}
        row = upload(archive(**again))
        row.plan["nodes"].append(
            {"action": "skipped", "kind": "file", "key": "x", "detail": "The status of content"}
        )
        row.plan["warnings"] = [{"path": "", "line": 0, "message": "No page git --publish."}]
        row.save()
        html = text(desk.get(row.get_absolute_url()))
        assert "changed: text<" in html
        assert "left out: The status of content<" in html
        assert "No page git --publish." in html

    def test_a_long_plan_is_folded_by_module(self, desk, upload):
        many = {f"02-many/{n:02}-l.md": lesson(f"L{n}", id=f"l{n}") for n in range(40)}
        row = upload(archive(**many))
        html = text(desk.get(row.get_absolute_url()))
        assert '<details class="fold" open>' not in html
        assert "<span>+ 41 new</span>" in html
        bring(row)
        html = text(desk.get(upload(archive(**many)).get_absolute_url()))
        assert "41 unchanged</summary>" in html

    def test_many_warnings_are_folded_but_for_the_first(self, desk, upload):
        row = upload()
        for number, folded in ((8, ""), (9, "1 more warning</summary>")):
            row.plan["warnings"] = [
                {"path": "", "line": 0, "message": f"W{n}."} for n in range(number)
            ]
            row.save()
            html = text(desk.get(row.get_absolute_url()))
            assert f"{number} warnings" in html
            assert ("more warning" in html) == bool(folded)
            assert folded in html
            assert f"W{number - 1}." in html

    def test_what_learners_notice_stands_first(self, desk, upload):
        row = upload()
        row.plan["effects"] = ["3 learners lose <nothing>."]
        row.save()
        assert "<li>3 learners lose &lt;nothing&gt;.</li>" in text(desk.get(row.get_absolute_url()))

    def test_the_page_asks_as_often_for_a_longer_plan(
        self, desk, upload, django_assert_num_queries
    ):
        many = {f"02-many/{n:02}-l.md": lesson(f"L{n}", id=f"l{n}") for n in range(40)}
        desk.get("/studio/imports/")
        for row in (upload(), upload(archive(**many))):
            with django_assert_num_queries(5):
                desk.get(row.get_absolute_url())


class TestImporting:
    def test_yes_does_what_the_plan_said_and_forgets_the_file(self, desk, upload):
        row = upload()
        form = {"do": "import", "seen": row.version}
        assert desk.post(row.get_absolute_url(), form).status_code == 303
        row.refresh_from_db()
        assert row.status == Status.APPLYING
        assert "The course is being imported" in text(desk.get(row.get_absolute_url()))
        row = course_importing.apply(row.pk)
        assert row.status == Status.DONE
        assert Course.objects.get().title == "Tea"
        assert not stored(row)
        html = text(desk.get(row.get_absolute_url()))
        assert "Imported: 4 changes" in html
        assert 'href="/studio/courses/tea/"' in html

    def test_said_twice_it_is_done_once(self, desk, upload):
        row = upload()
        form = {"do": "import", "seen": row.version}
        for _ in range(2):
            assert desk.post(row.get_absolute_url(), form).status_code == 303
        assert course_importing.apply(row.pk).status == Status.DONE
        assert course_importing.apply(row.pk) is None
        assert desk.post(row.get_absolute_url(), form).status_code == 303
        assert CourseImport.objects.get().status == Status.DONE

    def test_the_same_course_again_changes_nothing_and_says_so(self, desk, upload):
        bring(upload())
        again = upload(publish=True)
        assert "The plan: nothing would change" in text(desk.get(again.get_absolute_url()))
        again = bring(again)
        assert "Imported: nothing changed" in text(desk.get(again.get_absolute_url()))

    def test_a_course_that_changed_meanwhile_is_shown_anew_and_nothing_is_done(self, desk, upload):
        bring(upload())
        row = upload(archive(**{"01-water/01-boil.md": lesson("Theirs", id="boil")}))
        course_imports.confirm(row.pk, row.by)
        Lesson.objects.filter(key="boil").update(title="Mine")
        row = course_importing.apply(row.pk)
        assert (row.status, row.is_changed, row.report) == (Status.READY, True, {})
        assert Lesson.objects.get(key="boil").title == "Mine"
        assert stored(row)
        html = text(desk.get(row.get_absolute_url()))
        assert "The course was changed after the plan was shown, so nothing was imported." in html

    def test_a_plan_that_was_not_seen_is_not_said_yes_to(self, desk, upload):
        row = upload()
        answer = desk.post(row.get_absolute_url(), {"do": "import", "seen": "2026-01-01"})
        assert answer.status_code == 409
        assert "The plan has changed since this page was opened." in text(answer)

    def test_other_choices_make_another_plan_before_anything_is_done(self, desk, upload):
        row = upload()
        form = {"do": "import", "seen": row.version, "publish": "on"}
        answer = desk.post(row.get_absolute_url(), form)
        told = [str(one) for one in get_messages(answer.wsgi_request)]
        assert told[-1] == "With other choices this is another plan: look at it first."
        row.refresh_from_db()
        assert (row.status, row.publish) == (Status.PLANNING, True)

    def test_nothing_that_was_not_planned_is_said_yes_to(self, desk, root):
        row = course_imports.ask(root, archive(), "tea.zip")
        assert desk.post(row.get_absolute_url(), {"do": "import"}).status_code == 409

    def test_discarding_forgets_the_upload(self, desk, upload, django_capture_on_commit_callbacks):
        row = upload()
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post(row.get_absolute_url(), {"do": "discard"})
        assert answer["Location"] == "/studio/imports/"
        assert not CourseImport.objects.exists()
        assert not stored(row)
        assert desk.get(row.get_absolute_url()).status_code == 404

    def test_discarding_twice_leads_to_the_same_page(self, desk, upload):
        row = upload()
        for _ in range(2):
            answer = desk.post(row.get_absolute_url(), {"do": "discard"})
            assert (answer.status_code, answer["Location"]) == (303, "/studio/imports/")
        told = [str(one) for one in get_messages(answer.wsgi_request)]
        assert told.count("tea.zip is discarded. Nothing was changed.") == 1

    def test_what_is_discarded_meanwhile_is_not_found(self, desk, upload, monkeypatch):
        def discarded(key, *_, **__):
            CourseImport.objects.filter(pk=key).delete()
            raise Gone("This import was discarded.")

        row = upload()
        monkeypatch.setattr(course_imports, "confirm", discarded)
        answer = desk.post(row.get_absolute_url(), {"do": "import", "seen": row.version})
        assert answer.status_code == 404

    def test_what_was_imported_is_not_discarded(self, desk, upload):
        row = bring(upload())
        answer = desk.post(row.get_absolute_url(), {"do": "discard"})
        assert answer.status_code == 409
        assert "This import is over." in text(answer)

    def test_a_colleague_looks_but_does_not_decide(self, as_, teacher, upload):
        row = upload()
        html = text(as_(teacher).get(row.get_absolute_url()))
        assert "root@example.org asked for this import, and decides about it." in html
        assert "Import now" not in html
        for wanted in ("import", "choose", "discard"):
            form = {"do": wanted, "seen": row.version}
            assert as_(teacher).post(row.get_absolute_url(), form).status_code == 409
        row.refresh_from_db()
        assert row.status == Status.READY
