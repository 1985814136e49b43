"""Files that rows refer to: each is looked for once, a few at a time, whatever table names it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from accounts.models import Profile
from accounts.own_data import PersonExport
from courses.models import Asset
from studio import lost_files
from studio.health import CHECKS
from studio.lost_files import count_lost
from tests.conftest import make_course

pytestmark = pytest.mark.django_db


def kept(name):
    return default_storage.save(name, ContentFile(b"x"))


@pytest.fixture
def pictures(course):
    """Five pictures of two courses, which share their files; two of those are lost."""
    for each in (course, make_course("other", lessons=1)):
        for number in range(5):
            name = f"assets/{number}.webp"
            Asset.objects.create(
                course=each, path=f"{number}.png", sha256=f"{number}", size=1, file=name,
                original=f"originals/{number}.png",
            )  # fmt: skip
    for number in range(5):
        kept(f"originals/{number}.png")
    for number in range(3):
        kept(f"assets/{number}.webp")
    return ["assets/3.webp", "assets/4.webp"]


def test_each_lost_file_is_named_once_whatever_table_knows_of_it(ada, bob, pictures):
    Profile.objects.filter(user=ada).update(avatar="avatars/ada.webp")
    Profile.objects.filter(user=bob).update(avatar=kept("avatars/bob.webp"))
    # Of these the file goes first, and nobody could bring it back.
    PersonExport.objects.create(user=ada, file="exports/ada.zip", ready_at=now())
    default_storage.delete("originals/0.png")
    lost = [*pictures, "avatars/ada.webp", "originals/0.png"]
    count, named = count_lost()
    assert (count, sorted(named)) == (4, sorted(lost))


def test_a_few_are_held_and_named_however_many_there_are(
    pictures, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(lost_files, "MOST_NAMED", 1)
    with django_assert_max_num_queries(4 + 1):
        assert count_lost() == (2, pictures[:1])
    monkeypatch.setattr(lost_files, "AT_ONCE", 2)
    with django_assert_max_num_queries(4 + 2):
        assert count_lost() == (2, pictures[:1])


def test_a_file_that_goes_with_its_row_while_we_look_is_not_lost(pictures, monkeypatch):
    """Whoever deletes a file has taken its row away before."""

    def goes_just_then(name):
        Asset.objects.filter(file=name).delete()
        return False

    monkeypatch.setattr(default_storage, "exists", goes_just_then)
    assert count_lost() == (0, [])


def test_nobody_but_a_person_brings_a_file_back():
    check = next(one for one in CHECKS if one.name == "files")
    assert check.mend is None
    assert "backup" in str(check.advice)
