# `make demo` and `make test` do all the set-up themselves, in .venv, from the versions in constraints.txt.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CORE := .venv/core
READY := .venv/ready
DOCS := .venv/docs
# uv where it is there, which is faster; both install the versions in constraints.txt.
INSTALL := $(if $(shell command -v uv),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) --constraint constraints.txt
export OMP_NUM_THREADS := 1

.PHONY: demo test proof lint release pictures gallery house keys lectures coverage bench docs clean

demo: $(CORE)
	@for folder in examples/class/*/; do $(BIN)/grader grade "$$folder" --jobs 2 || exit 1; done

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The long evidence, of which `make test` runs a fixed sample.
proof: $(READY)
	CHAINRULE_PROOF=1 $(BIN)/python -m pytest -n 2 --dist loadfile
	PYTHONPATH=.:tests $(BIN)/python -m proof --jobs 2

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/grader release --check
	$(BIN)/check-jsonschema --check-metaschema $(wildcard docs/schemas/*.json)
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(wildcard examples/ci/github/*/*.yml)
	$(BIN)/check-jsonschema --builtin-schema vendor.gitlab-ci $(wildcard examples/ci/gitlab/*/.gitlab-ci.yml)
	$(BIN)/zizmor --quiet --offline --no-config --pedantic $(wildcard examples/ci/github/*/*.yml)

release: $(READY)
	$(BIN)/grader release

# All pictures. Those of the lessons are drawn from the references, and handed out; those of README and docs/ show the
# programs at work, which takes minutes, and wants chromium and git.
pictures: $(READY) house
	$(BIN)/python -m docs.making gradient_descent autograd optimizers neuron network
	$(BIN)/grader release
	$(BIN)/python -m docs.making readme grading classes channels notebooks

# What a student reads of the commonest failures, which takes ten minutes.
gallery: $(READY)
	$(BIN)/python -m docs.making.gallery

# The picture of the rooms in docs/, from the imports; and the page that says where the lectures are taught and tested.
house: $(READY)
	$(BIN)/python tests/house.py

# The table of all keys of assignment.toml in docs/authors.md.
keys: $(READY)
	PYTHONPATH=. $(BIN)/python tests/author_keys.py

lectures: $(READY)
	$(BIN)/python tests/lecture_coverage.py

# Branch coverage of grader/ by the tests; what runs in a worker is not seen, since nothing enters a worker from outside.
coverage: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-report=term:skip-covered

# The site of docs/ in build/site, which is read without a server too: open build/site/index.html.
# Not --quiet: a warning that is not logged does not end a strict build.
docs: $(DOCS)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

bench: $(READY)
	$(BIN)/python benchmarks/speed.py

# What grading needs; the rest is for the tests.
$(CORE): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Chainrule needs Python 3.11 or later; name one with make PYTHON=...")'
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(INSTALL) -e .
	@touch $(CORE)

$(READY): $(CORE)
	PIP_CONSTRAINT=constraints.txt $(INSTALL) -e '.[author,dev,nbgrader]'
	@touch $(READY)

# What builds the site, which no other target needs.
$(DOCS): $(READY)
	PIP_CONSTRAINT=constraints.txt $(INSTALL) -e '.[docs]'
	@touch $(DOCS)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
