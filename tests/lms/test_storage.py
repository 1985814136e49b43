"""Files are there whole or not at all."""

import errno
import os

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile


class Running(File):
    """A file whose writing ends in the middle."""

    def __init__(self):
        super().__init__(None, name="half")

    def chunks(self, chunk_size=None):
        yield b"the first part"
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_under_its_name(media):
    assert default_storage.save("assets/ab.png", ContentFile(b"whole")) == "assets/ab.png"
    assert files(media) == ["assets/ab.png"]
    assert (media / "assets/ab.png").read_bytes() == b"whole"
    assert (media / "assets/ab.png").stat().st_mode & 0o777 == 0o644


def test_of_a_file_that_could_not_be_written_nothing_is_left(media):
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("assets/ab.png", Running())
    assert files(media) == []
    assert not default_storage.exists("assets/ab.png")


def test_the_next_one_of_that_name_is_whole(media):
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("assets/ab.png", Running())
    assert default_storage.save("assets/ab.png", ContentFile(b"whole")) == "assets/ab.png"


def test_what_is_there_is_not_written_over(media):
    default_storage.save("assets/ab.png", ContentFile(b"first"))
    name = default_storage.save("assets/ab.png", ContentFile(b"second"))
    assert name != "assets/ab.png"
    assert (media / "assets/ab.png").read_bytes() == b"first"
    assert (media / name).read_bytes() == b"second"


def test_a_large_upload_is_moved_into_its_place(media):
    with TemporaryUploadedFile("large.png", "image/png", 5, None) as upload:
        os.write(upload.file.fileno(), b"large")
        assert default_storage.save("assets/large.png", upload) == "assets/large.png"
    assert files(media) == ["assets/large.png"]
