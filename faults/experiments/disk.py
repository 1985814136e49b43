"""No room left: for uploads, for temporary files, for PostgreSQL."""

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from accounts.models import Profile
from faults.crowd import Crowd, Operation, Visitor
from faults.deeds import learn, toggle
from faults.experiments.database import hold_through
from faults.finding import NotRun
from faults.history import lost_and_invented
from faults.scene import Scene

UPLOADS = 30
TOLD = {413, 422, 507}


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of that size in memory, seen by us and our children alone."""
    if os.geteuid() != 0:
        raise NotRun("a file system of its own can be mounted by root only")
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0755", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NotRun(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room at all."""
    file = folder / "everything-else"
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as full:
        while True:
            full.write(bytes(4096))
    return file


def picture() -> bytes:
    """1.5 MB that nothing can make smaller."""
    drawn = io.BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(drawn, "PNG")
    return drawn.getvalue()


def uploads(scene: Scene) -> None:
    """18: the disk of uploads (1 MB) is full while 30 pictures of 1.5 MB come; then the temporary
    folder is full as well, for files that are too large for memory.

    What fails is told so (507, 413 or the form), never 500; no row without its file, no file
    without its row; pages can be read; with room again the next one is saved, nothing restarted."""
    finding, lessons, data = scene.finding, scene.lessons(), picture()
    media, tmp = scene.folder / "small-media", scene.folder / "small-tmp"
    with (
        small_disk(media, 1024),
        small_disk(tmp, 1024),
        scene.web(MEDIA_ROOT=str(media), TMPDIR=str(tmp)),
        scene.watched(),
    ):
        visitors = scene.visitors(UPLOADS, keep=False)
        readers = Crowd(scene.visitors(4), learn(lessons))
        with readers:
            before = put(visitors[0], data)
            finding.hold(before.status == 303, f"with room the answer was {before.status}")
            rest = fill(media)
            finding.fault()
            answers = [put(one, data) for one in visitors[1:]]
            hold_told(scene, answers, "full")
            everything_else = fill(tmp)
            large = [put(one, data * 3) for one in visitors[:3]]
            hold_told(scene, large, "no room for what is large")
            rest.unlink()
            everything_else.unlink()
            finding.healed()
            after = put(visitors[1], data)
            finding.hold(after.status == 303, f"with room again the answer was {after.status}")
        failed = finding.count(readers.log)
        finding.hold(not failed, f"{len(failed)} pages failed meanwhile")
        hold_rows_and_files(scene, media)
        # `doctor` looks for them when this disk is gone.
        shutil.copytree(media, scene.folder / "media", dirs_exist_ok=True)


def put(visitor: Visitor, data: bytes) -> Operation:
    return visitor.upload("/settings/profile/avatar/", "upload", "avatar", data)


def hold_told(scene: Scene, answers: list[Operation], what: str) -> None:
    found = {one.status for one in answers}
    scene.finding.note(f"{what}: {sorted(found)}")
    scene.finding.hold(found <= TOLD, f"{what}: the answers were {sorted(found)}")


def hold_rows_and_files(scene: Scene, media: Path) -> None:
    rows = set(Profile.objects.exclude(avatar="").values_list("avatar", flat=True))
    files = {str(file.relative_to(media)) for file in media.rglob("*") if file.is_file()}
    scene.finding.hold(not rows - files, f"{len(rows - files)} rows without a file")
    scene.finding.hold(not files - rows, f"{len(files - rows)} files without a row")
    empty = [name for name in files if not (media / name).stat().st_size]
    scene.finding.hold(not empty, f"{len(empty)} files are empty")


def no_room_for_rows(scene: Scene) -> None:
    """19: PostgreSQL's data lie on a disk that is full for 10 s, under toggles of 8 clients.

    Failures are 503, within 3 s for who asks later than 2 s after it; PostgreSQL is there again
    when there is room, the first success within 5 s; I1-I6 hold, no process is restarted."""
    finding, lessons, cluster = scene.finding, scene.lessons(), scene.postgres.cluster
    place = Path(tempfile.mkdtemp(dir=scene.folder.parent, prefix="waymark-"))
    used = sum(one.stat().st_size for one in cluster.data.rglob("*") if one.is_file()) // 1024
    try:
        with small_disk(place, used + 150_000), scene.web(), moved_to(scene, place):
            with scene.watched(), Crowd(scene.visitors(8), toggle(lessons)) as crowd:
                time.sleep(3)
                finding.fault()
                rest = fill(place)
                time.sleep(10)
                rest.unlink()
                if not scene.postgres.child.runs():
                    finding.note("PostgreSQL had ended")
                    scene.postgres.start()
                finding.healed()
                time.sleep(9)
            hold_through(scene, crowd.log, until=5)
            finding.broken += lost_and_invented(crowd.log)
    finally:
        place.rmdir()


@contextmanager
def moved_to(scene: Scene, place: Path) -> Iterator[None]:
    """PostgreSQL with a copy of its data in another place, and back again with those."""
    cluster, home = scene.postgres.cluster, scene.postgres.cluster.data
    scene.postgres.stop()
    shutil.chown(place, home.stat().st_uid, home.stat().st_gid)
    subprocess.run(["cp", "-a", f"{home}/.", str(place / "data")], check=True)
    cluster.data = place / "data"
    scene.postgres.start()
    try:
        yield
    finally:
        scene.postgres.stop()
        shutil.rmtree(home)
        subprocess.run(["cp", "-a", str(cluster.data), str(home)], check=True)
        cluster.data = home
        scene.postgres.start()
