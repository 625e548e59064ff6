#!/bin/sh
# Removes what install.sh made: what stands on its list, and nothing else. Rules, keys and the log in the ccr home stay,
# unless --purge says otherwise.
# Exit codes: 0 removed (or there was nothing), 1 something could not be removed, 2 misused.
set -eu

SHARE=${XDG_DATA_HOME:-$HOME/.local/share}/ccr
LIST=$SHARE/installed
VENV=$SHARE/env
HOME_OF_CCR=${CCR_HOME:-$HOME/.claude-code-router}
# In the ccr home only this ccr makes the first; npm's claude-code-router knows the others, too.
OURS='rules users.ccr keys.json trusted.json ui.json ui-invitation.json usage.db usage.db-wal usage.db-shm sessions backups run claude-path.txt .auto-mode-told'
SHARED='config.json presets logs'
YES='' PURGE=''

usage() {
  cat <<END
Removes what install.sh made.

  ./uninstall.sh    shows it, asks, removes it
  --purge           also rules, keys, config.json and the log in $HOME_OF_CCR
  --yes             asks nothing
  --help            this
END
}

main() {
  for word; do
    case $word in
      --yes | -y) YES=yes ;;
      --purge) PURGE=yes ;;
      --help | -h) usage; exit 0 ;;
      *) printf '%s\n' "there is no option $word; ./uninstall.sh --help lists what there is" >&2; exit 2 ;;
    esac
  done
  if [ -f "$LIST" ]; then uninstall; else say "nothing of install.sh is in $SHARE"; fi
  if [ -n "$PURGE" ]; then purge; else kept; fi
}

say() { printf '%s\n' "$@"; }

fail() { printf '%s\n' "$*" >&2; exit 1; }

agreed() {
  [ -z "$YES" ] || return 0
  [ -t 0 ] || { printf '%s\n' "nobody is there to ask: nothing was removed; --yes removes it" >&2; exit 2; }
  printf '%s [y/N] ' "$1"
  read -r answer && case $answer in [yY]*) return 0 ;; esac
  say "left as it is"
  exit 0
}

paths() { sed -n "s/^$1 //p" "$LIST"; }

uninstall() {
  say "made by install.sh:"
  sed -nE -e 's/^(environment|link|file) /  /p' -e 's/^container .*/  the container of ccr, and its image/p' "$LIST"
  agreed "Remove it?"
  stop
  remove_container
  paths link | while read -r path; do
    if [ "$(readlink "$path" 2>/dev/null)" = "$VENV/bin/${path##*/}" ]; then
      rm -f "$path"
    elif [ -e "$path" ]; then
      say "$path leads elsewhere by now; it was left alone"
    fi
  done
  paths environment | while read -r path; do [ "$path" != "$VENV" ] || rm -rf "$path"; done
  paths file | while read -r path; do rm -f "$path"; done
  folders=$(paths folder | sort -r)
  rm -f "$LIST" "$SHARE/uninstall.sh"
  printf '%s\n' "$folders" | while read -r folder; do rmdir "$folder" 2>/dev/null || true; done
  say "removed"
}

# What `ccr start` began, also at login. A service in somebody's terminal is theirs to end.
stop() {
  [ -x "$VENV/bin/ccr" ] || return 0
  "$VENV/bin/ccr" stop --at-login >/dev/null || fail "a ccr still runs (see above): nothing was removed"
  case $HOME_OF_CCR/run in /*/run) rm -rf "${HOME_OF_CCR:?}/run" ;; esac
  [ ! -d "$HOME_OF_CCR" ] || rmdir "$HOME_OF_CCR" 2>/dev/null || true
}

# By its label, so that nobody else's is touched. The volume with its rules goes only with --purge.
remove_container() {
  [ -n "$(paths container)" ] || return 0
  label=$(paths container)
  command -v docker >/dev/null 2>&1 || fail "docker is not there to remove the container: nothing was removed"
  for kind in container image ${PURGE:+volume}; do
    case $kind in
      container) found=$(docker ps --all --quiet --filter "label=$label") ;;
      image) found=$(docker images --quiet --filter "label=$label") ;;
      volume) found=$(docker volume ls --quiet --filter "label=$label") ;;
    esac
    for id in $found; do docker "$kind" rm --force "$id" >/dev/null || say "$kind $id could not be removed"; done
  done
}

# Whether npm's claude-code-router is on PATH.
npm_has_it() {
  printf '%s\n' "$PATH" | tr : '\n' | while read -r folder; do
    case $(readlink "$folder/ccr" 2>/dev/null) in *claude-code-router*) say yes ;; esac
  done | grep -q yes
}

there() {
  for name in $OURS; do [ ! -e "$HOME_OF_CCR/$name" ] || printf '%s\n' "$name"; done
  ! npm_has_it || return 0
  for name in $SHARED; do [ ! -e "$HOME_OF_CCR/$name" ] || printf '%s\n' "$name"; done
}

purge() {
  found=$(there)
  [ -n "$found" ] || { say "there is nothing of ccr in $HOME_OF_CCR"; return 0; }
  say "in $HOME_OF_CCR:" "$(printf '%s\n' "$found" | sed 's/^/  /')"
  agreed "Remove this, too? There is no copy of it."
  for name in $found; do rm -rf "${HOME_OF_CCR:?}/$name"; done
  rmdir "$HOME_OF_CCR" 2>/dev/null || say "left in $HOME_OF_CCR: what ccr did not make, or npm's claude-code-router reads"
  say "removed"
}

kept() {
  [ -d "$HOME_OF_CCR" ] || return 0
  say "kept: $HOME_OF_CCR (rules, keys, config.json, the log); ./uninstall.sh --purge removes these, too"
}

main "$@"
