// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/topology.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hwloc.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/count_of.hpp"
#include "core/os/cgroup.hpp"
#include "core/os/openmp.hpp"

namespace torc::os {

struct free_bitmap {
  void operator()(hwloc_bitmap_t set) const noexcept { hwloc_bitmap_free(set); }
};
using cpu_set = std::unique_ptr<std::remove_pointer_t<hwloc_bitmap_t>, free_bitmap>;

struct free_topology {
  void operator()(hwloc_topology_t t) const noexcept { hwloc_topology_destroy(t); }
};
using handle = std::unique_ptr<std::remove_pointer_t<hwloc_topology_t>, free_topology>;

namespace {

cpu_set intersection(hwloc_const_cpuset_t a, hwloc_const_cpuset_t b) {
  cpu_set both(hwloc_bitmap_alloc());
  hwloc_bitmap_and(both.get(), a, b);
  return both;
}

/// A topology with nothing but cores and hardware threads: looking for devices would cost most of the time.
/// Empty if hwloc cannot make one.
handle load(const char* synthetic) {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return {};
  handle t(raw);
  hwloc_topology_set_all_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_NONE);
  hwloc_topology_set_type_filter(raw, HWLOC_OBJ_CORE, HWLOC_TYPE_FILTER_KEEP_ALL);
  hwloc_topology_set_type_filter(raw, HWLOC_OBJ_PACKAGE, HWLOC_TYPE_FILTER_KEEP_ALL);
  // Without it, what a control group forbids would not be seen, and a restricted process looks like a small machine.
  hwloc_topology_set_flags(raw, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
  if (synthetic != nullptr && hwloc_topology_set_synthetic(raw, synthetic) != 0) return {};
  if (hwloc_topology_load(raw) != 0) return {};
  return t;
}

int count(hwloc_topology_t t, hwloc_obj_type_t type) { return std::max(hwloc_get_nbobjs_by_type(t, type), 0); }

std::string part_of(int some, int all, std::string_view one, std::string_view many) {
  const std::string amount = some == all ? fmt::format("{}", all) : fmt::format("{} of {}", some, all);
  return fmt::format("{} {}", amount, all == 1 ? one : many);
}

}  // namespace

struct topology::state {
  handle machine;               // empty if hwloc failed: then cores are counted and no thread is bound
  cpu_set usable;               // hardware threads that the process may use
  std::vector<cpu_set> cores;   // their parts, one for each core
  int unknown_cores = 1;        // what to say without hwloc
  bool is_this_machine = true;  // threads can be bound
  std::optional<double> quota;

  void find_cores() {
    hwloc_topology_t t = machine.get();
    // Some virtual machines describe no cores.
    const auto type = count(t, HWLOC_OBJ_CORE) > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
    for (hwloc_obj_t core = hwloc_get_next_obj_by_type(t, type, nullptr); core != nullptr;
         core = hwloc_get_next_obj_by_type(t, type, core)) {
      cpu_set part = intersection(core->cpuset, usable.get());
      if (hwloc_bitmap_iszero(part.get()) == 0) cores.push_back(std::move(part));
    }
  }
};

topology::topology() : m_state(std::make_unique<state>()) {
  m_state->quota = cpu_quota();
  m_state->unknown_cores = std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
  m_state->machine = load(nullptr);
  if (!m_state->machine) return;
  hwloc_topology_t t = m_state->machine.get();
  const cpu_set affinity(hwloc_bitmap_alloc_full());
  // Of the thread, because the process's own would be the union over threads that libraries may have bound.
  hwloc_get_cpubind(t, affinity.get(), HWLOC_CPUBIND_THREAD);
  for (const int thread : openmp_places()) hwloc_bitmap_set(affinity.get(), static_cast<unsigned>(thread));
  m_state->usable = intersection(hwloc_topology_get_allowed_cpuset(t), affinity.get());
  m_state->find_cores();
}

topology::topology(const std::string& description, const std::string& usable, std::optional<double> quota)
    : m_state(std::make_unique<state>()) {
  m_state->quota = quota;
  m_state->is_this_machine = false;
  m_state->machine = load(description.c_str());
  TORC_CHECK(m_state->machine != nullptr);
  const cpu_set given(hwloc_bitmap_alloc_full());
  if (!usable.empty()) TORC_CHECK(hwloc_bitmap_list_sscanf(given.get(), usable.c_str()) == 0);
  m_state->usable = intersection(hwloc_topology_get_allowed_cpuset(m_state->machine.get()), given.get());
  m_state->find_cores();
}

topology::~topology() = default;

int topology::allowed_cores() const noexcept {
  const int known = static_cast<int>(m_state->cores.size());
  return known > 0 ? known : m_state->unknown_cores;
}

bool topology::is_restricted() const noexcept {
  return m_state->machine != nullptr &&
         hwloc_bitmap_weight(m_state->usable.get()) < count(m_state->machine.get(), HWLOC_OBJ_PU);
}

std::optional<double> topology::quota() const noexcept { return m_state->quota; }

int topology::auto_workers() const noexcept {
  const int cores = allowed_cores();
  if (!m_state->quota || *m_state->quota >= cores) return cores;
  return std::max(static_cast<int>(std::floor(*m_state->quota)), 1);
}

std::optional<std::string> topology::bind_this_thread(const std::vector<int>& cores) const {
  if (!m_state->is_this_machine || m_state->cores.empty()) return "the cores of this machine are not known";
  const cpu_set target(hwloc_bitmap_alloc());
  for (const int core : cores) {
    if (core < 0 || core >= allowed_cores())
      return fmt::format("there is no core {}: the process may use {}", core, allowed_cores());
    hwloc_bitmap_or(target.get(), target.get(), m_state->cores[static_cast<std::size_t>(core)].get());
  }
  if (hwloc_set_cpubind(m_state->machine.get(), target.get(), HWLOC_CPUBIND_THREAD) == 0) return std::nullopt;
  return fmt::format("the system refuses to bind a thread to core {}: {}", fmt::join(cores, ", "),
                     std::strerror(errno));
}

void topology::unbind_this_thread() const noexcept {
  if (!m_state->is_this_machine || m_state->cores.empty()) return;
  // It can fail only if the process has lost cores meanwhile; then the system has moved the thread already.
  hwloc_set_cpubind(m_state->machine.get(), m_state->usable.get(), HWLOC_CPUBIND_THREAD);
}

std::string topology::usable() const {
  if (m_state->machine == nullptr) return {};
  char* text = nullptr;
  if (hwloc_bitmap_list_asprintf(&text, m_state->usable.get()) < 0) return {};
  std::string result(text);
  std::free(text);
  return result;
}

std::string topology::describe() const {
  if (m_state->machine == nullptr)
    return base::count_of(static_cast<std::uint64_t>(allowed_cores()), "core") + " (hwloc cannot read more)";
  hwloc_topology_t t = m_state->machine.get();
  const int threads = count(t, HWLOC_OBJ_PU);
  const int all_cores = std::max(count(t, HWLOC_OBJ_CORE), allowed_cores());
  const int packages = std::max(count(t, HWLOC_OBJ_PACKAGE), 1);
  std::string text =
      fmt::format("{} ({}), {}", part_of(allowed_cores(), all_cores, "core", "cores"),
                  part_of(hwloc_bitmap_weight(m_state->usable.get()), threads, "hardware thread", "hardware threads"),
                  part_of(packages, packages, "package", "packages"));
  if (m_state->quota) text += fmt::format(", limited to the time of {:.3g} cores", *m_state->quota);
  return text;
}

const topology& machine() {
  static const topology instance;
  return instance;
}

}  // namespace torc::os
