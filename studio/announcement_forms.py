"""Forms of announcements: what is said to whom, and when."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.replies import is_text
from courses.markdown import lines_with_html, lines_with_pictures
from courses.models import Course
from courses.texts import validate_line
from notifications.announcing import Words
from notifications.models import Announcement
from studio.access import TO_COURSES, TO_EVERYBODY
from studio.admin.assignment_forms import plain_lines
from studio.authoring_forms import TITLE_MISSING, plain
from studio.forms import NO_TEXT
from studio.motivation_forms import Moment

SCHOOL = "school"
NO_PICTURE = gettext_lazy(
    "Line %(line)s has a picture. Pictures are not shown in announcements: write a link to it, "
    "such as [the plan](https://example.org/plan.png)."
)

NO_HTML = gettext_lazy(
    "Line %(line)s has HTML, which is not shown in announcements: write it in Markdown, or put it "
    "between `backticks` if it is code."
)


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom it is for is always chosen: everybody is nobody's default."""

    to = forms.ChoiceField(
        label=gettext_lazy("For"),
        error_messages={
            "required": gettext_lazy("Choose whom it is for."),
            "invalid_choice": gettext_lazy("Choose again."),
        },
    )
    field_order = ("to", "title", "text")

    class Meta:
        model = Announcement
        fields = ("title", "text")
        help_texts = {
            "title": gettext_lazy(
                "It stands in people’s notifications and in the subject of a mail."
            ),
            "text": gettext_lazy("Markdown. It is read on a page of its own."),
        }
        error_messages = {
            "title": TITLE_MISSING,
            "text": {"required": gettext_lazy("Enter the text.")},
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [("", gettext("Choose…")), *choices_for(by)]
        if not self.instance._state.adding:
            to.initial = str(self.instance.course_id or SCHOOL)
        self.fields["title"].validators.append(validate_line)
        plain(self)

    def clean_text(self) -> str:
        text = plain_lines(self.cleaned_data["text"])
        if not is_text(text, Announcement._meta.get_field("text").max_length or 0):
            raise forms.ValidationError(NO_TEXT)
        if lines := lines_with_pictures(text):
            raise forms.ValidationError(NO_PICTURE, params={"line": lines[0]})
        if lines := lines_with_html(text):
            raise forms.ValidationError(NO_HTML, params={"line": lines[0]})
        return text

    def empty_one_for(self, choice: str) -> Announcement | None:
        """An announcement for these, still without words; None: it is none of the choices."""
        to: Any = self.fields["to"]
        if not choice or choice not in dict(to.choices):
            return None
        return Announcement(course_id=None if choice == SCHOOL else UUID(choice))

    def words(self) -> Words:
        """What was typed, once it is valid."""
        to = self.cleaned_data["to"]
        course = None if to == SCHOOL else Course.objects.get(pk=UUID(to))
        return Words(course, self.cleaned_data["title"], self.cleaned_data["text"])


class SendingForm(forms.Form):
    """When it is sent."""

    send_at = Moment(
        gettext_lazy("Send at"),
        required=False,
        help_text=gettext_lazy("Leave it empty to send it now."),
    )


def choices_for(user: User) -> list[tuple[str, str]]:
    """Those whom this person may tell something. At most one query."""
    found = [(SCHOOL, _("Everybody in the school"))] if user.has_perm(TO_EVERYBODY) else []
    if user.has_perm(TO_COURSES):
        courses = Course.objects.filter(deleted_at=None).order_by("title", "pk")
        found += [
            (str(key), _("Course: %(title)s") % {"title": title})
            for key, title in courses.values_list("pk", "title")
        ]
    return found
