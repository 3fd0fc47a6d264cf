// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/openmp.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

namespace torc::os {
namespace {

/// A function of the OpenMP that the program is linked with; null if there is none.
template <class Function>
Function* find_openmp(const char* name) noexcept {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

std::vector<int> openmp_places() {
  // Without these no OpenMP binds; and asking some would initialise them.
  constexpr std::array variables{"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY", "KMP_AFFINITY"};
  if (std::none_of(variables.begin(), variables.end(), [](const char* name) { return std::getenv(name) != nullptr; }))
    return {};
  auto* const is_bound = find_openmp<int()>("omp_get_proc_bind");  // an enum, of which 0 is false
  auto* const num_places = find_openmp<int()>("omp_get_num_places");
  auto* const size_of = find_openmp<int(int)>("omp_get_place_num_procs");
  auto* const read = find_openmp<void(int, int*)>("omp_get_place_proc_ids");
  if (is_bound == nullptr || num_places == nullptr || size_of == nullptr || read == nullptr || is_bound() == 0)
    return {};
  std::vector<int> all;
  for (int place = 0; place < num_places(); ++place) {
    std::vector<int> ids(static_cast<std::size_t>(size_of(place)));
    read(place, ids.data());
    all.insert(all.end(), ids.begin(), ids.end());
  }
  return all;
}

void set_openmp_threads(int count) {
  static thread_local int t_before = 0;
  auto* const most = find_openmp<int()>("omp_get_max_threads");
  auto* const set = find_openmp<void(int)>("omp_set_num_threads");
  if (most == nullptr || set == nullptr || (count == 0 && t_before == 0)) return;
  if (t_before == 0) t_before = most();
  set(count > 0 ? count : t_before);
  if (count == 0) t_before = 0;
}

}  // namespace torc::os
