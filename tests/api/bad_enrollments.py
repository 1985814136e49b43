"""Requests to enrol, to leave and to look that must change nothing, by row of the table."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial

from django.utils.timezone import now
from uuid6 import uuid7

from accounts.models import ApiToken, User
from accounts.tokens import create_token, revoke_token
from courses.models import Course
from enrollments.actions import leave
from enrollments.models import Enrollment
from tests.api.conftest import Program
from tests.api.world import ENROLL, Request, World, row
from tests.conftest import make_course

JUNK = (1, 1.0, 1.5, True, None, [1], {})


@row("AE01")
def nobody(world: World) -> Iterable[Request]:
    body = {"userId": "bob@example.org", "courseId": "python-basics"}
    return [partial(world.stranger.post, ENROLL, body)]


@row("AE02")
def dead_tokens(world: World) -> Iterable[Request]:
    expired, text_of_expired = create_token(world.bob, "old")
    ApiToken.objects.filter(pk=expired.pk).update(expires_at=now() - timedelta(seconds=1))
    revoked, text_of_revoked = create_token(world.bob, "gone")
    revoke_token(revoked)
    _, text_of_inactive = create_token(world.root, "off")
    User.objects.filter(pk=world.root.pk).update(is_active=False)
    body = {"userId": "bob@example.org", "courseId": "python-basics"}
    texts = (text_of_expired, text_of_revoked, text_of_inactive, "wm_nobodys", "", "x" * 9000)
    return [partial(Program(text).post, ENROLL, body) for text in texts]


@row("AE03")
def token_elsewhere(world: World) -> Iterable[Request]:
    _, text = create_token(world.bob, "good")
    body = {"userId": "bob@example.org", "courseId": "python-basics", "token": text}
    return [
        partial(world.stranger.post, f"{ENROLL}?token={text}&access_token={text}", body),
        partial(world.stranger.post, ENROLL, body, headers={"X-Api-Key": text}),
        partial(world.stranger.post, ENROLL, body, headers={"Authorization": f"Token {text}"}),
    ]


@row("AE04")
def somebody_else(world: World) -> Iterable[Request]:
    ada, root = world.ada, world.root
    names = (ada.email, str(ada.pk), root.email, "nobody@example.org", str(uuid7()), "1")
    return [world.enroll(userId=name) for name in names]


@row("AE05")
def no_such_course(world: World) -> Iterable[Request]:
    return [world.enroll(courseId=name) for name in ("none", str(uuid7()), "999999")]


@row("AE06")
def mistyped_user(world: World) -> Iterable[Request]:
    return [world.enroll(userId=value) for value in JUNK]


@row("AE07")
def mistyped_course(world: World) -> Iterable[Request]:
    return [world.enroll(courseId=value) for value in JUNK]


@row("AE08")
def fields_left_out(world: World) -> Iterable[Request]:
    return [
        world.enroll(userId=...),
        world.enroll(courseId=...),
        world.enroll(userId=..., courseId=...),
    ]


@row("AE09")
def empty_and_long(world: World) -> Iterable[Request]:
    values = ("", "x" * 255)
    return [world.enroll(**{name: v}) for name in ("userId", "courseId") for v in values]


@row("AE10")
def further_keys(world: World) -> Iterable[Request]:
    extra = {"role": "ADMIN", "progress": 100, "completed_at": "2026-01-01", "isStaff": True}
    return [world.enroll(**{name: value}) for name, value in extra.items()]


@row("AE11")
def odd_slugs(world: World) -> Iterable[Request]:
    names = ("' OR 1=1 --", "%", "../python-basics", "python-basics\n", "PYTHON-BASICS", "﻿x")
    return [world.enroll(courseId=name) for name in names]


@row("AE12")
def not_one_object(world: World) -> Iterable[Request]:
    good = b'{"userId": "bob@example.org", "courseId": "python-basics"}'
    bodies = (b"[]", b'"x"', b"1", b"null", b"", good + good, good[:-1] + b",}", good + b" x")
    return [world.enroll_raw(body) for body in bodies]


@row("AE13")
def not_utf_8(world: World) -> Iterable[Request]:
    good = '{"userId": "bob@example.org", "courseId": "python-basics"}'
    bodies = (b'{"userId": "\xff"}', good.encode("utf-16"), b"\xef\xbb\xbf" + good.encode())
    return [world.enroll_raw(body) for body in bodies]


@row("AE14")
def deep(world: World) -> Iterable[Request]:
    return [world.enroll_raw(b"[" * 16_384), world.enroll_raw(b'{"a":' * 3_000)]


@row("AE15")
def twice_the_same_key(world: World) -> Iterable[Request]:
    first = (
        b'{"userId": "ada@example.org", "userId": "bob@example.org", "courseId": "python-basics"}'
    )
    return [world.enroll_raw(first), world.enroll_raw(b'{"a": [{"b": 1, "b": 1}]}')]


@row("AE16")
def other_content(world: World) -> Iterable[Request]:
    kinds = (
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "application/json; charset=utf-9000",
    )
    body = {"userId": "bob@example.org", "courseId": "python-basics"}
    return [world.enroll_raw(body, content_type=kind) for kind in kinds]


@row("AE17")
def too_large(world: World) -> Iterable[Request]:
    small = b'{"userId": "bob@example.org", "courseId": "python-basics"}'
    return [
        world.enroll_raw(small.ljust(16_385)),
        world.enroll_raw(small, CONTENT_LENGTH=str(2**40)),
    ]


@row("AE18")
def session_and_bad_token(world: World) -> Iterable[Request]:
    return [
        world.by_session(Authorization="Bearer garbage"),
        world.by_session(Authorization="Bearer garbage", X_CSRFToken="s" * 32),
    ]


@row("AE19")
def session_alone(world: World) -> Iterable[Request]:
    return [world.by_session(), world.by_session(X_CSRFToken="t" * 32)]


@row("HX02")
def session_of_htmx(world: World) -> Iterable[Request]:
    return [world.by_session(HX_Request="true")]


@row("AE20")
def enrolled_already(world: World) -> Iterable[Request]:
    assert world.enroll()().status_code == 201
    return [world.enroll(), world.enroll(userId=str(world.bob.pk))]


@row("AE22")
def other_methods(world: World) -> Iterable[Request]:
    me = world.program(world.bob)
    return [partial(me.send, m, ENROLL) for m in ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS")]


@row("AE23")
def other_addresses(world: World) -> Iterable[Request]:
    me = world.program(world.bob)
    body = {"userId": "bob@example.org", "courseId": "python-basics"}
    paths = ("/api/enrollments/", "/api/Enrollments", "/api/enrollments.json", "/api//enrollments")
    return [partial(me.post, path, body) for path in paths]


@row("AE24")
def too_often(world: World) -> Iterator[Request]:
    me = world.program(world.bob)
    for _ in range(60):
        assert me.post(ENROLL, {}).status_code == 422
    yield partial(me.post, ENROLL, {"userId": "bob@example.org", "courseId": "python-basics"})


@row("AE26")
def other_wishes(world: World) -> Iterable[Request]:
    body = {"userId": "bob@example.org", "courseId": "python-basics"}
    wishes = ("text/html", "application/xml", "nonsense")
    return [world.enroll_raw(body, headers={"Accept": wish}) for wish in wishes]


@row("EN04")
def closed_courses(world: World) -> Iterable[Request]:
    make_course("draft", status=Course.Status.DRAFT)
    make_course("archived", status=Course.Status.ARCHIVED)
    make_course("deleted", deleted_at=now())
    return [world.enroll(courseId=name) for name in ("draft", "archived", "deleted")]


@row("EN06")
def another_course_first(world: World) -> Iterable[Request]:
    make_course("second", prerequisite=world.course)
    return [world.enroll(courseId="second")]


@row("EN08")
def leaving_twice(world: World) -> Iterable[Request]:
    place = Enrollment.objects.get(user=world.ada)
    leave(world.ada, world.course)
    return [partial(world.program(world.ada).delete, f"{ENROLL}/{place.pk}")]


@row("EN12")
def leaving_for_another(world: World) -> Iterable[Request]:
    place = Enrollment.objects.get(user=world.ada)
    return [partial(world.program(world.bob).delete, f"{ENROLL}/{place.pk}")]


@row("UN01", "UN02")
def broken_text(world: World) -> Iterable[Request]:
    bad = (r"\u0000", r"a\u0000b", r"\ud800", r"\udfff", r"\udc00\ud800")
    values = [f'{{"userId": "{text}", "courseId": "python-basics"}}'.encode() for text in bad] + [
        f'{{"userId": "bob@example.org", "courseId": "{text}"}}'.encode() for text in bad
    ]
    keys = [f'{{"userId": "bob@example.org", "{text}": 1}}'.encode() for text in bad]
    return [world.enroll_raw(raw) for raw in values + keys]


@row("UN03")
def broken_query(world: World) -> Iterable[Request]:
    queries = ("q=%00", "q=a%00b", "language=%00", "q=%ED%A0%80", "q=%FF", "page=%00")
    return [partial(world.stranger.get, f"/api/courses?{query}") for query in queries]


@row("UN06")
def letters_alike(world: World) -> Iterable[Request]:
    User.objects.filter(pk=world.bob.pk).update(email="kiki@example.org")
    kelvin, dotless, wide, dotted = "\u212a", "\u0131", "\uff4b", "\u0130"
    names = (f"{kelvin}iki", f"k{dotless}ki", f"{wide}iki", f"K{dotted}K{dotted}", "k i k i")
    return [world.enroll(userId=f"{name}@example.org") for name in names]


@row("HX04")
def loud_headers(world: World) -> Iterable[Request]:
    loud = {"HX-Target": '"><script>', "HX-Trigger": "x" * 10_000, "HX-Prompt": "<b>"}
    return [partial(world.program(world.ada).get, "/api/me", headers=loud)]
