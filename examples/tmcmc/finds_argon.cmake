# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dprogram=<tmcmc> -Dfolder=<for its output> [-Dlaunch=<mpiexec -n>] -P finds_argon.cmake: calibrates argon with few
# samples, on two nodes if there is MPI, and looks whether the medians are within 2 % of the truth and no model run failed.

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

if(output MATCHES "model runs failed")
  message(FATAL_ERROR "model runs failed")
endif()

# A parameter whose row of the table has its median between these.
function(expect_median name least most)
  if(NOT output MATCHES "${name} +[0-9.e+-]+ +[0-9.e+-]+ +[0-9.]+ +([0-9.]+) +[0-9.]+\n")
    message(FATAL_ERROR "the table has no row of ${name}")
  endif()
  if(CMAKE_MATCH_1 LESS least OR CMAKE_MATCH_1 GREATER most)
    message(FATAL_ERROR "${name}: the median ${CMAKE_MATCH_1} is not between ${least} and ${most}")
  endif()
endfunction()
expect_median(epsilon/k 117.4 122.2)  # 119.8
expect_median(sigma 3.337 3.473)      # 3.405
