"""Runs a learner's Python inside the guest: names it main.py, and sends out what a call gave back.

The learner's program may change everything in here: patch it, read it, imitate it. So it holds no
expected value, and what it reports is held against the expected value outside. It imports nothing
that costs a start anything, and works in an ordinary CPython (3.11 or newer) as well.
"""

import builtins
import sys
from posix import _exit, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType, TracebackType
    from typing import Any

NAME = "main.py"
MAX_DEPTH = 60
MAX_VALUES = 50_000
MAX_SIZE = 200_000

name_of = type.__dict__["__name__"].__get__
bases_of = type.__dict__["__mro__"].__get__


class TooLarge(Exception):
    """A value is too deep or too long to be sent out."""


class Source:
    """What tracebacks ask for the lines of main.py."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, _name: str) -> str:
        return self.text


class Encoder:
    """Writes a value by its exact type; nothing of the learner's classes is called."""

    def __init__(self) -> None:
        self.values = 0
        self.size = 0

    def leaf(self, kind: str, text: str) -> str:
        self.size += len(text)
        if self.size > MAX_SIZE:
            raise TooLarge
        return f'["{kind}","{text}"]'

    def text(self, kind: str, value: str) -> str:
        if len(value) > MAX_SIZE:
            raise TooLarge
        return self.leaf(kind, value.encode("utf-8", "surrogatepass").hex())

    def value(self, value: "Any", depth: int = 0) -> str:
        self.values += 1
        if depth > MAX_DEPTH or self.values > MAX_VALUES:
            raise TooLarge
        kind = type(value)
        if kind in PLAIN:
            return self.plain(value, kind, depth)
        name = self.text("other", str(name_of(kind)))
        base = next((base for base in bases_of(kind) if base in PLAIN), None)
        if base is None:
            return name
        return f"{name[:-1]},{self.plain(value, base, depth + 1)}]"

    def plain(self, value: "Any", kind: type, depth: int) -> str:
        """Read a value through the methods of a built-in type, whatever its class made of them."""
        if kind is type(None):
            return '["none"]'
        if kind in (bool, int):
            if int.bit_length(value) > 4 * MAX_SIZE:
                raise TooLarge
            return self.leaf(PLAIN[kind], int.__format__(int.__index__(value), "x"))
        if kind is str:
            return self.text("text", str.__str__(value))
        if kind in (float, bytes, bytearray):
            return self.leaf(PLAIN[kind], kind.hex(value))
        return self.container(value, kind, depth)

    def container(self, value: "Any", kind: type, depth: int) -> str:
        if kind is dict:
            items = [part for pair in dict.items(value) for part in pair]
        else:
            items = list(kind.__iter__(value))  # type: ignore[attr-defined]
        inside = ",".join([self.value(item, depth + 1) for item in items])
        return f'["{PLAIN[kind]}",{inside}]' if items else f'["{PLAIN[kind]}"]'


PLAIN = {
    type(None): "none", bool: "bool", int: "int", float: "float", str: "text", bytes: "bytes",
    bytearray: "bytes", list: "list", tuple: "tuple", dict: "dict", set: "set", frozenset: "set",
}  # fmt: skip


class Harness:
    def __init__(self, nonce: str, source: str) -> None:
        self.source = source
        self.opening = f"\x1eWAYMARK {nonce} "
        # Made while there is memory.
        self.memory_frame = f'{self.opening}{{"fault":"memory"}}\n'.encode()

    def send(self, content: str) -> None:
        """Write a frame, the last thing on stdout, and leave without anybody's farewell."""
        frame = f"{self.opening}{content}\n".encode()
        self.leave(frame, 1 if '"fault"' in content or '"raised"' in content else 0)

    def leave(self, frame: bytes, code: int) -> None:
        for stream in (sys.stdout, sys.__stdout__, sys.stderr):
            try:
                stream.flush()  # type: ignore[union-attr]
            except BaseException:  # noqa: S112
                continue
        while frame:
            frame = frame[write(1, frame) :]
        _exit(code)

    def show(self, error: BaseException) -> None:
        """Print a traceback as Python does, beginning with the learner's first line."""
        trace: TracebackType | None = error.__traceback__
        while trace and trace.tb_frame.f_globals is globals():
            trace = trace.tb_next
        error = error.with_traceback(trace)
        try:
            import traceback  # noqa: PLC0415

            traceback.print_exception(error, file=sys.__stderr__)
        except BaseException:
            sys.__excepthook__(type(error), error, trace)

    def fail(self, error: BaseException) -> None:
        """What an uncaught exception comes to."""
        if isinstance(error, MemoryError):
            self.show(error)
            self.leave(self.memory_frame, 1)
        self.show(error)

    def module(self, name: str) -> "ModuleType":
        module: ModuleType = type(sys)(name)
        module.__dict__.update(__builtins__=builtins, __file__=NAME, __loader__=Source(self.source))
        sys.modules[name] = module
        sys.argv[:] = [NAME]
        builtins.exit = builtins.quit = sys.exit  # type: ignore[assignment]
        if "asyncio" in self.source:
            mend_asyncio()
        return module

    def compiled(self) -> "Any":
        try:
            return compile(self.source, NAME, "exec", dont_inherit=True)
        except BaseException as error:
            self.show(error)
            self.send('{"fault":"compile"}')

    def program(self) -> None:
        """Run main.py as a program. Ends as Python would: with farewells and an exit code."""
        code = self.compiled()
        try:
            exec(code, self.module("__main__").__dict__)  # noqa: S102
        except SystemExit:
            raise
        except BaseException as error:
            self.fail(error)
            sys.exit(1)

    def call(self, function: str, arguments: str) -> None:
        """Import main.py, call one of its functions, send out what it gave back or raised."""
        args, kwargs = eval(arguments, {"__builtins__": {}})  # noqa: S307
        code = self.compiled()
        module = self.module("main")
        try:
            exec(code, module.__dict__)  # noqa: S102
        except BaseException as error:
            self.fail(error)
            self.send('{"fault":"import"}')
        called: Any = module
        for part in function.split("."):
            called = getattr(called, part, None)
        if called is None:
            write(2, f"{NAME} defines no function {function}.\n".encode())
            self.send('{"fault":"missing"}')
        self.answer(called, args, kwargs)

    def answer(self, called: "Any", args: "Any", kwargs: "Any") -> None:
        try:
            value = called(*args, **kwargs)
            if name_of(type(value)) == "coroutine":
                mend_asyncio()
                import asyncio  # noqa: PLC0415

                value = asyncio.run(value)
        except BaseException as error:
            self.fail(error)
            name = str(name_of(type(error))).encode("utf-8", "surrogatepass").hex()
            self.send(f'{{"raised":"{name}"}}')
        try:
            content = f'{{"value":{Encoder().value(value)}}}'
        except TooLarge:
            write(2, b"The value is too large to be looked at.\n")
            content = '{"fault":"size"}'
        except MemoryError:
            self.leave(self.memory_frame, 1)
        self.send(content)


def mend_asyncio() -> None:
    """Let event loops do without the pair of sockets that wakes them: nothing here could."""
    if sys.platform == "wasi":
        from asyncio.selector_events import BaseSelectorEventLoop as Loop  # noqa: PLC0415

        def nothing(_loop: "Any") -> None:
            """There is no pipe."""

        Loop._csock = Loop._ssock = None  # type: ignore[attr-defined]
        Loop._make_self_pipe = Loop._close_self_pipe = nothing  # type: ignore[attr-defined]


def main(nonce: str, source: str, function: str = "", arguments: str = "") -> None:
    harness = Harness(nonce, source)
    if function:
        harness.call(function, arguments)
    else:
        harness.program()


if __name__ == "__main__":
    main(*sys.argv[1:])
