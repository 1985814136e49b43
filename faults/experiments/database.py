"""PostgreSQL crashes, hangs up, is slow, or has no room left."""

import time

import psycopg

from faults.crowd import Crowd, Operation
from faults.deeds import learn, toggle
from faults.history import lost_and_invented
from faults.machine import wait_until
from faults.proxy import Wire
from faults.scene import THE_SITE, Scene
from faults.site import workers_of

# Who asks while the database is known to be away is told so within so many seconds. Who was being
# answered when it went waits longer: it may be back at any moment.
KNOWN, PATIENCE = 2.0, 3.0


def only_503(failed: list[Operation]) -> bool:
    """Each failure is a page that says what is the matter; none is a 500 or silence."""
    return {one.status for one in failed} <= {503}


def restart(scene: Scene) -> None:
    """5: PostgreSQL crashes (immediate shutdown) and stays away for 8 s, under toggles.

    16 clients for 25 s. Nothing acknowledged is lost and nothing invented (I1-I6, looked at all the
    time); failures only while it is away and 5 s after, each a 503 within 12 s; the first success
    within 5 s of its taking connections; no process of the site is restarted."""
    finding, lessons = scene.finding, scene.lessons()
    with scene.web() as server, scene.watched():
        before = workers_of(server)
        with Crowd(scene.visitors(16), toggle(lessons)) as crowd:
            time.sleep(6)
            finding.fault()
            scene.postgres.crash()
            time.sleep(8)
            scene.postgres.start()
            finding.healed()
            time.sleep(10)
        hold_through(scene, crowd.log, until=5)
        finding.hold(workers_of(server) == before, "a process of the web server was restarted")
    finding.broken += lost_and_invented(crowd.log)


def hold_through(scene: Scene, log: list[Operation], until: float) -> None:
    """Failures are 503, quick, and over so many seconds after the end of the fault."""
    finding = scene.finding
    failed = finding.count(log)
    finding.hold(failed, "nobody noticed the fault: it was none")
    finding.hold(only_503(failed), f"failures were {sorted({one.status for one in failed})}")
    meanwhile = [one for one in failed if finding.began + KNOWN <= one.began <= finding.ended]
    slowest = max((one.took for one in meanwhile), default=0.0)
    finding.note(f"slowest word that it is away {slowest:.1f} s")
    finding.hold(slowest <= PATIENCE, f"somebody was told after {slowest:.1f} s that it is away")
    late = [one for one in failed if one.began > finding.ended + until]
    finding.hold(not late, f"{len(late)} failed later than {until:g} s after its end")
    after = [one for one in log if one.done and one.ended > finding.ended]
    first = min((one.ended for one in after), default=finding.ended + 999) - finding.ended
    finding.note(f"first success after {first:.1f} s")
    finding.hold(first <= until, f"the first success came {first:.1f} s after its end")


def cut(scene: Scene) -> None:
    """6: every connection of the site is ended by the server, 5 times in 20 s, under load.

    16 clients toggle and look. At most one failed request for each connection that was ended, none
    that began a second later; no process of the site ends; I1-I6 hold."""
    finding, lessons, cuts, ended = scene.finding, scene.lessons(), [], 0
    with scene.web() as server, scene.watched():
        before = workers_of(server)
        with Crowd(scene.visitors(16), learn(lessons)) as crowd:
            for _ in range(5):
                time.sleep(4)
                finding.fault()
                cuts.append(time.monotonic())
                ended += end_all(scene)
            finding.healed()
            time.sleep(2)
        failed = finding.count(crowd.log)
        finding.note(f"{ended} connections ended")
        finding.hold(len(failed) <= ended, f"{len(failed)} failed, {ended} connections were ended")
        late = [
            one for one in failed if not any(at <= one.ended and one.began <= at + 1 for at in cuts)
        ]
        finding.hold(not late, f"{len(late)} failed that began a second after a cut")
        finding.hold(only_503(failed), f"failures were {sorted({one.status for one in failed})}")
        finding.hold(workers_of(server) == before, "a process of the web server ended")
    finding.broken += lost_and_invented(crowd.log)


def end_all(scene: Scene) -> int:
    """End all connections of the site to its database; return how many."""
    with psycopg.connect(scene.postgres.url, autocommit=True) as link:
        asked = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
        return len(link.execute(asked, [THE_SITE]).fetchall())


def wire(scene: Scene) -> None:
    """–: the network to PostgreSQL is slow (50 ms a piece, 8 s), then cut twice, then dead for 4 s.

    8 clients toggle and look. Slow: no failure. Cut: at most one failure for each connection.
    Dead: nothing but 503 and no longer than 5 s after its end; I1-I6 hold."""
    finding, lessons = scene.finding, scene.lessons()
    with Wire(scene.postgres.cluster.port) as line:
        address = scene.through(line.port)
        with scene.web(DATABASE_URL=address), scene.watched():
            with Crowd(scene.visitors(8), learn(lessons)) as crowd:
                time.sleep(3)
                line.delay = 0.05
                time.sleep(8)
                line.delay, slow_until = 0.0, time.monotonic()
                time.sleep(1)
                finding.fault()
                ended = line.cut()
                time.sleep(2)
                ended += line.cut()
                time.sleep(2)
                cut_until = time.monotonic()
                line.blocked.set()
                time.sleep(4)
                line.blocked.clear()
                finding.healed()
                time.sleep(8)
    failed = finding.count(crowd.log)
    slow = [one for one in failed if one.began < slow_until]
    finding.hold(not slow, f"{len(slow)} failed while the network was slow")
    broke = [one for one in failed if slow_until <= one.began < cut_until]
    finding.hold(len(broke) <= ended, f"{len(broke)} failed, {ended} connections were cut")
    late = [one for one in failed if one.began > finding.ended + 5]
    finding.hold(not late, f"{len(late)} failed later than 5 s after its end")
    finding.hold(only_503(failed), f"failures were {sorted({one.status for one in failed})}")
    finding.broken += lost_and_invented(crowd.log)


def comes_back(scene: Scene) -> bool:
    """Whether the site answers a page that needs the database."""
    [visitor] = scene.visitors(1)
    return wait_until(lambda: visitor.get("/classroom/").done, 10)
