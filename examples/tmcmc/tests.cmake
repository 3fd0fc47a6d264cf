# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the program tmcmc as a whole; those of its parts are in unit_tests/tmcmc.

set(launch)
if(TORC_ENABLE_MPI)
  set(launch "${MPIEXEC_EXECUTABLE}" ${MPIEXEC_PREFLAGS} ${MPIEXEC_NUMPROC_FLAG})
endif()
add_test(
  NAME examples.tmcmc_gives_the_same_samples_on_1_2_and_4_workers_and_on_4_nodes
  COMMAND "${CMAKE_COMMAND}" -Dprogram=$<TARGET_FILE:tmcmc> "-Dfolder=${PROJECT_BINARY_DIR}/cmake/tmcmc_same"
          "-Dlaunch=${launch}" -P "${PROJECT_SOURCE_DIR}/examples/tmcmc/same_samples.cmake")
add_test(
  NAME examples.tmcmc_without_gnuplot_says_so_and_keeps_the_samples
  COMMAND "${CMAKE_COMMAND}" -Dprogram=$<TARGET_FILE:tmcmc> "-Dfolder=${PROJECT_BINARY_DIR}/cmake/tmcmc_no_gnuplot" -P
          "${PROJECT_SOURCE_DIR}/examples/tmcmc/no_gnuplot.cmake")
set_tests_properties(
  examples.tmcmc_gives_the_same_samples_on_1_2_and_4_workers_and_on_4_nodes
  examples.tmcmc_without_gnuplot_says_so_and_keeps_the_samples PROPERTIES LABELS examples TIMEOUT 120)

set(out "${PROJECT_BINARY_DIR}/cmake/tmcmc_out")
foreach(model lynx-hare normal mixture rosenbrock)
  torc_example_test(
    tmcmc_draws_${model} WORKERS 2 OUTPUT "log evidence = -[0-9.]+\n.*picture: [^\n]*calibration.png\n"
    COMMAND tmcmc --model ${model} --samples 200 --steps 5 --output "${out} ${model}")
endforeach()
if(TORC_ENABLE_KOKKOS)
  add_test(
    NAME examples.tmcmc_finds_argon_again
    COMMAND "${CMAKE_COMMAND}" -Dprogram=$<TARGET_FILE:tmcmc> "-Dfolder=${PROJECT_BINARY_DIR}/cmake/tmcmc_argon"
            "-Dlaunch=${launch}" -P "${PROJECT_SOURCE_DIR}/examples/tmcmc/finds_argon.cmake")
  set_tests_properties(examples.tmcmc_finds_argon_again PROPERTIES LABELS examples TIMEOUT 600 PROCESSORS 2)
endif()
torc_example_test(
  tmcmc_takes_a_box OUTPUT "log evidence = -[3-4]\\.[0-9]+\n"
  COMMAND tmcmc --model normal --box 4 --output "${out} box")  # exact: -log 64 = -4.159, and the tails
torc_example_test(
  tmcmc_of_an_unknown_model STATUS 2 ERROR "tmcmc: --model: wolf not in {lynx-hare,normal,mixture,rosenbrock"
  COMMAND tmcmc --model wolf)
torc_example_test(
  tmcmc_with_a_box_for_lynx_hare STATUS 2 ERROR "tmcmc: --box: the model lynx-hare has priors of its own" COMMAND tmcmc --box 3)
torc_example_test(
  tmcmc_of_too_few_samples STATUS 2 ERROR "tmcmc: --samples: Value 1 not in range .?10 [to-]+ 100000000" COMMAND tmcmc --samples 1)
torc_example_test(
  tmcmc_into_a_file STATUS 2 ERROR "tmcmc: --output: cannot make the folder [^:]*/tests.cmake"
  COMMAND tmcmc --output "${PROJECT_SOURCE_DIR}/examples/tests.cmake")
