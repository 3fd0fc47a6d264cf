// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>
#include <torc/detail/callable.hpp>
#include <torc/detail/entry.hpp>
#include <torc/detail/task.hpp>
#include <torc/detail/transferable.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

/// Tasks and results as bytes.
namespace torc::detail {

/// How a value is written and read: by cereal, unless its bytes do. Those of a class have their size before them: a
/// `load` that does not fit its `save` is found where it happens, and no other value suffers.
template <class T>
struct value_codec {
  static_assert(!std::is_const_v<T>);

  static void write(output_archive& out, const T& value) {
    if constexpr (flat<T>) {
      out.write(std::addressof(value), sizeof value);
    } else if constexpr (std::is_scalar_v<T>) {
      out(value);
    } else {
      const std::size_t begun = out.begin_value();
      if constexpr (is_constructed_by_cereal) {
        out(std::uint8_t{1}, value);  // as a std::unique_ptr to it, because cereal constructs only those
      } else {
        out(value);
      }
      out.end_value(begun);
    }
  }

  static T read(input_archive& in) {
    if constexpr (flat<T>) {
      std::array<std::byte, sizeof(T)> bytes;
      in.read(bytes.data(), bytes.size());
      return std::bit_cast<T>(bytes);
    } else if constexpr (is_constructed_by_cereal) {
      std::unique_ptr<T> value;
      const std::size_t bytes_behind = in.begin_value(typeid(T));
      in(value);
      in.end_value(bytes_behind);
      if (value == nullptr) throw_missing_value();
      return std::move(*value);
    } else {
      T value{};
      read_into(in, value);
      return value;
    }
  }

  static void read_into(input_archive& in, T& value) {
    if constexpr (flat<T>) {
      in.read(static_cast<void*>(std::addressof(value)), sizeof value);
    } else if constexpr (std::is_scalar_v<T>) {
      in(value);
    } else {
      const std::size_t bytes_behind = in.begin_value(typeid(T));
      in(value);
      in.end_value(bytes_behind);
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

/// Elements of a map, above all: the parts are read on their own, since what is const cannot be read into.
template <class A, class B>
requires(std::is_const_v<A> || std::is_const_v<B>) struct value_codec<std::pair<A, B>> {
  static void write(output_archive& out, const std::pair<A, B>& value) {
    value_codec<std::remove_const_t<A>>::write(out, value.first);
    value_codec<std::remove_const_t<B>>::write(out, value.second);
  }
  static std::pair<A, B> read(input_archive& in) {
    // Braces: in their order.
    return std::pair<A, B>{value_codec<std::remove_const_t<A>>::read(in),
                           value_codec<std::remove_const_t<B>>::read(in)};
  }
  static void read_at(input_archive& in, std::pair<A, B>* where) {
    ::new (static_cast<void*>(where)) std::pair<A, B>(read(in));
  }
};

/// Whether an object of it is made first and then read.
template <class T>
inline constexpr bool is_read_into = std::is_default_constructible_v<T>;
template <class A, class B>
requires(std::is_const_v<A> || std::is_const_v<B>) inline constexpr bool is_read_into<std::pair<A, B>> = false;

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

/// Whether no code of the user's reads it.
template <class T>
inline constexpr bool is_plain = flat<T> || std::is_scalar_v<T> || std::is_void_v<T> || std::is_same_v<T, std::string>;
template <class T, class A>
inline constexpr bool is_plain<std::vector<T, A>> = is_plain<T>;
template <class T>
inline constexpr bool is_plain<std::optional<T>> = is_plain<T>;
template <class A, class B>
inline constexpr bool is_plain<std::pair<A, B>> = is_plain<A>&& is_plain<B>;
template <class T, std::size_t N>
inline constexpr bool is_plain<std::array<T, N>> = is_plain<T>;

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

template <class F, class Parameters, class R, class... A>
struct task_codec_of<task_record<true, F, Parameters, R, A...>> {
  using task = task_record<true, F, Parameters, R, A...>;
  static void encode(const record& from, output_archive& out) { encode_arguments(from, out, &write_arguments); }
  static void call(input_archive& in, output_archive& out) {
    if constexpr (std::is_void_v<R>) {
      call_visitor(in, out, &read_task, nullptr);
    } else {
      call_visitor(in, out, &read_task, &write_result);
    }
  }
  static void decode(record& into, input_archive& in) {
    if constexpr (!std::is_void_v<R>) {
      decode_result(into, in, &read_result);
    } else {
      decode_result(into, in, [](record&, input_archive& none) {
        if (none.left() != 0) throw_bytes_left(none.left(), typeid(void));
      });
    }
  }

  static constexpr bool are_arguments_flat =
      (function_pointer<F> || std::is_empty_v<F>)&&((flat<A> || std::is_scalar_v<A>)&&...);
  static constexpr task_codec value{
      .magic = task_codec_magic,
      .encode = &encode,
      .call = &call,
      .decode_result = &decode,
      .are_arguments_flat = are_arguments_flat,
      .is_result_plain = is_plain<R>,
      .function = &function_codec<F>::address,
      .type_name = &task::type_name,
  };

 private:
  static void write_arguments(const record& from, output_archive& out) {
    const auto& self = static_cast<const task&>(from);
    function_codec<F>::write(out, self.function);
    std::apply([&](const A&... argument) { (value_codec<A>::write(out, argument), ...); }, self.arguments);
  }

  /// A record of its own, on the heap: arguments and result may be larger than a stack.
  static record& read_task(input_archive& in) {
    if constexpr ((is_read_into<A> && ...)) {
      std::unique_ptr<task> made(new task(0, function_codec<F>::read(in)));
      std::apply([&](A&... argument) { (value_codec<A>::read_into(in, argument), ...); }, made->arguments);
      return *made.release();
    } else {
      auto function = function_codec<F>::read(in);
      std::tuple<A...> arguments{value_codec<A>::read(in)...};  // braces: in their order
      return *std::apply([&](A&... argument) { return new task(0, std::move(function), std::move(argument)...); },
                         arguments);
    }
  }

  static void write_result(const record& from, output_archive& out) {
    value_codec<R>::write(out, static_cast<const task&>(from).result.value);
  }

  static void read_result(record& into, input_archive& in) {
    auto& self = static_cast<task&>(into);
    R* const value = std::addressof(self.result.value);
    value_codec<R>::read_at(in, value);
    if (in.left() != 0) {
      value->~R();
      throw_bytes_left(in.left(), typeid(R));
    }
    self.has_result = true;
  }
};

}  // namespace torc::detail
