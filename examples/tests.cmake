# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Tests of the programs: known answers at 1, 2 and 4 workers or ranks, and what they say about bad input.

# The most ranks that this torc runs on: tests on more are not registered.
set(torc_examples_max_ranks 4)

# torc_example_test(NAME [WORKERS n] [STATUS n] [OUTPUT regex...] [ERROR regex...] COMMAND target argument...)
function(torc_example_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "WORKERS;STATUS" "OUTPUT;ERROR;LAUNCHER;COMMAND")
  if(NOT arg_STATUS)
    set(arg_STATUS 0)
  endif()
  list(POP_FRONT arg_COMMAND target)
  add_test(
    NAME examples.${name}
    COMMAND "${CMAKE_COMMAND}" -Dstatus=${arg_STATUS} "-Doutput=${arg_OUTPUT}" "-Derror=${arg_ERROR}" -P
            "${PROJECT_SOURCE_DIR}/examples/check_output.cmake" -- ${arg_LAUNCHER} $<TARGET_FILE:${target}>
            ${arg_COMMAND})
  set_tests_properties(examples.${name} PROPERTIES LABELS examples TIMEOUT 120)
  if(arg_WORKERS)
    set_tests_properties(examples.${name} PROPERTIES ENVIRONMENT TORC_WORKERS=${arg_WORKERS})
  endif()
endfunction()

# torc_example_on_ranks(NAME [RANKS n...] [WORKERS n] [STATUS n] [OUTPUT regex...] [ERROR regex...] COMMAND target
# argument...): the program under mpiexec, on 1, 2 and 4 ranks unless RANKS says otherwise. Ranks share standard output,
# so each regex is sought by itself and is best kept to one line. A program that succeeds must end with the closing line
# of every node. Without MPI there is one rank and no mpiexec.
function(torc_example_on_ranks name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "WORKERS;STATUS" "RANKS;OUTPUT;ERROR;COMMAND")
  if(NOT arg_RANKS)
    set(arg_RANKS 1 2 4)
  endif()
  foreach(ranks IN LISTS arg_RANKS)
    if(ranks GREATER torc_examples_max_ranks OR (ranks GREATER 1 AND NOT TORC_ENABLE_MPI))
      continue()
    endif()
    set(closing_lines)
    if(NOT arg_STATUS)
      math(EXPR last "${ranks} - 1")
      foreach(node RANGE ${last})
        list(APPEND closing_lines "TORC: node.${node}.: created=[0-9]+, executed=[0-9]+\n")
      endforeach()
    endif()
    set(launcher)
    if(TORC_ENABLE_MPI)
      set(launcher LAUNCHER "${MPIEXEC_EXECUTABLE}" ${MPIEXEC_NUMPROC_FLAG} ${ranks})
    endif()
    torc_example_test(
      ${name}_on_${ranks}_ranks
      WORKERS ${arg_WORKERS}
      STATUS ${arg_STATUS}
      OUTPUT ${arg_OUTPUT}
      ERROR ${arg_ERROR} ${closing_lines} ${launcher}
      COMMAND ${arg_COMMAND})
    set_tests_properties(examples.${name}_on_${ranks}_ranks PROPERTIES PROCESSORS ${ranks})
  endforeach()
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
torc_example_test(fib_of_too_large_a_number STATUS 2 ERROR "fib: n: Value 94 not in range .?0 [to-]+ 93" COMMAND fib 94)
torc_example_test(nqueens_of_a_word STATUS 2 ERROR "nqueens: n: Value eight not in range .?1 [to-]+ 20" COMMAND nqueens eight)
torc_example_test(uts_of_unknown_type STATUS 2 ERROR "uts: -t: Value 4 not in range .?0 [to-]+ 3" COMMAND uts -t 4)
torc_example_test(
  uts_with_an_unknown_flag STATUS 2 ERROR "uts: The following arguments? (was|were) not expected: .*--depth" COMMAND uts --depth 3)
torc_example_test(uts_help OUTPUT "-q .*probability that a node of a binomial tree has children" COMMAND uts --help)

# The numbered programs.
set(squares "[[]0, 1, 4, 9, 16, 25, 36, 49, 64, 81[]]\n")
# A line each: what other ranks print may come between them.
set(received "Received: 1\\^2=1\n" "Received: 2\\^2=4\n" "Received: 3\\^2=9\n" "Received: 4\\^2=16\n")

set(masterworker_received
    "Received: sqrt.1.=1.000\n" "Received: sqrt.2.=4.000\n" "Received: sqrt.3.=9.000\n" "Received: sqrt.4.=16.000\n"
    "Elapsed time=[0-9.]+ s\n")
foreach(ranks 1 2 4)
  # The primary task's tasks go round the workers, of which each node has one here.
  set(placed)
  foreach(task 1 2 3 4)
    math(EXPR node "(${task} - 1) % ${ranks}")
    math(EXPR square "${task} * ${task}")
    list(APPEND placed
         "work inp=${task}.000, out=${square}.000 ...on node ${node} worker ${node} thread [0-9]+\n")
  endforeach()
  torc_example_on_ranks(
    00_masterworker RANKS ${ranks} OUTPUT ${placed} ${masterworker_received} ERROR "TORC: main starts\n"
    COMMAND 00_masterworker --seconds 0.05)
endforeach()
torc_example_on_ranks(
  00_masterworker_with_2_workers WORKERS 2
  OUTPUT ${masterworker_received} "work inp=4.000, out=16.000 ...on node [0-9] worker [0-9] thread [0-9]+\n"
  COMMAND 00_masterworker --seconds 0.05)

torc_example_on_ranks(01_submit_wait OUTPUT "0\n1\n4\n9\n16\n25\n36\n49\n64\n81\n" COMMAND 01_submit_wait)
torc_example_on_ranks(02_map OUTPUT "${squares}" COMMAND 02_map)
foreach(workers 1 2)
  torc_example_on_ranks(
    03_callback_with_${workers}_workers WORKERS ${workers}
    OUTPUT "thread [0-9]+: work inp=1, out=1 ... on node [0-9]\n" "thread [0-9]+: work inp=4, out=16 ... on node [0-9]\n"
           "thread [0-9]+: callback with arg=1\n" "thread [0-9]+: callback with arg=4\n"
           "thread [0-9]+: callback with arg=9\n" "thread [0-9]+: callback with arg=16\n" ${received}
    ERROR "TORC: node.0.: created=8, "
    COMMAND 03_callback)
  torc_example_on_ranks(
    04_fib_with_${workers}_workers WORKERS ${workers} OUTPUT "fib\\(35\\) = 9227465\n" COMMAND 04_fib)
  torc_example_on_ranks(
    06_callback_reduction_with_${workers}_workers WORKERS ${workers} OUTPUT "Sum= 285\n"
    COMMAND 06_callback_reduction)
endforeach()
if(TORC_ENABLE_MPI)
  foreach(ranks 1 2 4)
    set(broadcast)
    math(EXPR last "${ranks} - 1")
    foreach(node RANGE ${last})
      list(APPEND broadcast "node:${node} -> A=[[]0, 100, 200[]]\n")
    endforeach()
    torc_example_on_ranks(05_spmd RANKS ${ranks} WORKERS 2 OUTPUT ${broadcast} COMMAND 05_spmd)
  endforeach()
endif()

torc_example_on_ranks(
  09_stealing_alone RANKS 1 OUTPUT "This examples needs at least two MPI processes. Exiting...\n" COMMAND 09_stealing)
torc_example_on_ranks(
  09_stealing_with_2_workers RANKS 2 WORKERS 2
  OUTPUT "This examples should use one worker thread per MPI process. Exiting...\n" COMMAND 09_stealing)
torc_example_on_ranks(
  09_stealing RANKS 2 4
  OUTPUT "taskfun inp=[0-9]+, out=[0-9]+ ...on node 0\n" "taskfun inp=[0-9]+, out=[0-9]+ ...on node 1\n" ${received}
         "Received: 16\\^2=256\n" "Elapsed time=[0-9.]+ s\n"
  COMMAND 09_stealing --seconds 0.1)
set(context_output "${squares}")
foreach(x RANGE 9)
  math(EXPR square "${x} * ${x}")
  list(APPEND context_output "Received: ${x}\\^2=${square}\n")
endforeach()
torc_example_on_ranks(10_context OUTPUT ${context_output} COMMAND 10_context)
torc_example_on_ranks(
  11_named_arguments
  OUTPUT "x=1, y=2, scale=1: 3\nx=1, y=0, scale=10: 10\nx=1, y=2, scale=10: 30\n" COMMAND 11_named_arguments)

torc_example_on_ranks(
  13_large_argument RANKS 1 OUTPUT "201 elements on 1 nodes, and the table travelled 0 times\n" COMMAND 13_large_argument)
torc_example_on_ranks(
  13_large_argument RANKS 4
  OUTPUT "mean of the sine from 0 to 1: 0.4595\n" "201 elements on 4 nodes, and the table travelled 3 times\n"
  COMMAND 13_large_argument)
torc_example_on_ranks(
  14_polite_stop_with_enough RANKS 1 4
  OUTPUT "there are enough results: pi = 3.1[0-9]+ .- 0.00[0-9]+ from [0-9.e+]+ points\n"
  COMMAND 14_polite_stop --points 1e5 --error 2e-3)
torc_example_on_ranks(
  14_polite_stop_in_time RANKS 1 4 OUTPUT "the time is out(: pi = 3.[0-9]+ .- 0.[0-9]+ from [0-9.e+]+ points| before anything was done)\n"
  COMMAND 14_polite_stop --points 1e4 --error 1e-9 --seconds 0.1)

foreach(ranks 1 4)
  set(launcher "${PROJECT_SOURCE_DIR}/examples/interrupted.bash" "${PROJECT_BINARY_DIR}/cmake/14_polite_stop on ${ranks}")
  # MPICH's mpiexec may end with 0 after Ctrl-C, whatever the program's status is.
  set(status 130)
  if(ranks GREATER 1 AND NOT TORC_ENABLE_MPI)
    continue()
  elseif(ranks GREATER 1)
    list(APPEND launcher "${MPIEXEC_EXECUTABLE}" ${MPIEXEC_NUMPROC_FLAG} ${ranks})
    set(status any)
  endif()
  torc_example_test(
    14_polite_stop_interrupted_on_${ranks} STATUS ${status} OUTPUT "it was told to stop: pi = 3.[0-9]+ .- 0.00[0-9]+ from [0-9.e+]+ points\n"
    LAUNCHER ${launcher}
    COMMAND 14_polite_stop --points 1e6 --error 1e-9 --seconds 1000)
endforeach()

# torc_external_programs_test(<part> [RANKS n]): the script says what its parts are.
function(torc_external_programs_test part)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "RANKS" "")
  set(name 12_external_programs.${part})
  set(launch)
  if(arg_RANKS)
    if(NOT TORC_ENABLE_MPI)
      return()
    endif()
    string(APPEND name "_on_${arg_RANKS}_ranks")
    set(launch "${MPIEXEC_EXECUTABLE}" ${MPIEXEC_NUMPROC_FLAG} ${arg_RANKS})
  endif()
  add_test(
    NAME examples.${name}
    COMMAND
      "${CMAKE_COMMAND}" -Dpart=${part} "-Dlaunch=${launch}" -Dprogram=$<TARGET_FILE:12_external_programs>
      "-Dfolder=${PROJECT_BINARY_DIR}/cmake/${name}" -P "${PROJECT_SOURCE_DIR}/examples/12_external_programs_test.cmake")
  set_tests_properties(examples.${name} PROPERTIES LABELS examples TIMEOUT 120)
endfunction()
foreach(part failures slow_programs interrupted bad_input)
  torc_external_programs_test(${part})
endforeach()
torc_external_programs_test(failures RANKS 4)
torc_external_programs_test(slow_programs RANKS 4)
torc_external_programs_test(interrupted RANKS 4)

foreach(program 01_submit_wait 02_map 03_callback 04_fib 06_callback_reduction 10_context 11_named_arguments
        13_large_argument)
  set(usage "^usage: ${program}, without arguments: [a-zA-Z0-9, ]+\n$")
  torc_example_test(${program}_help OUTPUT "${usage}" COMMAND ${program} --help)
  torc_example_test(
    ${program}_with_an_unknown_flag STATUS 2 ERROR "\nusage: ${program}, without arguments: " COMMAND ${program} --depth)
endforeach()
foreach(program 00_masterworker 09_stealing)
  torc_example_test(${program}_help OUTPUT "^usage: ${program} .--seconds S.: [^\n]+\n$" COMMAND ${program} --help)
  foreach(wrong -1 3601 one)
    torc_example_test(
      ${program}_of_${wrong}_seconds STATUS 2 ERROR "\nusage: ${program} .--seconds S.: [^\n]* from 0 to 3600 "
      COMMAND ${program} --seconds ${wrong})
  endforeach()
endforeach()
torc_example_test(14_polite_stop_help OUTPUT "^usage: 14_polite_stop .OPTION...." COMMAND 14_polite_stop --help)
torc_example_test(
  14_polite_stop_with_an_unknown_flag STATUS 2 ERROR "\n14_polite_stop: --depth is no option .--help explains the options.\n"
  COMMAND 14_polite_stop --depth)
torc_example_test(
  14_polite_stop_of_negative_seconds STATUS 2 ERROR "\n14_polite_stop: --seconds takes a number above 0, not '-1' "
  COMMAND 14_polite_stop --seconds -1)

if(TORC_ENABLE_KOKKOS)
  # 20 tasks for workers, 20 for the device, and 20 for either of them.
  torc_example_on_ranks(
    mixed_farm WORKERS 2 OUTPUT "([2-4][0-9]) tasks on workers, ([2-4][0-9]) on [A-Za-z]+, largest error [0-9]e-[0-9]+, in [0-9.]+ s\n"
    COMMAND mixed_farm --tasks 20 --intervals 20000)
  torc_example_test(
    mixed_farm_of_no_tasks STATUS 2 ERROR "(^|\n)mixed_farm: --tasks: Value 0 not in range .?1 [to-]+ 1000000" COMMAND mixed_farm --tasks 0)
endif()
