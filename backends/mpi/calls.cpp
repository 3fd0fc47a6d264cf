// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/calls.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <thread>
#include <torc/error.hpp>

namespace torc::backends::mpi {

void fail(int code, const char* call, int peer) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  if (MPI_Error_string(code, text.data(), &length) != MPI_SUCCESS) length = 0;
  const std::string with = peer == no_peer ? std::string() : fmt::format(" with node {}", peer);
  throw transport_error(fmt::format("{}{} failed with code {}: {}", call, with, code,
                                    std::string_view(text.data(), static_cast<std::size_t>(length))));
}

void patience::pause() noexcept {
  constexpr unsigned yields = 1000;
  constexpr unsigned doublings = 6;
  if (m_count < yields) {
    sched_yield();
  } else {
    std::this_thread::sleep_for(std::chrono::microseconds{16} * (1U << std::min(m_count - yields, doublings)));
  }
  if (m_count < yields + doublings) ++m_count;
}

void complete(MPI_Request& request, const char* call) {
  patience waiting;
  for (;;) {
    int is_complete = 0;
    check(MPI_Test(&request, &is_complete, MPI_STATUS_IGNORE), call);
    if (is_complete != 0) return;
    waiting.pause();
  }
}

bool is_usable() noexcept {
  int is_initialised = 0;
  int is_finalised = 0;
  return MPI_Initialized(&is_initialised) == MPI_SUCCESS && is_initialised != 0 &&
         MPI_Finalized(&is_finalised) == MPI_SUCCESS && is_finalised == 0;
}

communicator::communicator() {
  MPI_Request request = MPI_REQUEST_NULL;
  check(MPI_Comm_idup(MPI_COMM_WORLD, &m_comm, &request), "MPI_Comm_idup");
  complete(request, "MPI_Comm_idup");
  check(MPI_Comm_set_errhandler(m_comm, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check(MPI_Comm_rank(m_comm, &m_rank), "MPI_Comm_rank");
  check(MPI_Comm_size(m_comm, &m_size), "MPI_Comm_size");
}

communicator::~communicator() {
  if (m_comm != MPI_COMM_NULL && is_usable()) MPI_Comm_free(&m_comm);
}

bool has_full_thread_support() {
  int level = MPI_THREAD_SINGLE;
  check(MPI_Query_thread(&level), "MPI_Query_thread");
  return level == MPI_THREAD_MULTIPLE;
}

}  // namespace torc::backends::mpi
