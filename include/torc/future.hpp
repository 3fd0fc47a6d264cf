// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/call_check.hpp>
#include <torc/detail/continuation.hpp>
#include <torc/detail/entry.hpp>
#include <torc/detail/make_task.hpp>
#include <torc/error.hpp>
#include <torc/time_span.hpp>

#include <exception>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace torc {

namespace detail {

/// None for ever, now for a time below 0. Throws std::invalid_argument for NaN; `where` names the caller.
deadline deadline_after(time_span timeout, const char* where);

struct future_access;

/// What all futures share.
class future_base {
 public:
  future_base() noexcept = default;
  future_base(const future_base& other) noexcept : m_record(other.m_record) {
    if (m_record != nullptr) add_reference(*m_record);
  }
  future_base(future_base&& other) noexcept : m_record(std::exchange(other.m_record, nullptr)) {}
  future_base& operator=(const future_base& other) noexcept {
    future_base(other).swap(*this);
    return *this;
  }
  future_base& operator=(future_base&& other) noexcept {
    future_base(std::move(other)).swap(*this);
    return *this;
  }
  ~future_base() {
    if (m_record != nullptr) release(*m_record);
  }

  /// Whether it stands for a task; false if default-constructed or moved from, and then all other calls throw
  /// torc::error.
  bool valid() const noexcept { return m_record != nullptr; }
  /// Whether the task has ended: with a value, a failure, or cancelled.
  bool done() const { return (get("done").state.load(std::memory_order_acquire) & state_bits::done) != 0; }
  /// Whether the body has started and the future is not done, as the home node knows it.
  bool running() const {
    const record& task = get("running");
    return task.started.load(std::memory_order_acquire) == start_state::started && !done();
  }
  /// Whether it has ended without having begun: by cancel(), or since the session ends early.
  bool cancelled() const {
    const record& task = get("cancelled");
    return done() && has_no_body(task.result_kind);
  }
  /// Ends the task if its body has not started: true if it is cancelled, and then done() is true too. For a task that
  /// has left this node it waits, as result does, until the node that holds it has answered. Thread-safe.
  bool cancel() const { return try_cancel(get("cancel")); }

  /// Waits as result does; the failure, or null for a value. A cancelled future gives cancelled_error, a
  /// task that will not begin stopped_error.
  std::exception_ptr exception(time_span timeout = forever) const {
    record& task = get("exception");
    await(task, timeout, "exception");
    return failure_of(task);
  }

  /// Whether both stand for the same task.
  friend bool operator==(const future_base& a, const future_base& b) noexcept { return a.m_record == b.m_record; }

 protected:
  record& get(const char* where) const {
    if (m_record == nullptr) throw_invalid_future(where);
    return *m_record;
  }

  static void await(record& task, time_span timeout, const char* where) {
    if ((task.state.load(std::memory_order_acquire) & state_bits::done) != 0) return;
    if (!wait_done(task, deadline_after(timeout, where))) throw_timeout(task, timeout);
  }

  /// The record, once it holds a value.
  record& value_record(time_span timeout) const {
    record& task = get("result");
    await(task, timeout, "result");
    if (task.result_kind.load(std::memory_order_acquire) != outcome::value) ready_or_rethrow(task);
    return task;
  }

  bool is_only_holder() const noexcept {
    return m_record->state.load(std::memory_order_acquire) / state_bits::reference == 1;
  }

 private:
  friend struct future_access;
  void swap(future_base& other) noexcept { std::swap(m_record, other.m_record); }
  record* m_record = nullptr;
};

struct future_access {
  template <class Future>
  static Future adopt(record& task) noexcept {
    Future result;
    static_cast<future_base&>(result).m_record = &task;
    return result;
  }
  static record* record_of(const future_base& f) noexcept { return f.m_record; }
};

}  // namespace detail

/// The value that a task will have. Copies share it; thread-safe, except that one future object is not to be changed by
/// two threads. Dropping it is legal and frees the task's memory when it ends.
template <class R>
class future : public detail::future_base {
 public:
  using value_type = R;

  future() noexcept = default;

  /// Waits until the task has completed, then gives its value or rethrows its failure. The reference lives as long as a
  /// future of the task. Throws timeout_error if it takes longer than `timeout` (0 and less: if it is not done, see
  /// wait), std::invalid_argument if that is NaN and has to be waited for, cancelled_error if it was cancelled.
  /// The value of another node is read by the first that asks for it, and never if nobody does: serialization_error if
  /// that fails. **Blocking**: suspends a task, blocks any other thread.
  decltype(auto) result(time_span timeout = forever) const& {
    if constexpr (std::is_void_v<R>) {
      value_record(timeout);
    } else if constexpr (std::is_reference_v<R>) {
      return static_cast<R>(*static_cast<detail::result_record<R>&>(value_record(timeout)).result);
    } else {
      return static_cast<const R&>(static_cast<detail::result_record<R>&>(value_record(timeout)).result.value);
    }
  }
  /// The same from a future that is given up: the value is moved out if nobody else holds it (or if it cannot be
  /// copied).
  decltype(auto) result(time_span timeout = forever) && {
    if constexpr (std::is_void_v<R> || std::is_reference_v<R>) {
      return static_cast<const future&>(*this).result(timeout);
    } else {
      return take(static_cast<detail::result_record<R>&>(value_record(timeout)).result.value);
    }
  }

  /// Runs `callback(future)` as a task at home once this is done; at once if it is. It counts as a child of the calling
  /// task, so wait() covers it. The callback may capture; what it throws is reported at shutdown, and so is a failure
  /// of this that it does not ask for.
  template <class C>
  void add_done_callback(C&& callback) const {
    constexpr bool is_callback = std::is_invocable_v<std::decay_t<C>&, const future&>;
    static_assert(is_callback, "torc: a callback is called with the future");
    if constexpr (is_callback) queue_callback(std::forward<C>(callback));
  }

  /// The future of `f` called at home with this future once it is done or, if f does not take that, with its value; a
  /// failure of this then passes on without calling f. A child of the calling task; f may capture.
  template <class F>
  auto then(F&& f) const {
    constexpr bool is_continuation = continues<std::decay_t<F>>();
    static_assert(is_continuation, "torc: a continuation is called with the future, or with its value");
    if constexpr (is_continuation) {
      return queue_continuation(std::forward<F>(f));
    } else {
      return detail::refused();
    }
  }

 private:
  template <class C>
  void queue_callback(C&& callback) const {
    detail::callback_body<future, std::decay_t<C>> body{*this, std::forward<C>(callback)};
    using record_type = detail::home_task<decltype(body)>;
    detail::record* source = &get("add_done_callback");
    detail::check_session({&source, 1}, "add_done_callback");
    constexpr std::uint16_t flags = detail::record_flags::home_bound | detail::record_flags::callback;
    auto* const task = detail::make_task<record_type>(flags, std::move(body)).task;
    detail::queue_or_unmake(*task, [&] {
      detail::enqueue_after(*task, {&source, 1}, "add_done_callback", detail::numbering::below_source);
    });
    detail::release(*task);
  }

  template <class F>
  auto queue_continuation(F&& f) const {
    detail::continuation_body<future, std::decay_t<F>> body{*this, std::forward<F>(f)};
    using record_type = detail::home_task<decltype(body)>;
    using result_type = detail::result_of<decltype(body), detail::type_list<>>;
    detail::record* source = &get("then");
    detail::check_session({&source, 1}, "then");
    auto* const task = detail::make_task<record_type>(detail::record_flags::home_bound, std::move(body)).task;
    detail::queue_or_unmake(*task, [&] {
      detail::enqueue_after(*task, {&source, 1}, "then", detail::numbering::below_source);
    });
    return detail::future_access::adopt<future<result_type>>(*task);
  }

  template <class F>
  static constexpr bool continues() {
    if constexpr (std::is_invocable_v<F&, const future&>) {
      return true;
    } else if constexpr (std::is_void_v<R>) {
      return std::is_invocable_v<F&>;
    } else {
      return std::is_invocable_v<F&, decltype(std::declval<const future&>().result())>;
    }
  }

  template <class T>
  R take(T& value) {
    if constexpr (std::is_copy_constructible_v<T>) {
      if (!is_only_holder()) return value;
    }
    return std::move(value);
  }
};

/// The future that submit returns: it also knows what was submitted.
template <class R, class... A>
class future<R(A...)> : public future<R> {
 public:
  future() noexcept = default;

  /// The arguments as they were submitted: the value itself for one, else a tuple. The reference lives as long as a
  /// future of the task.
  decltype(auto) input() const {
    static_assert((std::is_copy_constructible_v<A> && ...),
                  "torc: input() needs arguments that can be copied; these were moved into the task");
    const auto& arguments = static_cast<const detail::call_record<R, A...>&>(this->get("input")).arguments;
    if constexpr (sizeof...(A) == 1) {
      return static_cast<const std::tuple_element_t<0, std::tuple<A...>>&>(std::get<0>(arguments));
    } else {
      return static_cast<const std::tuple<A...>&>(arguments);
    }
  }
};

}  // namespace torc
