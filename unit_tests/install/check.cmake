# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Installs the build into a prefix of its own, builds the consumer against it and nothing else, and runs it.
# With MPI, does the same with a second program, which calls MPI itself; with Kokkos, with a third, which calls Kokkos.
# cmake -Dtorc_build=… -Dconfig=… -Dgenerator=… -Dcompiler=… -Dconsumer=<source folder> -Dscratch=… -Dhas_mpi=…
#       -Dhas_kokkos=… -Dkokkos_dir=… -P check.cmake

function(run step)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "Could not ${step}: ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${scratch}")
run("install torc" "${CMAKE_COMMAND}" --install "${torc_build}" --prefix "${scratch}/prefix" --config "${config}")
run("configure the consumer" "${CMAKE_COMMAND}" -S "${consumer}" -B "${scratch}/build" -G "${generator}"
    "-DCMAKE_BUILD_TYPE=${config}" "-DCMAKE_CXX_COMPILER=${compiler}" "-DCMAKE_PREFIX_PATH=${scratch}/prefix"
    "-DKokkos_DIR=${kokkos_dir}")
run("build the consumer" "${CMAKE_COMMAND}" --build "${scratch}/build")
run("run the consumer" "${scratch}/build/consumer")
if(NOT output MATCHES "3\\^2 = 9")
  message(FATAL_ERROR "The consumer ran, but printed:\n${output}")
endif()

if(has_mpi)
  run("run the consumer that calls MPI" "${scratch}/build/mpi_consumer")
  if(NOT output MATCHES "1 of 1 nodes, sum of the ranks 0")
    message(FATAL_ERROR "The consumer that calls MPI ran, but printed:\n${output}")
  endif()
endif()

if(has_kokkos)
  run("run the consumer that calls Kokkos" "${scratch}/build/kokkos_consumer")
  if(NOT output MATCHES "1 \\+ 2 \\+ 3 = 6")
    message(FATAL_ERROR "The consumer that calls Kokkos ran, but printed:\n${output}")
  endif()
endif()
