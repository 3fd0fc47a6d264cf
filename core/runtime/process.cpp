// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <torc/error.hpp>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/forked_child.hpp"
#include "core/base/log.hpp"
#include "core/base/process_exit.hpp"
#include "core/config/config.hpp"
#include "core/fiber/stack_gap.hpp"
#include "core/runtime/current.hpp"
#include "core/runtime/end_job.hpp"
#include "core/runtime/separate_jobs.hpp"
#include "core/runtime/session.hpp"
#include "core/runtime/uncaught_errors.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

/// The one session of the process, and the libraries that live longer than it.
namespace torc::runtime {
namespace {

std::unique_ptr<session> g_session;
int g_last_status = 0;
std::vector<backend> g_backends;                 ///< those initialised, in order
std::unique_ptr<protocol::transport> g_network;  ///< null if there is one rank
/// Held while that changes, and by whoever ends the job, on any thread, which then keeps it: MPI_Abort may call exit.
std::recursive_mutex g_network_mutex;
device_source g_devices;  ///< of g_backends
std::unique_ptr<state_watch> g_watch;

std::unique_ptr<protocol::transport> exchange_network(std::unique_ptr<protocol::transport> next) noexcept {
  const std::scoped_lock lock(g_network_mutex);
  return std::exchange(g_network, std::move(next));
}

/// Prints what TORC_HELP asks for, on one rank; false if it asks for nothing.
bool print_help(const std::vector<backend>& backends) {
  config::help_request request = config::help_request::none;
  try {
    request = config::requested_help(config::process_environment());
  } catch (const config_error&) {
    // The session says so, once for all ranks, as of all other variables.
  }
  if (request == config::help_request::none) return false;
  if (std::any_of(backends.begin(), backends.end(), [](const backend& b) { return b.rank && b.rank() != 0; }))
    return true;
  switch (request) {
    case config::help_request::none:
      break;
    case config::help_request::terminal:
      fmt::print("{}", config::help());
      break;
    case config::help_request::markdown:
      fmt::print("{}", config::variables_markdown());
      break;
  }
  std::fflush(stdout);
  return true;
}

/// The process in which torc runs. A child of fork has its exit handlers too, but none of its threads; and what it
/// would tell the launcher, the launcher would take for the parent's word.
pid_t g_process = 0;

bool is_forked_child() noexcept { return ::getpid() != g_process; }

/// The process is ending by `how`, in the middle of a session: nothing could be told any more, and workers still use
/// what static destructors are about to destroy.
void check_no_session(const char* how) noexcept {
  if (!is_running()) return;
  const std::scoped_lock lock(g_network_mutex);
  const sched::worker* const here = sched::worker::current();
  const std::string where =
      g_network != nullptr ? fmt::format("node {}: ", number_of(g_network->self())) : std::string();
  const std::string task = here != nullptr && here->task() != nullptr
                               ? fmt::format(", called in task '{}'", task::name_of(*here->task()))
                               : std::string();
  end_job(g_network.get(),
          fmt::format("{}the process exits while a session is running (by {}{}): return from the primary task, or call "
                      "torc::shutdown() first",
                      where, how, task));
}

/// In a child of fork.
bool leave_in_child() noexcept {
  if (g_backends.empty()) return false;
  leave_session_in_child();
  sched::leave_task_in_child();
  return true;
}

void at_exit(int status, void*) {
  if (is_forked_child()) {
    if (g_backends.empty()) return;
    std::fflush(nullptr);
    base::exit_now(status);
  }
  check_no_session("exit");
  finalise();
}

void at_quick_exit() {
  if (!is_forked_child()) check_no_session("quick_exit");
}

void at_immediate_exit() noexcept {
  if (!is_forked_child()) check_no_session("_exit");
}

void forget_session() noexcept {
  withdraw_session();
  g_session.reset();
}

/// Sessions run without it, too.
void start_watch() {
  try {
    g_watch = std::make_unique<state_watch>();
  } catch (const std::exception& e) {
    base::log::line(
        "no thread could be started for the watch, so that no signal is answered and TORC_STALL does nothing ({}): "
        "raise the limits of processes (ulimit -u) and of memory (ulimit -v)",
        e.what());
  }
}

/// What the watch says while a session opens; an init that fails leaves the program running.
class opening_note {
 public:
  opening_note() {
    if (g_watch != nullptr) g_watch->note(state_watch::pause::opens);
  }
  opening_note(const opening_note&) = delete;
  opening_note& operator=(const opening_note&) = delete;
  ~opening_note() {
    if (g_watch != nullptr) g_watch->note(state_watch::pause::is_left);
  }
};

/// The last registered is called first.
void watch_exit() { TORC_CHECK(::on_exit(at_exit, nullptr) == 0); }

/// A configuration's problem is told once, by rank 0.
int g_rank = 0;
bool g_is_one_of_many = false;  ///< also once there is no network any more
std::vector<std::string> g_census;

/// A thread of the application has called torc where that cannot be, and has not caught what it was told.
void end_on_error(const char* what) noexcept {
  if (base::is_forked_child()) base::end_forked_child(what);
  const std::scoped_lock lock(g_network_mutex);
  const std::string where = g_is_one_of_many ? fmt::format("node {}: ", g_rank) : std::string();
  end_job(g_network.get(), where + what);
}

/// As far as the network, if there is one, tells.
process_place place_of_process() {
  if (g_network == nullptr) return {};
  const auto& hosts = g_network->hosts();
  const std::size_t self = index_of(g_network->self());
  process_place place{.rank = static_cast<int>(self), .num_ranks = static_cast<int>(hosts.size()), .local_ranks = 0};
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    if (hosts[i] != hosts[self]) continue;
    if (i == self) place.local_rank = place.local_ranks;
    ++place.local_ranks;
  }
  return place;
}

std::vector<std::unique_ptr<sched::device>> make_devices(const sched::device_settings& settings) {
  std::vector<std::unique_ptr<sched::device>> all;
  for (const backend& b : g_backends) {
    if (!b.make_devices) continue;
    for (auto& one : b.make_devices(settings)) all.push_back(std::move(one));
  }
  return all;
}

void initialise_backends(const std::vector<backend>& backends) {
  if (!g_backends.empty()) return;
  if (g_process == 0) {
    TORC_CHECK(std::at_quick_exit(at_quick_exit) == 0);
    base::watch_forks(leave_in_child);
    end_on_uncaught_errors(end_on_error);
  }
  g_process = ::getpid();
  watch_exit();
  base::set_exit_watch(at_immediate_exit);
  g_census.clear();
  g_devices = {.spaces = {}, .advice = {}, .are_used_elsewhere = false, .missing = {}, .make = make_devices};
  std::string network_library;
  for (const backend& b : backends) {
    const backend_facts facts = b.initialise(place_of_process());
    // Again after the backend's library has registered its own handlers, so before them at exit: MPICH 5 tells mpiexec
    // in one that the process has finalised, and mpiexec kills the others if it exits without.
    watch_exit();
    g_backends.push_back(b);
    g_rank = std::max(g_rank, facts.rank);
    g_is_one_of_many = g_is_one_of_many || facts.num_ranks > 1;
    g_census.push_back(facts.census);
    g_devices.spaces.insert(g_devices.spaces.end(), facts.spaces.begin(), facts.spaces.end());
    if (!facts.device_advice.empty()) g_devices.advice.push_back(facts.device_advice);
    if (facts.is_used_elsewhere) g_devices.are_used_elsewhere = true;
    if (!facts.missing_devices.empty()) g_devices.missing = facts.missing_devices;
    if (!facts.problem.empty()) throw config_error(facts.problem);
    if (facts.num_ranks > 1 && b.connect) exchange_network(b.connect());
    if (b.connect) network_library = facts.census;
  }
  if (g_network == nullptr) {
    if (const auto found = separate_jobs([](const char* name) { return std::getenv(name); }, network_library))
      base::log::line("{}", *found);
  }
}

}  // namespace

void open_session(const options& given, const std::vector<backend>& backends) {
  refuse_in_child("init");
  if (g_session != nullptr) {
    throw error(
        is_running()
            ? "a session is open already, and this is code of it: submit tasks, without another torc::start or init"
            : "init: a session is open already: call torc::shutdown first");
  }
  if (print_help(backends)) std::exit(EXIT_SUCCESS);
  // Before MPI, which then calls the handlers of signals that were there.
  if (g_watch == nullptr) start_watch();
  {
    const opening_note note;
    initialise_backends(backends);
    g_session = std::make_unique<session>(given, g_network.get(), g_devices);
  }
  publish_session(*g_session);
  const bool may_collide = g_devices.are_used_elsewhere && g_session->num_workers() > 1;
  if (may_collide || g_session->config().verbose) g_session->advise_on_devices();
  if (g_session->is_first_node() && g_session->config().stats > 0) {
    for (const std::string& line : g_session->notes()) base::log::line("{}", line);
  }
  if (!g_session->config().verbose || !g_session->is_first_node()) return;
  for (const std::string& line : g_session->census()) base::log::line("{}", line);
  for (const std::string& line : g_census) base::log::line("{}", line);
  base::log::line("a task's stack: {} KiB, with {}", g_session->config().stack_size_bytes >> 10U,
                  fiber::stack_gaps::of_process().describe());
}

int close_session() {
  if (g_session != nullptr) {
    g_last_status = g_session->close();
    forget_session();
  }
  return g_last_status;
}

state_watch* process_watch() noexcept { return g_watch.get(); }

void finalise() {
  if (g_watch != nullptr) g_watch->note(state_watch::pause::closes);
  exchange_network(nullptr).reset();
  while (!g_backends.empty()) {
    g_backends.back().finalise();
    g_backends.pop_back();
  }
  g_watch.reset();  // last: others may keep this rank waiting here
}

int start(const options& given, const std::vector<backend>& backends, const std::function<int()>& main) {
  if (print_help(backends)) return 0;
  int launched = 0;
  try {
    open_session(given, backends);
    launched = g_session->launch(main);
  } catch (const config_error& e) {
    if (g_rank == 0) base::log::line("{}", e.what());
    forget_session();
    finalise();
    return 2;
  } catch (const device_error& e) {
    // Of this process alone: the others are about to begin.
    if (g_network != nullptr)
      g_network->abort(fmt::format("node {}: {}", number_of(g_network->self()), e.what()), EXIT_FAILURE);
    base::log::line("{}", e.what());
    forget_session();
    finalise();
    return EXIT_FAILURE;
  }
  const int status = close_session();
  finalise();
  return status != 0 ? status : launched;  // a main that called shutdown may have failed after it
}

}  // namespace torc::runtime
