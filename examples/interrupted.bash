#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors
#
# interrupted.bash FOLDER COMMAND...: runs the command, presses Ctrl-C (SIGINT) when it has printed its first line, and
# ends with its status. Its output goes to standard output. FOLDER is made, for a pipe.
set -euo pipefail
set -m  # else what runs in the background ignores SIGINT

folder=$1
shift
mkdir -p "$folder"
rm -f "$folder/output"
mkfifo "$folder/output"

"$@" >"$folder/output" &
exec 3<"$folder/output"
read -r line <&3
printf '%s\n' "$line"
kill -INT $!
cat <&3
wait $!
