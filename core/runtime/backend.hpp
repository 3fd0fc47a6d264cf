// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/protocol/transport.hpp"
#include "core/sched/device/device.hpp"

namespace torc::runtime {

/// Where a process stands among those of the job, and among those of its host.
struct process_place {
  int rank = 0;
  int num_ranks = 1;
  int local_rank = 0;
  int local_ranks = 1;
};

/// An execution space that a backend can make devices of.
struct space_facts {
  std::string name;         ///< such as "Cuda"
  std::string description;  ///< such as "Cuda device 0 (NVIDIA H100)"
  sched::dispatch dispatch = sched::dispatch::each_worker;
  int devices = 1;
};

/// What a backend tells of itself.
struct backend_facts {
  std::string census;
  int rank = 0;
  int num_ranks = 1;
  std::string problem = {};  ///< why torc cannot run with it, the same on all ranks; empty if it can
  std::vector<space_facts> spaces = {};
  std::string device_advice = {};  ///< for whoever submits device tasks on this process; empty if there is none
  /// The application uses the backend's library itself, so several workers may without any device task.
  bool is_used_elsewhere = false;
  std::string missing_devices = {};  ///< why the backend has no spaces here; empty if it has, or never has any
};

/// A library that torc initialises before the first session and finalises after the last.
struct backend {
  /// Throws config_error where torc cannot run with it. Backends with a network come first.
  std::function<backend_facts(const process_place&)> initialise;
  std::function<void()> finalise;
  /// The network between the ranks, if there are several; made once, before the first session. **Collective**. Empty
  /// for a backend without one.
  std::function<std::unique_ptr<protocol::transport>()> connect = nullptr;
  /// Of this process, as far as it is known; before `initialise` too. Empty for a backend without ranks.
  std::function<int()> rank = nullptr;
  /// The devices of its spaces, for one session. Empty for a backend without spaces.
  std::function<std::vector<std::unique_ptr<sched::device>>(const sched::device_settings&)> make_devices = nullptr;
};

/// What the backends together give a session to run device tasks with.
struct device_source {
  std::vector<space_facts> spaces;
  std::vector<std::string> advice;
  bool are_used_elsewhere = false;
  std::string missing;
  std::function<std::vector<std::unique_ptr<sched::device>>(const sched::device_settings&)> make = nullptr;
};

}  // namespace torc::runtime
