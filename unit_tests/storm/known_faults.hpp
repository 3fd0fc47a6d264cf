// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstdint>

namespace storm {

/// What torc is known to do wrong: operations that would show it are left out of random programs until it is mended.
/// Numbers are those of the list that the mends work through. A mended one leaves this table.
enum class known_fault : std::uint8_t {
  cancel_of_queued_guest = 1,
  cancel_waits = 2,
  user_code_under_the_role = 7,
  refused_wait = 8,
  main_throws_beside_endless_body = 10,
  range_read_by_others = 11,
  grace_elsewhere = 17,
  limit_of_cancelled = 18,
  child_exits = 19,
  polling_runs_nothing = 21,
  cancelled_later = 22,
  bytes_left_over = 24,
  silent_exits = 25,
};

struct known_fault_row {
  known_fault fault;
  const char* what;
};

inline constexpr std::array known_faults{
    known_fault_row{known_fault::cancel_of_queued_guest, "cancel of a task that another node has queued"},
    known_fault_row{known_fault::cancel_waits, "cancel of a task that is on its way, or that cannot be encoded"},
    known_fault_row{known_fault::user_code_under_the_role, "a load that submits and waits"},
    known_fault_row{known_fault::refused_wait, "a range of a map that waits"},
    known_fault_row{known_fault::main_throws_beside_endless_body, "a main that throws beside a body without end"},
    known_fault_row{known_fault::range_read_by_others, "a long range of a map that submits"},
    known_fault_row{known_fault::grace_elsewhere, "an spmd that fails on one node only, and not on node 0"},
    known_fault_row{known_fault::limit_of_cancelled, "cancel of a task with a limit"},
    known_fault_row{known_fault::child_exits, "a forked child that calls exit"},
    known_fault_row{known_fault::polling_runs_nothing, "result with no time left, in a loop"},
    known_fault_row{known_fault::cancelled_later, "done() at once after cancel()"},
    known_fault_row{known_fault::bytes_left_over, "a load that leaves bytes over"},
    known_fault_row{known_fault::silent_exits, "_exit(0) and quick_exit(0) in a task"},
};

/// Which of them random programs may meet.
class fault_switches {
 public:
  fault_switches() {
    for (const auto& row : known_faults) m_off |= bit(row.fault);
  }
  void allow(int number) { m_off &= ~(std::uint64_t{1} << static_cast<unsigned>(number)); }
  void allow_all() { m_off = 0; }
  bool allows(known_fault fault) const noexcept { return (m_off & bit(fault)) == 0; }

 private:
  static constexpr std::uint64_t bit(known_fault fault) { return std::uint64_t{1} << static_cast<unsigned>(fault); }
  std::uint64_t m_off = 0;
};

}  // namespace storm
