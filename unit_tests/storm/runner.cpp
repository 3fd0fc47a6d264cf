// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/runner.hpp"

#include <fmt/format.h>
#include <mpi.h>

#include <array>
#include <csignal>
#include <memory>
#include <numeric>
#include <torc/session.hpp>
#include <torc/torc.hpp>

#include "core/runtime/session.hpp"
#include "unit_tests/storm/backends.hpp"
#include "unit_tests/storm/bodies.hpp"
#include "unit_tests/storm/generator.hpp"
#include "unit_tests/storm/last_words.hpp"
#include "unit_tests/storm/outcome.hpp"
#include "unit_tests/storm/report.hpp"
#include "unit_tests/storm/resources.hpp"
#include "unit_tests/storm/stage.hpp"
#include "unit_tests/storm/stopping.hpp"
#include "unit_tests/storm/submission.hpp"
#include "unit_tests/storm/watchdog.hpp"
#include "unit_tests/storm/watchers.hpp"

namespace storm {
namespace {

class runner {
 public:
  runner(const command_line& given, std::string program_path)
      : m_given(given),
        m_program_path(std::move(program_path)),
        m_backends(backends({.frame_bytes = given.frame_bytes, .piece_bytes = given.piece_bytes})) {
    MPI_Comm_dup(MPI_COMM_WORLD, &current_stage().ranks);
    MPI_Comm_rank(current_stage().ranks, &m_rank);
    MPI_Comm_size(current_stage().ranks, &m_num_ranks);
    current_stage().book = &m_book;
    torc::runtime::open_session({.stats = 0}, m_backends);  // makes the network
    torc::shutdown();
    if (m_rank == 0)
      m_watchdog = std::make_unique<watchdog>([this] { return m_book.moves().load(); }, [this] { report_stuck(); });
  }
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;
  ~runner() {
    m_watchdog.reset();
    MPI_Comm_free(&current_stage().ranks);
    torc::finalize();
  }

  int run() {
    std::uint64_t num_programs = 0;
    std::uint64_t num_tasks = 0;
    std::uint64_t num_wrong = 0;
    const double begin = MPI_Wtime();
    for (std::uint64_t seed = m_given.first_seed; seed <= m_given.last_seed; ++seed) {
      for (int again = 0; again < m_given.repeat; ++again) {
        ++num_programs;
        if (!run_program(seed)) ++num_wrong;
        num_tasks += played().tasks.size();
      }
    }
    if (m_rank == 0) {
      fmt::print("storm: {} programs with {} tasks on {} ranks in {:.1f} s, {} went wrong\n", num_programs, num_tasks,
                 m_num_ranks, MPI_Wtime() - begin, num_wrong);
    }
    return num_wrong == 0 ? 0 : status_wrong;
  }

 private:
  bool run_program(std::uint64_t seed) {
    m_program = generate(seed, m_num_ranks, m_given.faults);
    finish(m_program, m_given.kept);
    current_stage().play = &m_program;
    set_last_words(fmt::format("storm: rank {} ends in the program of seed {}; again: {}\n", m_rank, seed, command()));
    if (m_rank == 0) {
      m_watchdog->start(std::chrono::duration<double>(m_given.seconds));
      m_book.clear(m_program.tasks.size());
    }
    MPI_Barrier(current_stage().ranks);
    run_session();
    check_what_is_left();
    MPI_Barrier(current_stage().ranks);
    const bool is_well = m_book.num_complaints() == 0;
    if (!is_well && m_rank == 0) {
      fmt::print(stderr, "storm: the program of seed {} went wrong; again: {}\n", seed, command());
      for (const std::string& text : m_book.complaints()) fmt::print(stderr, "storm:   {}\n", text);
    }
    set_last_words({});
    MPI_Barrier(current_stage().ranks);
    if (m_rank == 0) m_watchdog->stop();
    return is_well;
  }

  void run_session() {
    torc::options options = m_program.options;
    options.workers = m_program.workers[static_cast<std::size_t>(m_rank)];
    if (hostile_transport* const wrapped = network(); wrapped != nullptr) {
      m_given.is_hostile ? wrapped->be_hostile(m_program.seed) : wrapped->be_kind();
      wrapped->check_credit(options.workers, [this](const std::string& objection) { m_book.complain(objection); });
    }
    stop_senders stop(m_given.stops, m_program.seed, m_rank, m_num_ranks);
    torc::runtime::open_session(options, m_backends);
    const int launched = torc::launch([&] { play_primary(stop); });
    watchers().join();
    const torc::statistics counts = torc::stats();
    const int closed = torc::shutdown();
    const int expected = stop.is_sent() ? 128 + SIGTERM : has_unseen_failure() ? 1 : 0;
    stop.forget();
    if (launched != expected || closed != expected) {
      m_book.complain(
          fmt::format("rank {}: launch gives {} and shutdown {} instead of {}", m_rank, launched, closed, expected));
    }
    if (!stop.is_sent()) check_counts(counts);
  }

  void play_primary(stop_senders& stop) {
    stop.begin();
    try {
      play_whole();
    } catch (const torc::stopped_error&) {  // as it may
    }
    stop.await();
  }

  void play_whole() {
    torc::set_limit(whole_job_limit, m_program.limit_capacity);
    torc::set_limit(per_node_limit, m_program.node_capacity, torc::per_node);
    m_book.at(0).submitted = 1;
    if (play(0) != m_program.tasks[0].value) m_book.complain("the primary task has a wrong value");
  }

  /// Callbacks are what nobody can look at.
  bool has_unseen_failure() {
    for (task_index task = 0; task < m_program.tasks.size(); ++task) {
      const task_plan& plan = m_program.tasks[task];
      if (plan.kind == task_kind::callback && plan.end == fate::failure && m_book.at(task).begun.load() > 0)
        return true;
    }
    return false;
  }

  /// Everything is over on all ranks.
  void check_counts(const torc::statistics& counts) {
    const std::array<std::uint64_t, 2> mine{counts.created, counts.executed};
    std::array<std::uint64_t, 2> all{};
    MPI_Allreduce(mine.data(), all.data(), 2, MPI_UINT64_T, MPI_SUM, current_stage().ranks);
    if (m_rank != 0) return;
    check_over(0);
    const std::uint64_t submitted = m_book.submissions().load();
    const std::uint64_t begun = m_book.begun_bodies().load();
    if (all[0] != submitted)
      m_book.complain(fmt::format("{} tasks were created by torc's count, {} submitted", all[0], submitted));
    // A task whose arguments cannot be read counts as executed, and its body never runs.
    const std::uint64_t unsure = count_unsure();
    if (all[1] < begun || all[1] > begun + unsure)
      m_book.complain(fmt::format("{} tasks were executed by torc's count, {} bodies begun", all[1], begun));
  }

  std::uint64_t count_unsure() {
    std::uint64_t count = 0;
    for (task_index task = 0; task < m_program.tasks.size(); ++task) {
      const task_entry& entry = m_book.at(task);
      if (m_program.tasks[task].with != trouble::none && entry.submitted.load() != 0 && entry.begun.load() == 0)
        ++count;
    }
    return count;
  }

  /// By each rank of itself.
  void check_what_is_left() {
    if (const std::int64_t alive = ticket::num_alive(); alive != 0)
      m_book.complain(fmt::format("rank {}: the arguments of {} tasks are not freed", m_rank, alive));
    if (const auto leak = m_leaks.look()) m_book.complain(fmt::format("rank {}: {}", m_rank, *leak));
  }

  std::string command() const {
    return command_for(m_given, m_program_path, m_program.seed, m_num_ranks, m_given.kept);
  }

  void report_stuck() {
    fmt::print(stderr, "storm: the program of seed {} on {} ranks has not gone on for {} s; again: {}\n",
               m_program.seed, m_num_ranks, m_given.seconds, command());
    for (const std::string& text : m_book.complaints()) fmt::print(stderr, "storm:   {}\n", text);
    for (const std::string& text : open_tasks()) fmt::print(stderr, "storm:   {}\n", text);
    std::fflush(nullptr);
    if (torc::runtime::state_watch* const watch = torc::runtime::process_watch(); watch != nullptr) watch->report();
  }

  const command_line& m_given;
  const std::string m_program_path;
  const std::vector<torc::runtime::backend> m_backends;
  int m_rank = 0;
  int m_num_ranks = 1;
  ledger m_book;
  program m_program;
  leak_check m_leaks;
  std::unique_ptr<watchdog> m_watchdog;  ///< of rank 0
};

}  // namespace

int run_all(const command_line& given, const std::string& program_path) { return runner(given, program_path).run(); }

}  // namespace storm
