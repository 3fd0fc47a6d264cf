# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the programs: known answers at 1, 2 and 4 workers, and what they say about bad input.

# torc_example_test(NAME [WORKERS n] [STATUS n] [OUTPUT regex] [ERROR regex] COMMAND target argument...)
function(torc_example_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "WORKERS;STATUS;OUTPUT;ERROR" "COMMAND")
  if(NOT arg_STATUS)
    set(arg_STATUS 0)
  endif()
  list(POP_FRONT arg_COMMAND target)
  add_test(
    NAME examples.${name}
    COMMAND "${CMAKE_COMMAND}" -Dstatus=${arg_STATUS} "-Doutput=${arg_OUTPUT}" "-Derror=${arg_ERROR}" -P
            "${PROJECT_SOURCE_DIR}/examples/check_output.cmake" -- $<TARGET_FILE:${target}> ${arg_COMMAND})
  set_tests_properties(examples.${name} PROPERTIES LABELS examples TIMEOUT 120)
  if(arg_WORKERS)
    set_tests_properties(examples.${name} PROPERTIES ENVIRONMENT TORC_WORKERS=${arg_WORKERS})
  endif()
endfunction()

# torc_known_answer(NAME OUTPUT target argument...): the answer at 1, 2 and 4 workers.
function(torc_known_answer name output)
  foreach(workers 1 2 4)
    torc_example_test(${name}_on_${workers} WORKERS ${workers} OUTPUT "${output}" COMMAND ${ARGN})
  endforeach()
endfunction()

set(seconds "in [0-9.]+ s\n")

torc_known_answer(fib_30 "fib\\(30\\) = 832040 ${seconds}" fib 30)
torc_known_answer(fib_35_with_cutoff "fib\\(35\\) = 9227465 ${seconds}" fib 35 --cutoff 15)
torc_known_answer(nqueens_8 "nqueens\\(8\\) = 92 ${seconds}" nqueens 8)
torc_known_answer(nqueens_10_all_tasks "nqueens\\(10\\) = 724 ${seconds}" nqueens 10 --task-rows 10)
torc_known_answer(nqueens_12 "nqueens\\(12\\) = 14200 ${seconds}" nqueens 12)
torc_known_answer(nqueens_13 "nqueens\\(13\\) = 73712 ${seconds}" nqueens 13)

# The sample trees of the reference program.
set(t1 -t 1 -a 3 -d 10 -b 4 -r 19)
set(t1_answer "nodes = 4130071, depth = 10, leaves = 3305118 ${seconds}")
set(t3 -t 0 -b 2000 -q 0.124875 -m 8 -r 42)
set(t3_answer "nodes = 4112897, depth = 1572, leaves = 3599034 ${seconds}")
torc_known_answer(uts_t1 "${t1_answer}" uts ${t1})
torc_known_answer(uts_t3 "${t3_answer}" uts ${t3})
torc_example_test(uts_t1_serial OUTPUT "${t1_answer}" COMMAND uts ${t1} --serial)
torc_example_test(uts_t3_serial OUTPUT "${t3_answer}" COMMAND uts ${t3} --serial)
torc_example_test(
  uts_t2 WORKERS 2 OUTPUT "nodes = 4117769, depth = 81, leaves = 2342762 ${seconds}"
  COMMAND uts -t 1 -a 2 -d 16 -b 6 -r 502)
torc_example_test(
  uts_t4 WORKERS 2 OUTPUT "nodes = 4132453, depth = 134, leaves = 3108986 ${seconds}"
  COMMAND uts -t 2 -a 0 -d 16 -b 6 -r 1 -q 0.234375 -m 4)
torc_example_test(
  uts_t5 WORKERS 2 OUTPUT "nodes = 4147582, depth = 20, leaves = 2181318 ${seconds}"
  COMMAND uts -t 1 -a 0 -d 20 -b 4 -r 34)

torc_example_test(fib_without_a_number STATUS 2 ERROR "fib: n is required .fib --help explains" COMMAND fib)
torc_example_test(fib_of_too_large_a_number STATUS 2 ERROR "fib: n: Value 94 not in range 0 to 93" COMMAND fib 94)
torc_example_test(nqueens_of_a_word STATUS 2 ERROR "nqueens: n: Value eight not in range 1 to 20" COMMAND nqueens eight)
torc_example_test(uts_of_unknown_type STATUS 2 ERROR "uts: -t: Value 4 not in range 0 to 3" COMMAND uts -t 4)
torc_example_test(
  uts_with_an_unknown_flag STATUS 2 ERROR "uts: The following arguments? (was|were) not expected: .*--depth" COMMAND uts --depth 3)
torc_example_test(uts_help OUTPUT "-q .*probability that a node of a binomial tree has children" COMMAND uts --help)
