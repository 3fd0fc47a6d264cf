// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <omp.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <thread>
#include <torc/torc.hpp>

// One way for each contender to get its workers, and to leave nothing behind that spins while the next is measured.
namespace perf {

using clock = std::chrono::steady_clock;

#if defined(__clang__)
inline constexpr const char* openmp_name = "LLVM OpenMP";
#else
inline constexpr const char* openmp_name = "GNU OpenMP";
#endif
inline constexpr const char* tbb_name = "oneTBB";
inline constexpr const char* torc_name = "torc";

inline double seconds_since(clock::time_point start) {
  return std::chrono::duration<double>(clock::now() - start).count();
}

inline void sleep_for(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

/// Runs `body` in an arena of so many threads, the caller among them.
template <class F>
void with_tbb(int workers, F&& body) {
  const oneapi::tbb::global_control limit(oneapi::tbb::global_control::max_allowed_parallelism,
                                          static_cast<std::size_t>(workers));
  oneapi::tbb::task_arena arena(workers);
  arena.execute(body);
}

/// Runs `body` on one thread of a team of so many; the others serve tasks. Default wait policy: it is the fastest while
/// the team works. Afterwards the pool is dissolved, for its threads would go on spinning into the next measurement.
template <class F>
void with_openmp(int workers, F&& body) {
#pragma omp parallel num_threads(workers)
#pragma omp single
  body();
  omp_pause_resource_all(omp_pause_soft);
}

/// Runs `body` as the primary task of a session of so many workers, on a thread of its own unless told otherwise.
template <class F>
void with_torc(int workers, F&& body, torc::primary_place primary = torc::primary_place::automatic) {
  torc::options options;
  options.workers = workers;
  options.primary = primary;
  options.stats = 0;
  torc::session session(options);
  torc::launch();
  if (torc::num_workers() != workers) throw std::runtime_error("torc did not start the number of workers asked for");
  body();
}

}  // namespace perf
