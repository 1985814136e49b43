"""How programs are run outside the tests of the sandbox: each one once for all.

The embedded runner comes to the same end each time it is given the same job (tests/sandbox hold it
to that), and a run costs a process and an interpreter of its own. Hundreds of tests hand in the
same few programs: the first runs for real, and the others are given what came of it. The workers
of a test run keep one memory, in a folder that lasts as long as the run.
"""

import hashlib
import os
import pickle
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.job import Job
from sandbox.verdict import Result, Status
from sandbox.wasm.runner import WasmRunner

HERE = Path(__file__).parent
# Here the runner itself is what is tested, or that it is there and busy.
FOR_REAL = tuple(HERE / name for name in ("bench", "faults", "races", "sandbox"))
# Ends that the program came to. What a limit or a fault has ended may end otherwise the next time.
OF_ITSELF = {Status.OK, Status.RUNTIME_ERROR, Status.COMPILE_ERROR}

run_for_real = WasmRunner.run


def is_for_real(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in FOR_REAL)


@dataclass(frozen=True)
class Memory:
    folder: Path

    def run(self, runner: WasmRunner, job: Job) -> Result:
        """What came of the same job before, under the names that its cases have now."""
        place = self.place(runner, job)
        if place.exists():
            known: Result = pickle.loads(place.read_bytes())  # noqa: S301 - written below
            pairs = zip(job.cases, known.cases, strict=True)
            return replace(known, cases=[replace(came, id=case.id) for case, came in pairs])
        result = run_for_real(runner, job)
        if all(case.status in OF_ITSELF for case in result.cases):
            self.keep(place, result)
        return result

    def place(self, runner: WasmRunner, job: Job) -> Path:
        """Named by all that is run and by what runs it; only the names of cases do not matter."""
        nameless = replace(job, cases=[replace(case, id="") for case in job.cases])
        return self.folder / hashlib.sha256(f"{runner} {nameless}".encode()).hexdigest()

    def keep(self, place: Path, result: Result) -> None:
        """In one step: whoever looks sees all of it or nothing."""
        self.folder.mkdir(exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        draft.write_bytes(pickle.dumps(result))
        draft.replace(place)
