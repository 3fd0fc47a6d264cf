// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/state_watch.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "core/base/count_of.hpp"
#include "core/base/log.hpp"
#include "core/report/stop_line.hpp"
#include "core/runtime/end_job.hpp"
#include "core/runtime/progress_display.hpp"

namespace torc::runtime {
namespace {

using base::node_id;

constexpr int status_stalled = 3;

std::string name_of_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "an unknown host";
}

/// While it lives, no signal reaches the calling thread, nor the threads that it starts.
class signals_blocked {
 public:
  signals_blocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &m_before);
  }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;
  ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }

 private:
  sigset_t m_before{};
};

/// In which no handler of the application runs.
std::thread start_without_signals(auto function) {
  const signals_blocked guard;
  return std::thread(function);
}

/// A node's part as it travels: for how long nothing has completed there, in nanoseconds, and its lines.
struct node_part {
  std::chrono::nanoseconds quiet{};
  std::string_view lines;

  static node_part of(std::string_view text) {
    std::int64_t ns = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), ns);
    const auto begin = static_cast<std::size_t>(end.ptr - text.data());
    return {std::chrono::nanoseconds(ns), text.substr(std::min(begin + 1, text.size()))};
  }
  std::string text() const { return fmt::format("{}\n{}", quiet.count(), lines); }
};

void print_lines(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    base::log::write_error_line(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

}  // namespace

/// What is known of the session that runs. Used under the watch's mutex.
struct state_watch::session final : report::report_rounds::side {
  session(const watched_session& watched, std::uint64_t& reports, bool& is_stop_told)
      : what(watched),
        self(watched.scheduler.config().nodes.self()),
        began(base::now()),
        quiet(began),
        rounds(self, watched.scheduler.config().nodes.num_nodes(), *this),
        num_reports(reports),
        has_told_stop(is_stop_told) {}

  bool watches_stalls() const noexcept { return what.stall.after.count() > 0; }

  report::node_state look() const {
    report::node_state found;
    found.node = self;
    found.host = name_of_host();
    found.pid = ::getpid();
    found.running = base::now() - began;
    const auto look_at_threads = [&](std::span<const sched::away_task> away) {
      found.threads = sched::look_at(what.scheduler, away);
    };
    if (what.others != nullptr) {
      found.traffic = what.others->look(look_at_threads);
    } else {
      look_at_threads({});
    }
    return found;
  }

  std::string own_lines() const {
    std::string lines;
    for (const std::string& line : report::describe(look())) lines += line + "\n";
    return lines;
  }

  // The thread's turn.

  void look_for_stall(base::time_point now) {
    if (!watches_stalls()) return;
    constexpr int most_looks = 3;
    sched::pulse seen = sched::pulse_of(what.scheduler);
    for (int i = 1; i < most_looks && !quiet.is_as_before(seen); ++i) seen = sched::pulse_of(what.scheduler);
    if (!quiet.is_as_before(seen)) has_told = false;
    quiet.note(seen, now);
    if (self != base::first_node || has_told || rounds.is_asking() || quiet.quiet(now) < what.stall.after) return;
    // A primary task that works alone keeps nobody waiting.
    if (sched::look_at(what.scheduler, {}).has_open_tasks() || has_tasks_elsewhere()) {
      rounds.stalled(now);
    } else {
      quiet.restart(now);
    }
  }

  bool has_tasks_elsewhere() const {
    if (what.others == nullptr) return false;
    const report::traffic_state traffic = what.others->look([](std::span<const sched::away_task>) {});
    return !traffic.node || !traffic.node->peers.empty();
  }

  /// True if it is news. On every node, though the line is node 0's.
  bool notes(int signal, base::time_point now) {
    if (signal == 0 || std::exchange(is_signalled, true)) return false;
    stop.begin(signal, now, self == base::first_node);
    if (what.others == nullptr) stop.counted(counts_of(what.scheduler));
    return true;
  }

  void tell_stop(base::time_point now) {
    const auto text = stop.take(now);
    if (!text) return;
    base::log::line("{}", *text);
    has_told_stop = true;
  }

  /// All is over: the signal may have come so late that there was nothing to stop any more, or no answer comes; or it
  /// came to another node, and this one has stopped before its watch has read of that.
  void tell_late_stop(int signal) {
    notes(signal != 0 ? signal : what.stop.signal(), base::now());
    tell_stop(base::time_point::max());
  }

  // side

  void ask(report::report_rounds::reason why) override {
    if (what.others != nullptr) what.others->ask_report(why);
  }
  void answer(node_id asker) override {
    what.others->answer_report(asker, node_part{quiet.quiet(base::now()), own_lines()}.text());
  }
  void end_asking() override {
    if (what.others != nullptr) what.others->end_report();
  }
  void print_own() override {
    print_lines(own_lines());
    ++num_reports;
  }
  void print(const report::report_rounds::result& all) override {
    const bool is_stall = all.why == report::report_rounds::reason::stall;
    if (is_stall && has_moved(all)) return;
    if (is_stall) {
      base::log::line("nothing has completed for {} s, though tasks are open, as TORC_STALL asks to tell",
                      what.stall.after.count());
      has_told = true;
    }
    bool has_own = false;
    const auto print_self = [&] {
      if (!std::exchange(has_own, true)) print_lines(own_lines());
    };
    for (const auto& [node, text] : all.parts) {
      if (node > self) print_self();
      print_lines(node_part::of(text).lines);
    }
    print_self();
    if (!all.silent.empty() && !all.has_asked) {
      base::log::line("node {}: the other nodes could not be asked: {}", number_of(self), why_not_asked(all));
    } else {
      tell_silent(all.silent);
    }
    ++num_reports;
    if (!is_stall || !what.stall.is_to_abort) return;
    end_job(what.network,
            fmt::format("the job has stalled and ends, as TORC_STALL={},abort says", what.stall.after.count()),
            status_stalled);
  }

  std::string why_not_asked(const report::report_rounds::result& all) const {
    if (!all.is_too_late) return "messages do not leave this one";
    return fmt::format("the session is ending; node 0 (pid {} on {}) may ask all of them to its end", what.pids.front(),
                       what.network->hosts().front());
  }

  /// Whether another node has begun or ended a body lately.
  bool has_moved(const report::report_rounds::result& all) {
    const base::time_point now = base::now();
    for (const auto& [node, text] : all.parts) {
      const std::chrono::nanoseconds theirs = node_part::of(text).quiet;
      // What it has noted is a moment old.
      if (theirs + std::chrono::seconds(1) >= what.stall.after || theirs >= what.stall.after * 0.75) continue;
      quiet.restart(now - theirs);
      return true;
    }
    return false;
  }

  void tell_silent(const std::vector<node_id>& silent) const {
    constexpr std::size_t most_named = 16;
    for (std::size_t i = 0; i < silent.size() && i < most_named; ++i) {
      base::log::line("node {} on {} (pid {}) has not answered for {} s", number_of(silent[i]),
                      what.network->hosts()[index_of(silent[i])], what.pids[index_of(silent[i])],
                      report::report_rounds::patience.count());
    }
    if (silent.size() > most_named)
      base::log::line("and so have not {}", base::count_of(silent.size() - most_named, "more node"));
  }

  const watched_session what;
  const node_id self;
  const base::time_point began;
  report::stall_clock quiet;
  bool has_told = false;  ///< of this stall
  report::report_rounds rounds;
  bool is_signalled = false;
  report::stop_line stop;
  std::uint64_t& num_reports;
  bool& has_told_stop;
};

state_watch::state_watch() : m_thread(start_without_signals([this] { run(); })) {}

state_watch::~state_watch() {
  {
    const std::scoped_lock lock(m_mutex);
    m_is_over = true;
  }
  m_inquiry.wake();
  m_thread.join();
}

void state_watch::begin(const watched_session& watched) {
  {
    const std::scoped_lock lock(m_mutex);
    m_has_told_stop = false;
    m_session = std::make_unique<session>(watched, m_num_reports, m_has_told_stop);
    m_stop_signals.catch_them();
  }
  m_inquiry.wake();
}

void state_watch::end() {
  note(pause::closes);
  const std::scoped_lock lock(m_mutex, m_mail_mutex);
  if (m_session != nullptr) m_session->tell_late_stop(m_stop_signals.first());
  m_session.reset();
  m_mail.clear();
}

void state_watch::tell_stop_behind_end(int signal) {
  const std::scoped_lock lock(m_mutex);
  if (!std::exchange(m_has_told_stop, true)) base::log::line("{}", report::stop_line::behind_end(signal));
}

void state_watch::report() {
  {
    const std::scoped_lock lock(m_mail_mutex);
    m_is_report_wanted = true;
  }
  std::unique_lock lock(m_mutex);
  const std::uint64_t before = m_num_reports;
  m_inquiry.wake();
  m_has_reported.wait_for(lock, report::report_rounds::longer_patience, [&] { return m_num_reports != before; });
}

// Under the role: they only leave word.

void state_watch::post(std::function<void(session&)> news) {
  {
    const std::scoped_lock lock(m_mail_mutex);
    m_mail.push_back(std::move(news));
  }
  m_inquiry.wake();
}

void state_watch::asked_by(node_id asker, report::report_rounds::reason why) {
  post([=](session& running) { running.rounds.asked_by(asker, why, base::now()); });
}
void state_watch::arrived(node_id from, std::string part) {
  post([from, text = std::move(part)](session& running) mutable { running.rounds.arrived(from, std::move(text)); });
}
void state_watch::ended_by(node_id asker) {
  post([=](session& running) { running.rounds.ended_by(asker); });
}
void state_watch::asked(bool is_allowed) {
  post([=](session& running) { is_allowed ? running.rounds.has_asked() : running.rounds.cannot_ask(); });
}

void state_watch::stop_requested(int signal) {
  post([=](session& running) { running.stop.begin(signal, base::now()); });
}
void state_watch::counted(const protocol::job_counts& of_all) {
  post([=](session& running) { running.stop.counted(of_all); });
}

void state_watch::run() {
  std::unique_lock lock(m_mutex);
  while (!m_is_over) {
    const std::chrono::milliseconds longest = longest_sleep();
    lock.unlock();
    const auto what = m_inquiry.wait(longest);
    lock.lock();
    work(what == os::inquiry::event::asked);
    m_has_reported.notify_all();
  }
}

/// How long nothing is to be done unless somebody asks.
std::chrono::milliseconds state_watch::longest_sleep() const {
  std::chrono::milliseconds longest{-1};
  if (m_session == nullptr) return longest;
  if (m_session->watches_stalls())
    longest = std::chrono::milliseconds(
        static_cast<std::int64_t>(1000 * std::clamp(m_session->what.stall.after.count() / 8, 0.01, 1.0)));
  for (const auto& next : {m_session->rounds.next(), m_session->stop.next()}) {
    if (!next) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - base::now());
    longest = std::max(std::chrono::milliseconds(0), longest.count() < 0 ? left : std::min(left, longest));
  }
  return longest;
}

void state_watch::tell_pause() {
  const auto text = [&] {
    switch (m_pause.load(std::memory_order_relaxed)) {
      case pause::opens:
        return "it waits in torc::init until all ranks have come there";
      case pause::closes:
        return "it has ended its part, and waits until all ranks have ended theirs";
      case pause::is_left:
        break;
    }
    return "the program's own code runs, before torc::launch or after it";
  };
  base::log::line("{} (pid {}): no primary task is running: {}", name_of_host(), ::getpid(), text());
  ++m_num_reports;
}

void state_watch::work(bool is_asked) {
  std::vector<std::function<void(session&)>> mail;
  bool is_called = false;
  {
    const std::scoped_lock lock(m_mail_mutex);
    is_called = std::exchange(m_is_report_wanted, false);
    if (m_session != nullptr) mail.swap(m_mail);
  }
  if (m_session == nullptr) {
    const base::time_point now = base::now();
    const bool is_new_question =
        is_asked && (!m_paused_told || now - *m_paused_told >= report::report_rounds::one_signal);
    if (is_new_question) m_paused_told = now;
    if (is_called || is_new_question) tell_pause();
    return;
  }
  // Questions of other nodes first: a lower one makes the report.
  for (const auto& news : mail) news(*m_session);
  const base::time_point now = base::now();
  if (is_asked || is_called) m_session->rounds.signalled(now);
  m_session->rounds.tick(now);
  if (const int signal = m_stop_signals.first(); m_session->notes(signal, now)) m_session->what.stop.signalled(signal);
  m_session->tell_stop(now);
  if (m_session->stop.takes_effect(now)) m_session->what.stop.take_effect();
  m_session->look_for_stall(now);
}

}  // namespace torc::runtime
