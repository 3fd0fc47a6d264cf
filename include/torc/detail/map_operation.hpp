// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/make_task.hpp>
#include <torc/detail/map_body.hpp>
#include <torc/detail/path.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace torc::detail {

/// One call of map: reads the ranges, keeps a window of tasks going, collects. Whoever completes a task supplies the
/// next one, to the node that has become free, so the supply goes on while the caller's worker is busy. Nobody waits
/// for a thread that reads: what completes meanwhile is left to it. Lives on the caller's stack until the last task has
/// completed.
template <bool Travels, class F, class Parameters, class R, class Cell, class Stored, class... Ranges>
class map_operation;

template <bool Travels, class F, class Parameters, class R, class Cell, class... A, class... Ranges>
class map_operation<Travels, F, Parameters, R, Cell, type_list<A...>, Ranges...> final : public completion_hook {
  using body = map_body<F, Parameters, R, Cell, A...>;
  using elements = map_elements<A...>;
  using results = std::vector<Cell>;
  using task = task_record<Travels, body, type_list<elements&>, results, elements>;
  using call = call_record<results, elements>;

 public:
  /// Below `scope`, or below the calling task if that is null. `options`, null if there are none, must stay.
  map_operation(record* scope, std::uint16_t flags, F function, std::size_t chunksize, int retries,
                const task_options* options, Ranges&... ranges)
      : m_caller(scope, options, runs_on_device<F>),
        m_flags(flags),
        m_body{std::move(function), retries},
        m_chunksize(chunksize),
        m_positions(std::ranges::begin(ranges)...),
        m_ends(std::ranges::end(ranges)...) {
    if constexpr ((std::ranges::sized_range<Ranges> && ...)) {
      m_expected = std::min({static_cast<std::size_t>(std::ranges::size(ranges))...});
      m_caller.expect(m_expected / chunksize + (m_expected % chunksize != 0 ? 1 : 0));
    }
    m_completed.reserve(m_caller.window());
  }

  /// The values, or what keeps failures; nothing for void.
  auto run() {
    constexpr bool has_cells = keeps_failures<Cell> || !std::is_void_v<R>;
    if constexpr (has_cells) m_cells.reserve(m_expected);
    drive();
    if constexpr (!has_cells) {
      return;
    } else if constexpr (keeps_failures<Cell> || std::is_same_v<Cell, R>) {
      return std::move(m_cells);
    } else if constexpr (std::is_same_v<R, bool>) {
      return std::vector<bool>(m_cells.begin(), m_cells.end());
    } else {
      std::vector<R> values;
      values.reserve(m_cells.size());
      for (auto& cell : m_cells) values.push_back(*std::move(cell));
      return values;
    }
  }

  /// Leaves the task to whoever supplies, or becomes that.
  void completed(record& done) noexcept override {
    {
      const std::scoped_lock lock(m_mutex);
      m_completed.push_back(&done);
      if (std::exchange(m_is_supplying, true)) return;
    }
    supply();
  }

 private:
  void drive() {
    while (m_running < m_caller.window() &&
           supply_next([this](record& made, std::uint64_t path) { m_caller.enqueue(made, path); }))
      ++m_running;
    if (m_running == 0) {
      m_gate.notify();
    } else {
      supply();
    }
    m_gate.wait();
    for (record* done : m_unread) {
      collect(*done);
      release(*done);
    }
    if (m_stopped_at) give_up_from(*m_stopped_at);
    if (m_failure) std::rethrow_exception(m_failure);
  }

  /// Of elements that were not read: how many there are is known if the ranges have sizes.
  void give_up_from(std::size_t first) {
    const std::exception_ptr failure = map_caller::stopped_failure();
    if constexpr (keeps_failures<Cell>) {
      grow_to(m_expected);
      for (std::size_t i = first; i < m_cells.size(); ++i) m_cells[i] = Cell(failure);
    } else if (!(std::ranges::sized_range<Ranges> && ...) || first < m_expected) {
      fail(first, failure);
    }
  }

  /// Collects what has completed and supplies as many; the last one opens the gate. By the one thread that has set
  /// m_is_supplying.
  void supply() noexcept {
    for (std::size_t served = 0;; ++served) {
      record* done = nullptr;
      {
        const std::scoped_lock lock(m_mutex);
        // A thread with work of its own does not go on for ever: who completes one of the others next takes over.
        const bool hands_over = served >= most_at_once && m_completed.size() < m_running;
        if (m_completed.empty() || hands_over) {
          m_is_supplying = false;
          if (m_running > 0) return;  // *this may be gone from here on
          break;
        }
        done = m_completed.back();
        m_completed.pop_back();
      }
      const int freed = map_caller::node_of(*done);
      if (done->result_kind.load(std::memory_order_relaxed) != outcome::kept) {
        collect(*done);
        release(*done);
      } else {
        m_unread.push_back(done);  // for the caller: what reads it is the user's code
      }
      const bool is_replaced =
          supply_next([this, freed](record& made, std::uint64_t path) { m_caller.enqueue_at(made, path, freed); });
      if (!is_replaced) --m_running;
    }
    m_gate.notify();
  }

  /// Reads one chunk and has it queued; false if the ranges have ended.
  template <class Enqueue>
  bool supply_next(Enqueue queue) noexcept {
    if (m_exhausted) return false;
    const std::size_t first = m_next;
    if (map_caller::is_stopped()) {
      m_exhausted = true;
      m_stopped_at = first;
      return false;
    }
    try {
      bool is_supplied = false;
      m_caller.read_in_its_name([&] {
        std::vector<std::tuple<A...>> arguments;
        arguments.reserve(m_chunksize <= 1024 ? m_chunksize : 0);
        m_exhausted = !read_chunk(arguments);
        if (arguments.empty()) return;
        task* const made = make_task_at<task>(allocate_block(size_class_of(sizeof(task)), sizeof(task)), m_flags,
                                              body{m_body}, elements{m_caller.path(), first, std::move(arguments)});
        queue_or_unmake(*made, [&] {
          if constexpr (runs_on_device<F>) require_space(*made, F::request());
          m_caller.give_options(*made);
          on_completion(*made, *this);
          queue(*made, mix_path(~m_caller.path(), first));
        });
        is_supplied = true;
      });
      return is_supplied;
    } catch (...) {
      m_exhausted = true;
      fail(first, std::current_exception());
      return false;
    }
  }

  bool read_chunk(std::vector<std::tuple<A...>>& arguments) {
    while (arguments.size() < m_chunksize) {
      if (at_end(std::index_sequence_for<Ranges...>{})) return false;
      std::apply([&](auto&... position) { arguments.emplace_back(*position...); }, m_positions);
      std::apply([](auto&... position) { (static_cast<void>(++position), ...); }, m_positions);
      ++m_next;
    }
    return true;
  }

  template <std::size_t... I>
  bool at_end(std::index_sequence<I...>) const {
    return ((std::get<I>(m_positions) == std::get<I>(m_ends)) || ...);
  }

  void collect(record& done) noexcept {
    auto& finished = static_cast<call&>(done);
    const std::size_t first = std::get<0>(finished.arguments).first;
    try {
      if (const std::exception_ptr failure = failure_of(done)) {
        if constexpr (keeps_failures<Cell>) {
          const std::size_t count = std::get<0>(finished.arguments).arguments.size();
          grow_to(first + count);
          for (std::size_t i = first; i < first + count; ++i) m_cells[i] = Cell(failure);
        } else {
          fail(first, failure);
        }
      } else if constexpr (keeps_failures<Cell> || !std::is_void_v<R>) {
        results& values = finished.result.value;
        grow_to(first + values.size());
        std::move(values.begin(), values.end(), m_cells.begin() + static_cast<std::ptrdiff_t>(first));
      }
    } catch (...) {
      fail(first, std::current_exception());
    }
  }

  void grow_to(std::size_t size) {
    if constexpr (keeps_failures<Cell>) {
      while (m_cells.size() < size) m_cells.emplace_back(std::exception_ptr());
    } else {
      if (m_cells.size() < size) m_cells.resize(size);
    }
  }

  void fail(std::size_t index, std::exception_ptr failure) noexcept {
    if (m_failure && m_failed_index <= index) return;
    m_failure = std::move(failure);
    m_failed_index = index;
  }

  static constexpr std::size_t most_at_once = 100;

  map_caller m_caller;
  const std::uint16_t m_flags;
  const body m_body;
  const std::size_t m_chunksize;
  gate m_gate;
  std::mutex m_mutex;
  std::vector<record*> m_completed;  ///< not collected yet; guarded, with room for all
  bool m_is_supplying = true;        ///< guarded; the caller begins
  // Of the thread that supplies:
  std::tuple<std::ranges::iterator_t<Ranges>...> m_positions;
  std::tuple<std::ranges::sentinel_t<Ranges>...> m_ends;
  std::size_t m_expected = 0;
  std::size_t m_next = 0;
  std::size_t m_running = 0;  ///< supplied and not collected
  bool m_exhausted = false;
  std::optional<std::size_t> m_stopped_at;  ///< the first element that is not read any more, since the session ends
  std::vector<Cell> m_cells;
  std::vector<record*> m_unread;  ///< results that came as bytes
  std::exception_ptr m_failure;
  std::size_t m_failed_index = 0;
};

}  // namespace torc::detail
