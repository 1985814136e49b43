"""Guests are held against their hashes; what was compiled from them is ours alone or not used."""

import os
import stat

import pytest

from sandbox.job import Language
from sandbox.wasm import artefacts, cache, engine, patches
from sandbox.wasm.artefacts import GuestRefused
from sandbox.wasm.cache import CacheRefused

JS = Language.JAVASCRIPT


@pytest.mark.parametrize("language", artefacts.GUESTS)
def test_the_installed_guests_are_the_pinned_ones(language):
    assert artefacts.load(language)[:4] == b"\0asm"


def test_a_changed_guest_is_refused(tmp_path):
    changed = bytearray(artefacts.load(JS))
    changed[-1] ^= 1
    path = tmp_path / "guest.wasm"
    path.write_bytes(changed)
    with pytest.raises(GuestRefused, match="is not the QuickJS"):
        artefacts.load(JS, path)
    path.write_bytes(artefacts.load(JS))
    assert artefacts.load(JS, path)


def test_a_missing_guest_is_refused(tmp_path):
    with pytest.raises(GuestRefused, match="was not found"):
        artefacts.load(JS, tmp_path / "nothing.wasm")


def test_compiled_guests_are_private_and_made_once(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    path = cache.compiled(JS, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(child.name for child in folder.iterdir()) == sorted(["lock", path.name])
    monkeypatch.setattr(cache, "_compile", lambda *_: pytest.fail("compiled twice"))
    assert cache.compiled(JS, folder) == path
    assert cache.is_ready(JS, folder)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o750, 0o701])
def test_a_folder_that_others_may_enter_is_refused(tmp_path, mode):
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(CacheRefused):
        cache.compiled(JS, folder)


def test_a_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "cache").symlink_to(tmp_path / "real")
    with pytest.raises(CacheRefused):
        cache.compiled(JS, tmp_path / "cache")


@pytest.mark.parametrize("spoil", ["loose", "link", "foreign"])
def test_a_file_that_others_could_have_written_is_refused(tmp_path, spoil, monkeypatch):
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    path = folder / cache.file_name(JS)
    if spoil == "link":
        path.symlink_to("/etc/passwd")
    else:
        path.write_bytes(b"native code")
        path.chmod(0o620 if spoil == "loose" else 0o600)
    if spoil == "foreign":
        if os.geteuid() != 0:
            pytest.skip("only root can give a file away")
        os.chown(path, 65534, 65534)
    with pytest.raises(CacheRefused):
        cache.compiled(JS, folder)
    assert not cache.is_ready(JS, folder)


def test_every_part_of_the_setup_is_in_the_name(monkeypatch):
    names = {cache.file_name(JS), cache.file_name(Language.PYTHON)}
    monkeypatch.setattr(patches, "VERSION", 99)
    names.add(cache.file_name(JS))
    monkeypatch.setattr(engine, "SETUP", "other")
    names.add(cache.file_name(JS))
    monkeypatch.setattr(cache, "version", lambda _: "51")
    names.add(cache.file_name(JS))
    assert len(names) == 5


def test_patches_change_what_they_say():
    binary = artefacts.load(JS)
    more = patches.more_exports(binary, ["JS_Eval"])
    assert len(binary) < len(more) < len(binary) + 40
    assert b"\x07JS_Eval\x00" in more
    python = artefacts.load(Language.PYTHON)
    assert abs(len(patches.bigger_stack(python)) - len(python)) <= 4


@pytest.mark.parametrize("binary", [b"", b"ELF", b"\0asm\x01\0\0\0"])
def test_patches_refuse_what_they_do_not_know(binary):
    for patch in (patches.bigger_stack, lambda wasm: patches.more_exports(wasm, ["JS_Eval"])):
        with pytest.raises(patches.PatchFailed):
            patch(binary)


def test_patches_refuse_functions_that_are_not_there():
    with pytest.raises(patches.PatchFailed, match="no_such"):
        patches.more_exports(artefacts.load(JS), ["no_such"])
