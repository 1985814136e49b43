# Every command builds what it needs first. Only a POSIX shell, make, git and some Python 3 are assumed.

PORT ?= 8000
export PORT

# 127 is a version manager's word for a version that is not active: its `python3` is only a shim.
BOOTSTRAP = for python in python3 python3.13 python3.12 python3.14 python; do \
	  command -v "$$python" >/dev/null 2>&1 || continue; \
	  "$$python" -I -S tools/bootstrap.py $(1); code=$$?; \
	  test $$code -eq 127 || exit $$code; \
	done; echo "No Python 3 on PATH." >&2; exit 1
PYTHON = .venv/bin/python

help:
	@echo "make run    [PORT=8000]   the site as in production, with a demo school; Ctrl-C stops it"
	@echo "make dev    [PORT=8000]   the same with DEBUG and reload"
	@echo "make test   [ARGS=...]    every test, against servers of its own; ARGS go to pytest"
	@echo "make check                format, lint, types, floors, templates, migrations, settings"
	@echo "make bench  [NAME=...]    measure, against servers of its own with durable settings"
	@echo "make faults [NAME=...]    break things under load; [TIMES=3] so often, 15 minutes each"
	@echo "make servers              PostgreSQL and Valkey alone, for work with manage.py"
	@echo "make reset                throw the local school's data away"
	@echo "make sbom                 list what a production site is made of, with licences"
	@echo "make messages             take all texts out of the sources, and compile their translations"
	@echo "make lock   [UPGRADE=1]   write requirements/*.txt anew from pyproject.toml"

run:
	@$(call BOOTSTRAP,local)
	@exec $(PYTHON) -m tools.serve run

dev:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m tools.serve dev

test:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m tools.with_servers --careless --browser -- $(PYTHON) -m pytest -n 2 --dist loadgroup $(ARGS)

check:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m tools.with_servers --careless -- $(PYTHON) -m tools.check

bench:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m tools.with_servers -- $(PYTHON) -m bench $(NAME)

faults:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m faults --times $(or $(TIMES),1) $(NAME)

servers:
	@$(call BOOTSTRAP,local)
	@exec $(PYTHON) -m tools.servers

reset:
	@$(call BOOTSTRAP,local)
	@exec $(PYTHON) -m tools.servers reset

messages:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m tools.with_servers --careless -- $(PYTHON) -m tools.messages

COMPILE = $(PYTHON) -m uv pip compile pyproject.toml --quiet --generate-hashes --universal \
	--python-version 3.12 --no-header --no-annotate $(if $(UPGRADE),--upgrade)

sbom:
	@$(call BOOTSTRAP,development)
	@exec $(PYTHON) -m tools.sbom

lock:
	@$(call BOOTSTRAP,development)
	$(COMPILE) --extra payments --extra mail --extra sentry --extra traces --output-file requirements/production.txt
	$(COMPILE) --extra payments --extra local --extra certificates --output-file requirements/local.txt
	$(COMPILE) --extra payments --extra mail --extra sentry --extra traces --extra local --extra certificates --extra development --output-file requirements/development.txt

.PHONY: help run dev test check bench faults servers reset sbom messages lock
