// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>
#include <torc/detail/callable.hpp>
#include <torc/detail/entry.hpp>
#include <torc/detail/task.hpp>
#include <torc/detail/travel.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// Tasks and results as bytes.
namespace torc::detail {

/// How a value is written and read: by cereal, unless its bytes do.
template <class T>
struct value_codec {
  static_assert(!std::is_const_v<T>);

  static void write(output_archive& out, const T& value) {
    if constexpr (flat<T>) {
      out.write(std::addressof(value), sizeof value);
    } else if constexpr (is_constructed_by_cereal) {
      out(std::uint8_t{1}, value);  // as a std::unique_ptr to it, because cereal constructs only those
    } else {
      out(value);
    }
  }

  static T read(input_archive& in) {
    if constexpr (flat<T>) {
      std::array<std::byte, sizeof(T)> bytes;
      in.read(bytes.data(), bytes.size());
      return std::bit_cast<T>(bytes);
    } else if constexpr (is_constructed_by_cereal) {
      std::unique_ptr<T> value;
      in(value);
      if (value == nullptr) throw_missing_value();
      return std::move(*value);
    } else {
      T value{};
      in(value);
      return value;
    }
  }

  static void read_into(input_archive& in, T& value) {
    if constexpr (flat<T>) {
      in.read(static_cast<void*>(std::addressof(value)), sizeof value);
    } else {
      in(value);
    }
  }

  /// Constructs it at `where`, even if it can be neither copied nor moved.
  static void read_at(input_archive& in, T* where) {
    if constexpr (std::is_move_constructible_v<T>) {
      ::new (static_cast<void*>(where)) T(read(in));
    } else {
      ::new (static_cast<void*>(where)) T();
      try {
        read_into(in, *where);
      } catch (...) {
        where->~T();
        throw;
      }
    }
  }

 private:
  static constexpr bool is_constructed_by_cereal = !std::is_default_constructible_v<T> && !flat<T>;
};

/// Results of a map that have no default constructor; none is missing.
template <class T>
requires(!std::is_default_constructible_v<T>) struct value_codec<std::vector<std::optional<T>>> {
  static void write(output_archive& out, const std::vector<std::optional<T>>& values) {
    out(cereal::make_size_tag(static_cast<cereal::size_type>(values.size())));
    for (const std::optional<T>& value : values) value_codec<T>::write(out, *value);
  }
  static void read_at(input_archive& in, std::vector<std::optional<T>>* where) {
    cereal::size_type size = 0;
    in(cereal::make_size_tag(size));
    std::vector<std::optional<T>> values;
    for (cereal::size_type i = 0; i < size; ++i) values.emplace_back(value_codec<T>::read(in));
    ::new (static_cast<void*>(where)) std::vector<std::optional<T>>(std::move(values));
  }
};

/// How a function is named to another node.
template <class F>
struct function_codec {
  static void write(output_archive& out, const F& function) {
    if constexpr (function_pointer<F>) {
      encode_function(out, reinterpret_cast<const void*>(function));
    } else if constexpr (!std::is_empty_v<F>) {
      value_codec<F>::write(out, function);
    }
  }

  static F read(input_archive& in) {
    if constexpr (function_pointer<F>) {
      return reinterpret_cast<F>(const_cast<void*>(decode_function(in)));
    } else if constexpr (!std::is_empty_v<F>) {
      return value_codec<F>::read(in);
    } else if constexpr (std::is_default_constructible_v<F>) {
      return F();
    } else {
      return std::bit_cast<F>(std::array<std::byte, sizeof(F)>{});  // [&] without captures
    }
  }

  static const void* address(input_archive& in) noexcept {
    if constexpr (function_pointer<F>) {
      return find_function(in);
    } else {
      static_cast<void>(in);
      return nullptr;
    }
  }
};

/// A task that came from another node, while it runs. On the heap: arguments and result may be larger than a stack.
template <class F, class Parameters, class R, class... A>
class visiting_task {
  static constexpr bool is_made_first = (std::is_default_constructible_v<A> && ...);

 public:
  explicit visiting_task(input_archive& in) requires is_made_first : m_function(function_codec<F>::read(in)) {
    std::apply([&in](A&... argument) { (value_codec<A>::read_into(in, argument), ...); }, m_arguments);
  }
  // Braces: so the arguments are read in their order.
  explicit visiting_task(input_archive& in) requires(!is_made_first)
      : m_function(function_codec<F>::read(in)), m_arguments{value_codec<A>::read(in)...} {}

  decltype(auto) call() {
    return caller<F, Parameters, A...>::call(m_function, m_arguments, std::index_sequence_for<A...>{});
  }

 private:
  [[no_unique_address]] F m_function;
  [[no_unique_address]] std::tuple<A...> m_arguments;
};

template <class F, class Parameters, class R, class... A>
struct task_codec_of<task_record<true, F, Parameters, R, A...>> {
  using task = task_record<true, F, Parameters, R, A...>;
  using visitor = visiting_task<F, Parameters, R, A...>;
  using result_codec = value_codec<std::conditional_t<std::is_void_v<R>, char, std::remove_cv_t<R>>>;

  static void encode(const record& base, output_archive& out) {
    const auto& self = static_cast<const task&>(base);
    const std::size_t before = out.size_bytes();
    try {
      function_codec<F>::write(out, self.function);
      std::apply([&out](const A&... argument) { (value_codec<A>::write(out, argument), ...); }, self.arguments);
    } catch (...) {
      out.truncate(before);
      rethrow_unwritten("the arguments of a task");
    }
  }

  static void call(input_archive& in, output_archive& out) {
    const std::unique_ptr<visitor> visiting = read(in);
    if constexpr (std::is_void_v<R>) {
      visiting->call();
    } else {
      const std::unique_ptr<const R> result(new R(visiting->call()));
      write_result(*result, out);
    }
  }

  static void decode_result(record& base, input_archive& in) {
    if constexpr (!std::is_void_v<R>) {
      auto& self = static_cast<task&>(base);
      try {
        result_codec::read_at(in, const_cast<std::remove_cv_t<R>*>(std::addressof(self.result.value)));
      } catch (...) {
        rethrow_unread("the result of a task");
      }
      self.has_result = true;
    } else {
      static_cast<void>(base);
      static_cast<void>(in);
    }
  }

  static constexpr task_codec value{task_codec_magic, &encode, &call, &decode_result, &function_codec<F>::address,
                                    &task::type_name};

 private:
  static std::unique_ptr<visitor> read(input_archive& in) {
    try {
      return std::make_unique<visitor>(in);
    } catch (...) {
      rethrow_unread("the arguments of a task");
    }
  }

  template <class T>
  static void write_result(const T& result, output_archive& out) {
    const std::size_t before = out.size_bytes();
    try {
      result_codec::write(out, result);
    } catch (...) {
      out.truncate(before);
      rethrow_unwritten("the result of a task");
    }
  }
};

}  // namespace torc::detail
