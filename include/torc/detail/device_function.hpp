// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/device_entry.hpp>

#include <functional>
#include <type_traits>
#include <utility>

/// Functions whose tasks run with an execution space instance.
namespace torc::detail {

template <class List>
struct tail_of;
template <class First, class... Rest>
struct tail_of<type_list<First, Rest...>> {
  using first = First;
  using parameters = type_list<Rest...>;
};

/// What can be said of a device body before it is called.
template <class Space, class F>
constexpr void check_device_body() {
#if defined(__CUDACC__)
  static_assert(has_signature<F>,
                "torc: the body of a device task must not be a generic lambda where nvcc compiles it, because nvcc "
                "refuses the kernels in it: write its parameter types out");
#endif
  if constexpr (has_signature<F>) {
    static_assert(!std::is_same_v<typename signature<F>::parameters, type_list<>>,
                  "torc: the body of a device task takes its execution space first, as const Space&");
    if constexpr (!std::is_same_v<typename signature<F>::parameters, type_list<>>) {
      using first = typename tail_of<typename signature<F>::parameters>::first;
      static_assert(std::is_same_v<std::remove_cvref_t<first>, Space>,
                    "torc: the first parameter of a device task's body must be the execution space that it is "
                    "submitted to, as const Space&");
      static_assert(!std::is_lvalue_reference_v<first> || std::is_const_v<std::remove_reference_t<first>>,
                    "torc: the body of a device task takes its execution space as const Space&");
    }
  }
}

/// F of an instance of Space and the task's arguments.
template <class Space, class F>
struct device_function {
  using functions = type_list<F>;
  [[no_unique_address]] F function;

  static space_request request() { return {Space::name(), false}; }

  template <class... A>
  requires std::is_invocable_v<F&, const Space&, A...>
  decltype(auto) operator()(A&&... arguments) {
    const void* const instance = slot_instance(Space::name());
    if (instance == nullptr) throw_no_slot(Space::name());
    return function(*static_cast<const Space*>(instance), std::forward<A>(arguments)...);
  }
};

/// Device if there is a slot, else Host.
template <class Space, class Host, class Device>
struct any_function {
  using functions = type_list<Host, Device>;
  [[no_unique_address]] Host host;
  [[no_unique_address]] Device device;

  static space_request request() { return {Space::name(), true}; }

  template <class... A>
  requires std::is_invocable_v<Host&, A...>
  auto operator()(A&&... arguments) -> std::invoke_result_t<Host&, A...> {
    static_assert(std::is_same_v<std::invoke_result_t<Host&, A...>, std::invoke_result_t<Device&, const Space&, A...>>,
                  "torc: both functions of on_any must return the same type");
    if (const void* const instance = slot_instance(Space::name()); instance != nullptr)
      return device(*static_cast<const Space*>(instance), std::forward<A>(arguments)...);
    return host(std::forward<A>(arguments)...);
  }
};

template <class Space, class F>
requires has_signature<F>
struct signature<device_function<Space, F>> {
  using parameters = typename tail_of<typename signature<F>::parameters>::parameters;
};
template <class Space, class Host, class Device>
requires has_signature<Host>
struct signature<any_function<Space, Host, Device>> : signature<Host> {
};

template <class Space, class F>
struct unwrapped<device_function<Space, F>> : unwrapped<F> {
  static decltype(auto) in(const device_function<Space, F>& f) noexcept { return unwrapped<F>::in(f.function); }
};
template <class Space, class Host, class Device>
struct unwrapped<any_function<Space, Host, Device>> : unwrapped<Host> {
  static decltype(auto) in(const any_function<Space, Host, Device>& f) noexcept { return unwrapped<Host>::in(f.host); }
};

template <class Space, class F>
struct is_local<device_function<Space, F>> : is_local<F> {};
template <class Space, class Host, class Device>
struct is_local<any_function<Space, Host, Device>> : std::disjunction<is_local<Host>, is_local<Device>> {};

template <class Space, class F>
inline constexpr bool runs_on_device<device_function<Space, F>> = true;
template <class Space, class Host, class Device>
inline constexpr bool runs_on_device<any_function<Space, Host, Device>> = true;

template <class Space, class F>
struct function_codec<device_function<Space, F>> {
  using function = device_function<Space, F>;
  static void write(output_archive& out, const function& f) { function_codec<F>::write(out, f.function); }
  static function read(input_archive& in) { return {function_codec<F>::read(in)}; }
  static const void* address(input_archive& in) noexcept { return function_codec<F>::address(in); }
};
template <class Space, class Host, class Device>
struct function_codec<any_function<Space, Host, Device>> {
  using function = any_function<Space, Host, Device>;
  static void write(output_archive& out, const function& f) {
    function_codec<Host>::write(out, f.host);
    function_codec<Device>::write(out, f.device);
  }
  static function read(input_archive& in) {
    auto host = function_codec<Host>::read(in);
    return {std::move(host), function_codec<Device>::read(in)};
  }
  static const void* address(input_archive& in) noexcept { return function_codec<Host>::address(in); }
};

/// Whether `exec` is the instance that the calling task has.
template <class Space>
bool is_own_instance(const Space& exec) noexcept {
  const void* const own = slot_instance(Space::name());
  if (own == nullptr) return false;
  if (own == &exec) return true;
  if constexpr (requires { exec == exec; }) {
    return exec == *static_cast<const Space*>(own);
  } else {
    return false;
  }
}

}  // namespace torc::detail
