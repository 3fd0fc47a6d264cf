// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <new>
#include <torc/error.hpp>
#include <torc/submit.hpp>
#include <utility>
#include <vector>

namespace tests {

using bytes = std::vector<std::byte>;

/// A task of this node's, outside of any session; the runtime never sees it.
template <class Task>
class home {
 public:
  template <class... Given>
  explicit home(Given&&... given) : m_task(::new (m_memory) Task(0, std::forward<Given>(given)...)) {}
  home(const home&) = delete;
  home& operator=(const home&) = delete;
  ~home() { torc::detail::destroy_members(*m_task); }
  Task& operator*() const noexcept { return *m_task; }
  Task* operator->() const noexcept { return m_task; }

 private:
  alignas(Task) std::byte m_memory[sizeof(Task)];
  Task* m_task;
};

template <class F, class... Args>
using travelling = typename torc::detail::submitted<F, Args...>::record_type;

inline const torc::detail::task_codec& codec_of(const torc::detail::record& task) {
  EXPECT_NE(task.type->codec, nullptr);
  return *task.type->codec;
}

inline bytes encoded(const torc::detail::record& task) {
  bytes written;
  torc::detail::output_archive out(written);
  codec_of(task).encode(task, out);
  return written;
}

inline bytes called(const torc::detail::task_codec& codec, const bytes& arguments) {
  bytes written;
  torc::detail::input_archive in(arguments);
  torc::detail::output_archive out(written);
  codec.call(in, out);
  EXPECT_EQ(in.left(), 0U);
  return written;
}

inline void decode(torc::detail::record& task, const bytes& result) {
  torc::detail::input_archive in(result);
  codec_of(task).decode_result(task, in);
  EXPECT_EQ(in.left(), 0U);
}

inline bytes first_of(const bytes& whole, std::size_t size) {
  return {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
}

/// Takes the task through another node's eyes and back; its result is in the record then. Whatever is cut off on the
/// way is refused.
template <class Task>
void cross(const home<Task>& task) {
  const torc::detail::task_codec& codec = codec_of(*task);
  const bytes arguments = encoded(*task);
  for (std::size_t size = 0; size < arguments.size(); ++size) {
    const bytes cut = first_of(arguments, size);
    bytes written;
    torc::detail::input_archive in(cut);
    torc::detail::output_archive out(written);
    EXPECT_THROW(codec.call(in, out), torc::serialization_error) << size << " of " << arguments.size() << " bytes";
    EXPECT_TRUE(written.empty());
    torc::detail::input_archive again(cut);
    static_cast<void>(codec.function(again));
  }
  const bytes result = called(codec, arguments);
  for (std::size_t size = 0; size < result.size(); ++size) {
    const bytes cut = first_of(result, size);
    torc::detail::input_archive in(cut);
    EXPECT_THROW(codec.decode_result(*task, in), torc::serialization_error)
        << size << " of " << result.size() << " bytes";
    EXPECT_FALSE(task->has_result);
  }
  decode(*task, result);
}

/// The result of f(args...) called on another node.
template <class F, class... Args>
auto result_of_crossing(F f, Args... args) {
  home<travelling<F, Args...>> task(std::move(f), std::move(args)...);
  cross(task);
  if constexpr (requires { task->result.value; }) {
    EXPECT_TRUE(task->has_result);
    return std::move(task->result.value);
  } else {
    EXPECT_FALSE(task->has_result);
  }
}

}  // namespace tests
