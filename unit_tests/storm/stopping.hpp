// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <thread>

namespace storm {

/// The signal that stops a program at a time that follows from its seed, on one of its ranks or on all. What its tasks
/// see then is not what the program says: no complaint about them counts. What counts is that the session ends, with
/// the signal's status everywhere, and leaves nothing behind.
class stop_senders {
 public:
  /// Does nothing unless it `is_wanted`. Before this rank's session is opened.
  stop_senders(bool is_wanted, std::uint64_t seed, int rank, int num_ranks);
  stop_senders(const stop_senders&) = delete;
  stop_senders& operator=(const stop_senders&) = delete;
  ~stop_senders();

  bool is_sent() const noexcept { return m_num_senders > 0; }
  /// The primary task has begun.
  void begin() noexcept;
  /// Before it returns: all signals have come to open sessions.
  void await() const noexcept;
  /// The session is over, and complaints count again.
  void forget() noexcept;

 private:
  std::uint32_t m_num_senders = 0;
  std::thread m_sender;  ///< of this rank
};

}  // namespace storm
