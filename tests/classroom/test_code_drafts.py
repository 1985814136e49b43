"""What is typed and kept: two windows, what cannot be kept, too much at once."""

import pytest

from assessments.models import Assignment, Draft
from tests.assessments.code_builders import WRONG, make_assignment
from tests.classroom.code_pages import HTMX, text_of

REFUSED = "Source must be UTF-8 text of at most 64 KB."


@pytest.fixture
def assignment(lessons) -> Assignment:
    return make_assignment(lessons[0].module)


class TestDrafts:
    def test_saving_tells_the_time_and_the_next_version(self, ada, as_, assignment):
        data = {"source": WRONG, "draft": "0"}
        answer = as_(ada).post(f"/assignments/{assignment.pk}/draft/", data, headers=HTMX)
        assert answer.status_code == 200
        assert "Saved " in text_of(answer)
        assert 'name="draft" value="1"' in text_of(answer)

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_another_window_is_not_overruled_unless_wanted(self, ada, as_, assignment, headers):
        browser, address = as_(ada), f"/assignments/{assignment.pk}/draft/"
        browser.post(address, {"source": "# theirs", "draft": "0"})
        answer = browser.post(address, {"source": "# mine", "draft": "0"}, headers=headers)
        assert answer.status_code == 409
        assert "# theirs" in text_of(answer)
        assert "Keep mine" in text_of(answer)
        assert Draft.objects.get().source == "# theirs"
        keep = {"source": "# mine", "draft": "0", "theirs": "1", "go": "mine"}
        assert browser.post(address, keep, headers=headers).status_code in (200, 303)
        assert Draft.objects.get().source == "# mine"

    def test_what_cannot_be_kept_stands_in_the_editor_again(self, ada, as_, assignment):
        data = {"source": "# a\x00b", "draft": "0"}
        answer = as_(ada).post(f"/assignments/{assignment.pk}/draft/", data)
        assert answer.status_code == 422
        assert REFUSED in text_of(answer)
        assert "# a\ufffdb" in text_of(answer)
        assert not Draft.objects.exists()

    def test_too_many_in_a_minute_wait(self, ada, as_, assignment):
        browser, address = as_(ada), f"/assignments/{assignment.pk}/draft/"
        for number in range(60):
            data = {"source": f"# {number}", "draft": str(number)}
            assert browser.post(address, data, headers=HTMX).status_code == 200
        answer = browser.post(address, {"source": "# x", "draft": "60"}, headers=HTMX)
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60
        assert Draft.objects.get().source == "# 59"

    def test_a_form_without_code_leaves_the_draft_as_it_is(self, ada, as_, assignment):
        browser, address = as_(ada), f"/assignments/{assignment.pk}/draft/"
        browser.post(address, {"source": "# mine", "draft": "0"})
        assert browser.post(address, {"draft": "1"}).status_code == 422
        assert Draft.objects.get().source == "# mine"
