"""The process that reads one text: loads the rules, gives up its rights, judges, says one line.

Started as a script by an isolated Python, with the folders of our packages as its arguments.
"""

import json
import os
import sys

if __name__ == "__main__":
    sys.path += sys.argv[1:]

from dataclasses import asdict

from assessments.analyser.analysis import analyse, rules_of
from assessments.analyser.findings import Unreadable
from sandbox.walls import raise_walls

MEMORY = 256 * 1024 * 1024
# Python loads its tables of characters when it meets the first name that is not ASCII.
WARM_UP = "é = 1"


def main() -> None:
    told = json.loads(sys.stdin.buffer.read())
    language = told["language"]
    # Whatever is loaded late is loaded here: behind the walls no file can be opened.
    rules_of(language).review(WARM_UP)
    raise_walls(MEMORY, told["cpu_seconds"])
    try:
        findings = analyse(language, told["source"], told["starter"])
        say({"findings": asdict(findings)})
    except Unreadable as unreadable:
        say({"unreadable": [unreadable.message, unreadable.line]})


def say(content: object) -> None:
    line = json.dumps(content).encode() + b"\n"
    while line:
        line = line[os.write(1, line) :]


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        say({"broken": f"{type(error).__name__}: {error}"})
    # Without farewells: there is nothing to tidy up behind these walls.
    os._exit(0)
