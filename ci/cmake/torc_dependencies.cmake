# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# Finds everything that the chosen options need. What is missing stops the configuration with the name of its package.

function(torc_missing what package)
  message(
    FATAL_ERROR
      "torc needs ${what}, which was not found. On Debian and Ubuntu: apt-get install ${package}\n"
      "ci/setup installs everything that torc needs. For a copy elsewhere, add its prefix to CMAKE_PREFIX_PATH.")
endfunction()

# torc_find(<name of the CMake package> <what it is> <Debian package> <further arguments of find_package>...)
macro(torc_find name what package)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    torc_missing("${what}" "${package}")
  endif()
endmacro()

find_package(Threads REQUIRED)
torc_find(cereal "cereal (serialisation)" libcereal-dev)
torc_find(fmt "{fmt} (text)" libfmt-dev)
torc_find(Boost "Boost.Context (fibers)" libboost-context-dev CONFIG COMPONENTS context)

torc_find(PkgConfig "pkg-config (finds hwloc)" pkg-config)
pkg_check_modules(hwloc QUIET IMPORTED_TARGET hwloc)
if(NOT hwloc_FOUND)
  torc_missing("hwloc (topology of the machine)" libhwloc-dev)
endif()

find_path(TORC_RANDOM123_INCLUDE_DIR Random123/philox.h)
mark_as_advanced(TORC_RANDOM123_INCLUDE_DIR)
if(NOT TORC_RANDOM123_INCLUDE_DIR)
  torc_missing("Random123 (random streams)" librandom123-dev)
endif()

if(TORC_ENABLE_MPI)
  set(MPI_CXX_SKIP_MPICXX ON)
  torc_find(MPI "MPI (or -DTORC_ENABLE_MPI=OFF for a torc of one node)" "libmpich-dev mpich" COMPONENTS CXX)
endif()

if(TORC_ENABLE_KOKKOS)
  include(torc_find_kokkos)
  torc_find_kokkos()
  if(NOT TARGET Kokkos::kokkos)
    torc_missing("Kokkos (or -DTORC_ENABLE_KOKKOS=OFF for a torc without devices)" libtrilinos-kokkos-dev)
  endif()
  if(TORC_KOKKOS_DEVICE AND NOT TORC_KOKKOS_DEVICE IN_LIST TORC_KOKKOS_DEVICES)
    message(
      FATAL_ERROR
        "TORC_KOKKOS_DEVICE is ${TORC_KOKKOS_DEVICE}, but the Kokkos found in ${Kokkos_DIR} was built for: ${TORC_KOKKOS_DEVICES}.\n"
        "Set Kokkos_ROOT to the prefix of a Kokkos that was built for ${TORC_KOKKOS_DEVICE}.")
  endif()
endif()

# {fmt} 9 takes nvcc for a compiler without constexpr, and then refuses its own consteval functions.
if("CUDA" IN_LIST TORC_KOKKOS_DEVICES)
  set_property(TARGET fmt::fmt APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS FMT_USE_CONSTEXPR=1)
endif()

if(TORC_BUILD_TESTS)
  torc_find(GTest "GoogleTest (unit tests)" libgtest-dev)
endif()

if(TORC_BUILD_EXAMPLES OR TORC_BUILD_PERF_TESTS)
  torc_find(CLI11 "CLI11 (command lines of examples and perf_tests)" libcli11-dev)
endif()

if(TORC_BUILD_EXAMPLES)
  torc_find(Eigen3 "Eigen (linear algebra of the examples)" libeigen3-dev)
  find_path(TORC_ODEINT_INCLUDE_DIR boost/numeric/odeint.hpp HINTS ${Boost_INCLUDE_DIRS})
  mark_as_advanced(TORC_ODEINT_INCLUDE_DIR)
  if(NOT TORC_ODEINT_INCLUDE_DIR)
    torc_missing("Boost.Odeint (differential equations of the examples)" libboost-dev)
  endif()
  torc_find(JPEG "libjpeg-turbo (images of the examples)" libjpeg-dev)
  torc_find(PNG "libpng (images of the examples)" libpng-dev)
  find_program(TORC_GNUPLOT gnuplot)
  mark_as_advanced(TORC_GNUPLOT)
  if(NOT TORC_GNUPLOT)
    torc_missing("gnuplot (pictures of the examples)" gnuplot-nox)
  endif()
endif()

if(TORC_BUILD_PERF_TESTS)
  torc_find(benchmark "Google Benchmark (perf_tests)" libbenchmark-dev)
  torc_find(TBB "oneTBB (a rival in perf_tests)" libtbb-dev)
  torc_find(OpenMP "OpenMP (a rival in perf_tests)" g++ COMPONENTS CXX)
endif()
