#!/bin/sh
# Sets up .venv from the hashed lock files. `setup.sh run` installs what Songhe needs, `setup.sh test` what its tests
# need too, `setup.sh bench` the peer it is measured against. Needs python3 with pip and nothing else; changes nothing
# outside this folder. Called by make through stamp files, so it runs again only when a lock file changed.
set -eu
cd "$(dirname "$0")"

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; then
            command -v "$name"
            return
        fi
    done
    echo "songhe: needs Python 3.11, 3.12 or 3.13 as python3 on PATH" >&2
    exit 1
}

locks="requirements.lock"
case "${1:-run}" in
run) ;;
test)
    locks="requirements-dev.lock"
    if command -v java >/dev/null; then locks="$locks requirements-spark.lock"; fi
    ;;
bench) locks="requirements.lock requirements-bench.lock" ;;
*)
    echo "usage: setup.sh [run|test|bench]" >&2
    exit 2
    ;;
esac

python=$(find_python)
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    [ -x .uv/bin/uv ] || "$python" -m pip install -q --disable-pip-version-check --target .uv uv==0.13.9 2>/dev/null || true
    uv=.uv/bin/uv
fi

if [ -x "$uv" ]; then
    [ -x .venv/bin/python ] || "$uv" venv -q --no-python-downloads --python "$python" .venv
    for lock in $locks; do
        "$uv" pip install -q --python .venv/bin/python --require-hashes -r "$lock"
    done
    "$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
else
    echo "songhe: no uv; pip does it, which takes a minute"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    for lock in $locks; do
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    done
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
