# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors
#
# What the scripts of ci/ share; sourced by them. Leaves the caller in the root of the tree.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
logs=$root/build/logs
script=ci/$(basename "$0")
steps=0

# What a user has set for torc must not change what is tested.
for variable in ${!TORC_@}; do unset "$variable"; done

fail() {
  printf '\n%s: %s\n' "$script" "$*" >&2
  exit 1
}

elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# Compilers need about 1.5 GB each here; a machine with many cores and little memory gets fewer of them.
job_count() {
  local cores memory_gib
  cores=$(nproc)
  memory_gib=$(awk '/^MemTotal/ {print int($2 / 1048576)}' /proc/meminfo)
  local most=$((memory_gib * 2 / 3))
  if ((most < 1)); then most=1; fi
  echo $((cores < most ? cores : most))
}

# step [--show] <what it does> <command>...: runs the command, its output in a log. A failure ends the script, says
# which step it was, shows the end of the log and where the whole is. --show prints the output as it comes too.
step() {
  local show=false
  if [[ $1 == --show ]]; then
    show=true
    shift
  fi
  local what=$1
  shift
  steps=$((steps + 1))
  mkdir -p "$logs"
  if ((steps == 1)); then rm -f "$logs/${script#ci/}"-*.log; fi
  local log
  log=$(printf '%s/%s-%02d-%s.log' "$logs" "${script#ci/}" "$steps" "${what//[^A-Za-z0-9]/_}")
  local begin=$SECONDS status=0
  printf '[%s] %s\n' "$(elapsed)" "$what"
  if $show; then
    "$@" 2>&1 | tee "$log" || status=$?
  else
    "$@" >"$log" 2>&1 || status=$?
  fi
  if ((status != 0)); then
    if ! $show; then
      printf '\n---- the end of its output ----\n'
      tail -n 60 "$log"
    fi
    printf '\n%s: step failed: %s (status %d, after %d s)\nIts whole output is in %s\n' \
      "$script" "$what" "$status" $((SECONDS - begin)) "$log" >&2
    exit 1
  fi
  if ! $show; then # one line of what the step itself has to say, if it has
    grep -E 'tests passed|^ci/|[Ll]eft out' "$log" | sed 's/^/         /' || true
  fi
}

# Every source file of the project, one a line.
sources() { find core backends include examples unit_tests perf_tests -name '*.hpp' -o -name '*.cpp' | LC_ALL=C sort; }
