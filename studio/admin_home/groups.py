"""The index of the admin by what it is about, not by the app that keeps it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from studio.admin_home.to_do import Task

# In the order of the page. The keys stand in its markup, whatever language it speaks.
GROUPS = {
    "courses": _("Courses"),
    "people": _("People"),
    "assessment": _("Assessment"),
    "rewards": _("Rewards"),
    "billing": _("Billing"),
    "system": _("System"),
}
BY_APP = {
    "courses": "courses",
    "accounts": "people",
    "auth": "people",
    "socialaccount": "people",
    "enrollments": "people",
    "progress": "people",
    "assessments": "assessment",
    "gamification": "rewards",
    "certificates": "rewards",
    "billing": "billing",
}
BY_MODEL = {
    "AuditEntry": "system",
    "SigningKey": "system",
    "RunnerCheck": "system",
    "ModelRun": "system",
    "BackfillRun": "system",
    "DueEnrollment": "system",
}


def grouped(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of apps with their models, put together anew. Empty groups are left out."""
    rows: dict[str, list[Any]] = {key: [] for key in GROUPS}
    for app in apps:
        for model in app["models"]:
            usual = BY_APP.get(app["app_label"], "system")
            rows[BY_MODEL.get(model["object_name"], usual)].append(model)
    return [
        {
            "name": GROUPS[key],
            "app_label": key,
            "app_url": "",
            "has_module_perms": True,
            "models": sorted(models, key=lambda model: str(model["name"]).lower()),
        }
        for key, models in rows.items()
        if models
    ]


def with_tasks(groups: list[dict[str, Any]], tasks: list[Task]) -> list[dict[str, Any]]:
    """The same, with the number of things to do at the row they are about."""
    waits = {task.model: task.number for task in tasks}
    for group in groups:
        for model in group["models"]:
            model["waits"] = waits.get(model["model"]._meta.label, "")
    return groups
