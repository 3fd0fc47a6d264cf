// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <mpi.h>

#include <cstddef>

/// How torc calls MPI: every return code is checked, and nothing waits inside MPI, where it would hold a core.
namespace torc::backends::mpi {

inline constexpr int no_peer = -1;

/// Throws transport_error with the call's name, MPI's text and the other node, if there is one.
[[noreturn]] void fail(int code, const char* call, int peer);

inline void check(int code, const char* call, int peer = no_peer) {
  if (code != MPI_SUCCESS) [[unlikely]]
    fail(code, call, peer);
}

/// One wait that leaves the core to others: yields at first, then sleeps longer and longer, up to a millisecond.
class patience {
 public:
  void pause() noexcept;

 private:
  unsigned m_count = 0;
};

/// Waits until the request of that call has completed.
void complete(MPI_Request& request, const char* call);

/// At most so many bytes a call: MPI 3.1 counts with int.
inline constexpr std::size_t most_bytes_per_call = std::size_t{1} << 30U;

/// Whether MPI can be called: initialised and not finalised.
bool is_usable() noexcept;

/// A duplicate of MPI_COMM_WORLD, on which errors return.
class communicator {
 public:
  /// **Collective.**
  communicator();
  communicator(const communicator&) = delete;
  communicator& operator=(const communicator&) = delete;
  /// Nothing may be under way on it.
  ~communicator();

  MPI_Comm get() const noexcept { return m_comm; }
  int rank() const noexcept { return m_rank; }
  int size() const noexcept { return m_size; }

 private:
  MPI_Comm m_comm = MPI_COMM_NULL;
  int m_rank = 0;
  int m_size = 0;
};

/// Whether several threads may call MPI at one time.
bool has_full_thread_support();

}  // namespace torc::backends::mpi
