// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/codec.hpp>
#include <torc/detail/entry.hpp>
#include <torc/detail/transferable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace torc {
namespace detail {
template <class T, bool Travels>
class constant;
}

/// A value that every node has: what broadcast returns. Light: it travels with tasks as a name of a few bytes. Copies
/// share the value, which lives until the last handle on the node that made it is gone (arguments of unfinished tasks
/// count), or the session ends. Thread-safe as a shared_ptr is.
template <class T>
class broadcast_handle {
 public:
  /// Of no value; get throws torc::error.
  broadcast_handle() = default;

  /// The value. On another node the first call waits until it has come. **Blocking** then: suspends the calling task.
  const T& get() const {
    if (m_value == nullptr) m_value = std::static_pointer_cast<const T>(detail::find_broadcast(m_name, &read));
    return *m_value;
  }
  const T& operator*() const { return get(); }
  const T* operator->() const { return &get(); }

  template <class Archive>
  void save(Archive& archive) const {
    archive(m_name.node, m_name.id, m_name.session);
  }
  template <class Archive>
  void load(Archive& archive) {
    archive(m_name.node, m_name.id, m_name.session);
    m_value = nullptr;
  }

 private:
  template <class Value>
  friend broadcast_handle<std::decay_t<Value>> broadcast(Value&& value);
  template <class Value, bool Travels>
  friend class detail::constant;

  static std::vector<std::byte> encode(const T& value) { return detail::encode_broadcast(&value, &write); }
  /// Sends the value, encoded, to every node.
  static broadcast_handle send(std::unique_ptr<const T> kept, std::vector<std::byte> bytes) {
    broadcast_handle handle;
    handle.m_name = detail::send_broadcast(std::move(bytes));
    handle.m_value = std::shared_ptr<const T>(kept.release(), [name = handle.m_name](const T* gone) {
      delete gone;
      detail::forget_broadcast(name);
    });
    detail::keep_broadcast(handle.m_name, handle.m_value);
    return handle;
  }

  static void write(const void* value, detail::output_archive& out) {
    detail::value_codec<T>::write(out, *static_cast<const T*>(value));
  }
  static std::shared_ptr<const void> read(detail::input_archive& in) {
    if constexpr (std::is_default_constructible_v<T>) {
      auto value = std::make_shared<T>();
      detail::value_codec<T>::read_into(in, *value);
      return value;
    } else {
      return std::make_shared<T>(detail::value_codec<T>::read(in));
    }
  }

  detail::broadcast_name m_name;
  mutable std::shared_ptr<const T> m_value;
};

/// Sends the value to every node, once to each, along a tree; tasks take the handle. Returns when it is on its way.
/// Throws serialization_error if it cannot be encoded, torc::error outside a session. May suspend the calling task.
template <class Value>
broadcast_handle<std::decay_t<Value>> broadcast(Value&& value) {
  using T = std::decay_t<Value>;
  detail::check_argument<T>();
  std::vector<std::byte> bytes;
  if (detail::broadcast_travels()) bytes = broadcast_handle<T>::encode(value);
  auto kept = std::make_unique<const T>(std::forward<Value>(value));  // may throw: before others have heard of it
  return broadcast_handle<T>::send(std::move(kept), std::move(bytes));
}

}  // namespace torc
