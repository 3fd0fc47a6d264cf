// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/session.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <span>
#include <string>
#include <torc/error.hpp>
#include <utility>

#include "core/base/asymmetric_fence.hpp"
#include "core/base/forked_child.hpp"
#include "core/base/log.hpp"
#include "core/config/config.hpp"
#include "core/os/topology.hpp"
#include "core/report/failure_lines.hpp"
#include "core/report/fault_place.hpp"
#include "core/report/stop_line.hpp"
#include "core/report/tracing.hpp"
#include "core/runtime/current.hpp"
#include "core/runtime/end_job.hpp"
#include "core/runtime/workers.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::runtime {
namespace {

using detail::record;

worker_cores g_cores;  // of the running session

void use_cores_of(std::span<const int> local_ids) { use_cores(g_cores, local_ids); }

double cpu_seconds_of_process() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

std::uint64_t g_last_session = 0;

}  // namespace

session::session(const options& given, protocol::transport* network, const device_source& devices)
    : m_network(network),
      m_device_source(devices),
      m_cluster(agree(
          network, [&] { return config::resolve(given, config::process_environment()); }, devices.spaces)),
      m_num_workers(nodes().workers_of(nodes().self())),
      m_opened(base::now()),
      m_closing_report(is_first_node() ? static_cast<std::size_t>(nodes().num_nodes()) : 0),
      m_steals(m_cluster.chosen.stealing) {
  m_trace = open_trace_everywhere();
  base::enable_asymmetric_fences();
  report::name_tasks_in_faults(m_options.stack_size_bytes);
}

session::~session() = default;

/// A file that one node cannot write is a problem of all.
std::unique_ptr<torc::metrics::trace> session::open_trace_everywhere() const {
  std::unique_ptr<torc::metrics::trace> trace;
  std::string problem;
  try {
    trace = report::open_trace(m_options, nodes());
  } catch (const config_error& e) {
    problem = e.what();
  }
  agree_on_problem(m_network, problem);
  return trace;
}

double session::elapsed_seconds() const noexcept {
  return std::chrono::duration<double>(base::now() - m_opened).count();
}

/// Makes the scheduler, and what connects it with the other nodes.
void session::open() {
  m_broadcasts.emplace();
  if (m_network != nullptr) {
    m_progress = std::make_unique<progress>(
        *m_network, nodes(), m_cluster.spaces, *m_broadcasts,
        progress_settings{
            .is_stealing = m_steals.load(std::memory_order_relaxed),
            .placement = m_options.placement,
            .longest_sleep = std::chrono::duration_cast<std::chrono::nanoseconds>(m_options.server_yieldtime),
            .seed = m_options.seed});
  }
  if (m_device_source.make) {
    try {
      m_devices = m_device_source.make(
          {.workers = m_num_workers, .cores_per_worker = m_cluster.cores_per_worker, .slots = m_options.device_slots});
    } catch (const std::exception& e) {
      throw config_error(fmt::format("its devices cannot be used: {}", e.what()));
    }
  }
  sched::settings chosen;
  chosen.num_workers = m_num_workers;
  chosen.primary_has_thread = m_cluster.primary_has_thread;
  chosen.stack_bytes = m_options.stack_size_bytes;
  chosen.longest_sleep = std::chrono::duration_cast<std::chrono::nanoseconds>(m_options.worker_yieldtime);
  chosen.grace = m_options.team_grace;
  chosen.num_cores = m_cluster.num_cores;
  chosen.session = ++g_last_session;
  chosen.seed = m_options.seed;
  chosen.nodes = nodes();
  chosen.peers = m_progress.get();
  chosen.spaces = m_cluster.spaces;
  for (const auto& one : m_devices) chosen.devices.push_back(one.get());
  chosen.drivers_per_device = m_options.device_drivers;
  chosen.on_lost_device = [this](const std::string& reason) { lose_device(reason); };
  chosen.trace = m_trace.get();
  chosen.times_bodies = m_options.stats > 1;
  g_cores = {.are_bound = m_cluster.is_bound, .first = m_cluster.first_core};
  chosen.use_cores = use_cores_of;
  const bool shows_progress =
      is_first_node() &&
      (m_options.progress == toggle::on || (m_options.progress == toggle::automatic && ::isatty(STDERR_FILENO) == 1));
  chosen.on_tick = [this] { tick(); };
  m_scheduler = std::make_unique<sched::scheduler>(chosen);
  if (shows_progress) m_display = std::make_unique<progress_display>(*m_scheduler, m_progress.get());
  m_began = base::now();
  m_load = {};
  m_cpu_seconds = cpu_seconds_of_process();
  m_watch = std::make_unique<grace_watch>(*m_scheduler, m_network, m_options.team_grace);
  m_stop = std::make_unique<stop_order>(*m_scheduler, m_progress.get(), *m_watch, m_display.get());
  if (m_progress != nullptr) m_progress->start_server(*m_scheduler, *m_watch, *m_stop, process_watch());
  {
    const std::scoped_lock lock(m_totals_mutex);
    m_counting = m_scheduler.get();
  }
  publish_scheduler(*m_scheduler);
  if (state_watch* const watch = process_watch(); watch != nullptr)
    watch->begin({*m_scheduler, m_progress.get(), m_network, m_cluster.pids, m_options.stall, *m_stop});
}

/// The threads are over.
void session::stop_watching() {
  if (state_watch* const watch = process_watch(); watch != nullptr) watch->end();
}

/// Nothing more can be had of it, and tasks that hold it could not even be told.
void session::lose_device(const std::string& reason) {
  const std::string text =
      fmt::format("node {}: a device is lost, the job ends: {}", number_of(nodes().self()), reason);
  end_job(m_network, text);
}

void session::advise_on_devices() {
  if (m_device_source.advice.empty()) return;
  static std::atomic<bool> has_advised{false};  // of the process, whose devices stay the same
  if (has_advised.load(std::memory_order_relaxed) || has_advised.exchange(true)) return;
  if (is_first_node()) {
    for (const std::string& line : m_device_source.advice) base::log::line("{}", line);
  }
}

void session::check_none_runs() const {
  if (m_scheduler != nullptr) throw error("launch: a primary task is running already");
}

void session::begin() {
  check_none_runs();
  try {
    open();
    if (m_options.stats > 0) {
      base::log::flush_output();
      base::log::line("main starts");
    }
    m_primary = &sched::make_primary(m_scheduler->config().session);
    m_scheduler->start(*m_primary);
  } catch (const std::exception& e) {
    end_job_of_many(e);
    stop_watching();
    if (m_primary != nullptr) release_primary();
    drop_scheduler({});
    note_is_left(false);
    throw;
  }
}

void session::serve() {
  check_none_runs();
  try {
    open();
    m_scheduler->serve();
    use_cores_of({});  // the application's thread again
  } catch (const std::exception& e) {
    end_job_of_many(e);
  }
  stop_watching();
  close_scheduler();
}

int session::launch(const std::function<int()>& main) {
  if (!is_first_node()) {
    serve();
    return m_status;
  }
  begin();
  int value = 0;
  const auto is_over = [this] {
    return current_session() != this;
  };  // main has called shutdown, and this object is gone
  try {
    value = main();
    if (base::is_forked_child()) base::end_forked_child("a child of fork has returned from main: it may exec or end");
  } catch (...) {
    std::string what = task::describe(std::current_exception());
    if (base::is_forked_child()) base::end_forked_child("a child of fork has thrown in main: " + what);
    if (!is_over()) {
      const std::string place = m_scheduler->failures().place_of(std::current_exception());
      if (!place.empty()) what += fmt::format(" ({})", place);
      if (m_display != nullptr) m_display->abandon();
      m_watch->primary_failed();
      m_scheduler->abandon(sched::abandonment::callbacks);
      if (m_progress != nullptr) m_progress->abandon();
    }
    if (is_over() || tells_failure(std::current_exception()))
      base::log::line("the primary task failed, the program ends: {}", what);
    value = 1;
  }
  if (is_over()) return value != 0 ? value : close_session();
  if (m_status == 0) m_status = value;
  end_primary();
  return m_status;
}

/// That the session is being stopped has been told.
bool session::tells_failure(const std::exception_ptr& failure) const noexcept {
  return m_stop->signal() == 0 || !task::is_stopped_error(failure);
}

/// The other nodes have begun, and would wait for this one for ever. Does nothing on a node alone.
void session::end_job_of_many(const std::exception& failure) {
  if (m_network != nullptr) end_job(m_network, fmt::format("node {}: {}", number_of(nodes().self()), failure.what()));
}

void session::release_primary() {
  sched::release_reference(*m_primary);
  sched::release_reference(*m_primary);
  m_primary = nullptr;
}

void session::end_primary() {
  m_watch->primary_returned();
  if (m_progress != nullptr) m_progress->announce_return();
  m_scheduler->stop(*m_primary);
  base::log::clear_status();  // before the lines of the end
  stop_watching();
  release_primary();
  close_scheduler();
}

/// Everything has completed, and no worker is left.
void session::close_scheduler() {
  if (m_progress != nullptr) m_progress->stop_server();
  const std::string where = nodes().num_nodes() > 1 ? fmt::format("node {}: ", number_of(nodes().self())) : "";
  if (report::report_failures(m_scheduler->failures(), where) && m_status == 0) m_status = 1;
  const auto totals = m_scheduler->totals();
  const bool was_stealing = m_progress != nullptr && m_progress->is_stealing();
  report::node_report mine = report_on(totals);
  note_primary_has_ended();
  drop_scheduler(totals);
  gather(std::move(mine), was_stealing);
  note_is_left(m_signal != 0);
}

void session::drop_scheduler(const torc::metrics::totals& counted) {
  withdraw_scheduler();
  {
    const std::scoped_lock lock(m_totals_mutex);
    m_totals += counted;
    m_counting = nullptr;
  }
  m_stop.reset();
  m_display.reset();
  m_watch.reset();
  m_scheduler.reset();
  m_devices.clear();
  m_progress.reset();
  m_broadcasts.reset();
}

void session::note_is_left(bool was_stopped) {
  state_watch* const watch = process_watch();
  if (watch == nullptr) return;
  watch->note(state_watch::pause::is_left);
  watch->release_stop_signals(was_stopped);
}

report::node_report session::report_on(const torc::metrics::totals& totals) const {
  report::node_report mine;
  mine.status = m_status;
  // It may have come to this process when all was over, or only to another one.
  if (const state_watch* const watch = process_watch(); watch != nullptr) mine.signal = watch->stop_signal();
  if (const int told = m_stop->signal(); told != 0) mine.signal = told;
  mine.work.running_seconds = std::chrono::duration<double>(base::now() - m_began).count();
  mine.work.created = totals.created;
  mine.work.executed = totals.executed;
  if (m_options.stats == 0) return mine;
  mine.first_sharer = static_cast<std::int32_t>(m_cluster.first_sharer);
  mine.cores = os::machine().auto_workers();
  mine.cpu_seconds = cpu_seconds_of_process() - m_cpu_seconds;
  mine.load = m_load;
  for (int i = 0; i < m_num_workers; ++i) {
    const sched::worker& one = m_scheduler->worker_at(i);
    mine.work.workers.push_back({one.totals(), one.longest().ns, one.longest().name});
  }
  const auto late = m_scheduler->overruns().look();
  mine.overrun_ns = late.total_ns;
  mine.longest_overrun_ns = late.longest_ns;
  mine.longest_overrun_name = late.longest_name;
  return mine;
}

/// Lets all nodes know the job's status, and node 0 what they have done.
void session::gather(report::node_report mine, bool was_stealing) {
  const auto all = report::exchange_reports(m_network, std::move(mine));
  for (std::size_t node = 0; node < all.size(); ++node) {
    // Node 0's, which is main's own value, goes first.
    if (m_status == 0 || node == 0) m_status = all[node].status != 0 ? static_cast<int>(all[node].status) : m_status;
    if (m_signal == 0) m_signal = all[node].signal;
  }
  if (m_signal != 0) {
    m_status = report::status_of_signal(m_signal);
    if (state_watch* const watch = process_watch(); watch != nullptr && is_first_node())
      watch->tell_stop_behind_end(m_signal);
  }
  if (is_first_node() && m_options.stats > 0) m_closing_report.add(all, was_stealing);
}

void session::tick() {
  if (m_options.stats > 0) {
    const int idle = std::max(m_scheduler->num_idle(), 0);
    m_load.add(static_cast<std::uint64_t>(idle), static_cast<std::uint64_t>(m_scheduler->surplus()));
  }
  if (m_display != nullptr) m_display->tick();
}

int session::close() {
  if (m_scheduler != nullptr) end_primary();
  if (m_trace != nullptr) m_trace->finish();
  if (m_options.stats > 0 && is_first_node()) print_closing_lines();
  return m_status;
}

void session::print_closing_lines() const {
  base::log::flush_output();
  for (const std::string& line : m_closing_report.lines(m_options.stats > 1)) base::log::line("{}", line);
}

void session::set_stealing(bool is_on) {
  if (const held_scheduler running; !running) {
    m_steals.store(is_on, std::memory_order_relaxed);
  } else if (m_progress != nullptr) {
    m_progress->set_stealing(is_on);
  }
}

statistics session::totals() const {
  torc::metrics::totals sum;
  {
    const std::scoped_lock lock(m_totals_mutex);
    sum = m_totals;
    if (m_counting != nullptr) sum += m_counting->totals();
  }
  return {.created = sum.created,
          .executed = sum.executed,
          .stolen = sum.stolen,
          .suspended = sum.suspended,
          .idle_seconds = static_cast<double>(sum.idle_ns) * 1e-9,
          .elapsed_seconds = elapsed_seconds(),
          .workers = m_num_workers};
}

}  // namespace torc::runtime
