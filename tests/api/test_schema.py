"""The schema tells the truth about the addresses, and the page shows it."""

import json
import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.school import change_school, forget
from api.root import schema

METHODS = {"get", "post", "put", "patch", "delete"}


def operations():
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            yield pytest.param(path, method, operation, id=f"{method} {path}")


def addresses(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def test_every_address_is_in_the_schema():
    found = {path for path in addresses(get_resolver().url_patterns) if path.startswith("/api/")}
    about_the_api = {"/api/", "/api/docs", "/api/openapi.json", "/api/{anything}"}
    of_the_site_itself = {"/api/events"}
    assert found - about_the_api - of_the_site_itself == set(schema()["paths"])


def test_the_schema_knows_every_method(stranger):
    for path, methods in schema()["paths"].items():
        address = re.sub(r"{\w+_id}", "0" * 8 + "-0000-0000-0000-" + "0" * 12, path)
        allowed = stranger.send("PATCH", address)["Allow"].lower().split(", ")
        assert set(allowed) == set(methods) & METHODS


def test_the_document_is_openapi_3_1_and_public(stranger):
    response = stranger.get("/api/openapi.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    document = json.loads(response.content)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Waymark API"
    assert set(document["components"]["securitySchemes"]) == {"BearerToken", "SessionCookie"}


@pytest.mark.django_db
def test_the_document_has_the_name_that_the_school_has_now(stranger):
    stranger.get("/api/openapi.json")
    change_school(name="Green Hill")
    forget()
    document = json.loads(stranger.get("/api/openapi.json").content)
    assert document["info"]["title"] == "Green Hill API"


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_every_status_is_documented(path, method, operation):
    statuses = {int(status) for status in operation["responses"]}
    expected = {401, 405, 429, 500}
    if method != "get":
        expected |= {403}
    if method == "post":
        expected |= {400, 404, 409, 413, 415, 422}
    if "{" in path:
        expected |= {404}
    assert expected <= statuses
    assert operation["summary"]
    assert operation["security"]


def test_bodies_take_no_other_keys_and_numbers_have_bounds():
    shapes = schema()["components"]["schemas"]
    taken_from_the_address = {"Paging", "CourseFilter", "BoardFilter"}
    for name, shape in shapes.items():
        if name in taken_from_the_address:
            continue
        assert shape.get("additionalProperties") is False, name
    amount = shapes["AwardRequest"]["properties"]["xpAmount"]
    assert (amount["type"], amount["minimum"], amount["maximum"]) == ("integer", 1, 1000)
    assert set(shapes["EnrollmentRequest"]["required"]) == {"userId", "courseId"}
    options = shapes["AnswerRequest"]["properties"]["optionIds"]
    assert (options["type"], options["maxItems"]) == ("array", 1000)


def test_the_page_names_every_operation(stranger):
    response = stranger.get("/api/docs")
    assert response.status_code == 200
    text = response.content.decode()
    for path in schema()["paths"]:
        assert path in text
    assert text.count("<h1>") == 1
    assert "style=" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert "&quot;xpAmount&quot;: 150" in text
