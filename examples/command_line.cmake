# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# The library example_command_line, which the programs of examples/ and perf_tests/ link, whichever are built.

include_guard(GLOBAL)
add_library(example_command_line STATIC "${CMAKE_CURRENT_LIST_DIR}/command_line.cpp")
target_compile_features(example_command_line PUBLIC cxx_std_20)
target_link_libraries(example_command_line PRIVATE CLI11::CLI11)
torc_warnings(example_command_line)
