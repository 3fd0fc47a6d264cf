# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Runs a program and checks what it says: cmake -Dstatus=0 -Doutput=REGEX -Derror=REGEX -P check_output.cmake -- PROGRAM ARGUMENT...
# status may be nonzero or any. torc's own lines belong to standard error whatever the program. output and error are lists of regular expressions that standard output and standard error must match; either may be empty.
# In a list, [ and ] have to come in pairs: write [[] and []].

set(command)
set(is_command FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(is_command)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(is_command TRUE)
  endif()
endforeach()

execute_process(COMMAND ${command} RESULT_VARIABLE got_status OUTPUT_VARIABLE got_output ERROR_VARIABLE got_error)
message("${got_output}${got_error}")
if(status STREQUAL "nonzero")
  if(got_status STREQUAL "0")
    message(FATAL_ERROR "exit status is 0 instead of another")
  endif()
elseif(NOT status STREQUAL "any" AND NOT got_status STREQUAL status)
  message(FATAL_ERROR "exit status is ${got_status} instead of ${status}")
endif()
if(got_output MATCHES "TORC: ")
  message(FATAL_ERROR "standard output, which is the program's, has a line of torc's own")
endif()
foreach(pattern IN LISTS output)
  if(NOT got_output MATCHES "${pattern}")
    message(FATAL_ERROR "standard output does not match: ${pattern}")
  endif()
endforeach()
foreach(pattern IN LISTS error)
  if(NOT got_error MATCHES "${pattern}")
    message(FATAL_ERROR "standard error does not match: ${pattern}")
  endif()
endforeach()
