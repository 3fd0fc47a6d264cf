// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace torc::report {

/// What a node could have done and had to do in the course of a session, seen by looking now and then. All nodes begin
/// together and look at the same interval, unless one is stopped for longer than that: so the looks of one number were
/// taken at about the same time. A profile sums up equally many looks in each of its periods but the last.
class load_profile {
 public:
  /// Sums over looks.
  struct period {
    std::uint64_t looks = 0;
    std::uint64_t idle = 0;  ///< workers
    /// Tasks that waited and other workers could have run, here or elsewhere, beyond those that idle ones will take.
    std::uint64_t surplus = 0;

    template <class Archive>
    void serialize(Archive& archive) {
      archive(looks, idle, surplus);
    }
  };
  static constexpr std::size_t most_periods = 64;

  void add(std::uint64_t idle, std::uint64_t surplus) {
    if (m_periods.empty() || m_periods.back().looks == m_looks_of_each) {
      if (m_periods.size() == most_periods) halve();
      m_periods.emplace_back();
    }
    period& last = m_periods.back();
    ++last.looks;
    last.idle += idle;
    last.surplus += surplus;
    if (surplus > 0) ++m_looks_with_surplus;
  }

  const std::vector<period>& periods() const noexcept { return m_periods; }
  std::uint64_t looks() const noexcept {
    std::uint64_t sum = 0;
    for (const period& one : m_periods) sum += one.looks;
    return sum;
  }
  /// In what part of the looks there was a surplus.
  double part_with_surplus() const noexcept;
  /// How many workers, on the average over the session, were idle on some nodes while tasks waited on others.
  static double idle_in_vain(std::span<const load_profile> nodes);

  template <class Archive>
  void serialize(Archive& archive) {
    archive(m_periods, m_looks_of_each, m_looks_with_surplus);
  }

 private:
  void halve();

  std::vector<period> m_periods;
  std::uint64_t m_looks_of_each = 1;
  std::uint64_t m_looks_with_surplus = 0;
};

}  // namespace torc::report
