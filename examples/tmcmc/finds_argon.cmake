# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dprogram=<tmcmc> -Dfolder=<for its output> [-Dlaunch=<mpiexec -n>] -P finds_argon.cmake: calibrates argon with few
# samples, on two nodes if there is MPI, and looks whether the truth lies between the 5 % and the 95 % quantiles.

set(command)
if(launch)
  set(command ${launch} 2)
endif()
execute_process(
  COMMAND ${command} "${program}" --model argon --samples 40 --steps 1 --output "${folder}"
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE error)
message("${output}${error}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "exit status is ${status}")
endif()

# A parameter whose row of the table has the truth between its quantiles.
function(expect_within name truth)
  string(REGEX MATCH "${name} +[0-9.e+-]+ +[0-9.e+-]+ +([0-9.]+) +[0-9.]+ +([0-9.]+)\n" row "${output}")
  if(NOT row)
    message(FATAL_ERROR "the table has no row of ${name}")
  endif()
  set(low "${CMAKE_MATCH_1}")
  set(high "${CMAKE_MATCH_2}")
  if(NOT (low LESS truth AND truth LESS high))
    message(FATAL_ERROR "${name}: ${truth} is not between ${low} and ${high}")
  endif()
endfunction()
