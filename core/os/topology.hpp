// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace torc::os {

/// The cores of the machine and those of them that the process may use: what the launcher, taskset or a control group
/// has left to it. Numbers of cores count the usable ones, in hwloc's order, in which neighbours are close.
/// Thread-safe but for construction.
class topology {
 public:
  /// Of this machine, for the affinity that the calling thread has now, or had before OpenMP bound it; costs
  /// milliseconds.
  topology();
  /// Of an invented machine, for tests: hwloc's description ("package:2 core:4 pu:2") and the numbers of the hardware
  /// threads that may be used ("0-3,8"; all if empty). Threads cannot be bound to it.
  topology(const std::string& description, const std::string& usable, std::optional<double> quota);
  ~topology();
  topology(const topology&) = delete;
  topology& operator=(const topology&) = delete;

  /// Cores that the process may use, at least 1. One of which it may use a hardware thread counts.
  [[nodiscard]] int allowed_cores() const noexcept;

  /// Whether the process may use less than the whole machine.
  [[nodiscard]] bool is_restricted() const noexcept;

  /// CPU time per time that the process's control group allows, in cores.
  [[nodiscard]] std::optional<double> quota() const noexcept;

  /// The number of workers that `TORC_WORKERS=auto` stands for: the allowed cores, or the whole cores of the quota if
  /// these are fewer (more threads would be stopped for parts of each period, with whatever they hold); at least 1.
  [[nodiscard]] int auto_workers() const noexcept;

  /// Keeps the calling thread on the usable cores of these numbers, or says why that cannot be done.
  [[nodiscard]] std::optional<std::string> bind_this_thread(const std::vector<int>& cores) const;

  /// Gives the calling thread back all that the process may use.
  void unbind_this_thread() const noexcept;

  /// The hardware threads that the process may use, such as "0-3,8": processes of one host that have the same share
  /// them. Empty if they are not known.
  [[nodiscard]] std::string usable() const;

  /// For the census, such as "2 of 8 cores (4 of 16 hardware threads), 1 package".
  [[nodiscard]] std::string describe() const;

 private:
  struct state;
  std::unique_ptr<state> m_state;
};

/// The machine's, made at the first call and kept: later sessions must not take the binding of a worker of an earlier
/// one, which may be the thread that asks, for what the process may use.
const topology& machine();

}  // namespace torc::os
