# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# SPDX-FileCopyrightText: The torc authors

# The installed package: libraries, public headers and what find_package(torc) reads.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(torc_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/torc")
get_property(torc_installed GLOBAL PROPERTY TORC_INSTALLED_TARGETS)
install(
  TARGETS ${torc_installed}
  EXPORT torc_targets
  FILE_SET HEADERS)
install(
  EXPORT torc_targets
  FILE torcTargets.cmake
  NAMESPACE torc::
  DESTINATION "${torc_package_dir}")

get_target_property(torc_library_type torc_core TYPE)
configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/torcConfig.cmake.in" "${PROJECT_BINARY_DIR}/cmake/torcConfig.cmake"
  INSTALL_DESTINATION "${torc_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cmake/torcConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/cmake/torcConfig.cmake" "${PROJECT_BINARY_DIR}/cmake/torcConfigVersion.cmake"
        "${CMAKE_CURRENT_LIST_DIR}/torc_find_kokkos.cmake"
  DESTINATION "${torc_package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
