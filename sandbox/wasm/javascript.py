"""Drives QuickJS through its C interface, from outside: what a call gave back comes as a text of
our own function's making, not through stdout."""

import re
import struct
from pathlib import Path

from sandbox.wasm.machine import Copy, Task
from sandbox.wasm.world import GuestBroken

HARNESS = Path(__file__).with_name("guests") / "harness.js"
NAME = "main.js"

# A value is 64 bits: a tag above, a number or an address below.
UNDEFINED, EXCEPTION = 3 << 32, 6
MODULE, COMPILE_ONLY = 1, 32
LIKE_A_MODULE = re.compile(r"^\s*(?:import\b|export\b)|\bawait\b", re.MULTILINE)
PLACE = re.compile(r"main\.js:(\d+)(?::(\d+))?")
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*", re.ASCII)
MAX_ANSWER = 1024 * 1024


class Thrown(GuestBroken):
    """JavaScript threw something; `value` is a reference to it."""

    def __init__(self, value: int) -> None:
        super().__init__(value)
        self.value = value


class Refused(GuestBroken):
    """The engine did not start: it had no memory to start in."""


def arguments(_task: Task) -> list[str]:
    return []


class Script:
    """A QuickJS context in a copy, and the harness inside it."""

    def __init__(self, copy: Copy, harness: str) -> None:
        self.copy = copy
        copy.call("_initialize")
        words = [self.text(word) for word in ("qjs", "--std")]
        if copy.call("qjs_init_argv", len(words), self.put(struct.pack(f"<{len(words)}I", *words))):
            raise Refused
        self.context: int = copy.call("qjs_get_context")
        self.runtime: int = copy.call("JS_GetRuntime", self.context)
        self.slots = self.put(bytes(64))
        self.host = self.evaluate(harness, "waymark:harness")

    def put(self, content: bytes) -> int:
        address: int = self.copy.call("malloc", len(content) + 1)
        if not address:
            raise Refused
        self.copy.world.write(address, content + b"\0")
        return address

    def text(self, text: str) -> int:
        return self.put(text.encode())

    def string(self, text: str) -> int:
        content = text.encode()
        address = self.put(content)
        value: int = self.copy.call("JS_NewStringLen", self.context, address, len(content))
        return value

    def checked(self, value: int) -> int:
        if value >> 32 == EXCEPTION:
            raise Thrown(self.copy.call("JS_GetException", self.context))
        return value

    def evaluate(self, source: str, name: str, flags: int = 0) -> int:
        content = source.encode()
        return self.checked(
            self.copy.call(
                "JS_Eval", self.context, self.put(content), len(content), self.text(name), flags
            )
        )

    def ask(self, question: str, *values: int) -> int:
        given = (self.string(question), *values)
        self.copy.world.write(self.slots, struct.pack(f"<{len(given)}q", *given))
        return self.checked(
            self.copy.call("JS_Call", self.context, self.host, UNDEFINED, len(given), self.slots)
        )

    def ask_text(self, question: str, *values: int) -> str:
        value = self.ask(question, *values)
        address = self.copy.call("JS_ToCStringLen2", self.context, self.slots, value, 0)
        if not address:
            raise Thrown(self.copy.call("JS_GetException", self.context))
        (size,) = struct.unpack("<I", self.copy.world.read(self.slots, 4))
        return self.copy.world.read(address, min(size, MAX_ANSWER)).decode(errors="replace")

    # ---- the learner's program ------------------------------------------------------------------

    def compiled(self, source: str) -> tuple[int, bool]:
        """Compile as a script and, where that fails and it looks like one, as a module."""
        try:
            return self.evaluate(source, NAME, COMPILE_ONLY), False
        except Thrown:
            if not LIKE_A_MODULE.search(source):
                raise
        return self.evaluate(source, NAME, COMPILE_ONLY | MODULE), True

    def start(self, compiled: int) -> None:
        value = self.checked(self.copy.call("JS_EvalFunction", self.context, compiled))
        self.ask("watch", value)
        self.settle()

    def settle(self) -> None:
        """Run what is due, now and later, until nothing is left to wait for.

        Awaiting a turn runs jobs inside the guest, far faster than one by one from out here, and
        looks for rejections that nobody handled. One job more tells whether any were left.
        """
        turn = "turn"
        while True:
            self.checked(self.copy.call("js_std_await", self.context, self.ask(turn)))
            ran = self.copy.call("JS_ExecutePendingJob", self.runtime, self.slots)
            if ran < 0:
                raise Thrown(self.copy.call("JS_GetException", self.context))
            if not ran and not self.ask_text("timer"):
                return
            turn = "long turn" if ran else "turn"

    def function(self, name: str, namespace: int | None) -> int:
        """A function by its name: of a module's exports, of module.exports, or just declared."""
        if not IDENTIFIER.fullmatch(name):
            return UNDEFINED
        if namespace is not None:
            return self.ask("field", namespace, self.string(name))
        exported = self.ask("exported", self.string(name))
        if exported != UNDEFINED:
            return exported
        first = name.partition(".")[0]
        declared = f"typeof {first} === 'undefined' ? undefined : {name}"
        return self.evaluate(declared, "waymark:call")

    def call(self, task: Task, namespace: int | None) -> str:
        called = self.function(task.function, namespace)
        given = self.evaluate(task.arguments, "waymark:call")
        if self.ask_text("call", called, given) == "missing":
            self.copy.world.complain(f"{NAME} defines no function {task.function}.\n")
            return '{"fault":"missing"}'
        self.settle()
        return self.ask_text("answer") or '{"fault":"pending"}'


def drive(copy: Copy, task: Task) -> tuple[int, str]:
    """Run a program, or a function of it. Returns exit code and answer."""
    try:
        script = Script(copy, task.harness)
    except Refused:
        return 1, '{"fault":"memory"}'
    try:
        compiled, is_module = script.compiled(task.source)
    except Thrown as thrown:
        copy.world.complain(_pointed_out(script.ask_text("stack", thrown.value), task.source))
        return 1, '{"fault":"compile"}'
    try:
        script.start(compiled)
        namespace = _namespace(script, compiled) if is_module else None
        answer = script.call(task, namespace) if task.function else ""
        code = script.ask_text("flush")
    except Thrown as thrown:
        what = script.ask_text("fail", thrown.value)
        script.ask_text("flush")
        return 1, f'{{"fault":"{what}"}}' if what == "memory" or task.function else ""
    failed = '"raised"' in answer[:12] or '"fault"' in answer[:12]
    return int(failed) or (int(code) & 255 if code.isdecimal() else 1), answer


def _namespace(script: Script, module: int) -> int:
    address = module & 0xFFFF_FFFF
    return script.checked(script.copy.call("JS_GetModuleNamespace", script.context, address))


def _pointed_out(message: str, source: str) -> str:
    """A syntax error with its line and a caret below the place."""
    head, _, rest = message.partition("\n")
    place = PLACE.search(rest)
    lines = source.split("\n")
    if not place or not 0 < int(place[1]) <= len(lines):
        return f"{head}\n"
    line, column = lines[int(place[1]) - 1], int(place[2] or 1)
    blank = "".join("\t" if mark == "\t" else " " for mark in line[: column - 1])
    return f"{NAME}:{place[1]}\n{line[:500]}\n{blank[:500]}^\n{head}\n"
