// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/kept_bytes.hpp"

#include <torc/detail/record.hpp>

#include <algorithm>
#include <new>
#include <utility>

#include "core/task/heap.hpp"

namespace torc::task {

kept_bytes* kept_bytes::make(std::span<const std::byte> bytes, std::vector<std::byte>* buffer) {
  const bool is_moved = buffer != nullptr && bytes.size() >= bytes_worth_moving;
  const std::size_t block_bytes = sizeof(kept_bytes) + (is_moved ? 0 : bytes.size());
  const std::uint8_t size_class = detail::size_class_of(block_bytes);
  void* const block = size_class != 0 ? heap::mine().allocate(size_class)
                                      : ::operator new (block_bytes, std::align_val_t{detail::block_granularity_bytes});
  auto* const made = ::new (block) kept_bytes;
  made->m_size_class = size_class;
  made->m_size = bytes.size();
  if (is_moved) {
    made->m_moved = std::move(*buffer);
    made->m_data = made->m_moved.data();
  } else {
    auto* const inside = reinterpret_cast<std::byte*>(made + 1);
    std::copy(bytes.begin(), bytes.end(), inside);
    made->m_data = inside;
  }
  return made;
}

kept_bytes* kept_bytes::make(std::exception_ptr failure) {
  kept_bytes* const made = make({}, nullptr);
  made->m_failure = std::move(failure);
  return made;
}

void kept_bytes::free(kept_bytes* kept) noexcept {
  if (kept == nullptr) return;
  const std::uint8_t size_class = kept->m_size_class;
  kept->~kept_bytes();
  if (size_class != 0) {
    heap::free(kept);
  } else {
    ::operator delete (static_cast<void*>(kept), std::align_val_t{detail::block_granularity_bytes});
  }
}

}  // namespace torc::task
