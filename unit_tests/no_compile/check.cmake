# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dcompiler=… -Dflags=<response file> -Dsource=… -Dprecompiled=<header, compiled beside it> -P check.cmake
# Succeeds if the compiler refuses the source with the message that the source expects.

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
elseif(NOT output MATCHES "${expect}")
  message(FATAL_ERROR "${source} is refused, but not with: ${expect}\nThe compiler says:\n${output}")
endif()
message("refused, as it must be, with: ${CMAKE_MATCH_0}")
