"""What is written for machines that run a school: it holds together, and with the code."""

import re
import shlex

import pytest
from celery.schedules import crontab
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve, reverse
from ruamel.yaml import YAML

from lms import errors
from studio.importing.archive import MAX_ARCHIVE
from tests.test_house import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
QUEUES = {
    settings.CELERY_TASK_DEFAULT_QUEUE,
    *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values()),
}


def read(path):
    return list(YAML(typ="safe", pure=True).load_all(path.read_text()))


COMPOSE = read(ROOT / "docker-compose.yml")[0]
THINGS = [one for path in sorted(KUBERNETES.glob("*.yaml")) for one in read(path)]


def of_kind(*kinds):
    return {one["metadata"]["name"]: one for one in THINGS if one["kind"] in kinds}


def ways_in():
    """Each path that the cluster lets in, the largest body there and where it leads."""
    for one in of_kind("Ingress").values():
        [rule] = one["spec"]["rules"]
        most = one["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
        for way in rule["http"]["paths"]:
            yield rule["host"], way["path"], int(most[:-1]), way["backend"]["service"]["name"]


def pod(thing):
    """Whatever a Deployment, a Job or a CronJob starts."""
    spec = thing["spec"]
    return (spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec)["template"]["spec"]


PODS = {name: pod(one) for name, one in of_kind("Deployment", "Job", "CronJob").items()}
CONTAINERS = [one for each in PODS.values() for one in each["containers"]]
OURS = [one for one in COMPOSE["services"].values() if "build" in one]
COMMANDS = {
    "compose": [one["command"] for one in OURS if "command" in one],
    "kubernetes": [one["command"] for one in CONTAINERS if "command" in one],
}


def words(place):
    """Each single command, however many a shell is given."""
    for command in COMMANDS[place]:
        parts = re.split(r"&&|;|\|\|", command[2]) if command[0] == "sh" else [shlex.join(command)]
        yield from (shlex.split(part) for part in parts)


@pytest.mark.parametrize("place", COMMANDS)
def test_every_queue_has_a_worker_and_every_command_is_there(place):
    queues, named = set(), set()
    for line in words(place):
        if "-Q" in line:
            queues |= set(line[line.index("-Q") + 1].split(","))
        if "manage.py" in line:
            named.add(line[line.index("manage.py") + 1])
        if "celery" in line:
            rest = line[line.index("celery") :]
            assert rest[1:3] == ["-A", "lms"]
            assert rest[3] in {"worker", "beat"}
    assert queues == QUEUES
    assert {"migrate", "setup_link", "sandbox_prepare", "backup"} == named <= get_commands().keys()


def test_everything_is_named_in_one_place_and_in_one_room():
    named = [(one["kind"], one["metadata"]["name"]) for one in THINGS]
    assert len(named) == len(set(named))
    spaces = {one["metadata"].get("namespace") for one in THINGS if one["kind"] != "Namespace"}
    assert spaces == set(of_kind("Namespace"))


def test_whatever_is_referred_to_is_there():
    claims = set(of_kind("PersistentVolumeClaim"))
    for each in PODS.values():
        volumes = {
            one["name"]: one["persistentVolumeClaim"]["claimName"]
            for one in each.get("volumes", [])
        }
        assert set(volumes.values()) <= claims
        for one in each["containers"]:
            assert {mount["name"] for mount in one.get("volumeMounts", [])} == set(volumes)
            sources = [*one["envFrom"]]
            assert {
                source["configMapRef"]["name"] for source in sources if "configMapRef" in source
            } == set(of_kind("ConfigMap"))
            assert {
                source["secretRef"]["name"] for source in sources if "secretRef" in source
            } == set(of_kind("Secret"))
    services = of_kind("Service")
    assert services["web"]["spec"]["selector"] == {"app": "web"}
    assert {path: service for _, path, _, service in ways_in()} == {
        "/metrics": "nobody", "/": "web", "/studio/": "web",
    }  # fmt: skip
    assert len({host for host, *_ in ways_in()}) == 1
    assert "selector" not in services["nobody"]["spec"]


def test_probes_ask_addresses_that_are_there_under_the_name_that_is_answered():
    [web] = PODS["web"]["containers"]
    given = of_kind("ConfigMap")["waymark"]["data"]
    for name, path in [
        ("startupProbe", "/healthz"),
        ("livenessProbe", "/healthz"),
        ("readinessProbe", "/readyz"),
    ]:
        asked = web[name]["httpGet"]
        assert asked["path"] == path
        assert resolve(path).func.__module__ == "lms.health"
        assert asked["httpHeaders"] == [{"name": "Host", "value": given["ALLOWED_HOSTS"]}]
        assert {"containerPort": asked["port"]} in web["ports"]
        assert f'"0.0.0.0:{asked["port"]}"' in DOCKERFILE
        # The name of the site is told by http, though the site itself is https.
        assert any(re.match(one, path.lstrip("/")) for one in settings.SECURE_REDIRECT_EXEMPT)


def test_a_pod_is_left_by_those_who_are_served_before_it_ends():
    [web] = PODS["web"]["containers"]
    pause = int(web["lifecycle"]["preStop"]["exec"]["command"][1])
    graceful = int(
        re.search(r"graceful_timeout = (\d+)", (ROOT / "gunicorn.conf.py").read_text())[1]
    )
    assert pause + graceful < PODS["web"]["terminationGracePeriodSeconds"]


def test_there_is_one_clock():
    beat = of_kind("Deployment")["beat"]["spec"]
    assert (beat["replicas"], beat["strategy"]) == (1, {"type": "Recreate"})


def test_no_work_hangs_on_a_file_that_goes_with_the_container_of_the_clock():
    """What is counted from the start of beat comes again soon; what is rarer goes by the clock."""
    counted = {
        name: one["schedule"]
        for name, one in settings.CELERY_BEAT_SCHEDULE.items()
        if not isinstance(one["schedule"], crontab)
    }
    assert {name for name, seconds in counted.items() if seconds > 3600} == set()
    # And comes again twelve hours later, where beat did not run at that minute; what reads all of
    # the site, and changes nothing, waits for another night.
    hours = {
        name: sorted(one["schedule"].hour)
        for name, one in settings.CELERY_BEAT_SCHEDULE.items()
        if isinstance(one["schedule"], crontab)
    }
    once = {name for name, each in hours.items() if len(each) == 1}
    assert once == {"count-how-courses-go", "look-over-the-site"}
    assert {each[1] - each[0] for name, each in hours.items() if name not in once} == {12}


def test_no_pod_is_root_or_holds_a_token_of_the_cluster():
    [uid] = set(re.findall(r"useradd .*--uid (\d+)", DOCKERFILE))
    for each in PODS.values():
        assert each["automountServiceAccountToken"] is False
        assert (each["securityContext"]["runAsNonRoot"], each["securityContext"]["runAsUser"]) == (
            True,
            int(uid),
        )
        assert all(
            one["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            for one in each["containers"]
        )


def test_what_is_set_is_known():
    known = (ROOT / ".env.example").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    given = {*of_kind("ConfigMap")["waymark"]["data"], *of_kind("Secret")["waymark"]["stringData"]}
    assert [name for name in given if not re.search(rf"\b{name}\b", known)] == []
    assert not of_kind("Secret")["waymark"]["stringData"]["SECRET_KEY"]


def test_the_image_has_the_programs_of_the_servers_version():
    [server] = re.findall(r"postgres:(\d+)", COMPOSE["services"]["postgres"]["image"])
    assert re.findall(r"postgresql-client-(\d+)", DOCKERFILE) == [server]


def test_backups_go_to_a_place_of_their_own():
    mounts = COMPOSE["services"]["backup"]["volumes"]
    assert mounts == ["media:/srv/media", "backups:/srv/backups"]
    assert {mount.partition(":")[0] for mount in mounts} <= COMPOSE["volumes"].keys()
    assert COMPOSE["services"]["backup"]["command"][-1] == "/srv/backups"
    assert "backups:/srv/backups" not in COMPOSE["services"]["grader"]["volumes"]


def test_proxies_let_through_the_largest_file_and_the_site_reads_all_that_they_do():
    told = (ROOT / "docs" / "self-hosting.md").read_text()
    kubernetes = {path: most for _, path, most, _ in ways_in()}
    studio = [
        int(re.search(r"request_body @studio {\s+max_size (\d+)MB", told)[1]),
        int(re.search(r"`location /studio/` of its own `(\d+)m`", told)[1]),
        kubernetes["/studio/"],
    ]
    others = [
        int(re.search(r"request_body @others {\s+max_size (\d+)MB", told)[1]),
        int(re.search(r"`client_max_body_size (\d+)m`", told)[1]),
        kubernetes["/"],
    ]
    assert (set(studio), set(others)) == ({70}, {10})
    assert MAX_ARCHIVE < 70 * 1000**2 < 70 * 1024**2 < errors.MOST_READ["/studio/"]
    assert 10 * 1024**2 < errors.MOST_READ["/"] < MAX_ARCHIVE
    assert reverse("studio:imports").startswith("/studio/")


def test_whoever_was_erased_is_erased_anew_before_a_restored_school_runs():
    told = (ROOT / "docs" / "self-hosting.md").read_text()
    [block] = [one for one in re.findall(r"(?s)```sh\n(.*?)```", told) if "erase_person" in one]
    restore, loop, start = map(block.index, ["manage.py restore", "erase_person", "up -d\n"])
    assert restore < loop < start
    runs = re.findall(r"docker compose run --rm --no-deps (?:-T )?(\w+)", block)
    assert set(runs) == {"backup"} <= COMPOSE["services"].keys()


def test_alerts_ask_for_numbers_that_there_are_and_not_for_answers_that_are_meant():
    told = (ROOT / "docs" / "self-hosting.md").read_text()
    blocks = [YAML(typ="safe").load(one) for one in re.findall(r"(?s)```yaml\n(.*?)```", told)]
    [groups] = [one["groups"] for one in blocks if "groups" in one]
    asked = {one["alert"]: one["expr"] for group in groups for one in group["rules"]}
    shown = "".join((ROOT / "lms" / name).read_text() for name in ("metrics.py", "middleware.py"))
    for name in re.findall(r"waymark_\w+", " ".join(asked.values())):
        assert f'"{name.removesuffix("_count")}"' in shown
    statuses = re.search(r'status=~"([^"]+)"', asked["Errors"])[1]
    rings = [one for one in range(100, 600) if re.fullmatch(statuses, str(one))]
    assert rings == [500, 507]
    [scraping] = [one["scrape_configs"] for one in blocks if "scrape_configs" in one]
    assert scraping[0]["static_configs"][0]["targets"] == ["127.0.0.1:8000"]


@pytest.mark.parametrize("path", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_links_between_documents_lead_somewhere(path):
    place = ROOT / "docs" / path
    text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", place.read_text())
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (place.parent / link).exists()] == []
