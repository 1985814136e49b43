"""Half files that hold everything: none stays for long, and nobody else's is touched."""

import os
import time

import pytest

from accounts.private_files import GIVEN_UP_SECONDS, clear_given_up

OURS = "school.zip.ab12_xyz.waymark.part"


@pytest.mark.parametrize(
    ("name", "mode", "quiet", "stays"),
    [
        (OURS, 0o600, GIVEN_UP_SECONDS + 60, False),
        (OURS, 0o600, GIVEN_UP_SECONDS - 60, True),
        (OURS, 0o644, GIVEN_UP_SECONDS + 60, True),
        ("school.zip.ab12_xyz.part", 0o600, GIVEN_UP_SECONDS + 60, True),
        ("school.zip", 0o600, GIVEN_UP_SECONDS + 60, True),
        ("ab12_xyz.waymark.part", 0o600, GIVEN_UP_SECONDS + 60, True),
    ],
    ids=["left", "being written", "open to all", "another's", "whole", "another's by its name"],
)
def test_only_what_is_ours_and_was_left_is_deleted(tmp_path, name, mode, quiet, stays):
    half = tmp_path / name
    half.touch()
    half.chmod(mode)
    then = time.time() - quiet
    os.utime(half, (then, then))
    clear_given_up(tmp_path)
    assert half.exists() is stays


def test_a_link_or_a_folder_of_that_name_is_left_alone(tmp_path):
    kept = tmp_path / "kept"
    kept.touch(0o600)
    link, folder = tmp_path / OURS, tmp_path / f"other.{OURS}"
    link.symlink_to(kept)
    folder.mkdir(0o600)
    for place in (kept, link, folder):
        os.utime(place, (0, 0), follow_symlinks=False)
    clear_given_up(tmp_path)
    assert {*tmp_path.iterdir()} == {kept, link, folder}
