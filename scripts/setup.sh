# Sourced by ./run, ./test and ./dev: says what it does, installs what is missing, builds what has changed. Each function
# may be called again at no cost. Nothing here starts a server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
mkdir -p build/log build/stamp
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '\033[1m· %s\033[0m\n' "$*" >&2; }
fail() { printf '\n%s\n' "$*" >&2; exit 1; }

# logged NAME COMMAND...: runs the command with its output in build/log/NAME.log, shows the end of it where it fails, and a
# dot every few seconds so that a long step is seen to live.
logged() {
  local name=$1 log=build/log/$1.log pid
  shift
  "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.2
    done
    kill -0 "$pid" 2>/dev/null && printf '.' >&2
  done
  printf '\r\033[K' >&2
  if ! wait "$pid"; then
    tail -n 40 "$log" >&2
    fail "$name failed; the whole output is in $log"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# debian_packages NEED...: the packages of scripts/packages.txt for these needs.
debian_packages() {
  local need missing=() package
  local wanted=()
  for need in "$@"; do
    while read -r kind package; do [ "$kind" = "$need" ] && wanted+=("$package"); done <scripts/packages.txt
  done
  # A Node.js and npm that are there already will do, however they came.
  local have
  have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^installed //p')
  for package in "${wanted[@]}"; do
    case $package in nodejs|npm) command -v "${package/nodejs/node}" >/dev/null && continue ;; esac
    grep -qxF "$package" <<<"$have" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Debian packages: installing ${#missing[@]} (${missing[*]})"
  logged apt-update as_root apt-get update
  logged apt-install as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

# npm_packages FOLDER: npm ci where the lock file has changed since the last time.
npm_packages() {
  local folder=$1 stamp
  stamp=build/stamp/npm-${folder//\//-}
  local now
  now=$(sha256sum "$folder/package-lock.json" | cut -d' ' -f1)
  if [ -d "$folder/node_modules" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return 0; fi
  say "npm packages of $folder/ (npm ci)"
  logged "npm-${folder//\//-}" npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  echo "$now" >"$stamp"
}

# build_cpp PRESET [TARGET...]: configures where needed, then builds.
build_cpp() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "CMake ($preset)"
    logged "cmake-$preset" cmake --preset "$preset"
  fi
  local args=(--build --preset "$preset")
  [ $# -gt 0 ] && args+=(--target "$@")
  if ! ninja -C "build/$preset" -n "$@" 2>/dev/null | tail -n1 | grep -q 'no work to do'; then
    say "Building C++ ($preset)"
  fi
  logged "build-$preset" cmake "${args[@]}"
}

# build_web: the browser client into build/web, where a source has changed.
build_web() {
  npm_packages web
  local now
  now=$({ find web -type f -not -path 'web/node_modules/*' -print0; } | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
  if [ -f build/web/index.html ] && [ "$(cat build/stamp/web 2>/dev/null)" = "$now" ]; then return 0; fi
  say "Building the browser client"
  logged build-web npm run --prefix web build
  echo "$now" >build/stamp/web
}
