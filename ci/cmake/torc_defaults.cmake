# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# What torc chooses when it is built by itself rather than as a part of another project.

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT is_multi_config AND NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(TORC_CCACHE ccache)
  mark_as_advanced(TORC_CCACHE)
  if(TORC_CCACHE)
    # A clone in any folder hits what a clone elsewhere has compiled: paths below this folder count from where the
    # compiler runs, and the folder itself does not count. Precompiled headers need the sloppiness: they hold the times of
    # files, which change with each checkout.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${TORC_CCACHE}")
  endif()
endif()

if(NOT CMAKE_CXX_COMPILER MATCHES "nvcc_wrapper$")
  # Files are named from this folder on, in messages and for debuggers.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>")
  # The compiler collects its garbage later: 15 % faster, with half as much memory again for the largest files.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:--param=ggc-min-expand=1000;--param=ggc-min-heapsize=1048576>")
  endif()
endif()
