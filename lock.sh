#!/bin/sh
# Makes the hashed lock files anew from pyproject.toml. Needs uv on PATH or in .uv. Run by `make lock`.
set -eu
cd "$(dirname "$0")"
uv=$(command -v uv || echo .uv/bin/uv)
compile() { "$uv" pip compile -q pyproject.toml --universal --generate-hashes --no-header --no-annotate "$@"; }
compile --group build -o requirements.lock
compile --group dev -o requirements-dev.lock
compile --group bench -o requirements-bench.lock
compile --extra spark -o requirements-spark.lock
