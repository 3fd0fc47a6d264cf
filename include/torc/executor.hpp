// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/map.hpp>
#include <torc/submit.hpp>

#include <utility>

namespace torc {

/// The PEP 3148 face of a running session: tasks that are waited for together. Leaving its scope waits for its own
/// tasks, and for no others. It ends with the task that made it, if not before: that completes after its tasks, and
/// then it takes no more. Several may be open at a time; plain wait() does not cover their tasks. Not to be shut down
/// by two threads at once.
class executor {
 public:
  /// Throws torc::error outside a session.
  executor() : m_scope(&detail::open_scope()) {}
  executor(const executor&) = delete;
  executor& operator=(const executor&) = delete;
  /// As shutdown(). Where nothing can wait, as when its last owner is one of its own tasks, that counts as a failure
  /// which nobody has looked at; its tasks go on, and the task that made it completes after them.
  ~executor() {
    if (m_scope != nullptr) detail::leave_scope(*m_scope);
  }

  /// As torc::submit; throws torc::error after shutdown.
  template <class F, class... Args>
  requires(!std::is_same_v<std::decay_t<F>, task_options>) auto submit(F&& f, Args&&... args) {
    return detail::submit_below(open(), nullptr, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <class F, class... Args>
  auto submit(const task_options& options, F&& f, Args&&... args) {
    return detail::submit_below(open(), &options, std::forward<F>(f), std::forward<Args>(args)...);
  }
  template <detail::follows_options Mark, detail::sentence Why = detail::order_of_submit>
  detail::options_stand_first_then_as_expected_then_on_device submit(const Mark&, const task_options&, ...) = delete;
  template <detail::sentence Why = detail::has_no_type>
  detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda submit(...) = delete;
  template <detail::sentence Why = detail::has_no_type>
  detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda submit(const task_options&, ...) = delete;

  /// As torc::map.
  template <class F, class... Ranges>
  requires(!std::is_same_v<std::decay_t<F>, map_options>) auto map(F&& f, Ranges&&... ranges) {
    return detail::map_below(open(), {}, std::forward<F>(f), std::forward<Ranges>(ranges)...);
  }
  template <class F, class... Ranges>
  auto map(const map_options& options, F&& f, Ranges&&... ranges) {
    return detail::map_below(open(), options, std::forward<F>(f), std::forward<Ranges>(ranges)...);
  }
  template <detail::follows_options Mark, detail::sentence Why = detail::order_of_map>
  detail::options_stand_first_then_as_expected_then_on_device map(const Mark&, const map_options&, ...) = delete;
  template <detail::follows_options Mark, detail::follows_options Next, detail::sentence Why = detail::order_of_map>
  detail::options_stand_first_then_as_expected_then_on_device map(const Mark&, const Next&, const map_options&,
                                                                  ...) = delete;
  template <detail::sentence Why = detail::has_no_type>
  detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda map(...) = delete;
  template <detail::sentence Why = detail::has_no_type>
  detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda map(const map_options&, ...) = delete;

  /// Waits for all tasks submitted so far. **Blocking**: suspends the calling task. Throws torc::error if that is one
  /// of them.
  void wait() {
    detail::record& finished = *std::exchange(m_scope, &detail::renew_scope(*open()));
    detail::close_scope(finished, false);
  }

  /// Takes no more tasks. `wait`: returns when all have completed; else the calling task completes only after them.
  /// Idempotent. Throws torc::error where waiting is refused; then it is still open.
  void shutdown(bool wait = true) {
    if (m_scope == nullptr) return;
    detail::close_scope(*m_scope, !wait);
    m_scope = nullptr;
  }

 private:
  detail::record* open() const {
    detail::check_scope(m_scope);
    return m_scope;
  }

  detail::record* m_scope;
};

}  // namespace torc
