# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Helpers that give torc's own targets what they share. Nothing here reaches a consumer of the installed package.

# torc_warnings(<target>): the warnings that torc's own code is held to. Designated initialisers name what they need, no more.
function(torc_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           -Wno-missing-field-initializers)
endfunction()

# torc_sanitize(<library>): the library, and whatever links it within this build, is instrumented as TORC_SANITIZE says.
function(torc_sanitize target)
  if(TORC_SANITIZE STREQUAL "")
    return()
  elseif(TORC_SANITIZE STREQUAL "address")
    set(flags -fsanitize=address,undefined -fno-sanitize-recover=all)
  elseif(TORC_SANITIZE STREQUAL "thread")
    set(flags -fsanitize=thread)
  else()
    message(FATAL_ERROR "TORC_SANITIZE is \"${TORC_SANITIZE}\"; it may be address, thread or empty.")
  endif()
  target_compile_options(${target} PUBLIC "$<BUILD_INTERFACE:${flags};-fno-omit-frame-pointer>")
  target_link_options(${target} PUBLIC "$<BUILD_INTERFACE:${flags}>")
endfunction()

# torc_library(<target> <exported name> <source>...): a library that is exported as torc::<exported name>.
function(torc_library target export_name)
  add_library(${target} ${ARGN})
  add_library(torc::${export_name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${export_name} VERSION ${PROJECT_VERSION} SOVERSION
                                             ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  torc_warnings(${target})
  set_property(GLOBAL APPEND PROPERTY TORC_INSTALLED_TARGETS ${target})
endfunction()
