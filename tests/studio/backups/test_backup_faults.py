"""What goes wrong is said in a sentence, and leaves nothing half done behind."""

import io
import json
import os
import resource
import time
import zipfile
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from accounts.models import Profile
from studio.backups import last, programs, tables
from studio.backups.errors import BackupRefused
from studio.backups.files import Gathered
from studio.backups.last import last_backup
from studio.backups.making import make_backup
from studio.backups.restoring import checked, write
from tests.studio.backups.conftest import (
    empty_database,
    rewritten,
    run,
    stored,
    told_otherwise,
    working_on,
)

KEY = "x" * 60


@pytest.fixture(scope="module")
def empty(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), empty_database("empty") as name:
        yield name


@pytest.fixture
def refused(empty, django_db_blocker, settings, tmp_path):
    """`refused(file, words)`: it is not restored, and nothing at all was written."""
    settings.MEDIA_ROOT = tmp_path / "new"

    def refuse(place, words, **options):
        with django_db_blocker.unblock(), working_on(empty):
            with pytest.raises(CommandError, match=words) as refusal:
                call_command("restore", place, **options)
            assert tables.things() == []
        assert refusal.value.returncode == 1
        assert not settings.MEDIA_ROOT.exists()

    return refuse


def damage(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("part", ["database.dump", "media/000001"])
def test_a_damaged_byte_is_found_before_anything_is_written(parcel, refused, tmp_path, part):
    whole = parcel.read_bytes()
    with zipfile.ZipFile(parcel) as archive:
        info = archive.getinfo(part)
    at = info.header_offset + 30 + len(part) + info.file_size // 2 + 20
    (tmp_path / "bad.zip").write_bytes(damage(whole, at))
    refused(tmp_path / "bad.zip", f"The backup is damaged: {part} cannot be read")


@pytest.mark.parametrize("part", ["database.dump", "media/000002"])
def test_a_part_that_was_exchanged_is_found(parcel, refused, tmp_path, part):
    """The archive is sound then; only our own checksum tells."""

    def change(name, data):
        return damage(data, len(data) // 2) if name == part else data

    bad = rewritten(parcel, tmp_path / "bad.zip", change)
    refused(bad, f"The backup is damaged: {part} is not what was written")


@pytest.mark.parametrize("part", ["database.dump", "media/000002", "manifest.json"])
def test_a_part_that_is_missing_is_named(parcel, refused, tmp_path, part):
    bad = rewritten(parcel, tmp_path / "bad.zip", lambda n, data: None if n == part else data)
    refused(bad, f"The backup is not whole: {part} is missing")


def test_a_file_that_was_cut_off_or_is_none_is_refused(parcel, refused, tmp_path):
    (tmp_path / "cut.zip").write_bytes(parcel.read_bytes()[:-2000])
    refused(tmp_path / "cut.zip", "The backup is damaged: cut.zip cannot be read")
    refused(tmp_path / "nowhere.zip", "nowhere.zip cannot be read: No such file")
    refused(tmp_path, "cannot be read")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("manifest.json", "[]")
    refused(tmp_path / "other.zip", "is not a backup of a school")


@pytest.mark.parametrize("path", ["../out", "/etc/out", "", "a/../../out", "a\0b"])
def test_files_go_below_the_folder_of_files_alone(parcel, refused, tmp_path, path):
    part = {"name": "media/000001", "size": 6000, "sha256": "", "path": path}
    bad = told_otherwise(parcel, tmp_path / "bad.zip", files=[part])
    refused(bad, "it holds a file called")


def test_a_newer_version_is_refused_by_its_migrations(parcel, refused, tmp_path):
    newer = [["progress", "0001_initial"], ["progress", "9999_what_comes"]]
    bad = told_otherwise(parcel, tmp_path / "bad.zip", migrations=newer, version="9.1")
    refused(bad, r"newer version \(9.1, with progress.9999_what_comes\)")
    bad = told_otherwise(parcel, tmp_path / "app.zip", migrations=[["tutors", "0001_initial"]])
    refused(bad, "newer version .*tutors.0001_initial")
    refused(told_otherwise(parcel, tmp_path / "form.zip", format=2), "has the form 2")


def test_a_newer_server_or_no_program_is_refused(parcel, refused, settings, monkeypatch, tmp_path):
    refused(told_otherwise(parcel, tmp_path / "bad.zip", postgres=99), "is of PostgreSQL 99")
    refused(
        told_otherwise(parcel, tmp_path / "by.zip", dumped_by=99), "needs pg_restore of version"
    )
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(programs, "PLACES", ())
    settings.POSTGRES_BIN = ""
    refused(parcel, r"there is none\. Install postgresql-client-\d+, or .* POSTGRES_BIN")


def test_programs_are_those_of_the_server_else_newer_ones(monkeypatch):
    def only(*majors):
        found = {f"/{major}/x": programs.Program(f"/{major}/x", major) for major in majors}
        monkeypatch.setattr(programs, "candidates", lambda name: [*found, "/none"])
        monkeypatch.setattr(programs, "examined", found.get)

    only(18, 15, 16)
    assert programs.program("pg_dump", 15).major == 15
    assert programs.restorer(15, 16).major == 16
    only(18)
    assert programs.program("pg_dump", 15).major == 18
    with pytest.raises(programs.BackupRefused, match="Install postgresql-client-15"):
        programs.restorer(15, 15)
    with pytest.raises(programs.BackupRefused, match="Restore into PostgreSQL 17 or newer"):
        programs.restorer(15, 18)
    only(15)
    with pytest.raises(programs.BackupRefused, match="there is only version 15"):
        programs.program("pg_dump", 18)


def test_another_key_is_refused_and_a_lost_one_can_be_said(parcel, refused, settings, monkeypatch):
    usual = settings.SECRET_KEY
    settings.SECRET_KEY = KEY
    refused(parcel, "made with another SECRET_KEY")
    monkeypatch.setattr("studio.backups.files.check_room", stop)
    refused(parcel, "so far", key_is_lost=True)
    settings.SECRET_KEY_FALLBACKS = [usual]
    refused(parcel, "so far")


def stop(*_):
    raise programs.BackupRefused("so far")


def test_the_key_is_not_in_the_backup(parcel, settings):
    with zipfile.ZipFile(parcel) as archive:
        told = archive.read("manifest.json").decode()
    assert settings.SECRET_KEY not in told
    assert json.loads(told)["keys"]["SECRET_KEY"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_restored_over_a_school(parcel, ada):
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", parcel)
    ada.refresh_from_db()
    assert not stored()


def test_another_file_in_the_place_of_one_is_not_written_over(parcel, target):
    with target():
        default_storage.save("assets/ab/plan.svg", ContentFile(b"<gvs/>" * 1000))
        with pytest.raises(CommandError, match="is there already and is another file"):
            run("restore", parcel)
        assert (tables.things(), len(stored())) == ([], 1)


def test_files_without_room_are_refused(parcel, refused, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 10}))
    refused(parcel, r"The files need 0.0 GB, and 0.0 GB are free")


def test_a_restore_that_was_killed_can_be_run_again(parcel, target, monkeypatch):
    """In the middle of the files, and in the middle of the database."""
    monkeypatch.setattr("studio.backups.parcel.CHUNK", 5000)
    with target():
        for most in (5000, 50_000):
            with checked(parcel, lambda size: None) as reader, pytest.raises(KeyboardInterrupt):
                write(reader, until(most))
            assert tables.things() == []
        assert len(stored()) == 2
        said = run("restore", parcel)
        assert said["files"] == len(stored()) == 2
        assert tables.things()


def test_that_the_data_are_there_is_said_before_anything_else_is_done(parcel, target, monkeypatch):
    """Into a pipe as well, which keeps words back: what a killed restore has left hangs on it."""
    pipe = io.BytesIO()
    out = io.TextIOWrapper(pipe)
    monkeypatch.setattr("studio.management.commands.restore.warnings", stop)
    with target(), pytest.raises(CommandError, match="so far"):
        call_command("restore", parcel, stdout=out)
    assert b"The data are there: " in pipe.getvalue()


def until(most):
    """Progress that is interrupted after so many bytes."""
    done = 0

    def count(size):
        nonlocal done
        done += size
        if done > most:
            raise KeyboardInterrupt

    return count


@pytest.fixture
def folder(transactional_db, tmp_path):
    """Where backups go."""
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def test_a_full_disk_leaves_no_half_backup(folder):
    """The limit of a file's size stands for it: the same fault in the middle of writing."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))
    try:
        with pytest.raises(CommandError, match="cannot be written: File too large"):
            call_command("backup", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert not list(folder.iterdir())


def test_what_was_left_by_a_kill_goes_with_the_next_backup_and_into_none(folder, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    default_storage.save("avatars/whole.webp", ContentFile(b"whole"))
    with monkeypatch.context() as nobody_tidies_up:
        for name in ("os.unlink", "pathlib.Path.unlink"):
            nobody_tidies_up.setattr(name, lambda *_, **__: None)
        nobody_tidies_up.setattr("os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            default_storage.save("avatars/half.webp", ContentFile(b"half"))
        with pytest.raises(KeyboardInterrupt):
            make_backup(folder / "school.zip", killed)
    (half,) = folder.iterdir()
    assert len(list(Path(default_storage.path("avatars")).iterdir())) == 2
    hours_ago = time.time() - 13 * 3600
    os.utime(half, (hours_ago, hours_ago))
    made = make_backup(folder / "other.zip", lambda size: None)
    assert list(folder.iterdir()) == [made.path]
    assert made.files == 1


def test_a_path_that_cannot_be_written_is_said(folder):
    for place, words in [
        (folder / "none" / "school.zip", "No such file or directory"),
        (Path("/proc/school.zip"), "cannot be written"),
    ]:
        with pytest.raises(CommandError, match=words) as refusal:
            call_command("backup", place)
        assert refusal.value.returncode == 1
    (folder / "school.zip").write_text("older")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", folder / "school.zip")
    assert (folder / "school.zip").read_text() == "older"


def test_a_dump_that_fails_is_said_in_its_own_words(folder, monkeypatch):
    monkeypatch.setattr(programs, "address", lambda: "host=127.0.0.1 port=1 dbname=none")
    with pytest.raises(CommandError, match=r"pg_dump failed: .*refused"):
        call_command("backup", folder)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_database_that_is_away_is_said(folder, parcel, monkeypatch, command):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(tables, "server_major", away)
    with pytest.raises(CommandError, match="The database does not answer: connection refused"):
        call_command(command, parcel if command == "restore" else folder)
    assert not list(folder.iterdir())


def test_a_whole_backup_that_could_not_be_noted_is_a_backup(folder, monkeypatch, capsys):
    def away(moment):
        raise OperationalError("the connection was lost")

    monkeypatch.setattr(last, "note", away)
    assert run("backup", folder / "first.zip")["noted"] is False
    call_command("backup", folder / "second.zip")
    assert "warning: made, and not noted" in capsys.readouterr().out
    with zipfile.ZipFile(folder / "second.zip") as parcel:
        assert "manifest.json" in parcel.namelist()


def test_a_file_that_rows_lack_is_named_and_the_rest_is_kept(folder, ada, bob):
    kept = default_storage.save("avatars/kept.webp", ContentFile(b"kept"))
    for person, name in [(ada, "avatars/gone.webp"), (bob, kept)]:
        Profile.objects.filter(user=person).update(avatar=name)
    said = run("backup", folder)
    assert (said["lacking"], said["files"]) == (["avatars/gone.webp"], 1)
    assert last_backup()


def test_a_folder_of_files_that_is_away_ends_it_and_counts_as_no_backup(folder, ada, settings):
    """Not there at all, or what lies below the place where a volume should be mounted."""
    run("backup", folder / "fresh.zip")  # nobody has stored anything yet
    first = last_backup()
    Profile.objects.filter(user=ada).update(avatar="avatars/a.webp")
    for below in ([], ["lost+found/x"]):
        for name in below:
            default_storage.save(name, ContentFile(b"x"))
        with pytest.raises(CommandError, match=r"knows of 1 files .*a\.webp.* none .*mounted\?"):
            call_command("backup", folder / "away.zip")
    assert [one.name for one in folder.iterdir()] == ["fresh.zip"]
    assert last_backup() == first


def test_files_that_are_lost_for_good_do_not_keep_the_rest_from_being_kept(folder, ada):
    Profile.objects.filter(user=ada).update(avatar="avatars/a.webp")
    assert run("backup", folder, "--files-are-lost")["lacking"] == ["avatars/a.webp"]
    assert last_backup()


def test_a_backup_does_not_go_where_it_would_take_itself_in(folder, settings):
    root = Path(settings.MEDIA_ROOT)
    (root / "nightly").mkdir(parents=True)
    (folder / "link").symlink_to(root / "nightly")
    for place in (root, root / "nightly" / "a.zip", folder / "link", folder / "link" / "b.zip"):
        with pytest.raises(CommandError, match="lies below MEDIA_ROOT"):
            call_command("backup", place)
    assert not list((root / "nightly").iterdir())


def test_while_one_is_made_another_is_refused(folder):
    """In the middle of the first somebody else begins a second, of the same name and of another."""
    refusals = []

    def begin(place):
        try:
            make_backup(place, lambda size: None)
        except BackupRefused as refusal:
            refusals.append(str(refusal))
        connection.close()

    def meanwhile(size):
        if not refusals:
            for name in ("school.zip", "other.zip"):
                second = Thread(target=begin, args=[folder / name])
                second.start()
                second.join(30)
                assert not second.is_alive()

    made = make_backup(folder / "school.zip", meanwhile)
    assert refusals == ["A backup of this school is being made already."] * 2
    assert [one.name for one in folder.iterdir()] == ["school.zip"]
    assert made.size == (folder / "school.zip").stat().st_size


def test_what_changes_meanwhile_is_whole_in_the_backup(folder, ada, target, monkeypatch):
    """A file is half written when it is first read; pictures are replaced in the worst moments."""
    storage, usual, rounds = default_storage, Gathered.take_in_new, []
    storage.save("avatars/a.webp", ContentFile(b"half"))

    def show(name):
        Profile.objects.filter(user=ada).update(avatar=f"avatars/{name}.webp")
        connection.close()

    def with_others_at_work(gathered):
        rounds.append(gathered)
        if len(rounds) == 2:  # a moment is held: it sees b, which goes before it is read
            other = Thread(target=show, args=["a"])
            other.start()
            other.join()
            storage.delete("avatars/b.webp")
        usual(gathered)
        if len(rounds) == 1:
            storage.save("avatars/b.webp", ContentFile(b"soon gone"))
            show("b")
            Path(storage.path("avatars/a.webp")).write_bytes(b"all of it")

    monkeypatch.setattr(Gathered, "take_in_new", with_others_at_work)
    made = make_backup(folder, lambda size: None)
    assert (made.lacking, len(rounds)) == ([], 3)
    with target():
        run("restore", made.path)
        assert Profile.objects.get(user=ada).avatar.name == "avatars/a.webp"
        assert stored() == {"avatars/a.webp": b"all of it"}


def test_a_dry_run_checks_all_and_writes_nothing(parcel, target):
    with target():
        assert run("restore", parcel, dry_run=True)["whole"]
        assert (tables.things(), stored()) == ([], {})


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_beside_a_school_checks_the_file_and_says_that_it_cannot_be_restored_here(
    parcel, ada, tmp_path
):
    told = run("restore", parcel, dry_run=True)
    assert told["whole"]
    assert told["refusal"].startswith("The database is not empty")
    broken = tmp_path / "broken.waymark"
    content = bytearray(parcel.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    with pytest.raises(CommandError, match="The backup is damaged"):
        call_command("restore", broken, dry_run=True)


def test_an_older_backup_is_brought_forward(parcel, target, folder):
    with target():
        run("restore", parcel)
        call_command("migrate", "progress", "0007", verbosity=0)
        older = run("backup", folder)["path"]
        with empty_database("older") as name, working_on(name):
            run("restore", older)
            assert ("progress", "0008_count_who_fails_all_tests") in tables.applied()
            assert not tables.is_behind()
