// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/device_entry.hpp>
#include <torc/detail/entry.hpp>
#include <torc/detail/expected_codec.hpp>
#include <torc/detail/input_text.hpp>
#include <torc/detail/path.hpp>
#include <torc/expected.hpp>
#include <torc/node.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// What one task of a map does.
namespace torc::detail {

/// Where one result of a map is put: in place if that needs no earlier value, and never in a packed vector<bool>.
template <class R>
using map_cell =
    std::conditional_t<std::is_void_v<R>, std::monostate,
                       std::conditional_t<std::is_same_v<R, bool>, char,
                                          std::conditional_t<std::is_default_constructible_v<R>, R, std::optional<R>>>>;

template <class Cell>
inline constexpr bool keeps_failures = false;
template <class R>
inline constexpr bool keeps_failures<expected<R>> = true;

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

/// Calls F for each element, and again while it throws and has retries left. All are run; the results are Cells. Where
/// these keep no failures, the first one in input order is rethrown then.
template <class F, class Parameters, class R, class Cell, class... A>
struct map_body {
  [[no_unique_address]] F function;
  int retries;

  std::vector<Cell> operator()(map_elements<A...>& elements) {
    std::vector<Cell> results;
    if constexpr (keeps_failures<Cell> || !std::is_void_v<R>) results.reserve(elements.arguments.size());
    std::exception_ptr first_failure;
    for (std::size_t i = 0; i < elements.arguments.size(); ++i) {
      std::exception_ptr failure = try_element(elements, i, results);
      int attempt = 1;
      for (; failure && attempt <= retries && !stop_requested(); ++attempt) failure = try_element(elements, i, results);
      if (!failure) continue;
      if constexpr (keeps_failures<Cell>) {
        note_kept_failure(failure, elements.first + i, attempt, text_of(elements.arguments[i]));
        results.emplace_back(std::move(failure));
      } else {
        if (first_failure) continue;
        first_failure = std::move(failure);
        note_element(elements.first + i, attempt, text_of(elements.arguments[i]));
      }
    }
    if (first_failure) std::rethrow_exception(first_failure);
    return results;
  }

 private:
  /// Adds the result, or returns what was thrown.
  std::exception_ptr try_element(map_elements<A...>& elements, std::size_t i, std::vector<Cell>& results) {
    const path_scope element(mix_path(elements.path, elements.first + i));  // again what the first try drew
    try {
      if constexpr (std::is_void_v<R>) {
        call(elements.arguments[i]);
        end_element();
        if constexpr (keeps_failures<Cell>) results.emplace_back(std::in_place);
      } else {
        R value = call(elements.arguments[i]);
        end_element();
        if constexpr (keeps_failures<Cell>) {
          results.emplace_back(std::in_place, std::move(value));
        } else {
          results.push_back(std::move(value));
        }
      }
      return nullptr;
    } catch (...) {
      std::exception_ptr failure = std::current_exception();
      if constexpr (runs_on_device<F>) abandon_slot_work();
      return failure;
    }
  }

  /// What the device fails in is this element's failure, if elements have failures of their own.
  void end_element() const {
    if constexpr (runs_on_device<F>) {
      if ((keeps_failures<Cell> || retries > 0) && is_slot_asynchronous()) wait_for_slot();
    }
  }

  decltype(auto) call(std::tuple<A...>& arguments) {
    return caller<F, Parameters, A...>::call(function, arguments, std::index_sequence_for<A...>{});
  }
};

template <class F, class Parameters, class R, class Cell, class... A>
struct function_codec<map_body<F, Parameters, R, Cell, A...>> {
  using body = map_body<F, Parameters, R, Cell, A...>;
  static void write(output_archive& out, const body& b) {
    function_codec<F>::write(out, b.function);
    out(b.retries);
  }
  static body read(input_archive& in) {
    body made{function_codec<F>::read(in), 0};
    in(made.retries);
    return made;
  }
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

template <class F, class Parameters, class R, class Cell, class... A>
struct unwrapped<map_body<F, Parameters, R, Cell, A...>> : unwrapped<F> {
  static decltype(auto) in(const map_body<F, Parameters, R, Cell, A...>& f) noexcept {
    return unwrapped<F>::in(f.function);
  }
};

template <class F, class Parameters, class R, class Cell, class... A>
inline constexpr bool runs_on_device<map_body<F, Parameters, R, Cell, A...>> = runs_on_device<F>;

}  // namespace torc::detail
