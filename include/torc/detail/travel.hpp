// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>
#include <torc/detail/callable.hpp>

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

/// Specialise as true for a class whose bytes alone are its value: `template <> inline constexpr bool
/// torc::is_bitwise<point> = true;` It then travels between nodes by copying its bytes. Requires a trivially copyable
/// type without pointers.
template <class T>
inline constexpr bool is_bitwise = false;

}  // namespace torc

namespace torc::detail {

/// Why a type may not travel between nodes.
enum class obstacle {
  none,
  raw_pointer,
  view,
  reference,
  member_pointer,
  function_object,
  capturing_lambda,
  class_without_serialize
};

template <class T>
struct travel;

template <class... T>
constexpr obstacle first_obstacle() {
  obstacle found = obstacle::none;
  ((found = found == obstacle::none ? travel<std::remove_cv_t<T>>::value : found), ...);
  return found;
}

template <class T>
constexpr obstacle obstacle_of_class() {
  if constexpr (is_bitwise<T>) {
    static_assert(std::is_trivially_copyable_v<T>, "torc::is_bitwise<T> needs a trivially copyable T");
    return obstacle::none;
  } else if constexpr (cereal::traits::is_output_serializable<T, output_archive>::value) {
    return obstacle::none;
  } else {
    return obstacle::class_without_serialize;
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
struct travel {
  static constexpr obstacle value = obstacle_of<T>();
};

#define TORC_DETAIL_TRAVELS_WITH(...) \
  { static constexpr obstacle value = first_obstacle<__VA_ARGS__>(); }
template <class... T>
struct travel<std::tuple<T...>> TORC_DETAIL_TRAVELS_WITH(T...);
template <class... T>
struct travel<std::variant<T...>> TORC_DETAIL_TRAVELS_WITH(T...);
template <class A, class B>
struct travel<std::pair<A, B>> TORC_DETAIL_TRAVELS_WITH(A, B);
template <class T>
struct travel<std::optional<T>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T>
struct travel<std::complex<T>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, std::size_t N>
struct travel<std::array<T, N>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class A>
struct travel<std::vector<T, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class A>
struct travel<std::deque<T, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class A>
struct travel<std::list<T, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class A>
struct travel<std::forward_list<T, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class C>
struct travel<std::stack<T, C>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class C>
struct travel<std::queue<T, C>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class C, class L>
struct travel<std::priority_queue<T, C, L>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class C, class A>
struct travel<std::set<T, C, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class C, class A>
struct travel<std::multiset<T, C, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class H, class E, class A>
struct travel<std::unordered_set<T, H, E, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T, class H, class E, class A>
struct travel<std::unordered_multiset<T, H, E, A>> TORC_DETAIL_TRAVELS_WITH(T);
template <class K, class T, class C, class A>
struct travel<std::map<K, T, C, A>> TORC_DETAIL_TRAVELS_WITH(K, T);
template <class K, class T, class C, class A>
struct travel<std::multimap<K, T, C, A>> TORC_DETAIL_TRAVELS_WITH(K, T);
template <class K, class T, class H, class E, class A>
struct travel<std::unordered_map<K, T, H, E, A>> TORC_DETAIL_TRAVELS_WITH(K, T);
template <class K, class T, class H, class E, class A>
struct travel<std::unordered_multimap<K, T, H, E, A>> TORC_DETAIL_TRAVELS_WITH(K, T);
template <class T>
struct travel<std::unique_ptr<T>> TORC_DETAIL_TRAVELS_WITH(T);
template <class T>
struct travel<std::shared_ptr<const T>> TORC_DETAIL_TRAVELS_WITH(T);
template <class R, class P>
struct travel<std::chrono::duration<R, P>> TORC_DETAIL_TRAVELS_WITH(R);
template <class C, class D>
struct travel<std::chrono::time_point<C, D>> TORC_DETAIL_TRAVELS_WITH(D);
#undef TORC_DETAIL_TRAVELS_WITH

template <class C, class T, class A>
struct travel<std::basic_string<C, T, A>> {
  static constexpr obstacle value = obstacle::none;
};
template <std::size_t N>
struct travel<std::bitset<N>> {
  static constexpr obstacle value = obstacle::none;
};
template <>
struct travel<std::monostate> {
  static constexpr obstacle value = obstacle::none;
};
template <class T, std::size_t N>
struct travel<std::span<T, N>> {
  static constexpr obstacle value = obstacle::view;
};
template <class C, class T>
struct travel<std::basic_string_view<C, T>> {
  static constexpr obstacle value = obstacle::view;
};
template <class T>
struct travel<std::reference_wrapper<T>> {
  static constexpr obstacle value = obstacle::reference;
};
template <class S>
struct travel<std::function<S>> {
  static constexpr obstacle value = obstacle::function_object;
};

/// A function travels by its identity, a function object with state by its serialize.
template <class F>
constexpr bool function_travels() {
  if constexpr (function_pointer<F> || std::is_empty_v<F>) {
    return true;
  } else if constexpr (std::is_class_v<F>) {
    return travel<F>::value == obstacle::none;
  } else {
    return false;
  }
}

template <class T>
constexpr void check_argument() {
  constexpr obstacle found = travel<T>::value;
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
  static_assert(found != obstacle::class_without_serialize,
                "torc: this class cannot travel to another node: give it a cereal serialize, or specialise "
                "torc::is_bitwise for it, or wrap "
                "the function in torc::local");
}

template <class T>
constexpr void check_result() {
  constexpr obstacle found = travel<T>::value;
  static_assert(found != obstacle::reference,
                "torc: a task that returns a reference cannot travel to another node: return the value, or wrap the "
                "function in torc::local");
  static_assert(found == obstacle::none || found == obstacle::reference,
                "torc: the result's type cannot travel between nodes: return values of types with a cereal serialize "
                "or torc::is_bitwise, or "
                "wrap the function in torc::local");
}

template <class F>
constexpr void check_function() {
  static_assert(function_travels<F>(),
                "torc: a function with captures or other state cannot travel to another node: pass the values as "
                "arguments, give the "
                "function object a cereal serialize, or wrap it in torc::local");
}

}  // namespace torc::detail
