// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/bitwise.hpp>
#include <torc/detail/archive.hpp>
#include <torc/detail/callable.hpp>
#include <torc/detail/containers.hpp>

#include <array>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace torc {
template <class R>
class future;
}

namespace torc::detail {

/// Why a type may not travel between nodes.
enum class obstacle {
  none,
  raw_pointer,
  view,
  future,
  reference,
  member_pointer,
  function_object,
  mutable_sharing,
  stateful_order,
  class_without_serialize,
  class_without_load,
  no_default_constructor,
  const_part,
  unmanaged_view,
  elements_of_view,
  layout_of_view,
  mutable_view  ///< only for arguments: a result may be one
};

template <class T>
struct transferable;

/// A value that is read on its own may be constructed by cereal's load_and_construct instead of by default.
template <class T>
inline constexpr bool has_load_and_construct = false;
template <class T>
requires std::is_class_v<T>
inline constexpr bool has_load_and_construct<T> = cereal::traits::has_load_and_construct<T, input_archive>::value;

template <class T>
inline constexpr bool has_const_part = std::is_const_v<T>;
template <class A, class B>
inline constexpr bool has_const_part<std::pair<A, B>> = std::is_const_v<A> || std::is_const_v<B>;

/// Of what is read into an object that a container has made before.
template <class T>
constexpr obstacle obstacle_of_element() {
  constexpr obstacle found = transferable<std::remove_cv_t<T>>::value;
  if constexpr (found != obstacle::none) {
    return found;
  } else if constexpr (has_const_part<T>) {
    return obstacle::const_part;
  } else if constexpr (!std::is_void_v<T> && !std::is_default_constructible_v<T>) {
    return obstacle::no_default_constructor;
  } else {
    return obstacle::none;
  }
}

/// The first that is one for results too, else the first.
template <class... T>
constexpr obstacle first_obstacle() {
  obstacle found = obstacle::none;
  [[maybe_unused]] const auto see = [&](obstacle next) {
    if (found == obstacle::none || (found == obstacle::mutable_view && next != obstacle::none)) found = next;
  };
  (see(obstacle_of_element<T>()), ...);
  return found;
}

/// Whether a task may return it.
constexpr bool is_for_results(obstacle found) { return found == obstacle::none || found == obstacle::mutable_view; }

/// A container's comparison or hash is not sent, so it must be the same for all of the type.
template <class... Function>
constexpr obstacle obstacle_of_order() {
  return ((std::is_empty_v<Function> && std::is_default_constructible_v<Function>)&&...) ? obstacle::none
                                                                                         : obstacle::stateful_order;
}

template <class T>
constexpr obstacle obstacle_of_class() {
  if constexpr (is_bitwise<T>) {
    static_assert(std::is_trivially_copyable_v<T>, "torc::is_bitwise<T> needs a trivially copyable T");
    return obstacle::none;
  } else if constexpr (!cereal::traits::is_output_serializable<T, output_archive>::value) {
    return obstacle::class_without_serialize;
  } else if constexpr (!std::is_default_constructible_v<T>) {
    return has_load_and_construct<T> ? obstacle::none : obstacle::no_default_constructor;
  } else if constexpr (!cereal::traits::is_input_serializable<T, input_archive>::value) {
    return obstacle::class_without_load;
  } else {
    return obstacle::none;
  }
}

template <class T>
constexpr obstacle obstacle_of() {
  if constexpr (std::is_reference_v<T>) {
    return obstacle::reference;
  } else if constexpr (std::is_void_v<T> || std::is_arithmetic_v<T> || std::is_enum_v<T>) {
    return obstacle::none;
  } else if constexpr (std::is_pointer_v<T> || std::is_null_pointer_v<T>) {
    return obstacle::raw_pointer;
  } else if constexpr (std::is_member_pointer_v<T>) {
    return obstacle::member_pointer;
  } else {
    return obstacle_of_class<T>();
  }
}

template <class T>
struct transferable {
  static constexpr obstacle value = obstacle_of<T>();
};

#define TORC_DETAIL_TRANSFERABLE_WITH(...) \
  { static constexpr obstacle value = first_obstacle<__VA_ARGS__>(); }
template <class... T>
struct transferable<std::tuple<T...>> TORC_DETAIL_TRANSFERABLE_WITH(T...);
template <class... T>
struct transferable<std::variant<T...>> TORC_DETAIL_TRANSFERABLE_WITH(T...);
template <class A, class B>
struct transferable<std::pair<A, B>> TORC_DETAIL_TRANSFERABLE_WITH(std::remove_const_t<A>, std::remove_const_t<B>);
template <class T>
struct transferable<std::optional<T>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T>
struct transferable<std::complex<T>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T, std::size_t N>
struct transferable<std::array<T, N>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T, class A>
struct transferable<std::vector<T, A>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <bitwise_class T, class A>
struct transferable<std::vector<T, A>> : transferable<T> {};
template <class T, class A>
struct transferable<std::deque<T, A>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T, class A>
struct transferable<std::list<T, A>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T, class A>
struct transferable<std::forward_list<T, A>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T, class C>
struct transferable<std::stack<T, C>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class T, class C>
struct transferable<std::queue<T, C>> TORC_DETAIL_TRANSFERABLE_WITH(T);
template <class R, class P>
struct transferable<std::chrono::duration<R, P>> TORC_DETAIL_TRANSFERABLE_WITH(R);
template <class C, class D>
struct transferable<std::chrono::time_point<C, D>> TORC_DETAIL_TRANSFERABLE_WITH(D);
#undef TORC_DETAIL_TRANSFERABLE_WITH

/// A container of Ts that Orders arrange.
template <class Ts, class... Order>
struct ordered_transferable;
template <class... T, class... Order>
struct ordered_transferable<type_list<T...>, Order...> {
  static constexpr obstacle order = obstacle_of_order<Order...>();
  static constexpr obstacle value = order != obstacle::none ? order : first_obstacle<T...>();
};
template <class T, class C, class L>
struct transferable<std::priority_queue<T, C, L>> : ordered_transferable<type_list<T>, L> {};
template <class T, class C, class A>
struct transferable<std::set<T, C, A>> : ordered_transferable<type_list<T>, C> {};
template <class T, class C, class A>
struct transferable<std::multiset<T, C, A>> : ordered_transferable<type_list<T>, C> {};
template <class T, class H, class E, class A>
struct transferable<std::unordered_set<T, H, E, A>> : ordered_transferable<type_list<T>, H, E> {};
template <class T, class H, class E, class A>
struct transferable<std::unordered_multiset<T, H, E, A>> : ordered_transferable<type_list<T>, H, E> {};
template <class K, class T, class C, class A>
struct transferable<std::map<K, T, C, A>> : ordered_transferable<type_list<K, T>, C> {};
template <class K, class T, class C, class A>
struct transferable<std::multimap<K, T, C, A>> : ordered_transferable<type_list<K, T>, C> {};
template <class K, class T, class H, class E, class A>
struct transferable<std::unordered_map<K, T, H, E, A>> : ordered_transferable<type_list<K, T>, H, E> {};
template <class K, class T, class H, class E, class A>
struct transferable<std::unordered_multimap<K, T, H, E, A>> : ordered_transferable<type_list<K, T>, H, E> {};

template <obstacle Found>
struct known_transferable {
  static constexpr obstacle value = Found;
};
template <class T>
struct transferable<std::unique_ptr<T>> : transferable<std::remove_cv_t<T>> {};
template <class T, class D>
struct transferable<std::unique_ptr<T, D>> : known_transferable<obstacle::class_without_serialize> {};
template <class T>
struct transferable<std::unique_ptr<T[]>> : known_transferable<obstacle::class_without_serialize> {};
template <class T>
struct transferable<std::shared_ptr<const T>> : transferable<T> {};
template <class T>
struct transferable<std::shared_ptr<T>> : known_transferable<obstacle::mutable_sharing> {};
template <class T>
struct transferable<std::shared_ptr<const T[]>> : known_transferable<obstacle::class_without_serialize> {};
template <class T>
struct transferable<std::weak_ptr<T>> : known_transferable<obstacle::mutable_sharing> {};
template <class C, class T, class A>
struct transferable<std::basic_string<C, T, A>> : known_transferable<obstacle::none> {};
template <std::size_t N>
struct transferable<std::bitset<N>> : known_transferable<obstacle::none> {};
template <>
struct transferable<std::monostate> : known_transferable<obstacle::none> {};
template <class T, std::size_t N>
struct transferable<std::span<T, N>> : known_transferable<obstacle::view> {};
template <class C, class T>
struct transferable<std::basic_string_view<C, T>> : known_transferable<obstacle::view> {};
template <class R>
struct transferable<future<R>> : known_transferable<obstacle::future> {};
template <class T>
struct transferable<std::reference_wrapper<T>> : known_transferable<obstacle::reference> {};
template <class S>
struct transferable<std::function<S>> : known_transferable<obstacle::function_object> {};

/// A function travels by its identity, a function object with state by its serialize.
template <class F>
constexpr bool is_function_transferable() {
  if constexpr (requires { typename F::functions; }) {
    return []<class... G>(type_list<G...>) { return (is_function_transferable<G>() && ...); }(typename F::functions{});
  } else if constexpr (function_pointer<F>) {
    return true;
  } else if constexpr (std::is_empty_v<F>) {
    return std::is_default_constructible_v<F> || std::is_trivially_copyable_v<F>;
  } else if constexpr (std::is_class_v<F>) {
    return transferable<F>::value == obstacle::none;
  } else {
    return false;
  }
}

/// Of what neither arguments nor results can be.
template <obstacle Found>
constexpr void check_view() {
  static_assert(Found != obstacle::unmanaged_view,
                "torc: an unmanaged Kokkos::View cannot own the elements that arrive on another node: take and return "
                "Views without Kokkos::Unmanaged, or wrap the function in torc::local");
  static_assert(
      Found != obstacle::elements_of_view,
      "torc: this Kokkos::View cannot travel to another node: its elements must be arithmetic, enums, complex "
      "numbers or of a class with torc::is_bitwise; or wrap the function in torc::local");
  static_assert(Found != obstacle::layout_of_view,
                "torc: this Kokkos::View cannot travel to another node: its layout must be LayoutLeft, LayoutRight or "
                "LayoutStride; or wrap the function in torc::local");
}
constexpr bool is_checked_by_view(obstacle found) {
  return found == obstacle::unmanaged_view || found == obstacle::elements_of_view || found == obstacle::layout_of_view;
}

template <obstacle Found>
constexpr void check_parts() {
  static_assert(
      Found != obstacle::const_part,
      "torc: a container of what is const, or of pairs with a const part, cannot be read on another node: take "
      "and return one without const, or wrap the function in torc::local");
  static_assert(Found != obstacle::future,
                "torc: a future cannot travel to another node: pass its value, or use then or when_all, which call a "
                "function once the values are there");
}

template <class T>
constexpr void check_argument() {
  constexpr obstacle found = transferable<T>::value;
  check_view<found>();
  static_assert(found != obstacle::mutable_view,
                "torc: a Kokkos::View whose elements may be changed cannot travel to another node: pass a "
                "View<const T...> and return what is new, or wrap the function in torc::local");
  static_assert(
      found != obstacle::raw_pointer,
      "torc: a raw pointer cannot travel to another node: pass the value, or wrap the function in torc::local");
  static_assert(found != obstacle::view,
                "torc: a span or string_view cannot travel to another node: pass a vector or string, or wrap the "
                "function in torc::local");
  static_assert(found != obstacle::reference,
                "torc: a reference cannot travel to another node: pass the value, or wrap the function in torc::local");
  static_assert(found != obstacle::member_pointer,
                "torc: a pointer to member cannot travel to another node: wrap the function in torc::local");
  static_assert(found != obstacle::function_object,
                "torc: a std::function cannot travel to another node: pass a function pointer, or wrap the function in "
                "torc::local");
  static_assert(found != obstacle::mutable_sharing,
                "torc: a std::shared_ptr to what may change, or a std::weak_ptr, cannot travel to another node: pass a "
                "std::shared_ptr<const T>, or wrap the function in torc::local");
  static_assert(found != obstacle::stateful_order,
                "torc: a container whose comparison or hash has state cannot travel to another node: use one without "
                "state, or wrap the function in torc::local");
  static_assert(found != obstacle::class_without_load,
                "torc: this class can be written but not read on another node: give it a cereal serialize or load for "
                "input archives too, or wrap the function in torc::local");
  check_parts<found>();
  static_assert(found != obstacle::no_default_constructor,
                "torc: this class cannot be made on another node: give it a default constructor (outside of containers "
                "cereal's load_and_construct will do), or wrap the function in torc::local");
  static_assert(found != obstacle::class_without_serialize,
                "torc: this class cannot travel to another node: give it a cereal serialize, or specialise "
                "torc::is_bitwise for it if its bytes say all (it has no pointers), or wrap the function in "
                "torc::local");
}

template <class T>
constexpr void check_result() {
  constexpr obstacle found = transferable<T>::value;
  check_view<found>();
  check_parts<found>();
  static_assert(found != obstacle::reference,
                "torc: a task that returns a reference cannot travel to another node: return the value, or wrap the "
                "function in torc::local");
  static_assert(found != obstacle::class_without_load,
                "torc: the result's class can be written but not read on another node: give it a cereal serialize or "
                "load for input archives too, or wrap the function in torc::local");
  static_assert(found != obstacle::no_default_constructor,
                "torc: the result's class cannot be made on another node: give it a default constructor (outside of "
                "containers cereal's load_and_construct will do), or wrap the function in torc::local");
  constexpr bool is_named = found == obstacle::reference || found == obstacle::class_without_load ||
                            found == obstacle::no_default_constructor || found == obstacle::const_part ||
                            found == obstacle::future || is_checked_by_view(found);
  static_assert(is_for_results(found) || is_named,
                "torc: the result's type cannot travel between nodes: return values of types with a cereal serialize "
                "or torc::is_bitwise, or "
                "wrap the function in torc::local");
}

template <class F>
constexpr void check_function() {
  if constexpr (requires { typename F::functions; }) {
    []<class... G>(type_list<G...>) { (check_function<G>(), ...); }(typename F::functions{});
  } else if constexpr (std::is_class_v<F> && !std::is_empty_v<F>) {
    constexpr obstacle found = transferable<F>::value;
    static_assert(found != obstacle::class_without_load && found != obstacle::no_default_constructor,
                  "torc: this function object cannot be made on another node: give it a default constructor and a "
                  "cereal serialize for input archives too, or wrap it in torc::local");
    static_assert(
        found == obstacle::none || found == obstacle::class_without_load || found == obstacle::no_default_constructor,
        "torc: a function with captures or other state cannot travel to another node: pass the values as "
        "arguments, give the function object a cereal serialize, or wrap it in torc::local");
  } else {
    static_assert(is_function_transferable<F>(),
                  "torc: this function cannot travel to another node: pass a function pointer or a captureless lambda, "
                  "or wrap it in torc::local");
  }
}

/// Whether tasks of F with stored arguments of types A and a result of type R may leave their home node.
template <class F, class R, class... A>
constexpr bool is_task_transferable() {
  if constexpr (is_local<F>::value) {
    return false;
  } else {
    return is_function_transferable<F>() && ((transferable<std::remove_cv_t<A>>::value == obstacle::none) && ...) &&
           is_for_results(transferable<std::remove_cv_t<R>>::value);
  }
}

}  // namespace torc::detail
