"""The index of the admin by what it is about, not by the app that keeps it."""

from typing import Any

from studio.admin_home.to_do import Task

GROUPS = ("Courses", "People", "Assessment", "Rewards", "Billing", "System")
BY_APP = {
    "courses": "Courses",
    "accounts": "People",
    "auth": "People",
    "socialaccount": "People",
    "enrollments": "People",
    "progress": "People",
    "assessments": "Assessment",
    "gamification": "Rewards",
    "certificates": "Rewards",
    "billing": "Billing",
}
BY_MODEL = {
    "AuditEntry": "System",
    "SigningKey": "System",
    "RunnerCheck": "System",
    "ModelRun": "System",
    "BackfillRun": "System",
    "DueEnrollment": "System",
}


def grouped(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of apps with their models, put together anew. Empty groups are left out."""
    rows: dict[str, list[Any]] = {name: [] for name in GROUPS}
    for app in apps:
        for model in app["models"]:
            usual = BY_APP.get(app["app_label"], "System")
            rows[BY_MODEL.get(model["object_name"], usual)].append(model)
    return [
        {
            "name": name,
            "app_label": name.lower(),
            "app_url": "",
            "has_module_perms": True,
            "models": sorted(models, key=lambda model: str(model["name"]).lower()),
        }
        for name, models in rows.items()
        if models
    ]


def with_tasks(groups: list[dict[str, Any]], tasks: list[Task]) -> list[dict[str, Any]]:
    """The same, with the number of things to do at the row they are about."""
    waits = {task.model: task.number for task in tasks}
    for group in groups:
        for model in group["models"]:
            model["waits"] = waits.get(model["model"]._meta.label, "")
    return groups
