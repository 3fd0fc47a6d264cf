// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>
#include <torc/detail/device_entry.hpp>
#include <torc/detail/record.hpp>

#include <memory>
#include <new>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace torc::detail {

/// Room for a result that the body constructs in place.
template <class R>
struct result_record : record {
  using record::record;
  union storage {
    storage() noexcept {}
    ~storage() {}
    R value;
  } result;
};
template <class R>
struct result_record<R&> : record {
  using record::record;
  R* result = nullptr;
};
template <>
struct result_record<void> : record {
  using record::record;
};

template <class R, class... A>
struct call_record : result_record<R> {
  template <class... Given>
  call_record(const task_type& task, std::uint8_t block_class, std::uint16_t first_flags, Given&&... given)
      : result_record<R>(task, block_class, first_flags), arguments(std::forward<Given>(given)...) {}
  [[no_unique_address]] std::tuple<A...> arguments;
};
// nvcc 13 fails to lay out what stands behind an int and an empty member that need not have an address of its own.
template <class R, class... A>
requires std::is_empty_v<std::tuple<A...>>
struct call_record<R, A...> : result_record<R> {
  template <class... Given>
  call_record(const task_type& task, std::uint8_t block_class, std::uint16_t first_flags, Given&&... given)
      : result_record<R>(task, block_class, first_flags), arguments(std::forward<Given>(given)...) {}
  std::tuple<A...> arguments;
};
template <class R>
struct call_record<R> : result_record<R> {
  using result_record<R>::result_record;
  static inline std::tuple<> arguments;  ///< of all, and no room in any
};

/// How tasks of a type that may travel cross between nodes; defined in codec.hpp.
template <class Task>
struct task_codec_of;

/// What the compiler says of F, in a text around it. clang 14 has no std::source_location.
template <class F>
const char* description_of() noexcept {
  return __PRETTY_FUNCTION__;
}

/// One task of function F in one block. Travels: it may leave its home node, and must then have a codec.
template <bool Travels, class F, class Parameters, class R, class... A>
struct task_record final : call_record<R, A...> {
  template <class Function, class... Given>
  explicit task_record(std::uint16_t first_flags, Function&& f, Given&&... given)
      : call_record<R, A...>(type, size_class_of(sizeof(task_record)), first_flags, std::forward<Given>(given)...),
        function(std::forward<Function>(f)) {
    static_assert(alignof(task_record) <= block_granularity_bytes,
                  "torc: arguments and results may be aligned to at most 64 bytes");
  }

  static void run(record& base) {
    if constexpr (runs_on_device<F>) {
      try {
        run_body(base);
      } catch (...) {
        abandon_slot_work();  // before what it uses is destroyed
        throw;
      }
      static_cast<task_record&>(base).end_device_work();
    } else {
      run_body(base);
    }
  }

  static void destroy(record& base) noexcept {
    auto& self = static_cast<task_record&>(base);
    if constexpr (!std::is_void_v<R> && !std::is_trivially_destructible_v<R>) {
      if (self.has_result) self.result.value.~R();
    }
    self.~task_record();
  }

  static const void* address(const record& base) noexcept {
    const auto& self = static_cast<const task_record&>(base);
    if constexpr (function_pointer<typename unwrapped<F>::type>) {
      return reinterpret_cast<const void*>(unwrapped<F>::in(self.function));
    } else {
      static_cast<void>(self);
      return nullptr;
    }
  }

  static const char* type_name() noexcept { return description_of<typename unwrapped<F>::type>(); }
  static const char* type_name_of(const record&) noexcept { return type_name(); }

  static constexpr bool is_trivially_destructible =
      (std::is_void_v<R> || std::is_trivially_destructible_v<R>)&&std::is_trivially_destructible_v<F> &&
      (std::is_trivially_destructible_v<A> && ...);

  static constexpr const task_codec* codec() noexcept {
    if constexpr (Travels) {
      return &task_codec_of<task_record>::value;
    } else {
      return nullptr;
    }
  }

  static constexpr task_type type{&run, is_trivially_destructible ? nullptr : &destroy, &address, &type_name_of,
                                  codec()};

  [[no_unique_address]] F function;

 private:
  static void run_body(record& base) {
    auto& self = static_cast<task_record&>(base);
    if constexpr (std::is_void_v<R>) {
      self.call();
    } else if constexpr (std::is_reference_v<R>) {
      self.result = std::addressof(self.call());
    } else {
      ::new (static_cast<void*>(std::addressof(self.result.value))) R(self.call());
      if constexpr (!std::is_trivially_destructible_v<R>) self.has_result = true;
    }
  }

  /// The task is over only when its work is; a result of failed work is none.
  void end_device_work() {
    try {
      finish_slot_work();
    } catch (...) {
      if constexpr (!std::is_void_v<R> && !std::is_trivially_destructible_v<R>) {
        if (this->has_result) this->result.value.~R();
        this->has_result = false;
      }
      throw;
    }
  }

  decltype(auto) call() {
    return caller<F, Parameters, A...>::call(function, this->arguments, std::index_sequence_for<A...>{});
  }
};

}  // namespace torc::detail
