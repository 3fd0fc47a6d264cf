// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/make_task.hpp>
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
#include <variant>
#include <vector>

namespace torc::detail {

/// Where one result of a map is put: in place if that needs no earlier value, and never in a packed vector<bool>.
template <class R>
using map_cell =
    std::conditional_t<std::is_void_v<R>, std::monostate,
                       std::conditional_t<std::is_same_v<R, bool>, char,
                                          std::conditional_t<std::is_default_constructible_v<R>, R, std::optional<R>>>>;

/// The elements of one task of a map.
template <class... A>
struct map_elements {
  map_elements(std::uint64_t family, std::size_t index, std::vector<std::tuple<A...>> given) noexcept
      : path(family), first(index), arguments(std::move(given)) {}
  // Moved only: so the body gets the very elements, which may be such that cannot be copied.
  map_elements(map_elements&&) noexcept = default;

  std::uint64_t path;  ///< the family's; element i draws random numbers as its child i
  std::size_t first;   ///< index of the first
  std::vector<std::tuple<A...>> arguments;
};

/// Calls F for each element. All are run; then the first failure in input order is rethrown.
template <class F, class Parameters, class R, class... A>
struct map_body {
  [[no_unique_address]] F function;

  std::vector<map_cell<R>> operator()(map_elements<A...>& elements) {
    std::vector<map_cell<R>> results;
    if constexpr (!std::is_void_v<R>) results.reserve(elements.arguments.size());
    std::exception_ptr failure;
    for (std::size_t i = 0; i < elements.arguments.size(); ++i) {
      const path_scope element(mix_path(elements.path, elements.first + i));
      try {
        auto& arguments = elements.arguments[i];
        using call = caller<F, Parameters, A...>;
        if constexpr (std::is_void_v<R>) {
          call::call(function, arguments, std::index_sequence_for<A...>{});
        } else {
          results.push_back(call::call(function, arguments, std::index_sequence_for<A...>{}));
        }
      } catch (...) {
        if (!failure) failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
    return results;
  }
};

template <class F, class Parameters, class R, class... A>
struct function_codec<map_body<F, Parameters, R, A...>> {
  using body = map_body<F, Parameters, R, A...>;
  static void write(output_archive& out, const body& b) { function_codec<F>::write(out, b.function); }
  static body read(input_archive& in) { return {function_codec<F>::read(in)}; }
  static const void* address(input_archive& in) noexcept { return function_codec<F>::address(in); }
};

template <class... A>
struct value_codec<map_elements<A...>> {
  static void write(output_archive& out, const map_elements<A...>& elements) {
    out(elements.path, static_cast<std::uint64_t>(elements.first),
        cereal::make_size_tag(static_cast<cereal::size_type>(elements.arguments.size())));
    for (const auto& element : elements.arguments) {
      std::apply([&out](const A&... argument) { (value_codec<A>::write(out, argument), ...); }, element);
    }
  }
  static map_elements<A...> read(input_archive& in) {
    std::uint64_t path = 0;
    std::uint64_t first = 0;
    cereal::size_type size = 0;
    in(path, first, cereal::make_size_tag(size));
    std::vector<std::tuple<A...>> arguments;
    for (cereal::size_type i = 0; i < size; ++i) {
      // Braces: so they are read in their order.
      arguments.push_back(std::tuple<A...>{value_codec<A>::read(in)...});
    }
    return {path, static_cast<std::size_t>(first), std::move(arguments)};
  }
};

template <class F, class Parameters, class R, class... A>
inline constexpr bool runs_on_device<map_body<F, Parameters, R, A...>> = runs_on_device<F>;

/// One call of map: reads the ranges, keeps a window of tasks going, collects. Whoever completes a task supplies the
/// next one, so the supply goes on while the caller's worker is busy. Lives on the caller's stack until the last task
/// has completed.
template <bool Travels, class F, class Parameters, class R, class Stored, class... Ranges>
class map_operation;

template <bool Travels, class F, class Parameters, class R, class... A, class... Ranges>
class map_operation<Travels, F, Parameters, R, type_list<A...>, Ranges...> final : public completion_hook {
  using body = map_body<F, Parameters, R, A...>;
  using elements = map_elements<A...>;
  using results = std::vector<map_cell<R>>;
  using task = task_record<Travels, body, type_list<elements&>, results, elements>;
  using call = call_record<results, elements>;

 public:
  map_operation(std::uint16_t flags, F function, std::size_t chunksize, Ranges&... ranges)
      : m_flags(flags),
        m_function(std::move(function)),
        m_chunksize(chunksize),
        m_positions(std::ranges::begin(ranges)...),
        m_ends(std::ranges::end(ranges)...) {
    if constexpr ((std::ranges::sized_range<Ranges> && ...)) {
      m_expected = std::min({static_cast<std::size_t>(std::ranges::size(ranges))...});
    }
  }

  /// Runs all of it below `scope`, or below the calling task.
  std::vector<R> run(record* scope) requires(!std::is_void_v<R>) {
    m_cells.reserve(m_expected);
    drive(scope);
    if constexpr (std::is_same_v<map_cell<R>, R>) {
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
  void run(record* scope) requires std::is_void_v<R> { drive(scope); }

  /// Stores what one task gave and puts the next in its place.
  void completed(record& done) noexcept override {
    bool finished = false;
    {
      const std::scoped_lock lock(m_mutex);
      collect(done);
      release(done);
      finished = !supply_next() && --m_running == 0;
    }
    if (finished) m_gate.notify();  // *this may be gone from here on
  }

 private:
  void drive(record* scope) {
    m_family = next_child_path();
    m_scope = scope;
    {
      const std::scoped_lock lock(m_mutex);
      const std::size_t window = std::max<std::size_t>(16, 4 * static_cast<std::size_t>(workers_of_session()));
      ++m_running;  // this call itself: nobody notifies before it waits
      while (m_running <= window && supply_next()) ++m_running;
      if (--m_running == 0) m_exhausted = true;
      if (m_running == 0) m_gate.notify();
    }
    m_gate.wait();
    if (m_failure) std::rethrow_exception(m_failure);
  }

  /// Reads one chunk and queues it; false if the ranges have ended. Called under the lock, so a range is never read by
  /// two threads.
  bool supply_next() noexcept {
    if (m_exhausted) return false;
    const std::size_t first = m_next;
    try {
      std::vector<std::tuple<A...>> arguments;
      arguments.reserve(m_chunksize <= 1024 ? m_chunksize : 0);
      const bool more = read_chunk(arguments);
      m_exhausted = !more;
      if (arguments.empty()) return false;
      auto [made, parent] = make_task<task>(m_flags, body{m_function}, elements{m_family, first, std::move(arguments)});
      record& owner = m_scope != nullptr ? *m_scope : m_parent != nullptr ? *m_parent : *parent;
      m_parent = &owner;
      queue_or_unmake(*made, [&, queued = made] {
        if constexpr (runs_on_device<F>) require_space(*queued, F::wish());
        on_completion(*queued, *this);
        enqueue_supplied(*queued, owner, mix_path(~m_family, first));
      });
      return true;
    } catch (...) {
      m_exhausted = true;
      fail(first, std::current_exception());
      return false;
    }
  }

  bool read_chunk(std::vector<std::tuple<A...>>& arguments) {
    const no_waiting under_lock;
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
    if (finished.result_kind != outcome::value) {
      fail(first, failure_of(done));
      return;
    }
    if constexpr (!std::is_void_v<R>) {
      try {
        results& values = finished.result.value;
        if (m_cells.size() < first + values.size()) m_cells.resize(first + values.size());
        std::move(values.begin(), values.end(), m_cells.begin() + static_cast<std::ptrdiff_t>(first));
      } catch (...) {
        fail(first, std::current_exception());
      }
    }
  }

  void fail(std::size_t index, std::exception_ptr failure) noexcept {
    if (m_failure && m_failed_index <= index) return;
    m_failure = std::move(failure);
    m_failed_index = index;
  }

  const std::uint16_t m_flags;
  F m_function;
  const std::size_t m_chunksize;
  std::uint64_t m_family = 0;
  record* m_scope = nullptr;
  record* m_parent = nullptr;
  std::mutex m_mutex;
  // Guarded by m_mutex:
  std::tuple<std::ranges::iterator_t<Ranges>...> m_positions;
  std::tuple<std::ranges::sentinel_t<Ranges>...> m_ends;
  std::size_t m_expected = 0;
  std::size_t m_next = 0;
  std::size_t m_running = 0;
  bool m_exhausted = false;
  std::vector<map_cell<R>> m_cells;
  std::exception_ptr m_failure;
  std::size_t m_failed_index = 0;
  gate m_gate;
};

}  // namespace torc::detail
