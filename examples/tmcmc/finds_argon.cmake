# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dprogram=<tmcmc> -Dfolder=<for its output> [-Dlaunch=<mpiexec -n>] -P finds_argon.cmake: calibrates argon with few
# samples, on two nodes if there is MPI. The truth must lie between the 5 % and the 95 % quantiles, these must be close
# together, and no model run may fail.

set(command)
if(launch)
  set(command ${launch} 2)
endif()
execute_process(
  COMMAND ${command} "${program}" --model argon --samples 40 --output "${folder}"
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE error)
message("${output}${error}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "exit status is ${status}")
endif()
if(output MATCHES "model runs failed")
  message(FATAL_ERROR "model runs failed")
endif()

# A parameter whose row of the table has quantiles at both sides of the truth, and none beyond `least` and `most`.
function(expect_within name least truth most)
  if(NOT output MATCHES "${name} +[0-9.e+-]+ +[0-9.e+-]+ +([0-9.]+) +[0-9.]+ +([0-9.]+)\n")
    message(FATAL_ERROR "the table has no row of ${name}")
  endif()
  set(low "${CMAKE_MATCH_1}")
  set(high "${CMAKE_MATCH_2}")
  if(NOT (low LESS_EQUAL truth AND truth LESS_EQUAL high))
    message(FATAL_ERROR "${name}: ${truth} is not between ${low} and ${high}")
  endif()
  if(low LESS least OR high GREATER most)
    message(FATAL_ERROR "${name}: ${low} to ${high} is too wide, not between ${least} and ${most}")
  endif()
endfunction()
expect_within(epsilon/k 105 119.8 135)
expect_within(sigma 3.35 3.405 3.46)
