"""Compile what the embedded sandbox needs, so that nobody's first run waits for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments import runners
from sandbox.wasm.artefacts import GuestRefused
from sandbox.wasm.cache import CacheRefused
from sandbox.wasm.runner import WasmRunner


class Command(BaseCommand):
    help = (
        "Compile the guests of the embedded runner ahead of the first run (some seconds, once "
        "for each version). The other runners need nothing. Exit code 1: it was refused."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        runner = runners.chosen()
        if not isinstance(runner, WasmRunner):
            self.stdout.write(f"{runner.name}: nothing to prepare.")
            return
        try:
            runner.prepare(self.stdout.write)
        except (CacheRefused, GuestRefused, OSError) as error:
            raise CommandError(str(error)) from error
