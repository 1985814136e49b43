"""Forms of courses and lessons: the rules are those of the admin, the fields are fewer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.keys import uuid7
from courses.form_fields import RowField
from courses.links import asset_address
from courses.models import Asset, Course, Lesson, Module, ProgrammingLanguage
from courses.texts import validate_line
from courses.videos import WANTED, is_shown
from studio.admin.assignment_forms import plain_lines
from studio.admin.course import CourseForm
from studio.admin.lesson import LessonForm

Kind = Lesson.Kind
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
FILMS = (".mp4", ".webm", ".ogg")
TITLE_MISSING = {"required": gettext_lazy("Enter a title.")}
# Kinds a new lesson may have, the most usual first.
OFFERED = [
    (Kind.ARTICLE, gettext_lazy("Article: text and pictures")),
    (Kind.VIDEO, gettext_lazy("Video, with a transcript")),
    (Kind.QUIZ, gettext_lazy("Quiz: questions")),
    (Kind.ASSIGNMENT, gettext_lazy("Assignment: code to be written")),
    (Kind.CODE_EXAMPLE, gettext_lazy("Code example, to be run")),
    (Kind.INTERACTIVE, gettext_lazy("Interactive: a small page of your own")),
]


def plain(form: forms.BaseForm) -> None:
    """What the browser remembers of other sites helps nobody here."""
    for field in form.fields.values():
        field.widget.attrs.setdefault("autocomplete", "off")


def say_nothing(form: Any, **words: str) -> None:
    """What it means to choose nothing."""
    for name, label in words.items():
        form.fields[name].empty_label = label
        form.fields[name].widget.choices = form.fields[name].choices


def leave_unjudged(form: Any) -> None:
    """Show what was typed again without saying what is wrong with it: nobody has asked yet."""
    form._errors = ErrorDict()


def with_plain_lines(data: QueryDict) -> QueryDict:
    """What was sent, its lines ending as those of files do: a text left alone is no change."""
    sent = data.copy()
    for name, values in data.lists():
        sent.setlist(name, [plain_lines(str(one)) for one in values])
    return sent


class KeyField(forms.UUIDField):
    """The key of the row that is to be made, chosen with the form: sent twice, it makes one."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid7, widget=forms.HiddenInput())

    def to_python(self, value: Any) -> Any:
        """What is no key is none: nobody typed it."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return None


class NewCourseForm(forms.ModelForm):  # type: ignore[type-arg]
    key = KeyField()
    new_language = forms.CharField(
        label=gettext_lazy("A language or tool that is not listed"),
        help_text=gettext_lazy("It is added to the list."),
        max_length=60,
        required=False,
        validators=[validate_line],
    )

    class Meta:
        model = Course
        fields = ("title", "summary", "language", "difficulty")
        field_classes = {"language": RowField}
        error_messages = {"title": TITLE_MISSING}
        help_texts = {
            "title": gettext_lazy(
                "You can change it later. The course's address is made of it and stays."
            ),
            "summary": gettext_lazy("One sentence for its card in the catalogue. It can wait."),
        }

    field_order = ("title", "summary", "language", "new_language", "difficulty")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["language"]
        field.queryset = ProgrammingLanguage.objects.filter(is_active=True)
        field.empty_label = _("None of these")
        plain(self)

    def clean_new_language(self) -> str:
        name: str = self.cleaned_data["new_language"]
        rows = ProgrammingLanguage.objects.filter(name__iexact=name)
        if name and rows and not rows.filter(is_active=True):
            raise forms.ValidationError(
                _("%(rows)s is not taught here any more.") % {"rows": rows[0]}
            )
        return name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("language") and data.get("new_language"):
            self.add_error("new_language", _("Choose one of the list, or write another: not both."))
        return data


class CourseFactsForm(CourseForm):
    """All that is said of a course beside its lessons."""

    class Meta:
        model = Course
        fields = (
            "title", "summary", "description", "language", "difficulty", "tags", "cover",
            "opens_to_all", "required_plan", "prerequisite", "authors", "licence", "ai_drafts",
        )  # fmt: skip
        field_classes = {"language": RowField, "cover": RowField, "prerequisite": RowField}
        error_messages = {"title": TITLE_MISSING}
        help_texts = {
            "summary": gettext_lazy("One sentence for its card in the catalogue."),
            "description": gettext_lazy(
                "Markdown. What one can do afterwards, who it is for, what it takes."
            ),
            "cover": gettext_lazy("A picture of the course. Without one it gets a pattern."),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cover"]
        pictures = Asset.objects.filter(course=self.instance, path__iregex=ending_in(PICTURES))
        field.queryset = pictures.only("path")
        say_nothing(self, language=_("None"), cover=_("None: a pattern"), prerequisite=_("None"))
        plain(self)


def ending_in(endings: tuple[str, ...]) -> str:
    return rf"({'|'.join(endings)})$".replace(".", r"\.")


class ModuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Module
        fields = ("title", "description")
        labels = {"description": gettext_lazy("Summary")}
        error_messages = {"title": TITLE_MISSING}
        help_texts = {"description": gettext_lazy("One or two sentences above its lessons.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self)


class NewModuleForm(forms.Form):
    """Beside other forms on its page, so that its ids are its own."""

    key = KeyField()
    title = forms.CharField(
        label=gettext_lazy("Title of the new module"),
        max_length=120,
        validators=[validate_line],
        error_messages={"required": gettext_lazy("Enter a title for the module.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_new_module_%s")


class NewLessonForm(forms.Form):
    """One of several on a page, so that its fields carry the module in their ids."""

    key = KeyField()
    title = forms.CharField(
        label=gettext_lazy("Title of the new lesson"),
        max_length=120,
        validators=[validate_line],
        error_messages={"required": gettext_lazy("Enter a title for the lesson.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(choices=OFFERED)

    @classmethod
    def of(cls, module: Module, data: Any = None) -> NewLessonForm:
        return cls(data, auto_id=f"id_%s_{module.pk}")


class LessonTextForm(LessonForm):
    """A lesson's text and facts; of a video or a page of one's own also that."""

    class Meta:
        model = Lesson
        fields = (
            "title", "video_url", "captions", "poster", "content", "widget", "widget_height",
            "summary", "minutes", "xp_reward", "is_preview", "slug",
        )  # fmt: skip
        labels = {
            "content": gettext_lazy("Text"),
            "slug": gettext_lazy("Address"),
            "is_preview": gettext_lazy("Readable without an account"),
        }
        error_messages = {"title": TITLE_MISSING}
        help_texts = {
            "content": gettext_lazy("Markdown. The page prints the title: begin with a paragraph."),
            "video_url": WANTED,
            "summary": gettext_lazy("One sentence, for those who search and for lists."),
            "minutes": gettext_lazy("Honest: reading it and trying it out."),
            "slug": gettext_lazy(
                "The last part of its address. Who kept the old one finds nothing there."
            ),
        }
        widgets = {
            "content": forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
            "widget": forms.Textarea(attrs={"rows": 12, "class": "code-text"}),
        }

    def __init__(self, *args: Any, files: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        unused = set() if kind == Kind.VIDEO else {"video_url", "captions", "poster"}
        unused |= set() if kind == Kind.INTERACTIVE else {"widget", "widget_height"}
        for name in unused:
            del self.fields[name]
        if kind == Kind.VIDEO:
            self._offer("captions", files, (".vtt",))
            self._offer("poster", files, PICTURES)
            self.fields["video_url"].widget.attrs["list"] = "films"
            self.fields["content"].label = _("Transcript, and what goes with the video")
        elif kind == Kind.QUIZ:
            self.fields["content"].label = _("Text before the start")
        elif kind == Kind.ASSIGNMENT:
            self.fields["content"].label = _("The task")
        plain(self)

    def _offer(self, name: str, files: list[str], endings: tuple[str, ...]) -> None:
        """Files of the course to choose from, and what was chosen before."""
        slug, own = self.instance.course.slug, getattr(self.instance, name)
        offered = {asset_address(slug, x): x for x in files if x.lower().endswith(endings)}
        if own:
            offered.setdefault(own, own)
        self.fields[name] = forms.ChoiceField(
            choices=[("", _("None")), *offered.items()],
            required=False,
            label=self.fields[name].label,
            help_text=_("One of the course's files."),
        )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        others = Lesson.objects.filter(course=self.instance.course_id, slug=slug, deleted_at=None)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another lesson of this course has this address."))
        return slug

    def clean_video_url(self) -> str:
        url: str = self.cleaned_data["video_url"].strip()
        if url and not is_shown(url, self.instance.course.slug):
            raise forms.ValidationError(WANTED)
        return url
