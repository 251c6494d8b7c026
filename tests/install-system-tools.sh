#!/usr/bin/env bash
# Installs what the tests need from the system's package manager, if it is not there: Chromium, PostgreSQL,
# bubblewrap, and JupyterHub's proxy, which is a program of Node.
set -euo pipefail

missing=()
has() { command -v "$1" >/dev/null 2>&1; }
# The headless shell is Chromium without its windows and services, and quicker. Any Chromium that is there will do;
# where an administrator runs this (a new machine, CI) the shell is fetched beside it.
if ! has chromium-headless-shell; then
  if ! has chromium && ! has chromium-browser && ! has google-chrome; then
    missing+=(chromium)
  elif [ "$(id -u)" -eq 0 ] && has apt-get && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    missing+=(chromium-headless-shell)
  fi
fi
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v bwrap >/dev/null 2>&1 || missing+=(bubblewrap)
command -v node >/dev/null 2>&1 || missing+=(nodejs)
command -v npm >/dev/null 2>&1 || missing+=(npm)

# The proxy's version is that of deploy/jupyterhub/package-lock.json. Without it the tests of the Hub say so and skip.
install_proxy() {
  local installed=deploy/jupyterhub/node_modules/.package-lock.json
  [ "$installed" -nt deploy/jupyterhub/package-lock.json ] && return
  echo "Installing JupyterHub's proxy for the tests"
  npm ci --prefix deploy/jupyterhub --loglevel=error >/dev/null || echo "JupyterHub's proxy could not be installed" >&2
}
if [ ${#missing[@]} -eq 0 ]; then
  install_proxy
  exit 0
fi

if ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests need ${missing[*]}; install them with this system's package manager and run again." >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "Installing ${missing[*]} for the tests"
"${as_root[@]}" apt-get update -qq
for at in "${!missing[@]}"; do
  if [ "${missing[$at]}" = chromium ] && apt-cache show chromium-headless-shell >/dev/null 2>&1; then
    missing[at]=chromium-headless-shell
  fi
done
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
install_proxy
