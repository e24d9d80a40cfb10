.DEFAULT_GOAL := help
.PHONY: help setup demo local test test-unit test-quick test-on-313 check validate simulate mutate bench rehearse lock build deploy retained pause resume cancel approve redrive clean

UV_VERSION := 0.13.9
SAM_VERSION := 1.170.0
CFN_LINT_VERSION := 1.58.0
CHECKOV_VERSION := 3.3.30
PYTHON ?= python3
UV := $(shell command -v uv || echo .venv/bin/uv)
RUN := .venv/bin/python
# sam pins another boto3 than the local AWS does, so it lives in an environment of its own; so do these.
SAM := SAM_CLI_TELEMETRY=0 $(UV) tool run --quiet --from aws-sam-cli==$(SAM_VERSION) sam
CFN_LINT := $(UV) tool run --quiet --from cfn-lint==$(CFN_LINT_VERSION) --with aws-sam-translator cfn-lint
CHECKOV := $(UV) tool run --quiet --from checkov==$(CHECKOV_VERSION) checkov
EXPANDED := .aws-sam/expanded.json
ENV ?= default
SEEDS ?= 10000
MUTATE_SECONDS ?= 3600
ROWS ?= 100000
# The command line, for the stack that is named, or else for its default.
SMSDROP := .venv/bin/smsdrop
order = $(SMSDROP) $(if $(STACK),--stack "$(STACK)") $(1)

help: ## Say what there is
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

.venv/ready: pyproject.toml uv.lock
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@command -v uv > /dev/null || test -x .venv/bin/uv || .venv/bin/python -m pip install --quiet uv==$(UV_VERSION)
	$(UV) sync --frozen --quiet --inexact
	@touch $@

setup: .venv/ready ## Make .venv with everything that the other targets need

demo: setup ## Run the whole system on this machine, drop a file, and show what happened
	$(RUN) -m local demo

local: setup ## Keep the whole system running on this machine, for a client of your own
	$(RUN) -m local up

# Two processes, each with a local AWS of its own; a file's tests stay together.
PYTEST := -m pytest --numprocesses 2 --dist loadfile

test: setup ## Run all tests; the last ones look at what the others did, in either process
	$(RUN) $(PYTEST) -m "not last"
	$(RUN) -m pytest -m last

test-unit: setup ## Run the tests of the package's modules, in well under a minute
	$(RUN) $(PYTEST) tests/unit

test-quick: setup ## Run the tests that need no local AWS
	$(RUN) $(PYTEST) -m "not system"

test-on-313: ## Run what needs no local AWS, but for the seeds, on the Python that the functions run on
	UV_PROJECT_ENVIRONMENT=.venv-3.13 $(UV) sync --frozen --quiet --python "$$(command -v python3.13)"
	.venv-3.13/bin/python $(PYTEST) -m "not system" --ignore tests/simulation/test_simulation.py

simulate: setup ## Look for faults in more seeds of the simulation: make simulate SEEDS=100000
	$(RUN) -m tests.simulation --seeds $(SEEDS)

mutate: setup ## Mutate the promise's modules, and print what no fast test notices: make mutate MUTATE_SECONDS=600
	$(RUN) -m tests.mutation --seconds $(MUTATE_SECONDS)

bench: setup ## Measure everything beside its peers, and write docs/performance.md
	@if python3.13 --version > /dev/null 2>&1; then $(MAKE) --no-print-directory build; \
		else echo "left out, for want of a python3.13 on PATH: the cold start"; fi
	$(RUN) -m bench

rehearse: setup ## Run a whole campaign in the local AWS and watch it: make rehearse ROWS=1000000 FAULTS=30
	$(RUN) -m bench.targets.rehearsal --rows $(ROWS) --faults $(or $(FAULTS),0)

check: setup ## Run the linters, the type checker, and what checks the template
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(UV) export --frozen --no-dev --no-emit-project --quiet --output-file layers/smsdrop/requirements.txt
	@git diff --exit-code --stat layers/smsdrop/requirements.txt
	$(MAKE) --no-print-directory validate

validate: setup ## Check the template, and what SAM makes of it, in AWS and in AWS China
	$(SAM) validate --lint --region eu-central-1
	$(CFN_LINT) --regions eu-central-1 cn-north-1 cn-northwest-1 --template template.yaml
	@mkdir -p $(dir $(EXPANDED))
	$(RUN) -m local.template.expanded cn-north-1 > $(EXPANDED)
	$(CFN_LINT) --regions eu-central-1 cn-north-1 cn-northwest-1 --template $(EXPANDED)
	$(CHECKOV) --config-file .checkov.yaml

lock: setup ## Bring uv.lock and the layer's requirements up to pyproject.toml
	$(UV) lock
	$(UV) export --frozen --no-dev --no-emit-project --quiet --output-file layers/smsdrop/requirements.txt

build: setup ## Build what is deployed, and print its size; needs a python3.13 on PATH
	$(SAM) build
	@$(RUN) -m local.template.built

deploy: ## Deploy what was built, as samconfig.toml says: make deploy, make deploy ENV=dev
	$(SAM) deploy --config-env $(ENV)

retained: setup ## Print a template of what outlives its stack (docs/operations.md)
	@$(RUN) -m local.template.retained

# CAMPAIGN is a campaign id, a part of one, or its file, whatever characters that has.
export CAMPAIGN

pause: setup ## Pause a campaign, or the whole stack: make pause CAMPAIGN=july.csv STACK=smsdrop
	@$(call order,pause) -- "$$CAMPAIGN"

resume: setup ## Resume a campaign, or the whole stack: make resume CAMPAIGN=… STACK=smsdrop
	@$(call order,resume) -- "$$CAMPAIGN"

cancel: setup ## Cancel a campaign: make cancel CAMPAIGN=SMS_154950909/云通信/july.csv STACK=smsdrop
	@$(call order,cancel) -- "$$CAMPAIGN"

approve: setup ## Approve of a campaign that somebody else has dropped: make approve CAMPAIGN=…
	@$(call order,approve) -- "$$CAMPAIGN"

redrive: setup ## Queue the dead letters again: make redrive STACK=smsdrop
	@$(call order,redrive)

clean: ## Remove what the other targets made
	rm -rf .venv .venv-3.13 .aws-sam .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
