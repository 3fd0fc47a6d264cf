// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace torc {
namespace detail {

int start_session(int argc, char** argv, const options& given, const std::function<int()>& main);
int launch_primary(const std::function<int()>& main);

/// `main` as a function without arguments that gives a status; refers to it.
template <class Main>
std::function<int()> primary_function(Main& main) {
  static_assert(std::is_invocable_v<Main&>,
                "torc: the primary task is a function without parameters that returns int or nothing");
  return [&main]() -> int {
    if constexpr (std::is_void_v<std::invoke_result_t<Main&>>) {
      main();
      return 0;
    } else {
      return main();
    }
  };
}

}  // namespace detail

/// Opens a session from the environment: workers, and the MPI and Kokkos that the build has unless the application has
/// initialised them. **Collective**. Throws config_error, on every rank alike, for a bad configuration, torc::error if
/// a session is open. With `TORC_HELP=1` it prints the variables and ends the process.
void init(int argc, char** argv);
/// The same from options in the code, which the environment overrides.
void init(const options& given);

/// Runs `main` as the primary task and returns its value (0 for void); all that it started has completed then. If it
/// throws, says so and returns 1; the job ends with that reason if bodies still run after `TORC_TEAM_GRACE`.
/// **Collective**.
template <class Main>
requires std::is_invocable_v<Main&>
int launch(Main&& main) { return detail::launch_primary(detail::primary_function(main)); }
/// Makes the calling code the primary task: on node 0 returns true at once; elsewhere runs tasks until shutdown and
/// returns false.
/// **Collective**.
bool launch();

/// Ends the session and returns its status: 0, 1 if the primary task threw or a failure was never looked at, or that of
/// a signal, see start. All
/// that the primary task started has completed before. Throws torc::error in any other task, and where waiting is
/// forbidden. **Collective**, idempotent.
int shutdown();

/// Finalises the MPI and Kokkos that torc has initialised; done by start, and at process exit. Until then a new session
/// can be opened.
void finalize();

/// init, launch(main), shutdown and finalize in one: what main of most programs returns. `main` returns int or nothing.
/// The same value on every node: main's; 1 if it threw or a task's failure was never looked at; 2 for a bad
/// configuration; 130 or 143 if SIGINT (Ctrl-C) or SIGTERM came to any process of the job while main ran, whatever main
/// returned. Never calls exit.
///
/// Such a signal ends the session in order: bodies that run see stop_requested(), tasks that have not begun fail with
/// stopped_error, callbacks of those that have ended are called, and all waits return. main may go on. What has not
/// ended after `TORC_TEAM_GRACE` is named, and the job ends without it. A second signal ends the program at once.
/// Nothing of this for a signal for which the program has a handler or which it ignores.
template <class Main>
int start(int argc, char** argv, Main&& main) {
  return detail::start_session(argc, argv, {}, detail::primary_function(main));
}
/// The same with options in the code.
template <class Main>
int start(const options& given, Main&& main) {
  return detail::start_session(0, nullptr, given, detail::primary_function(main));
}

/// init and shutdown as an object; several, one after the other.
class session {
 public:
  session(int argc, char** argv) { init(argc, argv); }
  explicit session(const options& given) { init(given); }
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session() { torc::shutdown(); }
};

}  // namespace torc
