.DEFAULT_GOAL := help
.PHONY: help setup demo local test test-quick check validate bench rehearse lock build resume cancel redrive clean

UV_VERSION := 0.13.9
SAM_VERSION := 1.170.0
PYTHON ?= python3
UV := $(shell command -v uv || echo .venv/bin/uv)
RUN := .venv/bin/python
# sam pins another boto3 than the local AWS does, so it lives in an environment of its own.
SAM := SAM_CLI_TELEMETRY=0 $(UV) tool run --quiet --from aws-sam-cli==$(SAM_VERSION) sam
STACK ?= smsdrop
ROWS ?= 100000
OPERATE = aws lambda invoke --function-name "$$(aws cloudformation describe-stacks --stack-name $(STACK) \
	--query "Stacks[0].Outputs[?OutputKey=='Operate'].OutputValue" --output text)" \
	--cli-binary-format raw-in-base64-out /dev/stdout --payload

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

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

test: setup ## Run all tests
	$(RUN) -m pytest

test-quick: setup ## Run the tests that need no local AWS
	$(RUN) -m pytest -m "not system"

bench: setup ## Measure everything beside its peers, and write docs/performance.md
	@if python3.13 --version > /dev/null 2>&1; then $(MAKE) --no-print-directory build; \
		else echo "left out, for want of a python3.13 on PATH: the cold start"; fi
	$(RUN) -m bench

rehearse: setup ## Run a whole campaign in the local AWS and watch it: make rehearse ROWS=1000000
	$(RUN) -m bench.rehearse --rows $(ROWS)

check: setup ## Run the linters, the type checker, and sam's validation
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	$(UV) export --frozen --no-dev --no-emit-project --quiet --output-file layers/smsdrop/requirements.txt
	@git diff --exit-code --stat layers/smsdrop/requirements.txt
	$(MAKE) --no-print-directory validate

validate: setup ## Validate the template
	$(SAM) validate --lint --region eu-central-1

lock: setup ## Bring uv.lock and the layer's requirements up to pyproject.toml
	$(UV) lock
	$(UV) export --frozen --no-dev --no-emit-project --quiet --output-file layers/smsdrop/requirements.txt

build: setup ## Build what is deployed; needs a python3.13 on PATH
	$(SAM) build

resume: ## Resume sending after a pause: make resume STACK=smsdrop
	@$(OPERATE) '{"order": "resume"}'

cancel: ## Cancel a campaign: make cancel CAMPAIGN=20260102T030405Z-0123456789abcdef STACK=smsdrop
	@$(OPERATE) '{"order": "cancel", "campaign_id": "$(CAMPAIGN)"}'

redrive: ## Queue the dead letters again: make redrive STACK=smsdrop
	@$(OPERATE) '{"order": "redrive"}'

clean: ## Remove what the other targets made
	rm -rf .venv .aws-sam .mypy_cache .pytest_cache .ruff_cache .hypothesis
