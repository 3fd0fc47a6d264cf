// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace torc::runtime {

/// What a node could have done and had to do in the course of a session, seen by looking now and then. All nodes look
/// equally often and begin together, so what they saw at about the same time stands in the same place.
class load_profile {
 public:
  /// Sums over looks.
  struct period {
    std::uint64_t looks = 0;
    std::uint64_t idle = 0;     ///< workers
    std::uint64_t surplus = 0;  ///< tasks that could have moved and waited, beyond those that idle workers will take

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
  }

  const std::vector<period>& periods() const noexcept { return m_periods; }
  std::uint64_t looks() const noexcept {
    std::uint64_t sum = 0;
    for (const period& one : m_periods) sum += one.looks;
    return sum;
  }
  /// In what part of the session tasks waited.
  double part_with_surplus() const noexcept;
  /// How many workers, on the average over the session, were idle on some nodes while tasks waited on others.
  static double idle_in_vain(std::span<const load_profile> nodes) noexcept;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(m_periods);
  }

 private:
  void halve();

  std::vector<period> m_periods;
  std::uint64_t m_looks_of_each = 1;
};

}  // namespace torc::runtime
