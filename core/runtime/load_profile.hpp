// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace torc::runtime {

/// What a node could have done and had to do in the course of a session, seen by looking now and then. All nodes begin
/// together and look at the same interval, unless one is stopped for longer than that: so the looks of one number were
/// taken at about the same time. A profile sums up equally many looks in each of its periods but the last.
class load_profile {
 public:
  struct look {
    std::uint64_t idle = 0;      ///< workers
    std::uint64_t surplus = 0;   ///< tasks that could have moved and waited, beyond those that idle workers will take
    bool lacks_workers = false;  ///< tasks waited that more workers of this node could have run
  };
  /// Sums over looks.
  struct period {
    std::uint64_t looks = 0;
    std::uint64_t idle = 0;
    std::uint64_t surplus = 0;

    template <class Archive>
    void serialize(Archive& archive) {
      archive(looks, idle, surplus);
    }
  };
  static constexpr std::size_t most_periods = 64;

  void add(const look& seen) {
    if (m_periods.empty() || m_periods.back().looks == m_looks_of_each) {
      if (m_periods.size() == most_periods) halve();
      m_periods.emplace_back();
    }
    period& last = m_periods.back();
    ++last.looks;
    last.idle += seen.idle;
    last.surplus += seen.surplus;
    if (seen.lacks_workers) ++m_looks_without_workers;
  }

  const std::vector<period>& periods() const noexcept { return m_periods; }
  std::uint64_t looks() const noexcept {
    std::uint64_t sum = 0;
    for (const period& one : m_periods) sum += one.looks;
    return sum;
  }
  /// In what part of the session tasks waited that more workers of this node could have run.
  double part_without_workers() const noexcept;
  /// How many workers, on the average over the session, were idle on some nodes while tasks waited on others.
  static double idle_in_vain(std::span<const load_profile> nodes);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(m_periods, m_looks_of_each, m_looks_without_workers);
  }

 private:
  void halve();

  std::vector<period> m_periods;
  std::uint64_t m_looks_of_each = 1;
  std::uint64_t m_looks_without_workers = 0;
};

}  // namespace torc::runtime
