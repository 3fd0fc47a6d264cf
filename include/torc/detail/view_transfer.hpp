// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::detail {

/// A turn to copy between the host and a device's memory; others wait as long as it lives. No task may be suspended
/// meanwhile. Throws serialization_error if this process has no device of the space.
class view_transfer {
 public:
  /// `space` is the name of the execution space.
  explicit view_transfer(const char* space);
  view_transfer(const view_transfer&) = delete;
  view_transfer& operator=(const view_transfer&) = delete;
  ~view_transfer();

  /// An instance of the space for the copies, as the address of an object of its type.
  const void* instance() const noexcept { return m_instance; }

 private:
  const void* m_instance = nullptr;
};

}  // namespace torc::detail
