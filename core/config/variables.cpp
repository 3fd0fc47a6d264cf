// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/config/variables.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "core/config/parse.hpp"

namespace torc::config {

namespace {

constexpr int max_workers = 4096;
// Room for the runtime's own frames and an exception's way through them; a gibibyte is a slip of the hand.
constexpr std::size_t min_stack_bytes = std::size_t{64} << 10;
constexpr std::size_t max_stack_bytes = std::size_t{1} << 30;
// In seconds. Zero would poll without a rest.
constexpr double min_time = 1e-6;
constexpr double max_yieldtime = 60.0;
constexpr double max_patience = 1e6;

/// How a member is read from a text, checked and shown.
struct codec {
  bool (*parse)(std::string_view, options&);
  bool (*is_allowed)(const options&);
  std::string (*allowed)();
  std::string (*show)(const options&);
};

std::string numbers(std::int64_t least, std::int64_t most) {
  return fmt::format("a whole number from {} to {}", least, most);
}

std::string seconds(double least, double most) {
  return fmt::format("a number of seconds from {:.6f} to {:.0f}", least, most);
}

constexpr const char* all_booleans = "true, false, yes, no, on, off, 1 or 0";

template <auto Member>
constexpr codec boolean{
    [](std::string_view text, options& into) {
      const auto value = parse_boolean(text);
      if (value) into.*Member = *value;
      return value.has_value();
    },
    [](const options&) { return true; },
    []() -> std::string { return all_booleans; },
    [](const options& given) -> std::string { return given.*Member ? "true" : "false"; },
};

template <auto Member>
constexpr codec yieldtime{
    [](std::string_view text, options& into) {
      const auto value = parse_number(text);
      if (value) into.*Member = std::chrono::duration<double>(*value);
      return value.has_value();
    },
    [](const options& given) {
      const double seconds = (given.*Member).count();
      return seconds >= min_time && seconds <= max_yieldtime;
    },
    [] { return seconds(min_time, max_yieldtime); },
    [](const options& given) { return fmt::format("{}", (given.*Member).count()); },
};

constexpr codec team_grace{
    [](std::string_view text, options& into) {
      const auto value = parse_number(text);
      if (value) into.team_grace = std::chrono::duration<double>(*value);
      return value.has_value();
    },
    [](const options& given) {
      return given.team_grace.count() >= min_time && given.team_grace.count() <= max_patience;
    },
    [] { return seconds(min_time, max_patience); },
    [](const options& given) { return fmt::format("{}", given.team_grace.count()); },
};

constexpr codec stall{
    [](std::string_view text, options& into) {
      if (equals_ignoring_case(text, "off")) {
        into.stall = {};
        return true;
      }
      constexpr std::string_view ending = ",abort";
      const bool is_to_abort =
          text.size() > ending.size() && equals_ignoring_case(text.substr(text.size() - ending.size()), ending);
      if (is_to_abort) text.remove_suffix(ending.size());
      const auto value = parse_number(text);
      if (!value || *value < min_time) return false;
      into.stall = {.after = std::chrono::duration<double>(*value), .is_to_abort = is_to_abort};
      return true;
    },
    [](const options& given) {
      const double seconds = given.stall.after.count();
      return seconds == 0 || (seconds >= min_time && seconds <= max_patience);
    },
    [] { return fmt::format("off, or {}, with ,abort or without", seconds(min_time, max_patience)); },
    [](const options& given) -> std::string {
      if (given.stall.after.count() == 0) return "off";
      return fmt::format("{}{}", given.stall.after.count(), given.stall.is_to_abort ? ",abort" : "");
    },
};

/// The names of an enumeration's values, in their order.
template <class Enum>
constexpr std::array<std::string_view, 3> names_of{"auto", "on", "off"};
template <>
constexpr std::array<std::string_view, 3> names_of<placement_policy>{"auto", "cyclic", "local"};
template <>
constexpr std::array<std::string_view, 3> names_of<primary_place>{"auto", "worker", "thread"};

template <auto Member>
constexpr codec choice{
    [](std::string_view text, options& into) {
      using value_type = std::remove_reference_t<decltype(into.*Member)>;
      constexpr auto& names = names_of<value_type>;
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (!equals_ignoring_case(text, names[i])) continue;
        into.*Member = static_cast<value_type>(i);
        return true;
      }
      if constexpr (std::is_same_v<value_type, toggle>) {
        const auto value = parse_boolean(text);
        if (value) into.*Member = *value ? toggle::on : toggle::off;
        return value.has_value();
      }
      return false;
    },
    [](const options& given) {
      using value_type = std::remove_cvref_t<decltype(given.*Member)>;
      return static_cast<std::size_t>(given.*Member) < names_of<value_type>.size();
    },
    [] {
      using value_type = std::remove_cvref_t<decltype(std::declval<options>().*Member)>;
      constexpr auto& names = names_of<value_type>;
      const auto text = fmt::format("{}, {} or {}", names[0], names[1], names[2]);
      return std::is_same_v<value_type, toggle> ? text + " (or true, false, yes, no, 1, 0)" : text;
    },
    [](const options& given) {
      using value_type = std::remove_cvref_t<decltype(given.*Member)>;
      const auto i = static_cast<std::size_t>(given.*Member);
      constexpr auto& names = names_of<value_type>;
      return i < names.size() ? std::string(names[i]) : fmt::format("enumerator {}", static_cast<int>(given.*Member));
    },
};

constexpr codec workers{
    [](std::string_view text, options& into) {
      if (equals_ignoring_case(text, "auto")) {
        into.workers = options::auto_workers;
        return true;
      }
      // A text of "-1" is not auto_workers.
      const auto value = parse_integer(text);
      if (!value || *value < 1 || *value > max_workers) return false;
      into.workers = static_cast<int>(*value);
      return true;
    },
    [](const options& given) {
      return given.workers == options::auto_workers || (given.workers >= 1 && given.workers <= max_workers);
    },
    [] { return numbers(1, max_workers) + ", or auto"; },
    [](const options& given) {
      return given.workers == options::auto_workers ? "auto" : fmt::format("{}", given.workers);
    },
};

constexpr codec stack_size{
    [](std::string_view text, options& into) {
      const auto value = parse_size(text);
      if (value) into.stack_size_bytes = *value;
      return value.has_value();
    },
    [](const options& given) {
      return given.stack_size_bytes >= min_stack_bytes && given.stack_size_bytes <= max_stack_bytes;
    },
    [] {
      return fmt::format("a number of bytes from {} to {} (K, M and G count in powers of 1024)",
                         show_size(min_stack_bytes), show_size(max_stack_bytes));
    },
    [](const options& given) { return show_size(given.stack_size_bytes); },
};

template <auto Member, int Most>
constexpr codec count_up_to{
    [](std::string_view text, options& into) {
      const auto value = parse_integer(text);
      if (!value || *value < 1 || *value > Most) return false;
      into.*Member = static_cast<int>(*value);
      return true;
    },
    [](const options& given) { return given.*Member >= 1 && given.*Member <= Most; },
    [] { return numbers(1, Most); },
    [](const options& given) { return fmt::format("{}", given.*Member); },
};

constexpr codec seed{
    [](std::string_view text, options& into) {
      const auto value = parse_unsigned(text);
      if (value) into.seed = *value;
      return value.has_value();
    },
    [](const options&) { return true; },
    [] { return fmt::format("a whole number from 0 to {}", std::numeric_limits<std::uint64_t>::max()); },
    [](const options& given) { return fmt::format("{}", given.seed); },
};

constexpr codec stats{
    [](std::string_view text, options& into) {
      const auto value = parse_integer(text);
      if (!value || *value < 0 || *value > 2) return false;
      into.stats = static_cast<int>(*value);
      return true;
    },
    [](const options& given) { return given.stats >= 0 && given.stats <= 2; },
    []() -> std::string { return "0, 1 or 2"; },
    [](const options& given) { return fmt::format("{}", given.stats); },
};

constexpr codec trace{
    [](std::string_view text, options& into) {
      into.trace = text;
      return true;
    },
    [](const options&) { return true; },
    []() -> std::string { return "the path of a file that can be written"; },
    [](const options& given) { return given.trace.empty() ? "unset" : given.trace; },
};

/// TORC_HELP has no member: requested_help() reads it, also for its check.
constexpr codec no_member{
    [](std::string_view, options&) { return true; },
    [](const options&) { return true; },
    []() -> std::string { return "1, true, yes, on, markdown, 0, false, no or off"; },
    [](const options&) -> std::string { return "unset"; },
};

constexpr variable make(std::string_view name, std::string_view member, std::string_view type, std::string_view unit,
                        const codec& value, std::string_view help) {
  return {name, member, type, unit, help, value.parse, value.is_allowed, value.allowed, value.show};
}

constexpr std::array table{
    make("TORC_WORKERS", "workers", "count", "", workers,
         "Workers of each node: threads that run tasks. auto gives one for each core that the process may use."),
    make("TORC_STEALING", "stealing", "boolean", "", boolean<&options::stealing>,
         "Steal tasks between nodes from the start. Within a node workers always share."),
    make("TORC_SERVER_YIELDTIME", "server_yieldtime", "duration", "s", yieldtime<&options::server_yieldtime>,
         "The longest that the idle server thread sleeps."),
    make("TORC_WORKER_YIELDTIME", "worker_yieldtime", "duration", "s", yieldtime<&options::worker_yieldtime>,
         "The longest that an idle worker sleeps, longer where several share a core. Local work wakes it at once."),
    make("TORC_PLACEMENT", "placement", "choice", "", choice<&options::placement>,
         "Where tasks go that name no worker: cyclic takes the nodes in turn, local stays at home, auto does the first "
         "but keeps nested tasks at home while stealing between nodes is on."),
    make("TORC_PRIMARY", "primary", "choice", "", choice<&options::primary>,
         "What runs the primary task. thread: the thread that it was started on, beside the workers, so results, "
         "time-outs and callbacks come when they come. worker: worker 0, so they are late by the body that runs there. "
         "auto is thread, but worker with Kokkos' Threads space."),
    make("TORC_STACK_SIZE", "stack_size_bytes", "size", "bytes", stack_size,
         "Stack of a task, committed as it is used. The primary task has the process's own stack."),
    make("TORC_DEVICE_SLOTS", "device_slots", "count", "", count_up_to<&options::device_slots, 128>,
         "Slots of each GPU: so many device tasks run on it at one time, each with an execution space instance."),
    make("TORC_DEVICE_DRIVERS", "device_drivers", "count", "", count_up_to<&options::device_drivers, 16>,
         "Threads that run the bodies of each GPU's device tasks."),
    make("TORC_SEED", "seed", "count", "", seed, "Seed of task_rng and rng."),
    make("TORC_BIND", "bind", "choice", "", choice<&options::bind>,
         "Bind each worker to a core. auto does so if the process was started on a part of the machine's cores and "
         "has no more workers than these."),
    make("TORC_TEAM_GRACE", "team_grace", "duration", "s", team_grace,
         "How long bodies may go on where that keeps the program from going on. If one of an spmd has failed, or the "
         "primary task has, or a signal has stopped the session, the job is ended then; if the primary task has "
         "returned, "
         "they are named."),
    make("TORC_STALL", "stall", "duration", "s", stall,
         "Print what every node does and what waits for what, once, when tasks are open and nothing at all has "
         "completed for so long; with ,abort the job then ends with status 3. kill -USR1 of any rank, or of mpiexec, "
         "prints the same at any time."),
    make(
        "TORC_STATS", "stats", "level", "", stats,
        "Lines at the start and at shutdown: 0 none, 1 one for each node and up to three hints at what would have been "
        "faster, 2 a table of all workers too."),
    make("TORC_TRACE", "trace", "file", "", trace,
         "Write what each worker did, and when, to this file for Perfetto (ui.perfetto.dev) or chrome://tracing. "
         "Of several nodes each writes its own: trace.json becomes trace.node2.json."),
    make("TORC_PROGRESS", "progress", "choice", "", choice<&options::progress>,
         "A line on standard error that shows how far all nodes are: tasks done, running, queued and failed, the rate "
         "and the time left. It stays in the last line of a terminal; elsewhere there is a new one every 30 s with on, "
         "and none with auto."),
    make("TORC_VERBOSE", "verbose", "boolean", "", boolean<&options::verbose>,
         "Print at the start what torc found (cores, limits) and what it chose."),
    make("TORC_HELP", "", "choice", "", no_member, "Print these variables and end: 1 as text, markdown as a table."),
};

}  // namespace

std::span<const variable> variables() noexcept { return table; }

}  // namespace torc::config
