// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <exception>
#include <memory>
#include <utility>
#include <variant>

namespace torc {

/// A value, or the exception that came instead of it: what std::expected<R, std::exception_ptr> is in C++23.
/// `map(as_expected, f, range)` returns one for each element.
template <class R>
class expected {
 public:
  using value_type = R;
  using error_type = std::exception_ptr;

  template <class... Given>
  explicit expected(std::in_place_t, Given&&... given)
      : m_content(std::in_place_index<0>, std::forward<Given>(given)...) {}
  explicit expected(std::exception_ptr error) noexcept : m_content(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return m_content.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value; rethrows the exception if there is none.
  const R& value() const& {
    check();
    return std::get<0>(m_content);
  }
  R& value() & {
    check();
    return std::get<0>(m_content);
  }
  R&& value() && {
    check();
    return std::get<0>(std::move(m_content));
  }
  /// The value; undefined if there is none.
  const R& operator*() const& noexcept { return *std::get_if<0>(&m_content); }
  R& operator*() & noexcept { return *std::get_if<0>(&m_content); }
  R&& operator*() && noexcept { return std::move(*std::get_if<0>(&m_content)); }
  const R* operator->() const noexcept { return std::get_if<0>(&m_content); }
  R* operator->() noexcept { return std::get_if<0>(&m_content); }
  template <class Other>
  R value_or(Other&& other) const& {
    return has_value() ? **this : static_cast<R>(std::forward<Other>(other));
  }
  template <class Other>
  R value_or(Other&& other) && {
    return has_value() ? *std::move(*this) : static_cast<R>(std::forward<Other>(other));
  }

  /// The exception; null if there is a value.
  std::exception_ptr error() const noexcept { return has_value() ? nullptr : *std::get_if<1>(&m_content); }

 private:
  void check() const {
    if (!has_value()) std::rethrow_exception(error());
  }

  std::variant<R, std::exception_ptr> m_content;
};

/// Of a function that returns nothing.
template <>
class expected<void> {
 public:
  using value_type = void;
  using error_type = std::exception_ptr;

  explicit expected(std::in_place_t) noexcept {}
  explicit expected(std::exception_ptr error) noexcept : m_error(std::move(error)) {}

  bool has_value() const noexcept { return m_error == nullptr; }
  explicit operator bool() const noexcept { return has_value(); }
  /// Rethrows the exception, if there is one.
  void value() const {
    if (!has_value()) std::rethrow_exception(m_error);
  }
  std::exception_ptr error() const noexcept { return m_error; }

 private:
  std::exception_ptr m_error;
};

/// Stands before the function: `map(as_expected, f, range)`.
struct as_expected_t {};
inline constexpr as_expected_t as_expected{};

}  // namespace torc
