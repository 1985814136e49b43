"""The schema as a page shows it: sections of operations, with an example of each body."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

type Json = dict[str, Any]
FORMATS = {
    "uuid": "01a1fc71-66a6-7005-9cba-c883d79d55c7",
    "date-time": "2026-11-21T04:38:55.123Z",
}
NAMES = {"integer": "integer", "string": "text", "boolean": "true or false", "null": "null"}


@dataclass(frozen=True)
class Schemas:
    """The named shapes of the document; everything else refers to them."""

    named: dict[str, Json]

    def follow(self, schema: Json) -> Json:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.named[name] if name else schema

    def example(self, schema: Json) -> Any:
        """Build a value of this shape from the examples that its fields give."""
        schema = self.follow(schema)
        for given in ("examples", "enum"):
            if given in schema:
                return schema[given][0]
        if "anyOf" in schema:
            return self.example(schema["anyOf"][0])
        if schema["type"] == "object":
            fields = schema.get("properties", {}).items()
            return {name: self.example(field) for name, field in fields}
        if schema["type"] == "array":
            return [self.example(schema["items"])]
        simple = {"integer": schema.get("minimum", 1) or 1, "boolean": True}
        return simple.get(schema["type"], FORMATS.get(schema.get("format", ""), "…"))

    def kind(self, schema: Json) -> str:
        """Say in words what a field takes."""
        schema = self.follow(schema)
        if "anyOf" in schema:
            return " or ".join(self.kind(one) for one in schema["anyOf"])
        if "enum" in schema:
            return ", ".join(schema["enum"])
        if schema["type"] == "array":
            return f"list: {self.kind(schema['items'])}"
        words = "UUID" if schema.get("format") == "uuid" else NAMES[schema["type"]]
        if "minimum" in schema and "maximum" in schema:
            return f"{words}, {schema['minimum']} to {schema['maximum']:,}"
        return f"{words}, at most {schema['maxLength']} long" if "maxLength" in schema else words


@dataclass(frozen=True)
class Field:
    """One thing that a request carries."""

    name: str
    place: str
    kind: str
    needed: bool
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    details: Json
    schemas: Schemas
    server: str

    @property
    def key(self) -> str:
        return str(self.details["operationId"])

    @property
    def summary(self) -> str:
        return str(self.details["summary"])

    @property
    def paragraphs(self) -> list[list[str]]:
        """The description; every other piece of a paragraph stands in backticks."""
        text = str(self.details.get("description", ""))
        return [" ".join(part.split()).split("`") for part in text.split("\n\n") if part]

    @property
    def is_public(self) -> bool:
        return {} in self.details["security"]

    @cached_property
    def body(self) -> Json | None:
        request = self.details.get("requestBody")
        return request["content"]["application/json"]["schema"] if request else None

    @property
    def fields(self) -> list[Field]:
        """What stands in the address and in the body."""
        found = [
            Field(p["name"], p["in"], self.schemas.kind(p["schema"]), p["required"],
                  p.get("description", ""))
            for p in self.details["parameters"]
        ]  # fmt: skip
        if self.body is None:
            return found
        shape = self.schemas.follow(self.body)
        return found + [
            Field(name, "body", self.schemas.kind(field), name in shape.get("required", ()),
                  field.get("description", ""))
            for name, field in shape.get("properties", {}).items()
        ]  # fmt: skip

    @property
    def call(self) -> str:
        """The request as one types it into a shell."""
        lines = [f"curl -X {self.method}"]
        if not self.is_public:
            lines.append('-H "Authorization: Bearer $TOKEN"')
        if self.body is not None:
            lines.append("--json '" + json.dumps(self.schemas.example(self.body), indent=2) + "'")
        return " \\\n  ".join([*lines, f'"{self.server}{self.path}"'])

    @property
    def success(self) -> tuple[int, str]:
        """The status of success and an example of its body, which may be empty."""
        status = min(self.details["responses"], key=int)
        content = self.details["responses"][status].get("content")
        if content is None:
            return int(status), ""
        value = self.schemas.example(content["application/json"]["schema"])
        return int(status), json.dumps(value, indent=2, ensure_ascii=False)

    @property
    def statuses(self) -> list[tuple[int, str]]:
        responses = self.details["responses"].items()
        return [(int(status), response["description"]) for status, response in responses]


@dataclass(frozen=True)
class Section:
    """Operations about one thing."""

    title: str
    operations: list[Operation]


def sections(document: Json) -> list[Section]:
    """Group the document's operations by their tag, in the order in which they stand."""
    schemas = Schemas(document["components"]["schemas"])
    server = document["servers"][0]["url"]
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            operation = Operation(method.upper(), path, details, schemas, server)
            found.setdefault(details["tags"][0], []).append(operation)
    return [Section(title, operations) for title, operations in found.items()]
