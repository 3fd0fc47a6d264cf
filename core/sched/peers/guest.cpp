// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/peers/guest.hpp"

#include <torc/detail/archive.hpp>

#include <algorithm>
#include <new>
#include <utility>

#include "core/task/heap.hpp"

namespace torc::sched {
namespace {

using detail::record;

void run(record& task) {
  guest_record& self = guest_of(task);
  self.result.clear();  // of a try that failed
  detail::input_archive in(self.encoded);
  detail::output_archive out(self.result);
  self.codec->call(in, out);
}

void destroy_guest(record& task) noexcept { guest_of(task).~guest_record(); }

const void* function(const record& task) noexcept {
  const auto& self = static_cast<const guest_record&>(task);
  detail::input_archive in(self.encoded);
  return self.codec->function(in);
}

const char* type_name(const record& task) noexcept { return static_cast<const guest_record&>(task).codec->type_name(); }

constexpr detail::task_type guest_type{&run, &destroy_guest, &function, &type_name, nullptr};

}  // namespace

guest_record& make_guest(const detail::task_codec& codec, std::span<const std::byte> bytes, std::size_t offset,
                         std::vector<std::byte>* buffer) {
  const std::size_t block_bytes = sizeof(guest_record) + (buffer == nullptr ? bytes.size() : 0);
  const std::uint8_t size_class = detail::size_class_of(block_bytes);
  void* const block = size_class != 0 ? task::heap::mine().allocate(size_class)
                                      : ::operator new (block_bytes, std::align_val_t{detail::block_granularity_bytes});
  namespace flags = detail::record_flags;
  auto* const made = ::new (block) guest_record(guest_type, size_class, flags::guest | flags::detached);
  made->state.store(detail::state_bits::reference, std::memory_order_relaxed);  // the runtime's; no future here
  made->codec = &codec;
  if (buffer != nullptr) {
    made->buffer = std::move(*buffer);
    made->bytes = bytes;  // moving a vector leaves its elements where they are
  } else {
    auto* const inside = reinterpret_cast<std::byte*>(made + 1);
    std::copy(bytes.begin(), bytes.end(), inside);
    made->bytes = {inside, bytes.size()};
  }
  made->encoded = made->bytes.subspan(offset);
  return *made;
}

}  // namespace torc::sched
