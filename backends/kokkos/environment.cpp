// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/environment.hpp"

#include <fmt/format.h>

#include <Kokkos_Core.hpp>
#include <cstdlib>
#include <exception>
#include <torc/error.hpp>

#include "backends/kokkos/device_choice.hpp"
#include "backends/kokkos/spaces.hpp"
#include "backends/kokkos/transfers.hpp"

namespace torc::backends::kokkos {
namespace {

/// Whether it is torc that must finalise Kokkos.
bool is_ours = false;

/// Whether Kokkos has been finalised. Before 3.7 it can only be known of Kokkos that torc itself has finalised.
bool is_over = false;

/// Whether initialise has prepared this process's use of Kokkos, and on which devices.
bool is_prepared = false;
std::vector<int> devices;

bool is_finalised() {
#if KOKKOS_VERSION >= 30700
  return is_over || Kokkos::is_finalized();
#else
  return is_over;
#endif
}

/// What the user has told Kokkos itself about devices goes before what torc would choose.
bool are_devices_chosen() {
  for (const char* name : {"KOKKOS_DEVICE_ID", "KOKKOS_VISIBLE_DEVICES", "KOKKOS_MAP_DEVICE_ID_BY"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

/// On the device, or on the one that Kokkos chooses if it is negative.
void start_kokkos([[maybe_unused]] int device, [[maybe_unused]] bool is_for_host_alone) {
  try {
#if KOKKOS_VERSION >= 30700
    Kokkos::InitializationSettings settings;
    if (device >= 0) settings.set_device_id(device);
    // A build for the host alone warns of how OpenMP's own threads are bound, and of more of them than there are cores;
    // torc's slots do not use them.
    if (is_for_host_alone) settings.set_disable_warnings(true);
    Kokkos::initialize(settings);
#else
    Kokkos::initialize();
#endif
  } catch (const std::exception& failure) {
    throw device_error(fmt::format("Kokkos could not be initialised: {}", failure.what()));
  }
  is_ours = true;
}

/// What the devices' driver says; only a host build has no such driver.
struct driver {
  std::string space;
  found_devices found;
  bool can_use_several = false;
};

driver ask_driver() {
  driver answer;
  for_each_space([&]<class Space>(std::type_identity<Space>) {
    if constexpr (has_drivers<Space>)
      answer = {Space::name(), space_trait<Space>::find_devices(), space_trait<Space>::can_use_several};
  });
  return answer;
}

int device_that_kokkos_has_taken() {
  int device = -1;
  for_each_space([&]<class Space>(std::type_identity<Space>) {
    if constexpr (has_drivers<Space>) device = space_trait<Space>::current_device();
  });
  return device;
}

void start_on_devices(const driver& answer, const place& where) {
  if (answer.space.empty() || are_devices_chosen()) {
    start_kokkos(-1, answer.space.empty());
  } else {
    devices = choose_devices(answer.found.count, where.local_rank, where.local_ranks, answer.can_use_several);
    start_kokkos(devices.front(), false);
  }
}

void prepare() {
  const int own = device_that_kokkos_has_taken();
  if (own < 0)
    devices.clear();
  else if (devices.empty() || devices.front() != own)
    devices = {own};
  make_transfers(own);
  Kokkos::push_finalize_hook(release_transfers);
  is_prepared = true;
}

template <class Space>
space_facts facts_of() {
  space_facts facts{Space::name(), {}, space_trait<Space>::dispatch, 0};
  for (const int device : devices_of<Space>()) {
    if (facts.num_devices++ != 0) facts.description += ", ";
    facts.description += space_trait<Space>::describe(device);
  }
  return facts;
}

std::string name_of(sched::dispatch dispatch) {
  switch (dispatch) {
    case sched::dispatch::drivers:
      return "driver threads";
    case sched::dispatch::each_worker:
      return "every worker";
    case sched::dispatch::one_worker:
      return "one worker at a time";
    case sched::dispatch::first_thread:
      return "worker 0";
  }
  return {};
}

std::string census_of(const environment& found) {
  if (found.spaces.empty()) return found.missing + "; Kokkos is left alone, CPU tasks only";
  std::string line = fmt::format("Kokkos {}", found.version);
  line += fmt::format(", execution spaces {} (host) and {} (default)", found.host_space, found.device_space);
  for (const space_facts& space : found.spaces)
    line += fmt::format("; {}: {}", space.description, name_of(space.dispatch));
  return line;
}

}  // namespace

const std::vector<int>& devices_with_drivers() noexcept { return devices; }

environment initialise(const place& where) {
  if (is_finalised())
    throw config_error(
        "Kokkos has been finalised, as torc::start does at its end, and cannot be initialised again: for several "
        "sessions "
        "in one program use torc::session instead of start, or call Kokkos::initialize and finalize yourself");
  environment found{
      .version = fmt::format("{}.{}.{}", KOKKOS_VERSION / 10000, KOKKOS_VERSION / 100 % 100, KOKKOS_VERSION % 100),
      .host_space = Kokkos::DefaultHostExecutionSpace::name(),
      .device_space = Kokkos::DefaultExecutionSpace::name()};

  driver answer;
  if (!Kokkos::is_initialized()) {
    answer = ask_driver();
    if (answer.space.empty() || answer.found.count != 0) start_on_devices(answer, where);
  }
  if (Kokkos::is_initialized()) {
    if (!is_prepared) prepare();
    found.is_applications = !is_ours;
    for_each_space([&]<class Space>(std::type_identity<Space>) { found.spaces.push_back(facts_of<Space>()); });
    if (!has_instances)
      found.advice = fmt::format(
          "Kokkos {} is older than 4.4, so one thread of a process may use it at a time: the one device task of the "
          "host "
          "that runs (more ranks, not more workers, give parallelism there), or main while none runs, and no other "
          "task",
          found.version);
  } else {
    found.missing = fmt::format("Kokkos {} was built for {}, and there is no such device ({})", found.version,
                                answer.space, answer.found.reason);
  }
  found.census = census_of(found);
  return found;
}

void finalise() {
  if (!is_ours) return;
  is_ours = false;
  if (!Kokkos::is_initialized()) return;
  try {
    Kokkos::finalize();
  } catch (const std::exception& failure) {
    throw device_error(fmt::format("Kokkos could not be finalised: {}", failure.what()));
  }
  is_over = true;
}

}  // namespace torc::backends::kokkos
