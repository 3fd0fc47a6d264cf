# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# cmake -Dpart=PART -Dprogram=12_EXTERNAL_PROGRAMS -Dfolder=DIR [-Dlaunch=MPIEXEC;-n;4] -P 12_external_programs_test.cmake
# Each part runs the example with programs that are scripts of its own, in an empty folder.

cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE "${folder}")
file(MAKE_DIRECTORY "${folder}")

# run(STATUS n [OUTPUT regex...] [ERROR regex...] ARGUMENTS argument...)
function(run)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "STATUS" "OUTPUT;ERROR;ARGUMENTS")
  execute_process(
    COMMAND ${launch} "${program}" ${arg_ARGUMENTS}
    WORKING_DIRECTORY "${folder}"
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE error)
  message("${output}${error}")
  if(NOT status STREQUAL arg_STATUS)
    message(FATAL_ERROR "status is ${status} instead of ${arg_STATUS}")
  endif()
  foreach(stream output error)
    string(TOUPPER ${stream} expected)
    foreach(pattern IN LISTS arg_${expected})
      if(NOT ${stream} MATCHES "${pattern}")
        message(FATAL_ERROR "standard ${stream} does not match: ${pattern}")
      endif()
    endforeach()
  endforeach()
endfunction()

# Every number from 0 to `last` except those of `missing` has one line with its square, and there is no other.
function(expect_squares last missing)
  file(STRINGS "${folder}/results.csv" lines)
  list(POP_FRONT lines header)
  list(SORT lines COMPARE NATURAL)
  set(expected)
  foreach(point RANGE ${last})
    if(NOT point IN_LIST missing)
      math(EXPR square "${point} * ${point}")
      list(APPEND expected "${point},${square}")
    endif()
  endforeach()
  if(NOT lines STREQUAL expected)
    message(FATAL_ERROR "results.csv has\n${lines}\ninstead of\n${expected}")
  endif()
endfunction()

# No process of those that have written their id into a file NAME.id runs. Who ends the parent of one inherits it, and
# may leave it as a zombie.
function(expect_none_runs)
  file(GLOB ids "${folder}/*.id")
  if(NOT ids)
    message(FATAL_ERROR "no program has written its id")
  endif()
  foreach(file IN LISTS ids)
    file(STRINGS "${file}" id)
    execute_process(COMMAND grep "^State:.[^Z]" /proc/${id}/status OUTPUT_VARIABLE state ERROR_QUIET)
    if(state)
      message(FATAL_ERROR "process ${id} of ${file} is left: ${state}")
    endif()
  endforeach()
endfunction()

file(WRITE "${folder}/square" "echo $(($1 * $1))\n")

if(part STREQUAL "failures")
  # A program that fails once is run again; those that always fail are left out, and run again by the next run.
  file(WRITE "${folder}/moody" [[
    case $1 in
      5) if mkdir again 2>&-; then exit 3; fi ;;
      6) exit 4 ;;
      7) kill -KILL $$ ;;
      8) exit 0 ;;
    esac
    echo $(($1 * $1))
  ]])
  run(STATUS 1
      OUTPUT "0 of 50 points were done before\n" "47 of 50 points are done, 3 have failed\n"
      ERROR "point 6 is skipped: the program ended with status 4" "point 7 is skipped: the program died of signal 9"
            "point 8 is skipped: the program printed nothing"
      ARGUMENTS --points 50 -- sh moody)
  expect_squares(49 "6;7;8")
  file(APPEND "${folder}/results.csv" "7,4")  # as if it had died while it wrote
  run(STATUS 0 OUTPUT "47 of 50 points were done before\n" "50 of 50 points are done, 0 have failed\n"
      ARGUMENTS --points 50 -- sh square)
  expect_squares(49 "")
elseif(part STREQUAL "slow_programs")
  file(WRITE "${folder}/slow" "echo $$ >$1.id\nsleep 1000 &\necho $! >$1.child.id\nwait\n")
  run(STATUS 1 OUTPUT "0 of 3 points are done, 3 have failed\n" ERROR "point 2 is skipped: task 'point 2' ran longer than its timeout of 1(.0*)? s"
      ARGUMENTS --points 3 --timeout 1 -- sh slow)
  expect_none_runs()
elseif(part STREQUAL "interrupted")
  # Ctrl-C in the middle: the program of point 100 sends it to the process that has started it, the first time.
  file(WRITE "${folder}/interrupting" [[
    if [ $1 = 100 ] && mkdir interrupted 2>&-; then
      echo $$ >100.id
      kill -INT $PPID
      exec sleep 1000
    fi
    echo $(($1 * $1))
  ]])
  run(STATUS 130 OUTPUT "0 of 200 points were done before\n" ARGUMENTS -- sh interrupting)
  expect_none_runs()
  file(STRINGS "${folder}/results.csv" lines)
  list(LENGTH lines done)
  math(EXPR done "${done} - 1")
  if(done LESS 1 OR done GREATER 199)
    message(FATAL_ERROR "${done} points are done when it is interrupted at point 100")
  endif()
  run(STATUS 0 OUTPUT "${done} of 200 points were done before\n" "200 of 200 points are done, 0 have failed\n"
      ARGUMENTS -- sh interrupting)
  expect_squares(199 "")
elseif(part STREQUAL "bad_input")
  file(WRITE "${folder}/other" "a line of another file\nits end")
  run(STATUS 2 ERROR "\n12_external_programs: other has other contents than results of this program "
      ARGUMENTS --file other)
  file(READ "${folder}/other" content)
  if(NOT content STREQUAL "a line of another file\nits end")
    message(FATAL_ERROR "it has changed a file that is not its own")
  endif()
  run(STATUS 2 ERROR "\n12_external_programs: no/folder cannot be written " ARGUMENTS --file no/folder)
  run(STATUS 2 ERROR "\n12_external_programs: no/program: No such file or directory " ARGUMENTS -- no/program)
  run(STATUS 2 ERROR "\n12_external_programs: --depth is no option " ARGUMENTS --depth 3)
  run(STATUS 2 ERROR "\n12_external_programs: nothing stands after --points " ARGUMENTS --points)
  run(STATUS 2 ERROR "\n12_external_programs: --points is a number from 1 to 1000000, not 0 " ARGUMENTS --points 0)
  run(STATUS 2 ERROR "\n12_external_programs: --at-once is a number from 1 to 1000000, not 3x " ARGUMENTS --at-once 3x)
  run(STATUS 0 OUTPUT "^usage: 12_external_programs" ARGUMENTS --help)
else()
  message(FATAL_ERROR "there is no part ${part}")
endif()
