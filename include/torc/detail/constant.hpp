// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/broadcast.hpp>
#include <torc/detail/callable.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/device_entry.hpp>
#include <torc/same.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

/// Functions some of whose arguments are the same for all tasks of a map.
namespace torc::detail {

/// One value that all tasks of a map share. Copies share it.
template <class T, bool Travels>
class constant {
 public:
  constant() = default;
  template <class Given>
  static constant of(Given&& given) {
    constant made;
    auto kept = std::make_unique<const T>(std::forward<Given>(given));
    if constexpr (Travels) {
      if (broadcast_travels()) {
        std::vector<std::byte> bytes = broadcast_handle<T>::encode(*kept);
        if (bytes.size() > most_copied_bytes) {
          made.m_everywhere = broadcast_handle<T>::send(std::move(kept), std::move(bytes));
          return made;
        }
      }
    }
    made.m_value = std::move(kept);
    return made;
  }

  /// May wait where a large one has not come yet.
  const T& get() const {
    if constexpr (Travels) {
      if (m_value == nullptr) return m_everywhere.get();
    }
    return *m_value;
  }

  void write(output_archive& out) const requires Travels {
    const bool is_everywhere = m_value == nullptr;
    out(static_cast<std::uint8_t>(is_everywhere ? 1 : 0));
    if (is_everywhere) {
      m_everywhere.save(out);
    } else {
      value_codec<T>::write(out, *m_value);
    }
  }
  static constant read(input_archive& in) requires Travels {
    constant made;
    std::uint8_t is_everywhere = 0;
    in(is_everywhere);
    if (is_everywhere != 0) {
      made.m_everywhere.load(in);
    } else if constexpr (is_read_into<T>) {
      auto value = std::make_shared<T>();
      value_codec<T>::read_into(in, *value);
      made.m_value = std::move(value);
    } else {
      made.m_value = std::make_shared<const T>(value_codec<T>::read(in));
    }
    return made;
  }

 private:
  /// More is sent once to each node instead of with each task.
  static constexpr std::size_t most_copied_bytes = 4096;

  std::shared_ptr<const T> m_value;  ///< null if it is everywhere
  broadcast_handle<T> m_everywhere;
};

/// Const access, or a copy to be taken apart.
template <class P, class T>
decltype(auto) pass_constant(const T& value) {
  if constexpr (std::is_rvalue_reference_v<P>) {
    return T(value);
  } else {
    return static_cast<const T&>(value);
  }
}

template <class F, std::size_t I>
struct parameter_of {
  using type = unknown_parameters;
};
template <class List>
struct as_tuple;
template <class... T>
struct as_tuple<type_list<T...>> {
  using type = std::tuple<std::type_identity<T>...>;
};
template <has_signature F, std::size_t I>
struct parameter_of<F, I> : std::tuple_element_t<I, typename as_tuple<typename signature<F>::parameters>::type> {};
template <class F, std::size_t I>
using parameter_at = typename parameter_of<F, I>::type;

/// How many constants stand before a parameter.
template <bool... Where>
constexpr std::size_t constants_before(std::size_t parameter) {
  std::size_t count = 0;
  std::size_t at = 0;
  static_cast<void>(((count += at < parameter && Where ? 1U : 0U, ++at), ...));
  return count;
}

/// F with constants at those of its parameters where Where is true; it is called with the other arguments.
template <class F, class Where, class... Constant>
struct with_constants;

template <class F, bool... Where, class... Constant>
struct with_constants<F, std::integer_sequence<bool, Where...>, Constant...> {
  using functions = type_list<F>;
  using positions = std::index_sequence_for<std::bool_constant<Where>...>;
  F function;
  std::tuple<Constant...> constants;

  static space_request request() requires runs_on_device<F> { return F::request(); }

  template <class... A>
  requires(sizeof...(A) + sizeof...(Constant) == sizeof...(Where)) decltype(auto) operator()(A&&... arguments) {
    return call(std::forward_as_tuple(std::forward<A>(arguments)...), positions{});
  }

 private:
  template <std::size_t I, class Arguments>
  decltype(auto) argument(Arguments& arguments) {
    constexpr std::size_t before = constants_before<Where...>(I);
    if constexpr (constants_before<Where...>(I + 1) > before) {
      return pass_constant<parameter_at<F, I>>(std::get<before>(constants).get());
    } else {
      return std::get<I - before>(std::move(arguments));
    }
  }

  template <class Arguments, std::size_t... I>
  decltype(auto) call(Arguments arguments, std::index_sequence<I...>) {
    return function(argument<I>(arguments)...);
  }
};

template <class Where, class Parameters>
struct without_constants;
template <bool... Where, class... P>
struct without_constants<std::integer_sequence<bool, Where...>, type_list<P...>> {
  template <class... Kept>
  static type_list<Kept...> list(std::tuple<type_list<Kept>...>);
  using type = decltype(list(
      std::tuple_cat(std::declval<std::conditional_t<Where, std::tuple<>, std::tuple<type_list<P>>>>()...)));
};

template <class F, class Where, class... Constant>
requires has_signature<F>
struct signature<with_constants<F, Where, Constant...>> {
  using parameters = typename without_constants<Where, typename signature<F>::parameters>::type;
};

template <class F, class Where, class... Constant>
struct unwrapped<with_constants<F, Where, Constant...>> : unwrapped<F> {
  static decltype(auto) in(const with_constants<F, Where, Constant...>& f) noexcept {
    return unwrapped<F>::in(f.function);
  }
};

template <class F, class Where, class... Constant>
struct is_local<with_constants<F, Where, Constant...>> : is_local<F> {};
template <class F, class Where, class... Constant>
inline constexpr bool runs_on_device<with_constants<F, Where, Constant...>> = runs_on_device<F>;

template <class F, class Where, class... Constant>
struct function_codec<with_constants<F, Where, Constant...>> {
  using bound = with_constants<F, Where, Constant...>;
  static void write(output_archive& out, const bound& b) {
    function_codec<F>::write(out, b.function);
    std::apply([&out](const Constant&... each) { (each.write(out), ...); }, b.constants);
  }
  static bound read(input_archive& in) {
    auto function = function_codec<F>::read(in);
    return {std::move(function), std::tuple<Constant...>{Constant::read(in)...}};  // braces: in their order
  }
  static const void* address(input_archive& in) noexcept { return function_codec<F>::address(in); }
};

/// What Arg, in torc::same, is for parameter I of F.
template <class F, std::size_t I, class Arg>
struct constant_for {
  using given = decltype(std::decay_t<Arg>::value);
  using parameter = std::conditional_t<has_signature<F>, parameter_at<F, I>, const std::decay_t<given>&>;
  using value_type = std::decay_t<parameter>;
  static constexpr bool is_transferable = !is_local<F>::value && transferable<value_type>::value == obstacle::none;
  static constexpr bool can_be_shared =
      std::is_copy_constructible_v<value_type> || std::is_same_v<parameter, const value_type&>;
  using type = constant<value_type, is_transferable>;

  static constexpr bool check() {
    static_assert(can_be_shared,
                  "torc: all elements share what is in torc::same: a value that cannot be copied is taken as const T&");
    if constexpr (!is_local<F>::value) check_argument<value_type>();
    return can_be_shared && (is_transferable || is_local<F>::value);
  }
};

template <class F, std::size_t I, class Arg>
constexpr bool check_constant() {
  if constexpr (is_same_value<std::decay_t<Arg>>) {
    return constant_for<F, I, Arg>::check();
  } else {
    return true;
  }
}

/// Refuses what cannot be in torc::same.
template <class F, class... Args>
constexpr bool check_constants() {
  return []<std::size_t... I>(std::index_sequence<I...>) { return (check_constant<F, I, Args>() && ...); }
  (std::index_sequence_for<Args...>{});
}

/// The constant for parameter I of F as a tuple of one, nothing for a range.
template <class F, std::size_t I, class Arg>
auto constant_at([[maybe_unused]] Arg&& arg) {
  if constexpr (!is_same_value<std::decay_t<Arg>>) {
    return std::tuple<>();
  } else {
    using found = constant_for<F, I, Arg>;
    using made = typename found::type;
    if constexpr (std::is_reference_v<typename found::given> || std::is_lvalue_reference_v<Arg>) {
      return std::tuple<made>(made::of(arg.value));
    } else {
      return std::tuple<made>(made::of(std::move(arg.value)));
    }
  }
}

/// F with what is in torc::same.
template <class F, class... Args>
auto bind_constants(F&& f, Args&&... args) {
  using function = std::decay_t<F>;
  using where = std::integer_sequence<bool, is_same_value<std::decay_t<Args>>...>;
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::apply(
        [&]<class... Constant>(Constant&&... constants) {
          return with_constants<function, where, std::decay_t<Constant>...>{
              std::forward<F>(f), std::tuple<std::decay_t<Constant>...>(std::move(constants)...)};
        },
        std::tuple_cat(constant_at<function, I>(std::forward<Args>(args))...));
  }
  (std::index_sequence_for<Args...>{});
}

}  // namespace torc::detail
