# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# torc_find_kokkos(): finds Kokkos, whatever its release, and sets TORC_KOKKOS_DEVICES to the devices it was built for.
# Also part of the installed package. No version is asked for: old releases refuse every request but their own major
# version.
function(torc_find_kokkos)
  # Kokkos is built without compiler extensions and would switch them off, with a warning, in the cache of the caller.
  set(CMAKE_CXX_EXTENSIONS OFF)
  find_package(Kokkos QUIET CONFIG)
  if(NOT TARGET Kokkos::kokkos)
    return()
  endif()

  # The target of Debian's package (Kokkos 3.4.1, a part of Trilinos) names an include folder without its headers.
  get_target_property(include_dirs Kokkos::kokkos INTERFACE_INCLUDE_DIRECTORIES)
  if(include_dirs AND NOT include_dirs MATCHES "\\$<")
    find_path(
      TORC_KOKKOS_INCLUDE_DIR Kokkos_Core.hpp
      HINTS ${include_dirs} ${Kokkos_INCLUDE_DIRS}
      NO_DEFAULT_PATH)
    mark_as_advanced(TORC_KOKKOS_INCLUDE_DIR)
    if(TORC_KOKKOS_INCLUDE_DIR AND NOT TORC_KOKKOS_INCLUDE_DIR IN_LIST include_dirs)
      set_target_properties(Kokkos::kokkos PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${TORC_KOKKOS_INCLUDE_DIR}")
    endif()
  endif()

  set(TORC_KOKKOS_DEVICES "${Kokkos_DEVICES}" PARENT_SCOPE)
  set(Kokkos_DIR "${Kokkos_DIR}" PARENT_SCOPE)
endfunction()
