# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dprogram=TMCMC -Dfolder=DIR [-Dlaunch=MPIEXEC;-n] -P same_samples.cmake: samples.csv must have the same bytes for
# 1, 2 and 4 workers and, if there is a launcher, on 4 nodes with stealing.

foreach(workers 1 2 4)
  set(ENV{TORC_WORKERS} ${workers})
  execute_process(COMMAND "${program}" --samples 300 --seed 5 --steps 4 --max-chain-length 3 --output "${folder}/${workers}"
                          COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 "${folder}/${workers}/samples.csv" ${workers}_hash)
  if(NOT ${workers}_hash STREQUAL 1_hash)
    message(FATAL_ERROR "samples.csv differs between 1 and ${workers} workers; both are below ${folder}")
  endif()
endforeach()

if(launch)
  set(ENV{TORC_WORKERS} 1)
  set(ENV{TORC_STEALING} 1)
  execute_process(COMMAND ${launch} 4 "${program}" --samples 300 --seed 5 --steps 4 --max-chain-length 3 --output
                          "${folder}/nodes" COMMAND_ERROR_IS_FATAL ANY)
  file(SHA256 "${folder}/nodes/samples.csv" nodes_hash)
  if(NOT nodes_hash STREQUAL 1_hash)
    message(FATAL_ERROR "samples.csv differs between 1 worker and 4 nodes; both are below ${folder}")
  endif()
endif()
