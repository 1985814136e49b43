"""Exports: all that is known of somebody, for them alone, once a day, for a day."""

import json
import re
import tracemalloc
import zipfile
from datetime import timedelta
from errno import ENOSPC
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.timezone import now

from accounts import export_making, export_writing, exports, personal, tasks
from accounts.erasure import erase_person
from accounts.export_writing import STAFF, YOU, write_export
from accounts.models import AuditEntry, User
from accounts.own_data import PersonExport
from accounts.upkeep import Upkeep
from activity.models import Event
from assessments.models import Answer, Option, TestCase, TestResult
from studio.backups.files import stored
from studio.backups.tables import files_of_rows
from tests.accounts import lives
from tests.accounts.lives import EMAIL, MARK, NAME
from tests.accounts.test_changes import just_signed_in

pytestmark = pytest.mark.django_db
URL = "/settings/data/"


def archive_of(user):
    out = BytesIO()
    write_export(user, out)
    return zipfile.ZipFile(out)


def rows(archive, name):
    return json.loads(archive.read(f"data/{name}.json"))


def make(user):
    row = exports.ask_for_export(user)
    assert tasks.make_exports() == 1
    row.refresh_from_db()
    return row


@pytest.fixture
def quentin(course, root):
    return lives.make_life(course, root)


def test_an_archive_holds_all_that_is_known(quentin):
    """Whatever stands somewhere of them stands in a file, unless its line says why not."""
    archive = archive_of(quentin)
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {"index.html", "style.css", "avatar.webp"} <= names
    (person,) = rows(archive, "accounts/user")
    assert (person["email"], person["name"]) == (EMAIL, NAME)
    assert person["date_joined"].endswith("Z")
    assert rows(archive, "accounts/profile")[0]["bio"] == f"I am {MARK}"
    assert archive.read("code/python-basics/adding/1.py") == f"# {MARK}\n".encode()
    (credential,) = [name for name in names if name.startswith("certificates/") if "json" in name]
    assert NAME in archive.read(credential).decode()
    page = archive.read("index.html").decode()
    assert EMAIL in page
    assert not re.search(r"<script|<style|style=|(src|href)=.http", page)
    for table in personal.tables():
        held = any(found.exists() for found in table.rows_of(quentin))
        if held and table.shown is None:
            app, name = table.label.split(".")
            assert rows(archive, f"{app}/{name}"), table.label


def test_no_secret_no_key_to_a_quiz_and_nobody_else_is_in_it(quentin, root, monkeypatch):
    monkeypatch.setattr("certificates.personal_tables.can_print", lambda: False)
    archive = archive_of(quentin)
    said = "".join(archive.read(one).decode("utf-8", "replace") for one in archive.namelist())
    for secret in (quentin.password, quentin.api_tokens.get().digest, root.email, "late@example"):
        assert secret not in said
    for other in User.objects.exclude(pk=quentin.pk):
        assert str(other.pk) not in said
    assert {one["actor"] for one in rows(archive, "accounts/auditentry")} >= {STAFF, YOU}
    assert rows(archive, "assessments/reply")[0]["author"] == YOU
    assert rows(archive, "assessments/reply")[1]["author"] == STAFF
    (told,) = [one for one in rows(archive, "activity/event") if one["kind"] == "REVIEW_GIVEN"]
    assert told["data"]["by"] == STAFF
    assert not {"mark", "points"} & rows(archive, "assessments/answer")[0].keys()
    assert not {"expected", "got"} & rows(archive, "assessments/testresult")[0].keys()
    assert not rows(archive, "assessments/review")  # Nobody has sent it yet,
    assert not rows(archive, "assessments/remark")  # nor what it says.


def test_of_the_audit_log_one_reads_from_where_one_acted_oneself_and_why(ada, root):
    for actor, address in ((ada, "192.0.2.1"), (root, "192.0.2.2"), (None, "192.0.2.3")):
        AuditEntry.objects.create(
            kind="PASSWORD_CHANGED", person=ada, actor=actor, ip=address, reason=f"By {address}",
            keep_until=now() + timedelta(days=9),
        )  # fmt: skip
    told = {one["actor"]: one for one in rows(archive_of(ada), "accounts/auditentry")}
    assert {who: (one["internet_address"], one["own_reason"]) for who, one in told.items()} == {
        YOU: ("192.0.2.1", "By 192.0.2.1"), STAFF: (None, ""), None: (None, ""),
    }  # fmt: skip
    assert not {"ip", "reason"} & told[STAFF].keys()


def test_one_reads_what_one_chose_and_what_ones_code_printed(quentin):
    """Texts of options, be they taken out since; outputs of a case that is shown, and no other."""
    answer = Answer.objects.filter(question__kind="MULTI").order_by("position").first()
    chosen = list(answer.question.options.filter(pk__in=answer.option_order)[:2])
    Answer.objects.filter(pk=answer.pk).update(chosen=[one.pk for one in chosen])
    Option.objects.filter(pk=chosen[0].pk).update(deleted_at=now())
    result = TestResult.objects.get()
    hidden = TestCase.objects.create(
        assignment=result.case.assignment, key="hidden", name="Hidden", position=9,
        is_visible=False,
    )  # fmt: skip
    TestResult.objects.create(
        submission=result.submission, case=hidden, outcome="PASSED", position=2, points=1,
        was_visible=False, stdout="secret", stderr="secret", got="secret", expected="secret",
    )  # fmt: skip
    archive = archive_of(quentin)
    said = {one["id"]: one["chosen_options"] for one in rows(archive, "assessments/answer")}
    assert said[str(answer.pk)] == [one.text for one in chosen]
    assert [one for one in said.values() if one] == [said[str(answer.pk)]]
    shown, kept = rows(archive, "assessments/testresult")
    assert (shown["output"], shown["errors"], shown["what_came"]) == (MARK, MARK, MARK)
    assert shown["case__name"] == result.case.name
    assert {kept[name] for name in ("output", "errors", "what_came", "what_was_expected")} == {""}
    assert "secret" not in str(kept)


def test_who_asked_for_a_look_gets_no_findings_of_the_site(root):
    looks = {"kind": "LOOK", "asked_by": root, "started_at": now(), "ended_at": now()}
    Upkeep.objects.create(**looks, found=[{"name": "xp", "details": ["ada@example.org"]}])
    Upkeep.objects.create(**looks, fault="ada@example.org")
    (first, second) = rows(archive_of(root), "accounts/upkeep")
    assert first.keys() == second.keys() >= {"kind", "asked_at"}
    assert not {"found", "fault"} & first.keys()


def test_much_takes_no_more_memory_than_little(bob, monkeypatch, tmp_path):
    """Ten times as many events: the archive grows, what is held at a time does not."""
    monkeypatch.setattr(export_writing, "AT_ONCE", 100)
    (table,) = [one for one in personal.tables() if one.label == "activity.event"]

    def peak(events):
        Event.objects.bulk_create(
            Event(user=bob, kind="LEVEL_REACHED", subject=f"{events}:{n}", data={"n": "x" * 99})
            for n in range(events)
        )
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            tracemalloc.start()
            export_writing.write_table(archive, table, bob)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(1)
    little, much = peak(400), peak(4_000)
    assert much < 1.5 * little


def test_the_page_makes_one_and_gives_it_to_its_person_alone(bob, grace, as_, client):
    browser = just_signed_in(bob)
    assert browser.post(URL).status_code == 303
    row = PersonExport.objects.get()
    assert b"being made" in browser.get(URL).content
    assert tasks.make_exports() == 1
    link = reverse("settings:export", args=[row.pk])
    assert link in browser.get(URL).content.decode()
    answer = browser.get(link)
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert client.get(link)["Location"] == f"/accounts/login/?next={link}"
    assert just_signed_in(grace).get(link).status_code == 404


def test_it_wants_the_password_again(bob, as_):
    browser = as_(bob)
    assert "reauthenticate" in browser.post(URL)["Location"]
    row = make(bob)
    assert "reauthenticate" in browser.get(reverse("settings:export", args=[row.pk]))["Location"]


def test_there_is_one_a_day(bob):
    browser = just_signed_in(bob)
    assert [browser.post(URL).status_code for _ in range(3)] == [303, 429, 429]
    answer = browser.post(URL)
    assert b"One export a day." in answer.content
    assert int(answer["Retry-After"]) > 86_000
    assert PersonExport.objects.count() == 1


def test_after_a_day_it_is_gone_from_page_and_disk(bob):
    row = make(bob)
    storage, name = row.file.storage, row.file.name
    browser = just_signed_in(bob)
    day = timedelta(hours=24)
    PersonExport.objects.update(ready_at=row.ready_at - day, asked_at=row.asked_at - day)
    assert browser.get(reverse("settings:export", args=[row.pk])).status_code == 404
    assert storage.exists(name)
    assert tasks.forget_exports() == 2  # The file, and its row.
    assert not storage.exists(name)
    assert tasks.forget_exports() == 0
    assert browser.post(URL).status_code == 303


def test_its_file_is_for_who_runs_the_site_alone_and_in_no_backup(bob):
    row = make(bob)
    place = Path(row.file.path)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert [one.name for one in place.parent.iterdir()] == [place.name]
    default_storage.save("avatars/one.webp", ContentFile(b"A picture."))
    assert dict(stored()).keys() == {"avatars/one.webp"}
    assert row.file.name not in files_of_rows()


def test_an_erased_person_has_no_export(bob, django_capture_on_commit_callbacks):
    row = make(bob)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(bob)
    assert not PersonExport.objects.exists()
    assert not list(Path(row.file.path).parent.iterdir())


def test_what_a_killed_worker_left_is_found_later(bob, monkeypatch):
    row = make(bob)
    PersonExport.objects.all().delete()
    monkeypatch.setattr(export_making, "LEASE", timedelta(0))
    tasks.forget_exports()
    assert not row.file.storage.exists(row.file.name)


def test_what_fails_three_times_is_said_and_may_be_asked_again(bob, monkeypatch):
    browser = just_signed_in(bob)
    browser.post(URL)

    def broken(*args):
        raise OSError("The disk is full.")

    monkeypatch.setattr(export_making, "write_export", broken)
    for _ in range(3):
        PersonExport.objects.update(claimed_until=None)
        assert tasks.make_exports() == 0
    assert b"could not be made" in browser.get(URL).content
    assert browser.post(URL).status_code == 303


def test_the_command_writes_the_same(bob, tmp_path):
    path, out = tmp_path / "bob.zip", StringIO()
    call_command("export_person", "BOB@example.org", str(path), stdout=out)
    assert "Written" in out.getvalue()
    assert path.stat().st_mode & 0o077 == 0
    note = AuditEntry.objects.get(kind="EXPORT_ASKED")
    assert (note.person, note.actor) == (bob, None), "a command did it"
    assert rows(zipfile.ZipFile(path), "accounts/user")[0]["email"] == bob.email
    with pytest.raises(CommandError, match="there already"):
        call_command("export_person", bob.email, str(path))
    with pytest.raises(CommandError, match="could not be written"):
        call_command("export_person", bob.email, str(tmp_path))
    with pytest.raises(CommandError, match="Nobody"):
        call_command("export_person", "nobody@example.org", str(path))


def test_the_command_replaces_a_file_whole_or_not_at_all(bob, tmp_path, monkeypatch):
    path = tmp_path / "bob.zip"
    path.write_bytes(b"An older one.")
    path.chmod(0o644)

    def broken(user, out):
        out.write(b"half")
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.management.commands.export_person.write_export", broken)
        with pytest.raises(CommandError, match="No space left"):
            call_command("export_person", bob.email, str(path), "--overwrite")
    assert [one.name for one in tmp_path.iterdir()] == ["bob.zip"]
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"An older one.", 0o644)
    call_command("export_person", str(bob.pk), str(path), "--overwrite")
    assert zipfile.ZipFile(path).testzip() is None
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_page_erases_only_by_the_typed_address(bob):
    browser = just_signed_in(bob)
    url = "/settings/data/erasure/"
    page = browser.get(url).content.decode()
    assert "What goes" in page
    assert "What stays" in page
    assert browser.post(url, {"email": "bob"}).status_code == 422
    assert User.objects.get(pk=bob.pk).is_active
    answer = browser.post(url, {"email": " Bob@Example.org "})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert User.objects.get(pk=bob.pk).deleted_at
    assert b"Your account is erased." in browser.get("/").content
    assert browser.get("/settings/").status_code == 302


def test_the_page_asks_for_the_password_first(bob, as_):
    answer = as_(bob).get("/settings/data/erasure/")
    assert "reauthenticate" in answer["Location"]


def test_the_page_keeps_the_last_admin(root, settings):
    browser = just_signed_in(root)
    assert b"only admin" in browser.get("/settings/data/erasure/").content
    assert browser.post("/settings/data/erasure/", {"email": root.email}).status_code == 409
    assert User.objects.get(pk=root.pk).is_active


def test_a_day_is_a_day_of_the_clock(bob):
    exports.ask_for_export(bob)
    PersonExport.objects.update(asked_at=now() - timedelta(hours=23, minutes=59))
    with pytest.raises(exports.AskedToday):
        exports.ask_for_export(bob)
