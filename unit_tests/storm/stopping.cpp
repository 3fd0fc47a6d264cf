// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/stopping.hpp"

#include <mpi.h>
#include <signal.h>

#include <chrono>

#include "core/os/signal_handler.hpp"
#include "unit_tests/storm/dice.hpp"
#include "unit_tests/storm/stage.hpp"

namespace storm {
namespace {

constexpr int stopping_signal = SIGTERM;

/// Most programs take less; some are stopped before they have begun anything.
std::chrono::microseconds random_time(dice& with) {
  const std::uint32_t longest_us = 256U << with.below(9);
  return std::chrono::microseconds(with.below(longest_us));
}

bool is_caught() noexcept { return torc::os::handler_of(stopping_signal) != SIG_DFL; }

}  // namespace

stop_senders::stop_senders(bool is_wanted, std::uint64_t seed, int rank, int num_ranks) {
  if (!is_wanted) return;
  dice with(seed ^ 0x73746f70U);
  const bool is_for_all = with.one_in(3);
  const auto only = static_cast<int>(with.below(static_cast<std::uint32_t>(num_ranks)));
  const std::chrono::microseconds common = random_time(with);
  m_num_senders = static_cast<std::uint32_t>(is_for_all ? num_ranks : 1);
  book().is_stopped() = 1;
  MPI_Barrier(current_stage().ranks);
  if (!is_for_all && rank != only) return;
  dice own(seed + static_cast<std::uint64_t>(rank));
  const std::chrono::microseconds after = own.one_in(2) ? common : random_time(own);
  m_sender = std::thread([after] {
    // A session catches it from when its rank takes part, and until the primary task is over.
    while (book().stage_of_stop().load() == 0 || !is_caught()) std::this_thread::yield();
    std::this_thread::sleep_for(after);
    ::raise(stopping_signal);
    ++book().stage_of_stop();
  });
}

stop_senders::~stop_senders() {
  if (m_sender.joinable()) m_sender.join();
}

void stop_senders::begin() noexcept { ++book().stage_of_stop(); }

void stop_senders::await() const noexcept {
  while (is_sent() && book().stage_of_stop().load() <= m_num_senders) std::this_thread::yield();
}

void stop_senders::forget() noexcept {
  if (!is_sent()) return;
  MPI_Barrier(current_stage().ranks);
  book().is_stopped() = 0;
  MPI_Barrier(current_stage().ranks);
}

}  // namespace storm
