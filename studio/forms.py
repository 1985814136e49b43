"""Forms of the authors' desk."""

from typing import Any, Self

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import QuestionReport, Rejudging
from assessments.regrading import LONGEST_REASON
from assessments.replies import is_text
from studio.importing.archive import LARGEST, MAX_ARCHIVE

LONGEST_REPLY = 1000
LONGEST_REJUDGING = Rejudging._meta.get_field("reason").max_length or 0
NO_TEXT = gettext_lazy("This text holds characters that cannot be kept.")


class RegradeForm(forms.Form):
    """Scores go up by themselves; to lower them takes a tick and a reason."""

    lower = forms.BooleanField(label=gettext_lazy("Lower scores too"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with every score that changes, for the learner to read."),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not is_text(reason, LONGEST_REASON):
            raise forms.ValidationError(NO_TEXT)
        if self.cleaned_data.get("lower") and not reason:
            raise forms.ValidationError(_("Enter why scores are lowered."))
        return reason


class RejudgeForm(RegradeForm):
    """The same for submissions. Only what a preview has shown is to be done."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with every verdict that changes, for the learner to read."),
        max_length=LONGEST_REJUDGING,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class AnswerForm(forms.Form):
    """What became of a report. Who is declined is told why."""

    decision = forms.ChoiceField(
        choices=[
            ("accept", gettext_lazy("The question was mended")),
            ("decline", gettext_lazy("The question stays")),
        ],
        error_messages={"required": gettext_lazy("Choose what becomes of the question.")},
    )
    reply = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy("The learner reads it."),
        max_length=LONGEST_REPLY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    @classmethod
    def of(cls, report: QuestionReport, data: Any = None) -> Self:
        """One of several on a page, so that its fields carry the report in their ids."""
        return cls(data, auto_id=f"id_%s_{report.pk}")

    def clean_reply(self) -> str:
        reply: str = self.cleaned_data["reply"]
        if not is_text(reply, LONGEST_REPLY):
            raise forms.ValidationError(NO_TEXT)
        if self.cleaned_data.get("decision") == "decline" and not reply:
            raise forms.ValidationError(_("Enter why the question stays as it is."))
        return reply


class UploadForm(forms.Form):
    """A course to bring in. Some formats do not say what it is called."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=format_lazy(
            gettext_lazy(
                "A .zip of the course’s folder, an .imscc or a .gift file, up to {largest}."
            ),
            largest=LARGEST,
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".zip,.imscc,.gift,.txt"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("For files that have none. A course.yaml says its own."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Small letters, digits and hyphens, for files that have none."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_ARCHIVE:
            raise forms.ValidationError(
                _("The file is larger than %(largest)s.") % {"largest": LARGEST}
            )
        return file


class ChoicesForm(forms.Form):
    """How an import is to be done. Other choices make another plan."""

    overwrite = forms.BooleanField(
        label=gettext_lazy("Take the folder’s side"),
        help_text=gettext_lazy("What was edited on the site is replaced by what the folder says."),
        required=False,
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Publish the course"),
        help_text=gettext_lazy("If it is a draft, and ready."),
        required=False,
    )
    regrade = forms.BooleanField(
        label=gettext_lazy("Let marks rise"),
        help_text=gettext_lazy("Attempts are marked again by changed keys. No mark falls."),
        required=False,
    )
