# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dcompiler=… -Dflags=<response file> -Dsource=… -Dprecompiled=<header, compiled beside it> -P check.cmake
# Succeeds if the compiler refuses the source, and the first of its errors is the message that the source expects.

file(STRINGS "${source}" expect REGEX "^// expect: " LIMIT_COUNT 1)
string(REGEX REPLACE "^// expect: *" "" expect "${expect}")
if(expect STREQUAL "")
  message(FATAL_ERROR "${source} has no line \"// expect: <regular expression>\".")
endif()

execute_process(
  COMMAND "${compiler}" "@${flags}" -include "${precompiled}" -fdiagnostics-color=never -fmessage-length=0 -c "${source}" -o /dev/null
  RESULT_VARIABLE result
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)
if(result EQUAL 0)
  message(FATAL_ERROR "${source} compiles, but it must be refused with: ${expect}")
endif()
string(REPLACE ";" "," output "${output}")  # else lists of lines end there
# The first error with what belongs to it: the lines to its source before it, its notes behind it.
string(REGEX MATCHALL "[^\n]*(error:|static_assert failed)[^\n]*" errors "${output}")
list(LENGTH errors count)
set(first "${output}")
if(count GREATER 1)
  list(GET errors 0 line)
  string(FIND "${output}" "${line}" at)
  string(LENGTH "${line}" length)
  math(EXPR at "${at} + ${length}")
  string(SUBSTRING "${output}" 0 ${at} before)
  string(SUBSTRING "${output}" ${at} -1 behind)
  string(REGEX REPLACE "\n[^\n]*error:.*" "" behind "${behind}")
  set(first "${before}${behind}")
endif()
if(NOT first MATCHES "${expect}")
  message(FATAL_ERROR "${source} is refused, but not at first with: ${expect}\nThe compiler says:\n${output}")
endif()
set(sentence "${CMAKE_MATCH_0}")
string(FIND "${output}" "${sentence}" at)
string(SUBSTRING "${output}" 0 ${at} before)
string(REGEX MATCHALL "\n" lines "${before}")
list(LENGTH lines lines)
message("refused, as it must be, after ${lines} lines, in ${count} errors, with: ${sentence}")
