# Judges from PyPI, for `run` to source. Where there is no Python or no PyPI, it says so and goes on without them.

# Installs cfn-lint and moto into the folder $1; test/infra/cfn-lint.test.ts runs where KILAT_CFN_LINT says.
install_judges() {
  if ! python3 -m venv "$1" || ! "$1/bin/pip" install --quiet --disable-pip-version-check -r .ci/requirements.txt; then
    echo 'skipped: cfn-lint and moto, for Python 3 with venv or PyPI is out of reach' >&2
    return 1
  fi
  export KILAT_CFN_LINT="$1/bin/cfn-lint"
}

# Runs the conformance suites against a moto of the folder $1; fails where the differences are others than the listed.
# A subshell, so that its trap ends moto whatever happens.
judge_by_moto() (
  : >"$1/moto.log" || exit 1
  "$1/bin/moto_server" -H 127.0.0.1 -p 0 >"$1/moto.log" 2>&1 &
  moto=$!
  trap 'kill "$moto" 2>/dev/null; wait "$moto" 2>/dev/null' EXIT
  url=$(address_in "$1/moto.log" "$moto") || { cat "$1/moto.log" >&2; exit 1; }
  npm run --silent conformance:moto -- --url "$url"
)

# Waits until the server $2 has written its address into the file $1; fails when it ended before.
address_in() {
  until grep -oE 'http://127\.0\.0\.1:[0-9]+' "$1"; do
    kill -0 "$2" 2>/dev/null || return 1
    sleep 0.2
  done
}
