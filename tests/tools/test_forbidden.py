"""What is dangerous is found where it is planted, and nothing is found in the code as it is."""

import pytest

from tools import forbidden

PLANTED = {
    "mark_safe": "html = mark_safe(words)",
    "format_html without gaps": 'html = format_html(f"<p>{name}</p>")',
    "safe": "<p>{{ name|safe }}</p>",
    "autoescape off": "{% autoescape off %}{{ name }}{% endautoescape %}",
    "csrf_exempt": "@csrf_exempt\ndef view(request): ...",
    "raw SQL by Django": 'rows.extra(where=["name = " + name])',
    "SQL put together": "cursor.execute(\"SELECT '%s'\" % name)",
    "fields taken unseen": "User(**request.POST)",
    "YAML with types": "data = yaml.load(text)",
    "tar": "import tarfile",
    "unpacking": "archive.extract(name, folder)",
    "a shell": "subprocess.run(words, shell=True)",
    "code from text": "value = eval(words)",
    "objects from bytes": "import pickle",
    "XML that follows entities": "from xml.etree import ElementTree",
    "TLS unchecked": "requests.get(url, verify=False)",
    "weak hashes": "hashlib.md5(data)",
}


@pytest.mark.parametrize("rule", forbidden.RULES, ids=lambda rule: rule.name)
def test_what_is_planted_is_found_and_only_by_its_rule(rule):
    name = f"classroom/planted{rule.ending}"
    (fault,) = forbidden.faults_in(name, f"# before\n{PLANTED[rule.name]}\n")
    assert fault.startswith(f"{name}:2: {rule.name}: ")


def test_two_more_ways_to_write_them():
    for words in ("RawSQL(words, [])", "rows.raw(words)", "code = exec(words)", "os.system(words)"):
        assert len(forbidden.faults_in("classroom/planted.py", words)) == 1


def test_every_rule_is_planted_and_every_place_is_a_file():
    assert {rule.name for rule in forbidden.RULES} == set(PLANTED)
    places = {place for rule in forbidden.RULES for place in rule.places}
    assert not [place for place in places if not (forbidden.ROOT / place).is_file()]


def test_the_code_as_it_is_holds_nothing_of_it(capsys):
    assert forbidden.main() == 0, capsys.readouterr().out
